"""The slice of pycryptodome that programs about AES use: Crypto.Cipher.AES, Crypto.Util.Padding and Counter, Crypto.Random."""
version_info = (3, 11, "0")
__version__ = "3.11.0"
