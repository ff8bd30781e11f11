"""Modes of operation (NIST SP 800-38A and D; EAX: M. Bellare, P. Rogaway, D. Wagner, FSE 2004).

An object enciphers or deciphers one message, in as many calls as wanted, and never both.
"""
import _aes

from Crypto.Random import get_random_bytes

BLOCK = 16


def checked_bytes(data):
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError("Object type %s cannot be passed to C code" % type(data))
    return bytes(data)


def xor(a, b):
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).to_bytes(len(a), "big")


def refuse_options(mode, options, what="Unknown"):
    if options:
        raise TypeError("%s parameters for %s: %s" % (what, mode, options))


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
        order, modulus = "little" if self._little else "big", 1 << 8 * self._size
        blocks = b"".join(self._prefix + ((self._value + i) % modulus).to_bytes(self._size, order) + self._suffix
                          for i in range(count))
        self._value = (self._value + count) % modulus
        return _aes.crypt("ECB", True, self._key, b"", blocks)


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
        self._tag_size = mac_len
        self._header, self._ciphertext = b"", b""
        self._tag = None

    def update(self, assoc_data):
        if self._direction is not None or self._tag is not None:
            raise TypeError("update() can only be called immediately after initialization")
        self._header += checked_bytes(assoc_data)
        return self

    def _turn(self, direction):
        if self._tag is not None:
            raise TypeError("%s() can only be called after initialization or an update()" % direction)
        if self._direction not in (None, direction):
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
        if self._tag is None:
            self._tag = self._make_tag()[:self._tag_size]
        return self._tag

    def hexdigest(self):
        return self.digest().hex()

    def verify(self, received_mac_tag):
        if self._direction == "encrypt":
            raise TypeError("verify() cannot be called when encrypting a message")
        if self._tag is None:
            self._tag = self._make_tag()[:self._tag_size]
        if self._tag != bytes(received_mac_tag):
            raise ValueError("MAC check failed")

    def hexverify(self, hex_mac_tag):
        self.verify(bytes.fromhex(hex_mac_tag))

    def encrypt_and_digest(self, plaintext, output=None):
        return self.encrypt(plaintext, output), self.digest()

    def decrypt_and_verify(self, ciphertext, received_mac_tag, output=None):
        plain = self.decrypt(ciphertext, output)
        self.verify(received_mac_tag)
        return plain


class GcmMode(Authenticated):
    """Calls are collected: libcrypto makes the stream of the whole message so far at each."""

    def _add(self, data):
        before = len(self._ciphertext) if self._direction == "encrypt" else len(self._ciphertext) - len(data)
        stream = _aes.gcm(True, self._key, self.nonce, b"", bytes(before + len(data)))[0] if before else None
        return xor(data, stream[before:]) if before else _aes.gcm(True, self._key, self.nonce, b"", data)[0]

    def _make_tag(self):
        return _aes.gcm(False, self._key, self.nonce, self._header, self._ciphertext)[1]


class EaxMode(Stream, Authenticated):
    def __init__(self, key, **options):
        Authenticated.__init__(self, key, **options)
        self._start_stream()
        self._nonce_tag = self._omac(0, self.nonce)
        self._counter = int.from_bytes(self._nonce_tag, "big")

    _encrypt, _decrypt = Authenticated._encrypt, Authenticated._decrypt

    def _block(self, data):
        return _aes.crypt("ECB", True, self._key, b"", data)

    def _omac(self, number, data):
        """CMAC (NIST SP 800-38B) of a block that holds the number, and the data."""
        def double(block):
            twice = int.from_bytes(block, "big") << 1
            return (twice ^ (1 << 128 | 0x87) if twice >> 128 else twice).to_bytes(BLOCK, "big")
        data = bytes(BLOCK - 1) + bytes([number]) + data
        subkey = double(self._block(bytes(BLOCK)))
        if len(data) % BLOCK:
            data += b"\x80" + bytes(-(len(data) + 1) % BLOCK)
            subkey = double(subkey)
        data = data[:-BLOCK] + xor(data[-BLOCK:], subkey)
        return _aes.crypt("CBC", True, self._key, bytes(BLOCK), data)[-BLOCK:]

    def _next(self, size):
        count = size // BLOCK
        blocks = b"".join(((self._counter + i) % (1 << 128)).to_bytes(BLOCK, "big") for i in range(count))
        self._counter = (self._counter + count) % (1 << 128)
        return self._block(blocks)

    def _make_tag(self):
        return xor(xor(self._nonce_tag, self._omac(1, self._header)), self._omac(2, self._ciphertext))
