"""memoryview: casts, indexing, assignment, messages."""
def t(f):
    try:
        r = repr(f())
        print(r.split(' at 0x')[0])
    except BaseException as e: print(type(e).__name__, e)
t(lambda: memoryview(b'ab').cast('e')[0])
t(lambda: memoryview(b'ab').cast('zz'))
t(lambda: memoryview(b'abcd').cast('H').cast('i'))
t(lambda: memoryview(b'abc').cast('H'))
t(lambda: memoryview(b'abcd').cast('B',(2,3)))
t(lambda: memoryview(b'abcd').cast('B',(2,-2)))
t(lambda: memoryview(b'abcd').cast('B',3))
t(lambda: memoryview(b'abcd').cast('B',(2,'a')))
t(lambda: memoryview(b'abcd').cast('B',(2,2))[0])
t(lambda: memoryview(b'abcd').cast('B',(2,2))[0:1])
t(lambda: memoryview(b'abcd').cast('B',(2,2))[0:1,0:1])
t(lambda: memoryview(b'abcd').cast('B',(2,2))[0,1,1])
t(lambda: memoryview(b'abcd').cast('B',(2,2))[0,])
t(lambda: memoryview(b'abcd').cast('B',(2,2))[0,5])
t(lambda: memoryview(b'abcd').cast('B',(2,2))[0,'a'])
t(lambda: memoryview(b'abcd').cast('B',(2,2)).cast('B',(4,1)))
t(lambda: list(memoryview(b'abcd').cast('B',(2,2))))
t(lambda: memoryview(b'abcd').cast('B',(2,2)).tolist())
t(lambda: memoryview(b'abcd')['a'])
t(lambda: memoryview(b'abcd')[None])
t(lambda: memoryview(b'abcd')[9])
t(lambda: memoryview(b'a').cast('B',())[()])
t(lambda: memoryview(b'a').cast('B',())[...])
t(lambda: memoryview(b'a').cast('B',())[0])
t(lambda: len(memoryview(b'a').cast('B',())))
t(lambda: memoryview(b'a').cast('B',()).tolist())
t(lambda: list(memoryview(b'a').cast('B',())))
t(lambda: memoryview(b'abcd').cast('B',(2,2))[...])
t(lambda: memoryview(b'abcd')[...])
t(lambda: memoryview(b'abcd')[()])
t(lambda: memoryview(b'abcd')[1,])
t(lambda: memoryview(b'abcd')[::2].cast('b'))
t(lambda: bytearray(memoryview(b'abcd')[::2]))
t(lambda: int.from_bytes(memoryview(b'abcd')[::2],'big'))
t(lambda: int(memoryview(b'12')))
t(lambda: memoryview(b'abcd')[::2].tobytes('x'))
t(lambda: memoryview(b'abcd').cast('B',(2,2)).tobytes('F'))
t(lambda: memoryview(3))
t(lambda: memoryview())
t(lambda: memoryview(b'a',3))
t(lambda: memoryview(object=b'a'))
t(lambda: hash(memoryview(b'abc'))==hash(b'abc'))
t(lambda: hash(memoryview(bytearray(b'abc'))))
t(lambda: hash(memoryview(b'abcd').cast('i')))
t(lambda: memoryview(b'abcd').strides)
t(lambda: memoryview(b'abcd').suboffsets)
t(lambda: memoryview(b'abcd')[::-2].strides)
t(lambda: memoryview(b'abcd') < b'a')
t(lambda: 97 in memoryview(b'abcd'))
t(lambda: memoryview(b'abcd').cast('c').tolist())
t(lambda: memoryview(b'\0\2').cast('?').tolist())
def s(fmt, x, size=8):
    def g():
        m = memoryview(bytearray(size)).cast(fmt); m[0]=x; return bytes(m), m[0]
    t(g)
for f in 'bBhHiIlLqQnNPfd?c':
    for x in (1,-1,2**70,1.5,'a',b'a',b'ab',None): s(f,x)
def g():
    m=memoryview(bytearray(4)); m.release(); return m
t(g)
for at in 'format itemsize nbytes ndim shape strides readonly obj c_contiguous'.split():
    t(lambda: getattr(g(), at))
for f in (len, bytes, list, hash, lambda m: m==m, lambda m:m.tolist(), lambda m:m[0], lambda m:m.cast('b'), lambda m:m.release(), lambda m: memoryview(m), lambda m: m.__enter__(), lambda m: m.toreadonly(), lambda m:m.hex()):
    t(lambda: f(g()))
def g2(k,v, f='B'):
    m=memoryview(bytearray(range(8))).cast(f); m[k]=v; return m.tobytes()
t(lambda: g2(slice(0,2), b'abc'))
t(lambda: g2(slice(0,2), b'ab'))
t(lambda: g2(slice(0,2), 5))
t(lambda: g2(slice(None,None,3), b'abc'))
t(lambda: g2(slice(None,None,-1), memoryview(b'abcdefgh')))
t(lambda: g2(slice(0,1), b'abcd','i'))
t(lambda: g2((1,), 7))
t(lambda: g2('x', 7))
t(lambda: g2(8, 7))
t(lambda: g2(..., 7))
t(lambda: g2(..., b'12345678'))
def g3():
    m=memoryview(bytearray(range(8))).cast('B',(2,4)); m[1,2]=99; return m.tolist()
t(g3)
def g4(k,v):
    m=memoryview(bytearray(range(8))).cast('B',(2,4)); m[k]=v; return m.tolist()
t(lambda: g4(0,1))
t(lambda: g4(slice(0,1),b'1'))
t(lambda: g4((0,slice(0,1)),b'1'))
def g5():
    m=memoryview(bytearray(4)); del m[0]
t(g5)
def g6():
    m=memoryview(b'asdf'); m[0]=1
t(g6)
def g7():
    m=memoryview(b'asdf'); del m[0]
t(g7)
def g8():
    b=bytearray(4); m=memoryview(b); b.append(1)
t(g8)
def g9():
    b=bytearray(4); m=memoryview(b); m2=m[1:]; m.release(); b.append(1)
t(g9)
t(lambda: memoryview(b'').tolist())
t(lambda: memoryview(b'').cast('i').tolist())
t(lambda: memoryview(b'').cast('i',(0,)))
t(lambda: memoryview(b'abcd').cast('@i').format)
t(lambda: memoryview(b'abcd').cast('<i').format)
t(lambda: memoryview(b'abcd').cast(5))
t(lambda: type(memoryview(b'a').__iter__()).__name__)
t(lambda: list(reversed(memoryview(b'abc'))))
t(lambda: sorted(x for x in dir(memoryview)))
t(lambda: memoryview[int])
try:
    class M(memoryview): pass
except TypeError as e: print(e)
