"""Texts and copies: zones, unpacked aliases, unions with type variables; arguments that come as other objects than usual."""
import copy
import os
import pickle
import typing
import time
import types
import warnings
import zlib
import zoneinfo


class OwnZone(zoneinfo.ZoneInfo):
    pass


print(zoneinfo.ZoneInfo("Europe/Berlin"), repr(zoneinfo.ZoneInfo("UTC")), repr(OwnZone("UTC")), zoneinfo.ZoneInfo)
print(repr(pickle.loads(pickle.dumps(zoneinfo.ZoneInfo("Asia/Tokyo")))))
for alias in (tuple[*tuple[int, ...]], tuple[int, *tuple[str, ...]], next(iter(tuple[int, ...])), list[int]):
    for made in (copy.copy(alias), copy.deepcopy(alias), pickle.loads(pickle.dumps(alias)), pickle.loads(pickle.dumps(alias, 0))):
        print(made, made == alias, made.__args__ == alias.__args__, made.__unpacked__)
T = typing.TypeVar("T")
for union in (int | T, T | int, int | list[T], (int | list[T])[str], list[T] | None):
    print(union, type(union).__name__, isinstance(union, types.UnionType))


def attempt(action):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)


class BadLength:
    def __iter__(self):
        return iter(range(10))

    def __len__(self):
        raise RuntimeError("no length")


for action in (lambda: list(BadLength()), lambda: bytearray().extend(BadLength()), lambda: bytes(5, 3), lambda: bytes("a", 3),
               lambda: time.struct_time("123456789", dict=None), lambda: time.struct_time(("1",) * 9, 5),
               lambda: os.stat_result.__match_args__, lambda: zlib.decompress(b"", 15, 2**64),
               lambda: warnings.warn_explicit("x", UserWarning, "f", 1, module_globals=True),
               lambda: warnings.warn_explicit("x", UserWarning, None, 1), lambda: os.stat([1])):
    attempt(action)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(os.path.isdir(bytearray(b"/")), compile("pass", bytearray(b"name"), "exec").co_filename)
    try:
        compile("'\\e' 1", "broken", "exec")
    except SyntaxError as error:
        print(error)
    for warning in caught:
        print(warning.category.__name__, warning.message)
