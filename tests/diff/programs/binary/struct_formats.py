"""struct: every format code with values at its limits."""
import struct
def t(f,*a):
    try:
        r = repr(f(*a))
        print(r.split(' at 0x')[0])
    except BaseException as e: print(type(e).__module__,type(e).__name__, e)
P=struct.pack; U=struct.unpack
vals=[0,1,-1,127,128,255,256,-129,32767,32768,65535,65536,-32769,2**31-1,2**31,2**32-1,2**32,-2**31-1,2**62,2**63-1,2**63,2**64-1,2**64,-2**63,-2**63-1,1<<70,-(1<<70),'a',1.5,None,b'a',b'ab',True]
for e in ['','<','>','=','!','@']:
  for c in 'bBhHiIlLqQnNPfdec?sp':
    for v in vals:
        t(P,e+c,v)
for v in [0.0,-0.0,1.0,65504.0,65519.9,65520.0,5.96e-8,2.98e-8,2.99e-8,6.1e-5,6.09e-5,float('inf'),float('nan'),-1.1,1e-10]:
    for e in '<>': t(P,e+'e',v); t(P,e+'f',v);t(P,e+'d',v)
for i in range(0,65536,331): t(U,'<e',i.to_bytes(2,'little'))
t(P,'f',1e300);t(P,'<f',1e300);t(P,'e',1e300);t(P,'>e',1e9); t(P,'<d',1<<2000)
t(P,'i'); t(P,'i',1,2); t(P); t(P,'zz',1); t(P,'3',1); t(P,3); t(P,'5s',b'abcdefg'); t(P,'0p',b'a'); t(P,'300p',b'a'*400); t(P,'<n',1)
t(U,'i',b'a'); t(U,'i',3); t(U,'i','abcd'); t(U,'c',b'a'); t(U,'?',b'\x05'); t(U,'3p',b'\x05ab'); t(struct.unpack_from,'i',b'abcdef',4); t(struct.unpack_from,'i',b'abcdef',-9);t(struct.unpack_from,'i',b'abcdef',-3); t(struct.unpack_from,'i',b'abcdef',100)
t(struct.pack_into,'i',bytearray(3),0,1);t(struct.pack_into,'i',bytearray(8),-9,1);t(struct.pack_into,'i',bytearray(8),-3,1);t(struct.pack_into,'i',b'asdf',0,1);t(struct.pack_into,'i',bytearray(8));t(struct.pack_into,'i'); t(struct.pack_into,'i',bytearray(8),'a',1); t(struct.pack_into,'i',bytearray(8),0,1,2); t(struct.pack_into,'i',bytearray(8),9,1)
t(struct.iter_unpack,'i',b'abc'); t(struct.iter_unpack,'',b''); t(lambda: list(struct.iter_unpack('>h',b'abcd')));t(struct.iter_unpack,'i',b'abcd')
t(struct.calcsize,'bi');t(struct.calcsize,'<bi');t(struct.calcsize,b'ii'); t(struct.calcsize,'9999999999999999999i'); t(struct.calcsize,'99999999999999999i'); t(struct.calcsize,' 2i\n3x');t(struct.calcsize,'2 i');t(struct.calcsize,'i0q'); t(struct.calcsize,'\xe9'); t(struct.calcsize,'i\0'); t(struct.calcsize,'i<')
t(struct.Struct); t(struct.Struct,'i'); t(struct.Struct('i').pack,'a'); t(struct.Struct('i').unpack,b'a'); t(struct.Struct('i').unpack_from,b'a'); t(struct.Struct('i').pack); t(lambda: struct.Struct('ih').format); t(lambda: struct.Struct(b'ih').format); t(lambda: struct.Struct('ih').size)
t(lambda: struct.error); t(lambda: struct.Struct.__new__(struct.Struct).size); t(lambda: struct.Struct.__new__(struct.Struct).pack(1)); t(lambda: struct.Struct.__new__(struct.Struct).format)
class I:
    def __index__(s): return 5
class B:
    def __bool__(s): 1/0
t(P,'b',I());t(P,'?',B()); t(P,'d',I())
t(P,'>bhilqfd3s4xH',1,2,3,4,5,6.5,7.5,b'abc',9)
t(P,'bhilqfd3s4xH',1,2,3,4,5,6.5,7.5,b'abc',9)
t(U,'>3h2s?',b'\0\1\0\2\0\3ab\1')
class S(struct.Struct):
    def __init__(self): super().__init__('>hh'); self.x=1
t(lambda: S().pack(1,2)); t(lambda: S().size)
m=memoryview(bytearray(8)); struct.pack_into('<I',m,2,0xdeadbeef); t(lambda: bytes(m))
t(lambda: struct.unpack('<2I', m))
