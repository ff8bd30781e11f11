"""AES-128, -192 and -256 in cipher block chaining with PKCS#7 padding, from FIPS 197 and SP 800-38A: in plain Python,
and by Crypto.Cipher (pycryptodome's, also as Cryptodome; hybridsim has its own) beside it.

    cryptography.py [128|192|256|all] [BYTES] [python|library|both]

Where there is no such package, `both` is the plain form alone, and says so on stderr. Nothing of the plain form is a table
copied: the S-box is computed from its definition. For study, not for secrets: its time depends on the key.
Run its tests with: python3 -m unittest cryptography.py
"""
import sys
import unittest

try:
    from Crypto.Cipher import AES
    from Crypto.Util import Padding
except ModuleNotFoundError:
    try:
        from Cryptodome.Cipher import AES
        from Cryptodome.Util import Padding
    except ModuleNotFoundError:
        AES = None


def times_x(a):
    """Multiplication by x in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2.1)."""
    a <<= 1
    return a ^ 0x11B if a & 0x100 else a


def multiply(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = times_x(a)
        b >>= 1
    return product


def affine(b):
    """FIPS 197, 5.1.1: the exclusive or of b rotated left by 0 to 4 bits, and 0x63."""
    result = 0x63
    for shift in range(5):
        result ^= (b << shift | b >> 8 - shift) & 0xFF
    return result


def substitution_box():
    powers, logarithms = [1] * 255, [0] * 256
    for i in range(1, 255):
        powers[i] = powers[i - 1] ^ times_x(powers[i - 1])  # times 3, which generates all of the field but 0
    for i, a in enumerate(powers):
        logarithms[a] = i
    return [affine(powers[-logarithms[a] % 255] if a else 0) for a in range(256)]


SBOX = substitution_box()
INVERSE_SBOX = [SBOX.index(a) for a in range(256)]
BY_2, BY_3, BY_9, BY_11, BY_13, BY_14 = ([multiply(a, n) for a in range(256)] for n in (2, 3, 9, 11, 13, 14))
# The state is 16 bytes, column by column. Where each byte of the next state comes from (5.1.2):
SHIFT_ROWS = [(i + 4 * (i % 4)) % 16 for i in range(16)]
INVERSE_SHIFT_ROWS = [SHIFT_ROWS.index(i) for i in range(16)]


def expand_key(key):
    """The round keys, 16 bytes each (5.2)."""
    if len(key) not in (16, 24, 32):
        raise ValueError("a key has 16, 24 or 32 bytes, not %d" % len(key))
    length = len(key) // 4
    words = [list(key[4 * i:4 * i + 4]) for i in range(length)]
    constant = 1
    for i in range(length, 4 * (length + 7)):
        word = words[-1]
        if i % length == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= constant
            constant = times_x(constant)
        elif length == 8 and i % 8 == 4:
            word = [SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - length], word)])
    return [sum(words[i:i + 4], []) for i in range(0, len(words), 4)]


def add(state, key):
    return [a ^ b for a, b in zip(state, key)]


def mix_columns(state):
    result = []
    for i in range(0, 16, 4):
        a, b, c, d = state[i:i + 4]
        result += [BY_2[a] ^ BY_3[b] ^ c ^ d, a ^ BY_2[b] ^ BY_3[c] ^ d, a ^ b ^ BY_2[c] ^ BY_3[d], BY_3[a] ^ b ^ c ^ BY_2[d]]
    return result


def unmix_columns(state):
    result = []
    for i in range(0, 16, 4):
        a, b, c, d = state[i:i + 4]
        result += [BY_14[a] ^ BY_11[b] ^ BY_13[c] ^ BY_9[d], BY_9[a] ^ BY_14[b] ^ BY_11[c] ^ BY_13[d],
                   BY_13[a] ^ BY_9[b] ^ BY_14[c] ^ BY_11[d], BY_11[a] ^ BY_13[b] ^ BY_9[c] ^ BY_14[d]]
    return result


def encrypt_block(block, keys):
    state = add(block, keys[0])
    for key in keys[1:-1]:
        state = add(mix_columns([SBOX[state[i]] for i in SHIFT_ROWS]), key)
    return add([SBOX[state[i]] for i in SHIFT_ROWS], keys[-1])


def decrypt_block(block, keys):
    state = add(block, keys[-1])
    for key in keys[-2:0:-1]:
        state = unmix_columns(add([INVERSE_SBOX[state[i]] for i in INVERSE_SHIFT_ROWS], key))
    return add([INVERSE_SBOX[state[i]] for i in INVERSE_SHIFT_ROWS], keys[0])


def pad(message):
    """PKCS#7 (RFC 5652, 6.3): as many bytes as are missing, at least one, each of that number."""
    count = 16 - len(message) % 16
    return message + bytes([count]) * count


def unpad(message):
    count = message[-1] if message else 0
    if not 1 <= count <= 16 or len(message) % 16 or message[-count:] != bytes([count]) * count:
        raise ValueError("the padding is not correct")
    return message[:-count]


def encrypt(message, key, vector):
    keys = expand_key(key)
    message = pad(message)
    previous, result = list(vector), bytearray()
    for i in range(0, len(message), 16):
        previous = encrypt_block(add(message[i:i + 16], previous), keys)
        result += bytes(previous)
    return bytes(result)


def decrypt(message, key, vector):
    keys = expand_key(key)
    previous, result = list(vector), bytearray()
    for i in range(0, len(message), 16):
        block = list(message[i:i + 16])
        result += bytes(add(decrypt_block(block, keys), previous))
        previous = block
    return unpad(bytes(result))


def library_encrypt(message, key, vector):
    return AES.new(key, AES.MODE_CBC, vector).encrypt(Padding.pad(message, 16))


def library_decrypt(secret, key, vector):
    return Padding.unpad(AES.new(key, AES.MODE_CBC, vector).decrypt(secret), 16)


FORMS = {"python": [(encrypt, decrypt)], "library": [(library_encrypt, library_decrypt)],
         "both": [(encrypt, decrypt), (library_encrypt, library_decrypt)]}


# FIPS 197, appendix C: the bytes 00 11 22 ... ff enciphered with the key 00 01 02 ...
BLOCK = bytes(range(0, 256, 17))
PUBLISHED = {128: "69c4e0d86a7b0430d8cdb78070b4c55a", 192: "dda97ca4864cdfe06eaf70a0ec0d7191",
             256: "8ea2b7ca516745bfeafc49904b496089"}


def main(arguments):
    bits = arguments[0] if arguments else "all"
    size = int(arguments[1]) if len(arguments) > 1 else 512
    form = arguments[2] if len(arguments) > 2 else "both"
    if bits not in ("128", "192", "256", "all") or size < 0 or form not in FORMS:
        raise SystemExit(__doc__)
    if AES is None and form == "library":
        raise SystemExit("cryptography.py: package Crypto is not installed")
    if AES is None and form == "both":
        print("package Crypto is not installed: only the plain form runs", file=sys.stderr)
        form = "python"
    message = bytes(i * i % 251 for i in range(size))
    vector = bytes(range(16))
    for length in (128, 192, 256):
        if bits in (str(length), "all"):
            key = bytes((7 * i + length) % 256 for i in range(length // 8))
            for encrypting, _ in FORMS[form]:   # with a vector of zeros the first block of the chain is the block cipher's
                assert encrypting(BLOCK, bytes(range(length // 8)), bytes(16))[:16].hex() == PUBLISHED[length], length
            secrets = set()
            for encrypting, decrypting in FORMS[form]:
                secret = encrypting(message, key, vector)
                assert decrypting(secret, key, vector) == message
                secrets.add(secret)
            assert len(secrets) == 1
            print("AES-%d" % length, len(message), "bytes ->", len(secret), secret[:8].hex(), "...", secret[-8:].hex())


class Tests(unittest.TestCase):
    def test_published_blocks(self):
        for length, secret in PUBLISHED.items():
            keys = expand_key(bytes(range(length // 8)))
            self.assertEqual(bytes(encrypt_block(list(BLOCK), keys)).hex(), secret)
            self.assertEqual(bytes(decrypt_block(list(bytes.fromhex(secret)), keys)), BLOCK)

    def test_published_chain(self):
        """SP 800-38A, F.2.1 to F.2.6: the first two blocks in CBC with each length of key."""
        message = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
        for key, secret in (
                ("2b7e151628aed2a6abf7158809cf4f3c", "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"),
                ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
                 "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"),
                ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                 "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d")):
            key, vector = bytes.fromhex(key), bytes(range(16))
            found = encrypt(message, key, vector)
            self.assertEqual(found[:32].hex(), secret)
            self.assertEqual(decrypt(found, key, vector), message)

    def test_there_and_back(self):
        for length in (16, 24, 32):
            for size in (0, 1, 15, 16, 17, 33):
                message = bytes(range(size))
                secret = encrypt(message, bytes(length), bytes(16))
                self.assertEqual(len(secret), size // 16 * 16 + 16)
                self.assertEqual(decrypt(secret, bytes(length), bytes(16)), message)

    @unittest.skipUnless(AES, "package Crypto is not installed")
    def test_forms_agree(self):
        for length in (16, 24, 32):
            for size in (0, 15, 16, 100):
                message, key, vector = bytes(range(size)), bytes(range(length)), bytes(range(16))
                secret = library_encrypt(message, key, vector)
                self.assertEqual(secret, encrypt(message, key, vector))
                self.assertEqual(library_decrypt(secret, key, vector), message)

    def test_wrong(self):
        with self.assertRaises(ValueError):
            expand_key(bytes(15))
        with self.assertRaises(ValueError):
            unpad(bytes(16))
        with self.assertRaises(ValueError):
            unpad(b"")


if __name__ == "__main__":
    main(sys.argv[1:])
