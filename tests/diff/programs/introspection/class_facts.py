# Flags of patterns, names as objects, layouts of slots, and what module tracemalloc says while nothing is traced.
import array
import collections
import datetime
import sys
import tracemalloc
import types
import warnings
from collections.abc import Collection, Mapping, Sequence

sys.stderr = sys.stdout
for kind in (list, tuple, dict, range, memoryview, array.array, collections.deque, collections.OrderedDict, types.MappingProxyType,
             str, bytes, set, collections.UserDict, collections.UserList, collections.UserString, collections.ChainMap,
             type(sys.version_info), Sequence, Mapping, Collection, object):
    print(kind.__name__, kind.__flags__ & 96)
for flags in (Sequence.__flags__ | Mapping.__flags__, 1 << 5, 1 << 6):
    try:
        class Pattern(Collection):
            __abc_tpflags__ = flags

            def __len__(self):
                return 0

            def __iter__(self):
                return iter(())

            def __contains__(self, item):
                return False
    except TypeError as error:
        print(error)
        continue
    match Pattern():
        case []:
            print("sequence", Pattern.__flags__ & 96)
        case {}:
            print("mapping", Pattern.__flags__ & 96)


class Named:
    pass


print(Named.__name__ is Named.__name__, Named.__qualname__ is Named.__qualname__)
made = {}
for name, bases, slots in (("A", (), "ab"), ("B", (), "ba"), ("C", (), "ab"), ("D", (), "cb"), ("E", (), "abd")):
    made[name] = type(name, bases, {"__slots__": list(slots)})
for name, base, slots in (("F", "B", ["e"]), ("G", "C", ["e"]), ("H", "D", ["__weakref__"]), ("I", "D", ["__dict__"]),
                          ("J", "C", ["e"]), ("K", "D", None), ("L", "D", ["__dict__", "__weakref__"]), ("M", "C", [])):
    made[name] = type(name, (made[base],), {} if slots is None else {"__slots__": slots})
for one in made.values():
    allowed = ""
    for other in made.values():
        instance = one()
        try:
            instance.__class__ = other
            allowed += other.__name__
        except TypeError:
            pass
    print(one.__name__, allowed)


class Zone(datetime.tzinfo):
    def tzname(self, moment):
        return "\ud800"

    def utcoffset(self, moment):
        return None


for form in ("%Z", "a%Zb", "%H"):
    try:
        print(repr(datetime.time(2, 3, tzinfo=Zone()).strftime(form)))
    except ValueError as error:
        print(type(error).__name__, error)
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
print(tracemalloc.get_object_traceback([]))
tracemalloc.stop()
try:
    tracemalloc.take_snapshot()
except RuntimeError as error:
    print(error)
warnings.simplefilter("always")


def lose():
    lost = open("/dev/null")
    del lost


lose()


async def never():
    pass


kept = warnings._warn_unawaited_coroutine
for broken in (None, lambda coroutine: 1 / 0):
    if broken:
        warnings._warn_unawaited_coroutine = broken
    else:
        del warnings._warn_unawaited_coroutine
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sys.unraisablehook = lambda details: print("hook", details.exc_type)
        coroutine = never()
        del coroutine
        print([str(warning.message) for warning in caught])
