# itertools, _operator, _functools, _heapq, _bisect, _collections and subclasses of containers: results, reprs, messages.
import itertools as I, _operator as O, _functools as F, _heapq as H, _bisect as B, _collections as C
def t(name, f):
    try:
        print(name, repr(f()))
    except BaseException as e:
        print(name, type(e).__name__, e)
L=list
t(1, lambda: (L(I.islice(I.count(5,2),3)), I.count(5), I.count(1,2), I.count(1.5), L(I.repeat('x',3)), I.repeat(1,2), I.repeat(1)))
t(2, lambda: (L(I.islice(I.cycle('abc'),7)), L(I.chain('ab',[1],())), L(I.chain.from_iterable([[1],[2,3]]))))
t(3, lambda: (L(I.dropwhile(lambda x:x<3,range(6))), L(I.takewhile(lambda x:x<3,range(6))), L(I.filterfalse(None,[0,1,'',2])), L(I.starmap(pow,[(2,3),(3,2)])), L(I.compress('abcd',[1,0,1]))))
t(4, lambda: (L(I.pairwise('abcd')), L(I.accumulate([1,2,3])), L(I.accumulate([1,2,3],lambda a,b:a*b,initial=10)), L(I.islice('abcdefg',1,6,2)), L(I.islice('abc',None)), L(I.zip_longest('ab',[1,2,3],fillvalue='-'))))
t(5, lambda: (L(I.product('ab',[1,2])), L(I.product([0,1],repeat=2)), L(I.product()), L(I.combinations('abcd',2)), L(I.combinations_with_replacement('abc',2)), L(I.permutations('abc')), L(I.permutations('abcd',2))))
t(6, lambda: [(k,L(g)) for k,g in I.groupby('aaabbc')]); t(7, lambda: [(k,L(g)) for k,g in I.groupby(range(10), key=lambda x:x//3)])
def f():
    a,b=I.tee([1,2,3]); return next(a), L(b), L(a)
t(8, f)
t(9, lambda: I.combinations('abc',-1)); t(10, lambda: I.islice([],-1)); t(11, lambda: I.islice([1],0,5,0)); t(12, lambda: I.accumulate()); t(13, lambda: I.product(x=1)); t(14, lambda: I.count('a')); t(15, lambda: I.chain); t(16, lambda: I.combinations('abc'))
t(20, lambda: (O.add(1,2), O.itemgetter(1)([1,2]), O.itemgetter(0,2)('abc'), O.attrgetter('real')(5), O.methodcaller('upper')('a'), O.itemgetter(1), O.attrgetter('a.b','c'), O.methodcaller('x',1,k=2), O.countOf([1,1,2],1), O.indexOf([1,2],2), O.concat([1],[2]), O.not_(0), O.index(True), O.length_hint([1,2])))
t(21, lambda: O.itemgetter()); t(22, lambda: O.attrgetter(1)); t(23, lambda: O.concat(1,2))
t(30, lambda: F.reduce(lambda a,b:a+b,[1,2,3],10)); t(31, lambda: F.reduce(lambda a,b:a,[])); p=F.partial(print,1,2,sep='-'); t(32, lambda: p(3)); t(33, lambda: (p.func,p.args,p.keywords)); t(34, lambda: F.partial(int,base=2)('101')); t(35, lambda: F.partial(int, base=2))
t(36, lambda: sorted([3,1,2], key=F.cmp_to_key(lambda a,b:b-a)))
c=F._lru_cache_wrapper(lambda x, y=0: x*2+y, 2, False, lambda *a: a)
t(37, lambda: (c(1),c(1),c(2),c(3),c(1),c(1,y=2),c.cache_info())); c.foo=5; t(38, lambda: (c.foo, c.cache_clear(), c.cache_info()))
h=[5,3,8,1,9,2]
def f():
    H.heapify(h); r=[L(h)]; H.heappush(h,0); r.append(L(h)); r.append(H.heappushpop(h,4)); r.append(H.heapreplace(h,7)); r.append([H.heappop(h) for _ in range(len(h))]); return r
t(40, f); t(41, lambda: H.heappop([])); t(42, lambda: H.heappush((),1))
t(50, lambda: (B.bisect_left([1,2,2,3],2), B.bisect_right([1,2,2,3],2), B.bisect_left([1,2,3],2,key=lambda x:-x))); 
def f():
    l=[1,3]; B.insort_right(l,2); return l
t(51, f)
d=C.deque([1,2,3],maxlen=4)
def f():
    d.append(4); d.append(5); d.appendleft(0); r=[repr(d)]; d.rotate(1); r.append(L(d)); d.rotate(-2); r.append(L(d)); d.extendleft('ab'); r.append(L(reversed(d))); d.pop(); d.insert(1,'z'); r.append(d[1]); del d[0]; r+=[d.count('z'), 'z' in d, len(d), d.copy(), d+d, d*2, d==C.deque(d)]; d.remove('z'); return r
t(60, f); t(61, lambda: C.deque().pop()); t(62, lambda: C.deque([1]).index(5)); t(63, lambda: C.deque()[0]); t(64, lambda: C.deque(maxlen=-1))
def f():
    q=C.deque([1,2])
    for x in q: q.append(1)
t(65, f)
dd=C.defaultdict(list); dd['a'].append(1); dd['b']; t(70, lambda: (dd, dd.copy(), dd|{'z':1}, C.defaultdict(int,{'x':1}), C.defaultdict(None)))
t(71, lambda: C.defaultdict()['q']); t(72, lambda: C.defaultdict(5))
od=C.OrderedDict([('a',1),('b',2),('c',3)]); od.move_to_end('a'); 
def f():
    r=[repr(od)]; od.move_to_end('c',last=False); r.append(od.copy()); r.append(od.popitem(last=False)); r.append(od==C.OrderedDict([('a',1),('b',2)])); r.append(od=={'a':1,'b':2}); od.x=5; r.append(od.x); return r
t(80, f); t(81, lambda: od.move_to_end('q')); t(82, lambda: C.OrderedDict().popitem())
m={}; C._count_elements(m,'hello'); t(83, lambda: m)
class P(tuple):
    __slots__=()
    x=C._tuplegetter(0,'doc'); 
t(84, lambda: (P((5,6)).x, P.x, P((1,2)), P((1,2))==(1,2), hash(P((1,2)))==hash((1,2))))
class Q(tuple): pass
def f():
    q=Q([1,2,3]); q.attr='hi'; return q.attr, q, len(q), q.__dict__
t(85, f)
class LL(list):
    def __init__(s,*a): super().__init__(*a); s.n=len(s)
t(86, lambda: (LL([1,2]).n, LL('ab')+[1], LL([3,1]).__dict__))
class D(dict):
    def __missing__(s,k): return k*2
t(87, lambda: (D(a=1)['zz'], D(a=1)))
class S(set): pass
t(88, lambda: (S([1]), S([1])|{2}, type(S([1])|{2}) ))
class DD(C.defaultdict): pass
t(89, lambda: (DD(int)['x'], DD(list,a=1)))
class DQ(C.deque): pass
def f():
    q=DQ([1,2],3); q.z=1; return q, q.z, q.copy()
t(90,f)
class OD(C.OrderedDict): pass
def f():
    q=OD(a=1); q.z=1; return q, q.z
t(91,f)
