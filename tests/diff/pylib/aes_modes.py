# The modes with a tag, and OpenPGP's: one program for pycryptodome and for ours; published vectors, pieces, and what is refused.
try:
    from Crypto.Cipher import AES
except ImportError:
    from Cryptodome.Cipher import AES

message = bytes(i * 7 % 256 for i in range(100))
key, nonce = bytes(range(16)), bytes(range(40, 51))


def attempt(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


def pieces(mode, sizes, text, header=(), size=16, **options):
    """(ciphertext, tag) made in pieces, and whether it is deciphered, in other pieces, to the text."""
    secret = bytes(range(size))
    cipher, back = AES.new(secret, mode, **options), AES.new(secret, mode, **options)
    for part in header:
        cipher.update(part)
    back.update(b"".join(header))
    result, start = b"", 0
    for end in (*sizes, len(text)):
        result += cipher.encrypt(text[start:end])
        start = end
    if mode == AES.MODE_OCB:
        result += cipher.encrypt()
        plain = back.decrypt(result[:37]) + back.decrypt(result[37:]) + back.decrypt()
    else:
        at_once = mode == AES.MODE_CCM and "msg_len" not in options
        plain = back.decrypt(result) if at_once else back.decrypt(result[:3]) + back.decrypt(result[3:])
    back.verify(cipher.digest())
    return result.hex(), cipher.hexdigest(), plain == text


# RFC 3610, packet vector 1; RFC 5297, A.1; RFC 7253, A
c = AES.new(bytes.fromhex("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"), AES.MODE_CCM, nonce=bytes.fromhex("00000003020100a0a1a2a3a4a5"),
            mac_len=8)
c.update(bytes(range(8)))
print(c.encrypt(bytes(range(8, 31))).hex(), c.hexdigest())
c = AES.new(bytes.fromhex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), AES.MODE_SIV)
print(c.update(bytes.fromhex("101112131415161718191a1b1c1d1e1f2021222324252627")))
text, tag = c.encrypt_and_digest(bytes.fromhex("112233445566778899aabbccddee"))
print(text.hex(), tag.hex())
c = AES.new(bytes(range(16)), AES.MODE_OCB, nonce=bytes.fromhex("bbaa99887766554433221104"))
c.update(bytes(range(16)))
print([part.hex() for part in c.encrypt_and_digest(bytes(range(16)))])

for size in (16, 24, 32):
    for mode, options in ((AES.MODE_CCM, {"nonce": nonce, "msg_len": 100}),
                          (AES.MODE_CCM, {"nonce": nonce[:7], "mac_len": 4, "msg_len": 100, "assoc_len": 9}),
                          (AES.MODE_OCB, {"nonce": nonce}), (AES.MODE_OCB, {"nonce": bytes(15), "mac_len": 8}),
                          (AES.MODE_GCM, {"nonce": nonce + b"1"}), (AES.MODE_GCM, {"nonce": bytes(70)}),
                          (AES.MODE_EAX, {"nonce": nonce})):
        print(mode, pieces(mode, (1, 20, 36, 84), message, (b"head", b"erpad"), size, **options))
        if "msg_len" in options:
            options["msg_len"] = 0
        print(mode, pieces(mode, (), b"", (bytes(9 if mode == AES.MODE_CCM else 0),), size, **options))
    print(pieces(AES.MODE_CCM, (), message, size=size, nonce=nonce))
    print(pieces(AES.MODE_OCB, (16, 32), message[:96], (bytes(48),), size, nonce=nonce))
    c = AES.new(bytes(range(size)), AES.MODE_OPENPGP, iv=bytes(range(100, 116)))
    out = c.encrypt(message[:20]) + c.encrypt(message[20:])
    print(out.hex(), c.iv)
    d = AES.new(bytes(range(size)), AES.MODE_OPENPGP, out[:18])
    print(d.iv, d.decrypt(out[18:30]) + d.decrypt(out[30:]) == message)
    for options in ({}, {"nonce": b"some nonce"}):
        for text in (b"", b"short", message[:16], message):
            c = AES.new(bytes(range(2 * size)), AES.MODE_SIV, **options)
            c.update(b"one")
            c.update(message[:40])
            text, tag = c.encrypt_and_digest(text)
            d = AES.new(bytes(range(2 * size)), AES.MODE_SIV, **options)
            d.update(b"one")
            d.update(message[:40])
            print(text.hex(), tag.hex(), c.hexdigest(), len(d.decrypt_and_verify(text, tag)))
siv = AES.new(bytes(32), AES.MODE_SIV)
print(siv.hexdigest(), hasattr(siv, "nonce"), AES.new(bytes(32), AES.MODE_SIV, b"n").nonce)
out = bytearray(5)
print(AES.new(key, AES.MODE_CCM, nonce).encrypt_and_digest(b"hello", output=out), out,
      AES.new(key, AES.MODE_CCM, nonce=nonce).digest().hex())
out = bytearray(5)
print(AES.new(bytes(32), AES.MODE_SIV).encrypt_and_digest(b"hello", output=out), out)
print([len(AES.new(key, mode).nonce) for mode in (AES.MODE_CCM, AES.MODE_OCB, AES.MODE_GCM, AES.MODE_EAX)],
      len(AES.new(key, AES.MODE_OPENPGP).iv))

# refused
for options in (dict(mode=AES.MODE_CCM, nonce=bytes(6)), dict(mode=AES.MODE_CCM, nonce=bytes(14)),
                dict(mode=AES.MODE_CCM, mac_len=5),
                dict(mode=AES.MODE_CCM, speed=1), dict(mode=AES.MODE_OCB, nonce=bytes(16)), dict(mode=AES.MODE_OCB, nonce=b""),
                dict(mode=AES.MODE_OCB, nonce="text"), dict(mode=AES.MODE_OCB, mac_len=7), dict(mode=AES.MODE_SIV),
                dict(mode=AES.MODE_OPENPGP, iv=bytes(5)), dict(mode=AES.MODE_OPENPGP, iv=bytes(16), IV=bytes(16)),
                dict(mode=AES.MODE_GCM, mac_len=3), dict(mode=AES.MODE_EAX, mac_len=17)):
    attempt(lambda: AES.new(key, **options))
attempt(lambda: AES.new(bytes(32), AES.MODE_SIV, nonce=b""))
attempt(lambda: AES.new(bytes(32), AES.MODE_SIV, nonce="text"))


def steps(mode, names, **options):
    """Calls one after another, until one is refused."""
    cipher = AES.new(bytes(32) if mode == AES.MODE_SIV else key, mode, **options)
    for name in names.split():
        method = getattr(cipher, name.rstrip("-"))
        arguments = {"update": (b"header",), "digest": (), "verify": (bytes(16),), "encrypt_and_digest": (b"text",),
                     "decrypt_and_verify": (b"text", bytes(16))}.get(name, () if name.endswith("-") else (b"text",))
        try:
            method(*arguments)
        except Exception as error:
            print(mode, names, "at", name, type(error).__name__, error)
            return
    print(mode, names, "done")


SEQUENCES = ("encrypt encrypt", "encrypt decrypt", "decrypt encrypt", "encrypt update", "digest encrypt", "digest update",
             "digest digest", "encrypt verify", "decrypt digest", "verify encrypt", "update digest update",
             "encrypt_and_digest encrypt_and_digest", "encrypt_and_digest digest",
             "encrypt_and_digest verify", "decrypt_and_verify", "verify", "digest verify", "decrypt verify decrypt")
for mode, options in ((AES.MODE_CCM, {"nonce": nonce}), (AES.MODE_CCM, {"nonce": nonce, "msg_len": 8}),
                      (AES.MODE_CCM, {"nonce": nonce, "msg_len": 6}), (AES.MODE_CCM, {"nonce": nonce, "assoc_len": 6}),
                      (AES.MODE_CCM, {"nonce": nonce, "assoc_len": 3, "msg_len": 4}),
                      (AES.MODE_SIV, {}), (AES.MODE_OCB, {"nonce": nonce}), (AES.MODE_GCM, {"nonce": nonce}),
                      (AES.MODE_EAX, {"nonce": nonce})):
    for names in SEQUENCES:
        steps(mode, names, **options)
for names in ("encrypt encrypt-", "encrypt- encrypt", "encrypt encrypt- digest", "encrypt digest", "decrypt verify",
              "decrypt- decrypt",
              "decrypt- digest", "encrypt- update"):
    steps(AES.MODE_OCB, names, nonce=nonce)
