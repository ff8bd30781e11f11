"""bz2 compressor and decompressor."""
import bz2, io
d=b'hello world '*1000+bytes(range(256))
for l in range(1,10): print(len(bz2.compress(d,l)), hash(bz2.compress(d,l)))
c=bz2.compress(d)
print(bz2.decompress(c)==d, bz2.decompress(c+c)==d+d)
for f in (lambda: bz2.decompress(b'abc'), lambda: bz2.decompress(c[:20]), lambda: bz2.compress(d,0), lambda: bz2.compress('a'), lambda: bz2.BZ2Compressor(10)):
    try: print(f())
    except Exception as e: print(type(e), e)
u=bz2.BZ2Decompressor(); x=u.decompress(c+b'rest', 100); print(len(x), u.needs_input, u.eof)
while not u.eof: x+=u.decompress(b'', 5000)
print(x==d, u.unused_data, u.needs_input)
try: u.decompress(b'')
except EOFError as e: print(e)
u=bz2.BZ2Decompressor(); print(b''.join(u.decompress(c[i:i+3]) for i in range(0,len(c),3))==d, u.eof)
b=io.BytesIO()
with bz2.open(b,'wt') as f: f.write('a\nb\n'*10)
b.seek(0)
with bz2.open(b,'rt') as f: print(f.readlines()[:3])
