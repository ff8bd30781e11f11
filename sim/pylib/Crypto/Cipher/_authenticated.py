"""Modes with a tag over header and message: GCM (NIST SP 800-38D), EAX (M. Bellare, P. Rogaway, D. Wagner, FSE 2004), CCM
(SP 800-38C), SIV (RFC 5297) and OCB (RFC 7253).
"""
from binascii import unhexlify

import _aes

from Crypto.Cipher._modes import BLOCK, OneWay, Stream, checked_bytes, counter_stream, refuse_options, xor
from Crypto.Random import get_random_bytes


def double(block):
    """Times x in GF(2^128), as CMAC, SIV and OCB count the bits."""
    twice = int.from_bytes(block, "big") << 1
    return (twice ^ (1 << 128 | 0x87) if twice >> 128 else twice).to_bytes(BLOCK, "big")


def cmac(key, data):
    """NIST SP 800-38B."""
    subkey = double(_aes.crypt("ECB", True, key, b"", bytes(BLOCK)))
    if len(data) % BLOCK or not data:
        data += b"\x80" + bytes(-(len(data) + 1) % BLOCK)
        subkey = double(subkey)
    data = data[:-BLOCK] + xor(data[-BLOCK:], subkey)
    return _aes.crypt("CBC", True, key, bytes(BLOCK), data)[-BLOCK:]


class Authenticated(OneWay):
    """Modes with a tag over header and ciphertext."""

    def __init__(self, key, nonce=None, mac_len=BLOCK, **options):
        super().__init__(key)
        refuse_options("ECB", options)  # pycryptodome hands them on to its own cipher in that mode
        if not isinstance(nonce, (bytes, bytearray, memoryview, type(None))):
            raise TypeError("%sonce must be bytes, bytearray or memoryview" % ("N" if isinstance(self, GcmMode) else "n"))
        self.nonce = get_random_bytes(BLOCK) if nonce is None else checked_bytes(nonce)
        if not self.nonce:
            raise ValueError("Nonce cannot be empty" + (" in EAX mode" if isinstance(self, EaxMode) else ""))
        if not 4 <= mac_len <= BLOCK:
            raise ValueError("Parameter 'mac_len' must be in the range 4..16" if isinstance(self, GcmMode) else
                             "Parameter 'mac_len' must not be larger than %d" % BLOCK)
        self._begin(mac_len)

    def _begin(self, mac_len):
        self._tag_size = mac_len
        self._header, self._ciphertext = bytearray(), bytearray()
        self._tag = None

    def update(self, assoc_data):
        if self._direction is not None or self._tag is not None:
            raise TypeError("update() can only be called immediately after initialization")
        self._header += checked_bytes(assoc_data)
        return self

    def _turn(self, direction):
        if self._tag is not None or self._direction not in (None, direction):
            raise TypeError("%s() can only be called after initialization or an update()" % direction)
        self._direction = direction

    def _encrypt(self, data):
        result = self._add(data)
        self._ciphertext += result
        return result

    def _decrypt(self, data):
        self._ciphertext += data
        return self._add(data)

    def digest(self):
        if self._direction == "decrypt":
            raise TypeError("digest() cannot be called when decrypting or validating a message")
        self._direction = "encrypt"
        if self._tag is None:
            self._tag = self._make_tag()[:self._tag_size]
        return self._tag

    def hexdigest(self):
        return self.digest().hex()

    def verify(self, received_mac_tag):
        if self._direction == "encrypt":
            raise TypeError("verify() cannot be called when encrypting a message")
        self._direction = "decrypt"
        if self._tag is None:
            self._tag = self._make_tag()[:self._tag_size]
        if self._tag != checked_bytes(received_mac_tag):
            raise ValueError("MAC check failed")

    def hexverify(self, hex_mac_tag):
        self.verify(unhexlify(hex_mac_tag))

    def encrypt_and_digest(self, plaintext, output=None):
        return self.encrypt(plaintext, output), self.digest()

    def decrypt_and_verify(self, ciphertext, received_mac_tag, output=None):
        plain = self.decrypt(ciphertext, output)
        self.verify(received_mac_tag)
        return plain


class GcmMode(Stream, Authenticated):
    """The tag of nothing is the block that hides tags; deciphered, it is the counter's block before the first."""

    def __init__(self, key, **options):
        Authenticated.__init__(self, key, **options)
        self._start_stream()
        start = _aes.crypt("ECB", False, self._key, b"", _aes.gcm(True, self._key, self.nonce, b"", b"")[1])
        self._prefix, self._value = start[:12], (int.from_bytes(start[12:], "big") + 1) % (1 << 32)

    _encrypt, _decrypt = Authenticated._encrypt, Authenticated._decrypt

    def _next(self, size):
        count = size // BLOCK
        stream = counter_stream(self._key, self._prefix, self._value, 4, count)
        self._value = (self._value + count) % (1 << 32)
        return stream

    def _make_tag(self):
        return _aes.gcm(False, self._key, self.nonce, bytes(self._header), bytes(self._ciphertext))[1]


class EaxMode(Stream, Authenticated):
    def __init__(self, key, **options):
        Authenticated.__init__(self, key, **options)
        self._start_stream()
        self._nonce_tag = self._omac(0, self.nonce)
        self._counter = int.from_bytes(self._nonce_tag, "big")

    _encrypt, _decrypt = Authenticated._encrypt, Authenticated._decrypt

    def _omac(self, number, data):
        """CMAC of a block that holds the number, and the data."""
        return cmac(self._key, bytes(BLOCK - 1) + bytes([number]) + bytes(data))

    def _next(self, size):
        count = size // BLOCK
        stream = counter_stream(self._key, b"", self._counter, BLOCK, count)
        self._counter = (self._counter + count) % (1 << 128)
        return stream

    def _make_tag(self):
        return xor(xor(self._nonce_tag, self._omac(1, self._header)), self._omac(2, self._ciphertext))


class CcmMode(Stream, Authenticated):
    """The tag begins with the lengths: without msg_len the message comes in one call."""

    def __init__(self, key, nonce=None, mac_len=BLOCK, msg_len=None, assoc_len=None, **options):
        OneWay.__init__(self, key)
        self.nonce = get_random_bytes(11) if nonce is None else nonce
        if mac_len not in (4, 6, 8, 10, 12, 14, 16):
            raise ValueError("Parameter 'mac_len' must be even and in the range 4..16 (not %d)" % mac_len)
        if not 7 <= len(self.nonce) <= 13:
            raise ValueError("Length of parameter 'nonce' must be in the range 7..13 bytes")
        refuse_options("CBC", options)
        self.nonce = checked_bytes(self.nonce)
        self._begin(mac_len)
        self._start_stream()
        self._message_length, self._header_length, self._all = msg_len, assoc_len, False
        self._plaintext = self._ciphertext      # here: what the tag is of
        self._size, self._value = 15 - len(self.nonce), 0
        self._mask = self._next(BLOCK)

    def _next(self, size):
        count, prefix = size // BLOCK, bytes([self._size - 1]) + self.nonce
        stream = counter_stream(self._key, prefix, self._value, self._size, count)
        self._value += count
        return stream

    def update(self, assoc_data):
        Authenticated.update(self, assoc_data)
        if self._header_length is not None and len(self._header) > self._header_length:
            raise ValueError("Associated data is too long")
        return self

    def _check_header(self):
        if self._header_length is not None and len(self._header) < self._header_length:
            raise ValueError("Associated data is too short")

    def _take(self, direction, data):
        if self._all:
            raise TypeError("%s() can only be called after initialization or an update()" % direction)
        self._check_header()
        if self._message_length is None:
            self._message_length, self._all = len(data), True
        if len(self._plaintext) + len(data) > self._message_length:
            raise ValueError("Message is too long")
        return self._add(data)

    def _encrypt(self, data):
        result = self._take("encrypt", data)
        self._plaintext += data
        return result

    def _decrypt(self, data):
        result = self._take("decrypt", data)
        self._plaintext += result
        return result

    def _make_tag(self):
        self._check_header()
        length, header = len(self._plaintext), bytes(self._header)
        if self._message_length not in (None, length):
            raise ValueError("Message is too short")
        flags = (64 if header else 0) + (self._tag_size - 2) // 2 * 8 + self._size - 1
        start = bytes([flags]) + self.nonce + length.to_bytes(self._size, "big")
        if header:
            size, mark = (2, b"") if len(header) < 0xFF00 else (4, b"\xff\xfe") if len(header) < 1 << 32 else (8, b"\xff\xff")
            header = mark + len(header).to_bytes(size, "big") + header
        data = b"".join(part + bytes(-len(part) % BLOCK) for part in (start, header, bytes(self._plaintext)))
        return xor(_aes.crypt("CBC", True, self._key, bytes(BLOCK), data)[-BLOCK:], self._mask)


class SivMode(Authenticated):
    """A message at once, and its tag, which is also where the counter begins."""

    def __init__(self, key, nonce=None, **options):
        if len(key) not in (32, 48, 64):
            raise ValueError("Incorrect key length (%d bytes)" % len(key))
        OneWay.__init__(self, key)
        if nonce is not None:
            if not isinstance(nonce, (bytes, bytearray, memoryview)):
                raise TypeError("When provided, the nonce must be bytes, bytearray or memoryview")
            if not nonce:
                raise ValueError("When provided, the nonce must be non-empty")
            self.nonce = bytes(nonce)
        refuse_options("ECB", options)
        self._begin(BLOCK)
        self._for_tag, self._for_text = key[:len(key) // 2], key[len(key) // 2:]
        self._components = []

    def _append(self, component):
        if len(self._components) == 127:
            raise TypeError("Too many components passed to S2V")
        self._components.append(bytes(component))

    def update(self, component):
        Authenticated.update(self, b"")
        self._append(component)

    def encrypt(self, plaintext):
        raise TypeError("encrypt() not allowed for SIV mode. Use encrypt_and_digest() instead.")

    def decrypt(self, ciphertext):
        raise TypeError("decrypt() not allowed for SIV mode. Use decrypt_and_verify() instead.")

    def _make_tag(self):
        """S2V of the components."""
        if not self._components:
            return cmac(self._for_tag, bytes(BLOCK))
        total = cmac(self._for_tag, bytes(BLOCK))
        for component in self._components[:-1]:
            total = xor(double(total), cmac(self._for_tag, component))
        last = self._components[-1]
        if len(last) >= BLOCK:
            return cmac(self._for_tag, last[:-BLOCK] + xor(last[-BLOCK:], total))
        return cmac(self._for_tag, xor(double(total), (last + b"\x80").ljust(BLOCK, b"\0")))

    def _finish(self, plaintext):
        if hasattr(self, "nonce"):
            self._append(self.nonce)
        self._append(plaintext)
        return self._make_tag()

    def _crypt(self, data, tag):
        value = int.from_bytes(tag, "big") & ~(1 << 63 | 1 << 31)
        return xor(data, counter_stream(self._for_text, b"", value, BLOCK, -(-len(data) // BLOCK))[:len(data)])

    def encrypt_and_digest(self, plaintext, output=None):
        self._turn("encrypt")
        plaintext = checked_bytes(plaintext)
        self._tag = self._finish(plaintext)
        return self._give(self._crypt(plaintext, self._tag), output), self._tag

    def decrypt_and_verify(self, ciphertext, mac_tag, output=None):
        self._turn("decrypt")
        plaintext = self._crypt(checked_bytes(ciphertext), mac_tag)
        self._tag = self._finish(plaintext)
        result = self._give(plaintext, output)
        self.verify(mac_tag)
        return result


class OcbMode(Authenticated):
    """Whole blocks at each call; what is left of one waits for the next, or for the call without an argument that ends the text."""

    def __init__(self, key, nonce=None, mac_len=BLOCK, **options):
        OneWay.__init__(self, key)
        nonce = get_random_bytes(15) if nonce is None else nonce
        if not 1 <= len(nonce) <= 15:
            raise ValueError("Nonce must be at most 15 bytes long")
        if not isinstance(nonce, (bytes, bytearray, memoryview)):
            raise TypeError("Nonce must be bytes, bytearray or memoryview")
        if not 8 <= mac_len <= BLOCK:
            raise ValueError("MAC tag must be between 8 and 16 bytes long")
        refuse_options("ECB", options)
        self.nonce = bytes(nonce)
        self._begin(mac_len)
        self._star = self._blocks(True, bytes(BLOCK))
        self._dollar = double(self._star)
        self._steps = [double(self._dollar)]    # L_0, L_1, ...: what the offset moves by
        self._offset, self._count, self._checksum = self._first_offset(), 0, bytes(BLOCK)
        self._left, self._ended = b"", False

    def _blocks(self, encrypting, data):
        return _aes.crypt("ECB", encrypting, self._key, b"", data)

    def _first_offset(self):
        """Of a nonce of 15 bytes as pycryptodome 3.11 has it, which there is not RFC 7253's."""
        block = bytes([self._tag_size << 4 & 0xFF]) + bytes(max(14 - len(self.nonce), 0)) + b"\1" + self.nonce
        bottom = block[15] & 0x3F
        top = self._blocks(True, block[:15] + bytes([block[15] & 0xC0]))
        stretched = int.from_bytes(top + xor(top[:8], top[1:9]), "big")
        return (stretched >> 64 - bottom & (1 << 128) - 1).to_bytes(BLOCK, "big")

    def _offsets(self, offset, first, count):
        """The offsets of that many blocks, of which the first is the first-th, counted from 1."""
        offsets = []
        for i in range(first, first + count):
            place = (i & -i).bit_length() - 1
            while place >= len(self._steps):
                self._steps.append(double(self._steps[-1]))
            offset = xor(offset, self._steps[place])
            offsets.append(offset)
        return offsets

    def _sum(self, data):
        """The exclusive or of its blocks."""
        total = 0
        for i in range(0, len(data), BLOCK):
            total ^= int.from_bytes(data[i:i + BLOCK], "big")
        return total.to_bytes(BLOCK, "big")

    def _whole(self, data, encrypting):
        if not data:
            return b""
        offsets = self._offsets(self._offset, self._count + 1, len(data) // BLOCK)
        self._offset, self._count = offsets[-1], self._count + len(offsets)
        mask = b"".join(offsets)
        result = xor(self._blocks(encrypting, xor(data, mask)), mask)
        self._checksum = xor(self._checksum, self._sum(data if encrypting else result))
        return result

    def _last(self, encrypting):
        """The end of the text: less than a block."""
        self._ended, data, self._left = True, self._left, b""
        if not data:
            return b""
        self._offset = xor(self._offset, self._star)
        result = xor(data, self._blocks(True, self._offset)[:len(data)])
        self._checksum = xor(self._checksum, ((data if encrypting else result) + b"\x80").ljust(BLOCK, b"\0"))
        return result

    def _run(self, direction, data):
        if self._ended:
            raise TypeError("%s() can only be called after initialization or an update()" % direction)
        self._turn(direction)
        if data is None:
            return self._last(direction == "encrypt")
        data = self._left + checked_bytes(data)
        whole = len(data) // BLOCK * BLOCK
        self._left = data[whole:]
        return self._whole(data[:whole], direction == "encrypt")

    def encrypt(self, plaintext=None):
        return self._run("encrypt", plaintext)

    def decrypt(self, ciphertext=None):
        return self._run("decrypt", ciphertext)

    def _make_tag(self):
        header = bytes(self._header)
        whole = len(header) // BLOCK
        offsets = self._offsets(bytes(BLOCK), 1, whole)
        data = xor(header[:whole * BLOCK], b"".join(offsets))
        if len(header) % BLOCK:
            last = (header[whole * BLOCK:] + b"\x80").ljust(BLOCK, b"\0")
            data += xor(last, xor(offsets[-1] if offsets else bytes(BLOCK), self._star))
        tag = self._blocks(True, xor(xor(self._checksum, self._offset), self._dollar))
        return xor(tag, self._sum(self._blocks(True, data)))

    def _check_end(self, method, direction):
        if self._direction not in (None, direction) or (self._direction and not self._ended):
            raise TypeError("%s() cannot be called now for this cipher" % method)
        self._ended = True

    def digest(self):
        self._check_end("digest", "encrypt")
        return Authenticated.digest(self)

    def verify(self, received_mac_tag):
        self._check_end("verify", "decrypt")
        Authenticated.verify(self, received_mac_tag)

    def encrypt_and_digest(self, plaintext):
        return self.encrypt(plaintext) + self.encrypt(), self.digest()

    def decrypt_and_verify(self, ciphertext, received_mac_tag):
        plaintext = self.decrypt(ciphertext) + self.decrypt()
        self.verify(received_mac_tag)
        return plaintext
