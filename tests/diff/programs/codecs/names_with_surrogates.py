"""Names of codecs and error handlers with surrogates or NUL in them."""
import codecs

for name in ("utf\0-8", "\udc80", "a\udc80b", "x" * 5 + "\0", "\xe9", "utf-8\0", "utf 8", "ISO 8859 1"):
    for number, run in enumerate((
            codecs.lookup, lambda n: "a".encode(n), lambda n: b"a".decode(n), lambda n: str(b"a", n), lambda n: bytes("a", n),
            lambda n: bytearray("a", n), lambda n: codecs.encode("a", n), lambda n: codecs.decode(b"a", n),
            lambda n: "a".encode("ascii", n), lambda n: "\xe4".encode("ascii", n), lambda n: b"a".decode("ascii", n),
            lambda n: codecs.utf_8_encode("a", n), codecs.getencoder, codecs.lookup_error,
            lambda n: codecs.register_error(n, len), lambda n: open("/dev/null", encoding=n))):
        try:
            result = run(name)
            print(number, ascii(name), result if isinstance(result, (str, bytes, bytearray, tuple)) and not hasattr(result, "name")
                  else type(result).__name__)
        except (LookupError, ValueError, TypeError) as error:
            print(number, ascii(name), type(error).__name__, ascii(str(error)))
