# Gaps, fractions, exponents, signs and whole powers, in rows long enough for the loops over blocks: results by bits, and warnings.
import warnings
import zlib

import numpy as np


def show(label, function, *operands):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        results = function(*operands)
    results = results if isinstance(results, tuple) else (results,)
    sums = ['%s %08x' % (r.dtype.name, zlib.crc32(np.ascontiguousarray(r).tobytes())) for r in results]
    print(label, *sums, sorted(str(w.message) for w in caught))


source = np.random.RandomState(5)
count = 1500
for kind, lowest, highest in (('f8', -1080, 1030), ('f4', -150, 130), ('f2', -26, 17)):
    limits = np.finfo(kind)
    least, top = limits.smallest_subnormal, limits.max
    odd = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 0.5, 3, top / 2, -top / 4, limits.tiny, -limits.tiny,
                    limits.tiny / 2, least, -least], kind)
    plain = source.randn(count).astype(kind)
    wide = np.ldexp(plain, source.randint(lowest, highest - 5, count))
    rows = {'odd': odd, 'plain': plain, 'wide': wide, 'mixed': np.concatenate([plain[:600], odd, plain]), 'stepped': wide[::3],
            'backwards': plain[::-1], 'tiny': (plain * limits.tiny).astype(kind), 'zeros': np.zeros(700, kind)}
    for name, row in rows.items():
        show(f'{kind} {name} spacing', np.spacing, row)
        show(f'{kind} {name} frexp', np.frexp, row)
        show(f'{kind} {name} copysign', np.copysign, row, row[::-1])
        for exponent in (-2**63, -2**31, -2000, -1075, -1023, -150, -127, -25, 0, 15, 128, 1023, 1024, 2**31 - 1, 2**63 - 1):
            show(f'{kind} {name} ldexp {exponent}', np.ldexp, row, exponent)
        for low, high in ((lowest, highest), (-30, 30), (-3000, 3000)):
            for whole in ('i2', 'i4', 'i8'):
                show(f'{kind} {name} ldexp {low} {whole}', np.ldexp, row, source.randint(low, high, row.size).astype(whole))
    same = plain.copy()
    powers = np.empty(count, 'i4')
    show('in place', lambda: np.frexp(same, out=(same, powers)))
    show('in place', lambda: np.ldexp(same, powers, out=same))
    show('in place', lambda: np.spacing(same[:-1], out=same[1:]))
    for exponent in range(lowest - 4, lowest + 60): # into the subnormal ones, rounded once
        show(f'{kind} {exponent}', np.ldexp, plain[:300], exponent)

for kind in ('i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8'):
    limits = np.iinfo(kind)
    small = source.randint(0 if kind[0] == 'u' else -9, 10, count).astype(kind)
    few = np.array([limits.min, limits.max, 1, 2], kind)
    for name, row in {'small': small, 'without 0': np.where(small == 0, 1, small).astype(kind), 'few': few, 'stepped': small[::7],
                      'wide': (small * (limits.max // 9)).astype(kind)}.items():
        show(f'{kind} {name} reciprocal', np.reciprocal, row)
        for powers in (source.randint(0, 5, row.size), source.randint(0, min(limits.max, 100000), row.size), np.zeros(row.size),
                       np.full(row.size, limits.max), np.where(np.arange(row.size) == 2, 127, 3),
                       source.randint(0, 9, 3 * row.size)[::3]):
            show(f'{kind} {name} power', np.power, row, powers.astype(kind))
        for power in (0, 1, 2, 3, 7, 100):
            show(f'{kind} {name} power {power}', np.power, row, np.array(power, kind))
        same = np.abs(small) % 11
        show('in place', lambda: np.power(same, same, out=same))
    if kind[0] == 'i':
        for powers in ([1, 2, -1], [2, -3] * 50, [0] * 300 + [-1], [[1, -1], [2, 3]], range(100)):
            for laid in (np.array(powers, kind), np.array(powers, kind).T[::-1]):
                try:
                    show('powers', np.power, np.array(2, kind), laid)
                except ValueError as error:
                    print(error)
        print(np.power(np.array([2, 3], kind), np.array([-1, 2], kind), where=np.array([False, True]), out=np.zeros(2, kind)))
show('truth', np.reciprocal, np.array([True] * 100))
show('truth', np.reciprocal, np.array([True, False] * 100))
show('truth', np.power, np.array([True, False] * 100), np.array([True, True, False, False] * 50))
