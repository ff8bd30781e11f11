# Lists whose slice bounds or indices empty them while they are being asked.
l=[1,2,3,4]
class I:
    def __index__(s): l.clear(); return 3
def t(f):
    l[:]=[1,2,3,4]
    try: print(f(), l, flush=True)
    except Exception as e: print(type(e).__name__, e, flush=True)
t(lambda: l[I()])
t(lambda: l.__setitem__(I(), 1))
t(lambda: l[I():])
t(lambda: l.__setitem__(slice(I(), None), [1]))
t(lambda: l.insert(I(), 5))
t(lambda: l.pop(I()))
t(lambda: l.__delitem__(slice(I(), None)))
t(lambda: l.__delitem__(slice(None, I(), 2)))
t(lambda: l.__setitem__(slice(None, I(), 2), [1,2]))
t(lambda: l.__imul__(I()))
t(lambda: l * I())
t(lambda: l[:I():2])
t(lambda: l[:I()])
t(lambda: l.index(3, I()))
