"""zlib objects, gzip, zipfile, tarfile."""
import zlib
def t(f,*a,**k):
    try: print(f.__name__, str(a)[:60], k, repr(f(*a,**k))[:200])
    except BaseException as e: print(f.__name__, str(a)[:60], k, type(e).__module__, type(e).__name__, e)
d=b'hello world '*1000+bytes(range(256))
for l in range(-2,11): t(lambda: zlib.crc32(zlib.compress(d,l)))
for w in (15,-15,31,9,-9,8,5,47,0): t(lambda: zlib.crc32(zlib.compress(d,wbits=w))); 
c=zlib.compress(d)
t(lambda: zlib.decompress(c)==d); t(zlib.decompress,b'abc'); t(zlib.decompress,c[:20]); t(zlib.decompress,b''); t(zlib.decompress,c+b'x'); t(zlib.decompress,c,bufsize=-1); t(zlib.decompress,c,-15); t(zlib.decompress,c,99); t(zlib.compress,'a'); t(lambda: zlib.decompress(zlib.compress(b'q',wbits=31),47)); t(zlib.decompress,c[:-4]+b'abcd')
t(zlib.crc32,b'abc'); t(zlib.crc32,b'abc',-1); t(zlib.adler32,b'abc'); t(zlib.adler32,b'abc',1<<40); t(zlib.adler32,b''); t(zlib.crc32,'a')
o=zlib.compressobj(); a=o.compress(d[:5000]); a+=o.flush(zlib.Z_SYNC_FLUSH); a+=o.compress(d[5000:]); a+=o.flush(); print(zlib.decompress(a)==d, zlib.crc32(a))
t(o.flush); t(o.compress,b'a')
u=zlib.decompressobj(); x=u.decompress(a,100); print(len(x), len(u.unconsumed_tail), u.eof); x+=u.decompress(u.unconsumed_tail,7000); print(len(x), u.eof, len(u.unconsumed_tail)); x+=u.flush(); print(x==d, u.eof, u.unused_data, u.unconsumed_tail)
u=zlib.decompressobj(); x=u.decompress(a+b'extra'); print(x==d,u.eof,u.unused_data); t(u.decompress,b'more'); print(u.unused_data); t(u.decompress,b'x',-1); t(u.flush,0)
o=zlib.compressobj(zdict=b'hello world'); e=o.compress(b'hello world!')+o.flush(); t(zlib.decompress,e); u=zlib.decompressobj(zdict=b'hello world'); t(u.decompress,e); u=zlib.decompressobj(zdict=b'bad'); t(u.decompress,e); u=zlib.decompressobj(); t(u.decompress,e)
t(zlib.compressobj,99); t(zlib.compressobj,wbits=99); t(zlib.decompressobj,99); t(zlib.decompressobj,15,3)
o=zlib.compressobj(); o.compress(b'abc'); p=o.copy(); print(o.flush()==p.flush()); u=zlib.decompressobj(); u.decompress(a[:50]); v=u.copy(); print(u.decompress(a[50:])==v.decompress(a[50:]))
for i in range(0,len(a),7): pass
u=zlib.decompressobj(); print(b''.join(u.decompress(a[i:i+7]) for i in range(0,len(a),7))==d, u.eof)
print(zlib.error.__mro__, sorted(x for x in dir(zlib) if x[0]!='_'), type(o), type(u))
import gzip, io
g=gzip.compress(d, mtime=0); print(zlib.crc32(g), gzip.decompress(g)==d)
b=io.BytesIO(); 
with gzip.GzipFile(fileobj=b, mode='wb', mtime=1) as f: f.write(b'line1\nline2\n'*50)
b.seek(0)
with gzip.open(b,'rt') as f: print(f.readline(), sum(1 for _ in f))
try: gzip.decompress(b'abc')
except Exception as e: print(type(e), e)
import zipfile
b=io.BytesIO()
with zipfile.ZipFile(b,'w',zipfile.ZIP_DEFLATED) as z: z.writestr('a.txt','hello'*100); z.writestr(zipfile.ZipInfo('b/c.bin'), bytes(100))
with zipfile.ZipFile(b) as z: print(z.namelist(), z.read('a.txt')[:10], z.testzip(), [ (i.filename,i.file_size,i.CRC) for i in z.infolist()])
import tarfile
b=io.BytesIO()
with tarfile.open(fileobj=b,mode='w:gz') as tf:
    i=tarfile.TarInfo('x'); i.size=3; tf.addfile(i, io.BytesIO(b'abc'))
b.seek(0)
with tarfile.open(fileobj=b) as tf: print(tf.getnames(), tf.extractfile('x').read())
