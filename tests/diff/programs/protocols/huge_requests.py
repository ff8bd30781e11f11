# Requests that no memory can hold are refused at once, with CPython's exception.
import array
import itertools


def attempt(request):
    try:
        print("made", type(request()).__name__)
    except (MemoryError, OverflowError, ValueError) as error:
        print(type(error).__name__, error)


for count in (10**18, 2**62, 2**63, 2**70, -(2**70), -(2**62)):
    for sequence in ([0], (0,), "a", b"a", bytearray(b"a"), "\u1234", [], (), "", b""):
        attempt(lambda: sequence * count)
        attempt(lambda: count * sequence)
for factory in (itertools.combinations, itertools.permutations, itertools.combinations_with_replacement):
    for count in (2**44, 2**62, 2**64):
        attempt(lambda: factory(range(5), count))
for count in (2**44, 2**61, 2**64):
    attempt(lambda: itertools.product(range(5), repeat=count))
for make in (list, tuple):
    attempt(lambda: make(range(10**18)))
attempt(lambda: [*range(10**18)])
attempt(lambda: bytes(10**18))
attempt(lambda: bytearray(10**18))
for method in ("center", "ljust", "rjust", "zfill"):
    attempt(lambda: getattr("a", method)(10**18))
    attempt(lambda: getattr(b"a", method)(10**18))
attempt(lambda: 1 << 10**18)
attempt(lambda: 1 << 2**70)
attempt(lambda: 0 << 2**70)
attempt(lambda: 1 >> 2**70)
attempt(lambda: "{:{}}".format(3, 10**18))
attempt(lambda: "%*d" % (10**12, 3))
attempt(lambda: array.array("i", [1]) * 10**17)
attempt(lambda: len(range(2**70)))
attempt(lambda: range(2**70)[2**69])
attempt(lambda: [0][: 2**70])
