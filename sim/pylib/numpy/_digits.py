"""Numbers as texts with a chosen number of digits."""
import math
import operator

import numpy as np


def _shortest(number, kind):
    """The fewest digits that tell the number among those of its kind, and the exponent of the first one."""
    places = next(n for n in range(18) if kind("%.*e" % (n, number)) == kind(number))
    digits, _, exponent = ("%.*e" % (places, number)).partition("e")
    return digits.replace(".", ""), int(exponent)


def _parts(digits, exponent):
    """Digits on both sides of the point."""
    if exponent < 0:
        return "0", "0" * (-exponent - 1) + digits
    digits = digits.ljust(exponent + 1, "0")
    return digits[:exponent + 1], digits[exponent + 1:]


def _exceeds(digits, places, number):
    """Is digits / 10**places at least the number?"""
    above, below = number.as_integer_ratio()
    return int(digits) * below >= above * 10 ** places if places >= 0 else int(digits) * 10 ** -places * below >= above


def _rounded(number, count, fractional):
    """Both sides of the point with so many digits (behind it, or in all). Zeros at the end that come of rounding down stay."""
    if fractional:
        whole, _, part = ("%.*f" % (count, number)).partition(".")
    else:
        digits, _, exponent = ("%.*e" % (max(count, 1) - 1, number)).partition("e")
        whole, part = _parts(digits.replace(".", ""), int(exponent))
    return whole, part.rstrip("0") if _exceeds(whole + part, len(part), number) else part


def _trimmed(part, trim, wanted):
    """What stands behind the first digits, with the point."""
    if trim == "k":
        return "." + part.ljust(wanted, "0")
    part = part.rstrip("0")
    return "." + (part or "0") if trim == "0" else "." + part if part or trim == "." else ""


def _float_options(x, trim, unique, others, **counts):
    """A number's size and sign, its kind, and how many digits are asked for (-1: not said), all of them checked."""
    for name, count in counts.items():
        if count is None:
            counts[name] = -1
        elif count < 0:
            raise ValueError("%s must be >= 0" % name)
    if others == 0:
        raise ValueError("precision must be greater than 0 if fractional=False")
    if counts["min_digits"] > 0 and 0 < counts["precision"] < counts["min_digits"]:
        raise ValueError("min_digits must be less than or equal to precision")
    for count in counts.values():
        if isinstance(count, float):
            raise TypeError("integer argument expected, got float")
        operator.index(count)
    if not operator.index(unique) and counts["precision"] < 0:
        raise TypeError("in non-unique mode `precision` must be supplied")
    if not isinstance(trim, str) or trim not in ("k", ".", "0", "-"):
        raise TypeError("if supplied, trim must be 'k', '.', '0' or '-' found `%100s`" % (trim,))
    kind = type(x) if isinstance(x, np.floating) and x.itemsize < 8 else float
    number = math.ldexp(x, 0)
    return abs(number), math.copysign(1, number) < 0, kind, counts


def _endless(number, sign):
    return "nan" if number != number else sign + "inf"


def format_float_positional(x, precision=None, unique=True, fractional=True, trim="k", sign=False, pad_left=None,
                            pad_right=None, min_digits=None):
    number, negative, kind, counts = _float_options(x, trim, unique, precision if not fractional else None, precision=precision,
                                                    pad_left=pad_left, pad_right=pad_right, min_digits=min_digits)
    mark = "-" if negative else "+" if sign else ""
    if not math.isfinite(number):
        return _endless(number, mark)
    precision, least = counts["precision"], counts["min_digits"]
    digits, exponent = _shortest(number, kind)
    whole, part = _parts(digits, exponent)
    part = part if exponent < 0 else part.rstrip("0")
    if not number:
        whole, part = "0", ""
    shown = len(part) if fractional else len(digits)
    if number and (not unique or 0 <= precision < shown):
        whole, part = _rounded(number, precision, fractional)
    elif number and least > shown:
        whole, part = _rounded(number, least, fractional)
    wanted = least if unique else precision
    part = _trimmed(part, trim, wanted if fractional else wanted - len(whole))
    spaces = counts["pad_right"] - max(len(part) - 1, 0)
    return (mark + whole).rjust(counts["pad_left"]) + part + " " * (spaces + (not part) if spaces >= 0 else 0)


def format_float_scientific(x, precision=None, unique=True, trim="k", sign=False, pad_left=None, exp_digits=None, min_digits=None):
    number, negative, kind, counts = _float_options(x, trim, unique, None, precision=precision, pad_left=pad_left,
                                                    exp_digits=exp_digits, min_digits=min_digits)
    mark = "-" if negative else "+" if sign else ""
    if not math.isfinite(number):
        return _endless(number, mark)
    precision, least = counts["precision"], counts["min_digits"]
    digits, exponent = _shortest(number, kind)
    count = precision if not unique or 0 <= precision < len(digits) - 1 else least if least > len(digits) - 1 else -1
    if number and count >= 0:
        digits, _, exponent = ("%.*e" % (count, number)).partition("e")
        digits, exponent = digits.replace(".", ""), int(exponent)
        if _exceeds(digits, len(digits) - 1 - exponent, number):
            digits = digits.rstrip("0")
    part = _trimmed(digits[1:], trim, least if unique else precision) or "."[:len(digits) - 1]
    width = min(counts["exp_digits"], 5) if counts["exp_digits"] >= 0 else 2
    return "%s%s%se%s%s" % (" " * (counts["pad_left"] - 1 - len(mark)) + mark, digits[0], part, "-" if exponent < 0 else "+",
                            str(abs(exponent)).rjust(width, "0"))
