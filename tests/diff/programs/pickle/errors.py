# What goes wrong in pickling and unpickling, with its exact words.
import io
import pickle
import re
import sys


def attempt(action, *args, **keywords):
    try:
        result = action(*args, **keywords)
    except BaseException as error:
        text = re.sub("0x[0-9a-f]+", "ADDRESS", str(error))
        print(type(error).__module__, type(error).__name__, text[:300])
    else:
        print("fine:", re.sub("0x[0-9a-f]+", "ADDRESS", repr(result))[:100])


for data in (b"", b".", b"N", b"0.", b"(.", b"2.", b"a.", b"e.", b"(e.", b"s.", b"u.", b"(u.", b"]N.", b"R.", b"NR.", b"b.",
    b"Nb.", b"\x81.",
             b"N)\x81.", b"NN\x81.", b"c", b"c\n", b"cos\n", b"cos\n\n.", b"cnosuch\nname\n.", b"cos\nnosuch\n.",
             b"\x80\x06.", b"\x80",
             b"\x80\x04\x95", b"\x80\x04\x95\x01\0\0\0\0\0\0\0", b"\x95\xff\xff\xff\xff\xff\xff\xff\xff.", b"h\x05.",
             b"j\x05\0\0\0.",
             b"g5\n.", b"gx\n.", b"p0\n.", b"Np-1\n.", b"Npx\n.", b"q\0.", b"r\0\0\0\0.", b"\x94.", b"I\n.", b"Ix\n.", b"I1",
             b"L\n.",
             b"Lx\n.", b"L1x\n.", b"F\n.", b"Fx\n.", b"F1x\n.", b"F1e400\n.", b"Finf\n.", b"S\n.", b"Sabc\n.", b"S'abc\n.",
             b"S'\\x'\n.", b"Vx",
             b"V\\u12\n.", b"X\x05\0\0\0abc.", b"\x8c\x01\xff.", b"X\x03\0\0\0\xed\xa0\x80.", b"\x8a\x01",
             b"\x8b\xff\xff\xff\xff.", b"\x8a\0.",
             b"C\x05abc", b"B\xff\xff\xff\x7fabc", b"\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc",
             b"\x96\xff\xff\xff\xff\xff\xff\xff\xffabc",
             b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.", b"U\x03\xff\xff\xff.", b"P1\n.", b"NQ.", b"\x82\x05.", b"\x82\0.",
             b"\x84\xff\xff\xff\xff.",
             b"\x97.", b"\x98.", b"N\x98.", b"NN\x93.", b"\x8c\x02os\x8c\x06nosuch\x93.",
             b"\x80\x04\x8c\x02os\x8c\x06nosuch\x93.",
             b"\x80\x04\x8c\x02os\x8c\x09sep.upper\x93.", b"\x80\x03\x8c\x02os\x8c\x09sep.upper\x93.",
             b"\x80\x04\x8c\x02os\x8c\x0dpath.<locals>\x93.", b"(I1\nd.", b"](I1\nu.", b"}(I1\nu.", b"}(]N u.", b"}]Ns.",
             b"\x8f(]\x90.", b"N(I1\n\x90.",
             b"(]\x91.", b"1.", b"t.", b"l.", b"d.", b"\x91.", b"\x85.", b"\x87.", b"\xff", b"\x00", b"'", b"\\", b"~",
             b"(o.", b"((o.", b"(i\n\n.",
             b"(ios\nnosuch\n.", b"NNb.", b"](K\x01K\x02tb.", b"cbuiltins\nobject\n)\x81}(X\x01\0\0\0aK\x01ub.",
             b"cbuiltins\nlen\n)\x81.",
             b"cbuiltins\nint\nN\x81.", b"cbuiltins\nint\n)N\x92.", b"cbuiltins\nint\n)}\x92.",
             b"cbuiltins\nint\n(X\x01\0\0\0xtR.",
             b"cbuiltins\nint\nNR.", b"(N0.", b"N(0.", b"N(00.", b"((t.", b"N(NNt1.", b"(NN1N."):
    print(data, end=" ")
    attempt(pickle.loads, data)
attempt(pickle.loads, "text")
attempt(pickle.loads, 5)
attempt(pickle.loads, memoryview(b"abcd")[::2])
attempt(pickle.loads, bytearray(b"K\x05."))
attempt(pickle.loads, memoryview(b"K\x05."))
attempt(pickle.loads)
attempt(pickle.loads, b"N.", 5)
attempt(pickle.loads, b"N.", encoding=5)
attempt(pickle.loads, b"N.", errors=None)
attempt(pickle.loads, b"N.", buffers=5)
attempt(pickle.loads, b"N.", nosuch=5)
attempt(pickle.load, 5)
attempt(pickle.load, io.StringIO("N."))
attempt(pickle.load)
attempt(pickle.dump, 5)
attempt(pickle.dump, 5, 6)
attempt(pickle.dump, 5, io.StringIO())
attempt(pickle.dumps, 5, 6)
attempt(pickle.dumps, 5, -1)
attempt(pickle.dumps, 5, "x")
attempt(pickle.dumps, 5, 1.5)
attempt(pickle.dumps, 5, None, True)
attempt(pickle.dumps)
attempt(pickle.dumps, 5, fix_imports=1, protocol=0)
attempt(pickle.Pickler)
attempt(pickle.Pickler, 5)
attempt(pickle.Pickler, io.BytesIO(), 9)
attempt(pickle.Pickler, io.BytesIO(), nosuch=9)
attempt(pickle.Unpickler)
attempt(pickle.Unpickler, 5)
attempt(pickle.Unpickler, io.BytesIO(), True)
attempt(pickle.Unpickler, io.BytesIO(), encoding=5)


class NoInit(pickle.Pickler):
    def __init__(self):
        pass


class NoInitRead(pickle.Unpickler):
    def __init__(self):
        pass


attempt(NoInit().dump, 5)
attempt(NoInitRead().load)


def outer():
    class Local:
        pass

    def local():
        pass
    return Local, local


class Reduces:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return self.value


class Fails:
    def __getstate__(self):
        raise KeyError("state")


class Renamed:
    pass


Other = Renamed
Other.__qualname__ = "Missing"


class Moved:
    pass


Moved.__module__ = "nosuch_module"


class Shadowed:
    pass


OldShadowed = Shadowed


class Shadowed:
    pass


Weird = type("Weird", (), {"__module__": None})


class WrongNew:
    def __reduce_ex__(self, protocol):
        import copyreg
        return copyreg.__newobj__, (int,)


for protocol in (0, 2, 3, 4):
    for v in (outer()[0], outer()[1], lambda: 5, (x for x in ()), sys, sys._getframe(), Renamed, Moved, OldShadowed(),
    Fails(), WrongNew(),
              Reduces(5), Reduces("nosuch_name"), Reduces(()), Reduces((1,)), Reduces((1, 2)), Reduces((int, 2)),
              Reduces((int, (), None, 5)),
              Reduces((int, (), None, None, 5)), Reduces((int, (), None, None, None, 5)), Reduces((int,) * 7), Reduces((int, ())),
              Reduces((list, (), None, iter([1, 2]))), Reduces((dict, (), None, None, iter([1]))),
              Reduces((dict, (), None, None, iter([(1, 2), (3, 4)])))):
        print(protocol, end=" ")
        attempt(pickle.dumps, v, protocol)

deep = []
for _ in range(5000):
    deep = [deep]
attempt(pickle.dumps, deep)
deep = {}
for _ in range(5000):
    deep = {1: deep}
attempt(pickle.dumps, deep, 2)
deep = ()
for _ in range(5000):
    deep = (deep,)
attempt(pickle.dumps, deep, 0)


def depth_of(make):
    low, high = 1, 4000
    while low < high:
        middle = (low + high) // 2
        v = 0
        for _ in range(middle):
            v = make(v)
        try:
            pickle.dumps(v)
            low = middle + 1
        except RecursionError as error:
            message = str(error)
            high = middle
    return low, message


print(depth_of(lambda v: [v]), depth_of(lambda v: (v,)), depth_of(lambda v: {1: v}))


class Growing:
    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        if isinstance(self.target, dict):
            self.target[len(self.target)] = 1
        else:
            self.target.add(len(self.target) + 100)
        return int, ()


table = {"a": 1}
table["b"] = Growing(table)
attempt(pickle.dumps, table)
group = {1}
group.add(Growing(group))
attempt(pickle.dumps, group)
