# What exec() and eval() take for builtins: a dict, a dict of the program's own class, or what cannot be asked at all.
def show(f):
    try:
        print("ok", f())
    except (NameError, TypeError, ImportError, SystemError, KeyError) as error:
        print(type(error).__name__, error)


for given in (None, 5, {}, {"abs": abs}):
    space = {"__builtins__": given}
    show(lambda: eval("len('a')", space))
    show(lambda: eval("1 + 1", space))
    show(lambda: eval("abs(-1)", space))
    show(lambda: exec("def f(): return len('x')\nf()", space))
    show(lambda: exec("class A: pass", space))
    show(lambda: eval("[x for x in (1, 2)]", space))
    show(lambda: eval("(lambda: abs(-2))()", space))


class Missing(dict):
    def __missing__(self, key):
        print("missing", key)
        if key == "absent":
            raise KeyError(key)
        return 42


class Getting(dict):
    def __getitem__(self, key):
        print("get", key)
        return dict.__getitem__(self, key)


for space in ({"__builtins__": Missing()}, Missing()):
    show(lambda: eval("name", space))
    show(lambda: eval("(lambda: name)()", space))
    show(lambda: eval("(lambda: absent)()", space))
show(lambda: exec("class A: pass", {"__builtins__": Missing()}))
space = Getting(x=1)
show(lambda: eval("x", space))
show(lambda: eval("(lambda: x)()", space))
show(lambda: eval("(lambda: len)()", space))
space = {"__builtins__": None}
exec("def f(): return 1", space)
print(space["f"].__builtins__, space["f"]())
