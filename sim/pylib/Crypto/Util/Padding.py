"""Padding to whole blocks: pkcs7 (RFC 5652, 6.3), x923 (ANSI), iso7816 (ISO/IEC 7816-4)."""


def pad(data_to_pad, block_size, style="pkcs7"):
    size = block_size - len(data_to_pad) % block_size
    if style == "pkcs7":
        return data_to_pad + bytes([size]) * size
    if style == "x923":
        return data_to_pad + bytes(size - 1) + bytes([size])
    if style == "iso7816":
        return data_to_pad + b"\x80" + bytes(size - 1)
    raise ValueError("Unknown padding style")


def unpad(padded_data, block_size, style="pkcs7"):
    length = len(padded_data)
    if not length:
        raise ValueError("Zero-length input cannot be unpadded")
    if length % block_size:
        raise ValueError("Input data is not padded")
    if style in ("pkcs7", "x923"):
        size = padded_data[-1]
        if size < 1 or size > min(block_size, length):
            raise ValueError("Padding is incorrect.")
        if style == "pkcs7" and padded_data[-size:] != bytes([size]) * size:
            raise ValueError("PKCS#7 padding is incorrect.")
        if style == "x923" and padded_data[-size:-1] != bytes(size - 1):
            raise ValueError("ANSI X.923 padding is incorrect.")
    elif style == "iso7816":
        size = length - padded_data.rfind(b"\x80")
        if size < 1 or size > min(block_size, length):
            raise ValueError("Padding is incorrect.")
        if size > 1 and padded_data[1 - size:] != bytes(size - 1):
            raise ValueError("ISO 7816-4 padding is incorrect.")
    else:
        raise ValueError("Unknown padding style")
    return padded_data[:-size]
