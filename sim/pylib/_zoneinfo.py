"""The native half of zoneinfo: the library's own Python code, with the repr that CPython's native class has."""
from zoneinfo._zoneinfo import ZoneInfo


def _repr(zone):
    kind = type(zone)
    name = "zoneinfo.ZoneInfo" if kind is ZoneInfo else kind.__name__
    if zone.key is not None:
        return f"{name}(key={zone.key!r})"
    return f"{name}.from_file({zone._file_repr})"


ZoneInfo.__repr__ = _repr
