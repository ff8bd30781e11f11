"""AES as pycryptodome offers it: new(key, mode, ...), an object for one message."""
from Crypto.Cipher import _authenticated, _modes

MODE_ECB, MODE_CBC, MODE_CFB, MODE_OFB, MODE_CTR, MODE_OPENPGP, MODE_CCM, MODE_EAX, MODE_SIV, MODE_GCM, MODE_OCB = \
    1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12
block_size = 16
key_size = (16, 24, 32)

_MODES = {MODE_ECB: _modes.EcbMode, MODE_CBC: _modes.CbcMode, MODE_CFB: _modes.CfbMode, MODE_OFB: _modes.OfbMode,
          MODE_CTR: _modes.CtrMode, MODE_OPENPGP: _modes.OpenPgpMode, MODE_CCM: _authenticated.CcmMode,
          MODE_EAX: _authenticated.EaxMode, MODE_SIV: _authenticated.SivMode, MODE_GCM: _authenticated.GcmMode,
          MODE_OCB: _authenticated.OcbMode}
_POSITIONAL = {**dict.fromkeys((MODE_CBC, MODE_CFB, MODE_OFB, MODE_OPENPGP), "IV"),
               **dict.fromkeys((MODE_CCM, MODE_EAX, MODE_SIV, MODE_GCM, MODE_OCB), "nonce")}


def new(key, mode, *arguments, **options):
    """A cipher object. A positional argument: the IV or nonce of modes that take one there."""
    if mode not in _MODES:
        raise ValueError("Mode not supported")
    if arguments:
        if mode == MODE_ECB:
            raise TypeError("IV is not meaningful for the ECB mode")
        if mode not in _POSITIONAL or len(arguments) > 1:
            raise TypeError("Too many arguments for this mode")
        options[_POSITIONAL[mode]] = arguments[0]
    options.pop("use_aesni", None)
    if mode != MODE_SIV and len(key) not in key_size:
        raise ValueError("Incorrect AES key length (%d bytes)" % len(key))
    return _MODES[mode](_modes.checked_bytes(key), **options)
