# One program for pycryptodome and for ours: what it prints is compared.
try:
    from Crypto.Cipher import AES
    from Crypto.Util.Padding import pad, unpad
    from Crypto.Util import Counter
except ImportError:
    from Cryptodome.Cipher import AES
    from Cryptodome.Util.Padding import pad, unpad
    from Cryptodome.Util import Counter

message = bytes(i * 7 % 256 for i in range(100))


def attempt(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


for size in (16, 24, 32):
    key = bytes(range(size))
    iv = bytes(range(100, 116))
    print(AES.new(key, AES.MODE_ECB).encrypt(pad(message, 16)).hex())
    for mode, options in ((AES.MODE_CBC, {"iv": iv}), (AES.MODE_CFB, {"iv": iv}), (AES.MODE_CFB, {"iv": iv, "segment_size": 128}),
                          (AES.MODE_CFB, {"iv": iv, "segment_size": 32}), (AES.MODE_OFB, {"IV": iv})):
        data = pad(message, 16)
        c = AES.new(key, mode, **options)
        out = c.encrypt(data[:32]) + c.encrypt(data[32:])
        d = AES.new(key, mode, **options)
        print(mode, out.hex(), d.decrypt(out[:48]) + d.decrypt(out[48:]) == data, c.iv == iv)
    c = AES.new(key, AES.MODE_CTR, nonce=b"abcdefgh", initial_value=3)
    out = c.encrypt(message[:5]) + c.encrypt(message[5:50]) + c.encrypt(message[50:])
    print(out.hex(), AES.new(key, AES.MODE_CTR, nonce=b"abcdefgh", initial_value=3).decrypt(out) == message, c.nonce)
    c = AES.new(key, AES.MODE_CTR, counter=Counter.new(64, prefix=b"1234", suffix=b"5678", initial_value=9, little_endian=True))
    print(c.encrypt(message).hex())
    for mode in (AES.MODE_GCM, AES.MODE_EAX):
        c = AES.new(key, mode, nonce=b"nonce678901234")
        c.update(b"head").update(b"er")
        out = c.encrypt(message[:7]) + c.encrypt(message[7:40]) + c.encrypt(message[40:])
        tag = c.digest()
        print(out.hex(), tag.hex(), c.hexdigest())
        d = AES.new(key, mode, nonce=b"nonce678901234")
        d.update(b"header")
        print(d.decrypt_and_verify(out, tag) == message)
        d = AES.new(key, mode, nonce=b"nonce678901234")
        d.update(b"other")
        attempt(lambda: d.decrypt_and_verify(out, tag))
        attempt(lambda: d.encrypt(b""))
        attempt(lambda: c.encrypt(b""))
        attempt(lambda: c.update(b""))
        attempt(lambda: c.verify(tag))
        print(AES.new(key, mode, nonce=b"n").encrypt_and_digest(b""))
for style in ("pkcs7", "x923", "iso7816"):
    for size in (0, 1, 15, 16, 17):
        padded = pad(bytes(size), 16, style)
        print(padded.hex(), unpad(padded, 16, style) == bytes(size))
    for bad in (b"", bytes(15), bytes(16), bytes(15) + b"\x02", bytes(15) + b"\x11", b"\x80" * 16, bytes(14) + b"\x80\x01"):
        attempt(lambda: unpad(bad, 16, style))
attempt(lambda: pad(b"", 16, "none"))
attempt(lambda: unpad(bytes(16), 16, "none"))
key = bytes(16)
attempt(lambda: AES.new(bytes(5), AES.MODE_ECB))
attempt(lambda: AES.new("text of 16 bytes", AES.MODE_ECB))
attempt(lambda: AES.new(key, AES.MODE_CBC, iv=bytes(3)))
attempt(lambda: AES.new(key, AES.MODE_CBC, iv=bytes(16)).encrypt(b"abc"))
attempt(lambda: AES.new(key, AES.MODE_ECB).encrypt(b"abc"))
attempt(lambda: AES.new(key, AES.MODE_CTR, nonce=bytes(16)))
attempt(lambda: AES.new(key, 99))
c = AES.new(key, AES.MODE_CBC, iv=bytes(16))
c.encrypt(bytes(16))
attempt(lambda: c.decrypt(bytes(16)))
c = AES.new(key, AES.MODE_CBC, bytes(16))
out = bytearray(16)
print(c.encrypt(bytes(16), output=out), out.hex())
print(len(AES.new(key, AES.MODE_CBC).iv), AES.block_size, AES.key_size)
# refused, and odd but allowed
key, iv, nonce = bytes(range(16)), bytes(range(100, 116)), b"12345678"
for options in (
        dict(mode=AES.MODE_ECB, iv=iv), dict(mode=AES.MODE_CBC, nonce=iv), dict(mode=AES.MODE_CTR, speed=1),
                dict(mode=AES.MODE_GCM, speed=1),
        dict(mode=AES.MODE_CFB, iv=iv, segment_size=7), dict(mode=AES.MODE_CFB, iv=iv, segment_size=256),
                dict(mode=AES.MODE_GCM, nonce="text"),
        dict(mode=AES.MODE_EAX, nonce="text"), dict(mode=AES.MODE_CTR, nonce=nonce, initial_value=b"abc"),
        dict(mode=AES.MODE_CTR, nonce=nonce, initial_value=-1), dict(mode=AES.MODE_CTR, counter=lambda: 1),
        dict(mode=AES.MODE_CTR, counter=Counter.new(128), nonce=nonce)):
    attempt(lambda: AES.new(key, **options))
for arguments in ((AES.MODE_ECB, iv), (AES.MODE_CTR, nonce), (AES.MODE_CBC, iv, 3), (AES.MODE_GCM, nonce, 3), (99,)):
    attempt(lambda: AES.new(key, *arguments))
attempt(lambda: AES.new("short", AES.MODE_ECB))
attempt(lambda: AES.new(16, AES.MODE_ECB))
attempt(lambda: Counter.new(13))
attempt(lambda: Counter.new(64, initial_value=2 ** 70))
attempt(lambda: AES.new(key, AES.MODE_ECB).encrypt(bytes(32), output=bytes(32)))
attempt(lambda: AES.new(key, AES.MODE_ECB).encrypt(bytes(32), output=bytearray(3)))
print(AES.new(key, AES.MODE_CTR, counter=Counter.new(64, nonce)).nonce, AES.new(key, AES.MODE_CTR, counter=Counter.new(128)).nonce)
print([type(AES.new(key, mode)).__name__ for mode in (AES.MODE_ECB, AES.MODE_CBC, AES.MODE_CFB, AES.MODE_OFB, AES.MODE_CTR,
                                                      AES.MODE_GCM)])
for segment in (24, 64, 128):
    c, d = (AES.new(key, AES.MODE_CFB, iv, segment_size=segment) for _ in range(2))
    out = b"".join(c.encrypt(message[start:start + 7]) for start in range(0, 100, 7))
    print(out.hex(), d.decrypt(out[:41]) + d.decrypt(out[41:42]) + d.decrypt(out[42:]) == message)
