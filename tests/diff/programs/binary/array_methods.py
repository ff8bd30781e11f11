"""array: every typecode, methods, messages."""
from array import array
import array as A
def t(f,*a,**k):
    try: print(a, repr(f(*a,**k)).split(' at 0x')[0])
    except BaseException as e: print(a, type(e).__name__, e)
for c in 'bBhHiIlLqQfdu':
    for v in (1<<70,-(1<<70),-1,300,1<<17,1<<33,1<<63,1<<64,(1<<62),'a','ab',1.5,None): t(array,c,[v])
t(array); t(array,'x'); t(array,1); t(array,'ab'); t(array,'i','a'); t(array,'i',array('u','a')); t(array,'u','abc'); t(array,'i',b'abc'); t(array,'i',5); t(array,'b',b'abc'); t(array,'i',[1],2); t(array,'i',a=1); t(array,'u',array('i',[1]));t(array,'i',None)
a=array('i',[1,2,3])
t(lambda: a['x']); t(lambda: a[9]); t(lambda: a[1:2]); t(lambda: a.__setitem__(9,1)); t(lambda: a.__setitem__(slice(0,1),[1])); t(lambda: a.__setitem__(slice(0,1),array('b',[1]))); t(lambda: a.__setitem__(slice(0,3,2),array('i',[1])));t(lambda: a.__delitem__(9)); t(lambda:a.__setitem__('x',1))
t(lambda: a+[1]); t(lambda: a+array('b',[1])); t(lambda: a*'a'); t(lambda: a.__iadd__([1])); t(lambda: a.__iadd__(array('b')));t(a.pop,9);t(array('i').pop);t(a.remove,99);t(a.index,99);t(a.index,1,5);t(a.index,1,0,1);t(a.count,1);t(a.extend,5);t(a.extend,array('b',[1]));t(a.fromlist,(1,));t(a.fromlist,[1,'a']);t(a.frombytes,b'abc');t(a.frombytes,'abc');t(a.tounicode);t(a.fromunicode,'a');t(a.insert,0,'a');t(a.append,'a')
t(lambda: a.buffer_info()[1]); t(a.tobytes);t(a.tolist);t(a.byteswap);t(lambda:a);t(a.reverse);t(lambda:a);t(a.__reduce_ex__,2);t(a.__reduce_ex__,3);t(a.__reduce_ex__,0)
t(lambda: array('i',[1])<array('d',[2.0])); t(lambda: array('i',[1])==[1]); t(lambda: array('i',[1])<[1]); t(hash,a); t(lambda: a.typecode, ); t(lambda: a.itemsize); t(lambda: A.typecodes); t(repr,array('u','a"b')); t(repr,array('d'));t(repr,array('u')); t(lambda: A.ArrayType is array); t(lambda: array.__module__);
t(a.fromfile,3,4); t(a.tofile,3); t(lambda: 1.0 in a); t(lambda: type(iter(a)))
t(lambda: memoryview(array('u','ab')).format);t(lambda: memoryview(a).format); t(lambda: array('i',memoryview(b'abcd')));t(lambda: array('B',memoryview(b'abcd')))
t(A._array_reconstructor,array,'i',3,b'aa');t(A._array_reconstructor,array,'x',3,b'aa');t(A._array_reconstructor,int,'i',3,b'aa');t(A._array_reconstructor,array,'i',99,b'aa');t(A._array_reconstructor,array,'i',3,'aa');t(A._array_reconstructor,array,'i',8,b'abcd')
m=memoryview(a); t(a.append,1);t(a.pop);t(a.extend,[1]);t(a.__delitem__,0)
m[0]=5; t(lambda: a); t(lambda: m.tolist()); t(lambda: m==a); t(lambda: m == array('d',[5.,*a[1:]]))
m.release(); t(a.append,1)
class S(array): pass
t(lambda: S('i',[1])); t(lambda: S('i',[1])+array('i',[2])); t(lambda: S('i',[1])[0:1]); t(lambda: S('i',[1]).__reduce_ex__(3)); t(lambda: S('i',[1]).__reduce_ex__(2)); t(lambda:__import__('copy').copy( S('i',[1]))); t(array.__new__,int,'i')
import sys
for c in 'bBhHiIlLqQfdu': t(array(c, 'ab' if c=='u' else [1,2]).__reduce_ex__,3)
t(lambda: array('f',[1.1])[0]); t(lambda: array('f',[1e300])); t(lambda: array('u',['\U0001f600'])); t(lambda: array('d',[1,2.5,float('nan')])==array('d',[1,2.5,float('nan')]))
t(lambda: array('u','ab').tobytes()); t(lambda: array.array)
t(lambda: array('i', range(3))); t(lambda: array('i', (1,2))); t(lambda: array('i', bytearray(4)));t(lambda: array('i', iter([1]))); t(lambda: array('i',{1:2})); t(lambda: array('i',array('d',[1.5])));t(lambda: array('d',array('i',[1])))
x=array('i',range(10)); del x[::3]; t(lambda:x); x[1:3]=array('i',[7,8,9]); t(lambda:x); x[:]=x; t(lambda:x); x*=2; t(lambda: x); t(lambda: 2*array('b',[1,2])); t(lambda: array('b',[1])*0); x[::2]=x[::-2]; t(lambda: x); t(lambda: x[-3:]); t(lambda: x.index(7,-5)); x+=x; t(lambda: len(x)); t(lambda: sum(x)); t(lambda: bytes(array('h',[1,2]))); t(lambda: sorted(x)[:3]); t(lambda: list(reversed(x))[:3])
import collections.abc; t(lambda: isinstance(a, collections.abc.MutableSequence))
for x in a: print(x)
