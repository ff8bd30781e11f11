"""Modes of operation without a tag (NIST SP 800-38A; OpenPGP's: RFC 4880, 13.9).

An object enciphers or deciphers one message, in as many calls as wanted, and never both.
"""
import _aes

from Crypto.Random import get_random_bytes

BLOCK = 16


def checked_bytes(data):
    if not isinstance(data, (bytes, bytearray, memoryview)):
        len(data)   # what has no length is refused as such
        raise TypeError("Object type %s cannot be passed to C code" % type(data))
    return bytes(data)


def xor(a, b):
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).to_bytes(len(a), "big")


def refuse_options(mode, options, what="Unknown"):
    if options:
        raise TypeError("%s parameters for %s: %s" % (what, mode, options))


def counter_stream(key, prefix, value, size, count):
    """`count` blocks of the stream whose counter, of `size` bytes behind the prefix, begins at value and may go round."""
    stream = b""
    while count:
        run = min(count, (1 << 8 * size) - value)
        stream += _aes.crypt("CTR", True, key, prefix + value.to_bytes(size, "big"), bytes(BLOCK * run))
        value, count = (value + run) % (1 << 8 * size), count - run
    return stream


class OneWay:
    """What all modes share: the key, and that a message goes in one direction."""

    block_size = BLOCK

    def __init__(self, key):
        self._key = key
        self._direction = None

    def _turn(self, direction):
        if self._direction not in (None, direction):
            raise TypeError("%s() cannot be called after %s()" % (direction, self._direction))
        self._direction = direction

    def encrypt(self, plaintext, output=None):
        self._turn("encrypt")
        return self._give(self._encrypt(checked_bytes(plaintext)), output)

    def decrypt(self, ciphertext, output=None):
        self._turn("decrypt")
        return self._give(self._decrypt(checked_bytes(ciphertext)), output)

    def _give(self, data, output):
        if output is None:
            return data
        if not isinstance(output, bytearray) and not (isinstance(output, memoryview) and not output.readonly):
            raise TypeError("output must be a bytearray or a writeable memoryview")
        if len(output) != len(data):
            raise ValueError("output must have the same length as the input  (%d bytes)" % len(data))
        output[:] = data
        return None


class EcbMode(OneWay):
    def __init__(self, key, **options):
        super().__init__(key)
        refuse_options("ECB", options)

    def _turn(self, direction):
        """Both directions may be mixed: blocks are independent."""

    def _run(self, data, encrypting):
        if len(data) % BLOCK:
            raise ValueError("Data must be aligned to block boundary in ECB mode")
        return _aes.crypt("ECB", encrypting, self._key, b"", data)

    def _encrypt(self, data):
        return self._run(data, True)

    def _decrypt(self, data):
        return self._run(data, False)


class WithVector(OneWay):
    """Modes with an initialisation vector: given, or drawn."""

    def __init__(self, key, IV=None, iv=None, **options):
        super().__init__(key)
        if IV is not None and iv is not None:
            raise TypeError("You must either use 'iv' or 'IV', not both")
        vector = IV if IV is not None else iv
        vector = get_random_bytes(BLOCK) if vector is None else vector
        if len(vector) != BLOCK:
            raise ValueError("Incorrect IV length (it must be %d bytes long)" % BLOCK)
        refuse_options(type(self).__name__[:3].upper(), options)
        self.iv = self.IV = self._vector = checked_bytes(vector)


class CbcMode(WithVector):
    def _check(self, data):
        if len(data) % BLOCK:
            raise ValueError("Data must be padded to 16 byte boundary in CBC mode")

    def _encrypt(self, data):
        self._check(data)
        result = _aes.crypt("CBC", True, self._key, self._vector, data)
        self._vector = result[-BLOCK:] or self._vector
        return result

    def _decrypt(self, data):
        self._check(data)
        result = _aes.crypt("CBC", False, self._key, self._vector, data)
        self._vector = data[-BLOCK:] or self._vector
        return result


class Stream(OneWay):
    """Modes that add a stream of bytes: the part of a block left over is kept for the next call."""

    def _start_stream(self):
        self._left = b""

    def _next(self, size):
        """That many bytes of the stream, whole blocks."""
        raise NotImplementedError

    def _add(self, data):
        missing = len(data) - len(self._left)
        if missing > 0:
            self._left += self._next(-(-missing // BLOCK) * BLOCK)
        stream, self._left = self._left[:len(data)], self._left[len(data):]
        return xor(data, stream)

    _encrypt = _decrypt = _add


class OfbMode(Stream, WithVector):
    def __init__(self, key, **options):
        super().__init__(key, **options)
        self._start_stream()

    def _next(self, size):
        stream = _aes.crypt("OFB", True, self._key, self._vector, bytes(size))
        self._vector = stream[-BLOCK:]
        return stream


class CfbMode(WithVector):
    """Segments of segment_size bits; whole ones of 8 and 128 by libcrypto. What is left of a segment goes to the next call."""

    def __init__(self, key, segment_size=8, **options):
        super().__init__(key, **options)
        if segment_size % 8 or segment_size < 8:
            raise ValueError("'segment_size' must be positive and multiple of 8 bits")
        if segment_size > 8 * BLOCK:
            raise ValueError("Error 131074 while instantiating the CFB mode")
        self._segment = segment_size // 8
        self._left, self._made = b"", b""  # of a segment: the stream not used yet, the ciphertext so far

    def _by_segments(self, data, encrypting):
        result = bytearray()
        while data:
            if not self._left:
                self._left = _aes.crypt("ECB", True, self._key, b"", self._vector)[:self._segment]
                self._made = b""
            part, data = data[:len(self._left)], data[len(self._left):]
            out = xor(part, self._left[:len(part)])
            self._left = self._left[len(part):]
            self._made += out if encrypting else part
            if not self._left:
                self._vector = self._vector[self._segment:] + self._made
            result += out
        return bytes(result)

    def _run(self, data, encrypting):
        if self._segment not in (1, BLOCK) or self._left:
            return self._by_segments(data, encrypting)
        whole, rest = data[:len(data) // self._segment * self._segment], data[len(data) // self._segment * self._segment:]
        result = _aes.crypt("CFB8" if self._segment == 1 else "CFB", encrypting, self._key, self._vector, whole)
        self._vector = (self._vector + (result if encrypting else whole))[-BLOCK:]
        return result + self._by_segments(rest, encrypting) if rest else result

    def _encrypt(self, data):
        return self._run(data, True)

    def _decrypt(self, data):
        return self._run(data, False)


class CtrMode(Stream):
    """A counter block: nonce, then the counter, big-endian; or the layout that Crypto.Util.Counter gives."""

    def __init__(self, key, nonce=None, initial_value=None, counter=None, **options):
        super().__init__(key)
        self._start_stream()
        refuse_options("CTR mode", options, "Invalid")
        if counter is not None:
            if (nonce, initial_value) != (None, None):
                raise TypeError("'counter' and 'nonce'/'initial_value' are mutually exclusive")
            layout = dict(counter)
            if not {"prefix", "suffix", "little_endian", "counter_len", "initial_value"} <= set(layout):
                raise TypeError("Incorrect counter object (use Crypto.Util.Counter.new)")
            self._prefix, self._suffix, self._little = layout["prefix"], layout["suffix"], layout["little_endian"]
            self._size, self._value = layout["counter_len"], layout["initial_value"]
            self.nonce = self._prefix
            if len(self._prefix) + self._size + len(self._suffix) != BLOCK:
                raise ValueError("Size of the counter block (%d bytes) must match block size (%d)"
                                 % (len(self._prefix) + self._size + len(self._suffix), BLOCK))
        else:
            self.nonce = get_random_bytes(BLOCK // 2) if nonce is None else checked_bytes(nonce)
            if len(self.nonce) >= BLOCK:
                raise ValueError("Nonce is too long")
            self._prefix, self._suffix, self._little = self.nonce, b"", False
            self._size = BLOCK - len(self._prefix)
            initial_value = 0 if initial_value is None else initial_value
            if not isinstance(initial_value, int) and len(initial_value) != self._size:
                raise ValueError("Incorrect length for counter byte string (%d bytes, expected %d)"
                                 % (len(initial_value), self._size))
            self._value = initial_value if isinstance(initial_value, int) else int.from_bytes(initial_value, "big")
            if self._value < 0:
                raise ValueError("Values must be non-negative")
            if self._value >= 1 << 8 * self._size:
                raise ValueError("Initial counter value is too large")
        self._blocks_left = 1 << 8 * self._size

    def _next(self, size):
        count = size // BLOCK
        if count > self._blocks_left:
            raise OverflowError("The counter has wrapped around in CTR mode")
        self._blocks_left -= count
        first, modulus = self._value, 1 << 8 * self._size
        self._value = (first + count) % modulus
        if not self._little and not self._suffix:
            return counter_stream(self._key, self._prefix, first, self._size, count)
        order = "little" if self._little else "big"
        return _aes.crypt("ECB", True, self._key, b"", b"".join(
            self._prefix + ((first + i) % modulus).to_bytes(self._size, order) + self._suffix for i in range(count)))


class OpenPgpMode:
    """The first ciphertext begins with the IV and its last two bytes, enciphered; an IV of 18 bytes is that beginning."""

    block_size = BLOCK

    def __init__(self, key, IV=None, iv=None, **options):
        if IV is not None and iv is not None:
            raise TypeError("You must either use 'iv' or 'IV', not both")
        vector = IV if IV is not None else iv
        vector = get_random_bytes(BLOCK) if vector is None else vector
        refuse_options("CFB", options)
        if len(vector) in (BLOCK, BLOCK + 2):
            vector = checked_bytes(vector)
        if len(vector) == BLOCK:
            self._start = _aes.crypt("CFB", True, key, bytes(BLOCK), vector + vector[-2:])
        elif len(vector) == BLOCK + 2:
            self._start, vector = vector, _aes.crypt("CFB", False, key, bytes(BLOCK), vector)[:-2]
        else:
            raise ValueError("Length of IV must be %d or %d bytes for MODE_OPENPGP" % (BLOCK, BLOCK + 2))
        self.iv = self.IV = vector
        self._cipher = CfbMode(key, segment_size=8 * BLOCK, iv=self._start[-BLOCK:])

    def encrypt(self, plaintext):
        start, result = self._start, self._cipher.encrypt(plaintext)
        self._start = b""
        return start + result

    def decrypt(self, ciphertext):
        return self._cipher.decrypt(ciphertext)
