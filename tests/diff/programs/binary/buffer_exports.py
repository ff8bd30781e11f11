"""exported buffers forbid resizing as long as a view lives."""
def f():
    b = bytearray(b'abcdef')
    m = memoryview(b)
    x = bytes(m[1:3])
    del m
    b.append(1)
    for i in range(3):
        memoryview(b)[1:2].tobytes()
        b.append(2)
    with memoryview(b) as v:
        try: b.append(1)
        except BufferError as e: print(e)
        with v[1:] as w: pass
    b.pop()
    b += b'xx'
    del b[:2]
    print(b)
f()
b = bytearray(b'abcdef')
m = memoryview(b); m2 = m[1:]
del m
try: b.clear()
except BufferError as e: print(e)
m2 = None
b.clear()
print(b)
import io
x = io.BytesIO(b'abc')
g = x.getbuffer()
g[0] = 65
try: x.write(b'x'*10)
except BufferError as e: print(e)
print(x.getvalue())
g.release()
x.seek(0,2); x.write(b'x'*10)
print(x.getvalue())
