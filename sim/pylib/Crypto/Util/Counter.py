"""Counter blocks for AES's CTR mode."""


def new(nbits, prefix=b"", suffix=b"", initial_value=1, little_endian=False, allow_wraparound=False):
    if nbits % 8:
        raise ValueError("'nbits' must be a multiple of 8")
    if initial_value.bit_length() > nbits:
        raise ValueError("Initial value takes %d bits but it is longer than the counter (%d bits)"
                         % (initial_value.bit_length(), nbits))
    return {"counter_len": nbits // 8, "prefix": prefix, "suffix": suffix, "initial_value": initial_value,
            "little_endian": little_endian}
