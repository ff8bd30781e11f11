"""AES as pycryptodome offers it: new(key, mode, ...), an object for one message."""
from Crypto.Cipher import _modes

MODE_ECB, MODE_CBC, MODE_CFB, MODE_OFB, MODE_CTR, MODE_OPENPGP, MODE_CCM, MODE_EAX, MODE_SIV, MODE_GCM, MODE_OCB = \
    1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12
block_size = 16
key_size = (16, 24, 32)

_MODES = {MODE_ECB: _modes.Ecb, MODE_CBC: _modes.Cbc, MODE_CFB: _modes.Cfb, MODE_OFB: _modes.Ofb, MODE_CTR: _modes.Ctr,
          MODE_EAX: _modes.Eax, MODE_GCM: _modes.Gcm}
_ABSENT = {MODE_OPENPGP: "OPENPGP", MODE_CCM: "CCM", MODE_SIV: "SIV", MODE_OCB: "OCB"}


def new(key, mode, *arguments, **options):
    """A cipher object. Positional arguments: the IV or nonce of modes that take one."""
    if mode in _ABSENT:
        raise NotImplementedError("hybridsim's Crypto has no MODE_" + _ABSENT[mode])
    if mode not in _MODES:
        raise ValueError("Mode not supported")
    key = _modes.checked_bytes(key)
    if len(key) not in key_size:
        raise ValueError("Incorrect AES key length (%d bytes)" % len(key))
    if arguments:
        name = "IV" if mode in (MODE_CBC, MODE_CFB, MODE_OFB) else "nonce"
        if mode == MODE_ECB or len(arguments) > 1:
            raise TypeError("too many arguments for this mode")
        if name in options:
            raise TypeError("IV is already given")
        options[name] = arguments[0]
    return _MODES[mode](key, **options)
