"""Each name that the array core promises, many generated calls a name: named_cases.py [SEED [NAME...]].

A template is an expression with holes: `{array}` is an array of any type and shape, `{axis}` an axis that is mostly there, ...
(HOLES). Many of these calls are refused, in numpy's words. Now and then a hole is filled with something of another kind, where
only the refusal is compared: which of several things that are wrong is found first is no promise. The last line says how many
calls there were; the program fails when a name of NAMES has fewer than LEAST.
"""
import sys
import zlib

import numpy as np

from cases import ALL, COMPLEX, FLOATS, INTEGERS, Generator, array, describe, run, shape_of

LEAST = 20
WRONG = ["None", "'text'", "1.5", "[1, 2, 3]", "(1, 2)", "-7", "[[1, 2], [3]]", "1j", "10**30", "99"]

# Python's integers without end would keep these busy for ever; the rest is refused in an order that is an accident.
NOT_WRONG = {"positive": ["10**30"], "real": ["10**30", "1j"], "step": ["1j"], "offset": ["1j", "10**30"], "count": ["1j",
                          "10**30", "1.5"],
             "norm": ["[1, 2, 3]", "(1, 2)"], "real33": ["10**30"], "shape": ["[1, 2, 3]"], "exponent": ["10**30"],
             "small": ["10**30"], "vector": ["10**30"],
                        "m23": ["10**30"], "special": ["10**30"],
             "size": ["1j", "[[1, 2], [3]]", "'text'", "1.5"], "axis": ["1.5", "10**30"], "axes": ["1.5", "10**30",
                      "[[1, 2], [3]]", "1j"]}

UFUNCS_1 = """negative positive absolute fabs square reciprocal sign conjugate logical_not invert isnan isinf isfinite signbit sqrt
cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh floor
ceil trunc rint deg2rad rad2deg degrees radians spacing frexp modf""".split()
UFUNCS_2 = """add subtract multiply divide true_divide floor_divide remainder mod fmod power float_power divmod gcd lcm equal
not_equal less less_equal greater greater_equal logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor
left_shift right_shift maximum minimum fmax fmin hypot arctan2 copysign nextafter logaddexp logaddexp2 heaviside ldexp
matmul""".split()
REDUCTIONS = "sum prod mean std var min max any all cumsum cumprod argmin argmax median percentile".split()
GENERATOR = {
    "random": "(size={size}, dtype={float_type})", "integers": "({count}, size={size}, dtype={kind})",
    "choice": "({vector}, {size})", "permutation": "({array})", "permuted": "({array}, axis={axis})",
    "standard_normal": "({size}, dtype={float_type})", "normal": "({real}, {positive}, {size})",
    "uniform": "({real}, {real}, {size})", "standard_exponential": "({size}, dtype={float_type})",
    "exponential": "({positive}, {size})", "standard_gamma": "({positive}, {size})", "gamma": "({positive}, {positive}, {size})",
    "beta": "({positive}, {positive}, {size})", "chisquare": "({positive}, {size})",
    "noncentral_chisquare": "({positive}, {positive}, {size})", "f": "({positive}, {positive}, {size})",
    "noncentral_f": "({positive}, {positive}, {positive}, {size})", "standard_t": "({positive}, {size})",
    "standard_cauchy": "({size})", "cauchy": "", "pareto": "({positive}, {size})", "weibull": "({positive}, {size})",
    "power": "({positive}, {size})", "laplace": "({real}, {positive}, {size})", "gumbel": "({real}, {positive}, {size})",
    "logistic": "({real}, {positive}, {size})", "lognormal": "({real}, {positive}, {size})",
    "rayleigh": "({positive}, {size})", "wald": "({positive}, {positive}, {size})",
    "triangular": "(-3, {chance}, 4, {size})", "vonmises": "({real}, {positive}, {size})",
    "poisson": "({positive}, {size})", "binomial": "({count}, {chance}, {size})",
    "negative_binomial": "({positive}, {chance}, {size})", "geometric": "({chance}, {size})",
    "zipf": "(1 + {positive}, {size})", "logseries": "({chance}, {size})",
    "hypergeometric": "({count}, {count}, 3, {size})", "multinomial": "({count}, [0.25, 0.5, 0.25], {size})",
    "dirichlet": "([1.5, 0.5, {positive}], {size})",
    "multivariate_normal": "([0, 1], [[2, 0.5], [0.5, 1]], {size})",
    "multivariate_hypergeometric": "([5, {count}, 7], 4, {size})", "bytes": "({count})"}
GENERATOR = {name: text for name, text in GENERATOR.items() if text}
LEGACY = {name: text for name, text in GENERATOR.items() if name not in (
    "random", "integers", "permuted", "standard_normal", "standard_exponential", "multivariate_hypergeometric")}
LEGACY.update({"rand": "(*{shape})", "randn": "(*{shape})", "randint": "({count}, size={size}, dtype={kind})",
               "random_sample": "({size})", "standard_normal": "({size})", "standard_exponential": "({size})",
               "random_integers": "({count}, size={size})", "tomaxint": "({size})"})
FFT_1 = "fft ifft rfft irfft hfft ihfft".split()
FFT_N = "fft2 ifft2 rfft2 irfft2 fftn ifftn rfftn irfftn".split()

TEMPLATES = {
    # creation
    "array": ["np.array({array}, dtype={kind})", "np.array({array}, order={order}).flags.f_contiguous", "np.array({list})",
              "np.array({list}, dtype={kind})", "np.array({array}, ndmin={count}, copy={flag})", "np.array({scalar}, {kind})"],
    "asarray": ["np.asarray({array}, {kind})", "np.asarray({list}, dtype={kind})", "np.asarray({array}, order={order}).strides"],
    "zeros": ["np.zeros({shape}, {kind})", "np.zeros({shape1}, {kind}, order={order}).strides", "np.zeros({count})"],
    "ones": ["np.ones({shape}, {kind})", "np.ones({shape1}, {kind}, order={order}).strides", "np.ones({count})"],
    "full": ["np.full({shape}, {scalar})", "np.full({shape}, {scalar}, {kind})", "np.full((2, 3), {vector})"],
    "empty": ["np.empty({shape}, {kind}).shape", "np.empty({shape1}, {kind}, {order}).strides", "np.empty({kind}).shape"],
    "eye": ["np.eye({count}, {count}, {offset}, {kind})", "np.eye({count}, dtype={kind})",
            "np.eye({count}, k={offset}, order={order})"],
    "identity": ["np.identity({count}, {kind})", "np.identity({count})"],
    "windows": ["np.kaiser({count}, {real})", "np.i0({array})", "np.hanning({count})", "np.hamming({count})",
                "np.blackman({count})",
                "np.bartlett({count})", "np.i0({real})"],
    "arange": ["np.arange({real}, {real}, {step})", "np.arange({offset}, {count}, {offset})", "np.arange({count}, dtype={kind})",
               "np.arange({offset}, {real})", "np.arange({count}, {real}, dtype={kind})", "np.arange({count})"],
    "linspace": ["np.linspace({real}, {real}, {count})", "np.linspace({real}, {real}, {count}, endpoint={flag}, retstep={flag})",
                 "np.linspace({offset}, {real}, {count}, dtype={kind})", "np.linspace({vector}, {real}, {count}, axis={axis})",
                 "np.linspace({scalar}, {scalar}, {count})"],
    "logspace": ["np.logspace({offset}, {count}, {count})", "np.logspace({real}, {real}, {count}, base={positive})",
                 "np.logspace({offset}, {count}, {count}, endpoint={flag}, dtype={kind})"],
    "geomspace": ["np.geomspace({positive}, {positive}, {count})",
                  "np.geomspace({positive}, {positive}, {count}, endpoint={flag})"],
    "meshgrid": ["np.meshgrid({vector}, {vector}, indexing={indexing})",
                 "np.meshgrid({vector}, {vector}, {vector}, sparse={flag})",
                 "np.meshgrid({vector}, {scalar}, copy={flag})", "np.meshgrid({vector})"],
    "zeros_like": ["np.zeros_like({array})", "np.zeros_like({array}, {kind})", "np.zeros_like({array}, shape={shape})",
                   "np.zeros_like({list})", "np.zeros_like({array}, order={order}).strides"],
    "ones_like": ["np.ones_like({array})", "np.ones_like({array}, {kind})", "np.ones_like({array}, shape={shape})"],
    "full_like": ["np.full_like({array}, {scalar})", "np.full_like({array}, {scalar}, {kind})",
                  "np.full_like({array}, 3, shape={shape})"],
    "empty_like": ["np.empty_like({array}).dtype", "np.empty_like({array}, {kind}).strides",
                   "np.empty_like({array}, shape={shape}).shape"],
    "fromfunction": ["np.fromfunction(lambda i, j: i * 2 + j, ({count}, {count}), dtype={kind})",
                     "np.fromfunction(lambda i: i > {offset}, ({count},))", "np.fromfunction(np.add, {shape})"],
    "tile": ["np.tile({array}, {count})", "np.tile({array}, {shape})", "np.tile({scalar}, {shape})"],
    "repeat": ["np.repeat({array}, {count})", "np.repeat({array}, {count}, axis={axis})", "{array}.repeat({count}, {axis})",
               "np.repeat({vector}, {vector})", "np.repeat({scalar}, {count})"],
    # views, indexing, assignment
    "view": ["{array}[::-1]", "{array}[..., ::2]", "{array}[{index}]", "{array}[{index}, {index}]", "{array}[{index}, ...]",
             "{array}[..., {index}]", "{array}[{index}].strides", "{array}.view({kind})", "{array}[{slice}, {slice}]"],
    "slicing": ["{array}[{slice}]", "{array}[{slice}, {slice}]", "{array}[..., {slice}]", "{array}[{slice}].strides",
                "{array}[{slice}, np.newaxis].shape", "{array}[{slice}][{slice}]"],
    "fancy": ["{array}[{integers}]", "{array}[{integers}, {index}]", "{array}[{slice}, {integers}]",
              "{array}[{integers}, {integers}]",
              "{array}[{integers}, :, {integers}]", "{array}[..., {integers}]", "{array}[np.ix_({integers}, {integers})]"],
    "boolean": ["(lambda a: a[a > {real}])({array})", "(lambda a: a[~(a != 0)])({array})", "{array}[{mask}]",
                "{array}[{mask}, {mask}]",
                "{array}[..., {mask}]"],
    "assignment": ["put({array}, {index}, {scalar})", "put({array}, {integers}, {scalar})", "put({array}, {slice}, {scalar})",
                   "put({array}, {mask}, {scalar})", "put({array}, ({slice}, {slice}), {scalar})",
                       "put({array}, {slice}, {vector})",
                   "put({array}, Ellipsis, {array})", "put({array}, (Ellipsis, {index}), {vector})",
                   "put({array}, {integers}, {vector})", "put({array}, ({slice}, {integers}), {array})"],
    "newaxis": ["{array}[np.newaxis]", "{array}[:, np.newaxis]", "{array}[np.newaxis, {slice}, np.newaxis].strides",
                "{array}[..., np.newaxis]", "{array}[{index}, np.newaxis]"],
    "reshape": ["np.reshape({array}, {shape})", "{array}.reshape({shape})", "{array}.reshape(-1, {count})",
                "np.reshape({array}, -1, order={order})", "{array}.reshape({count}, -1, order={order})", "{array}.reshape(-1, -1)",
                "{array}.reshape({count}, {count})"],
    "ravel": ["np.ravel({array}, {order})", "{array}.ravel(order={order})", "np.ravel({list})"],
    "flatten": ["{array}.flatten({order})", "{array}.flatten()"],
    "T": ["{array}.T", "{array}.T.strides", "{array}.T.copy().T"],
    "transpose": ["np.transpose({array})", "np.transpose({array}, {axes})", "{array}.transpose({axis}, {axis})",
                  "{array}.transpose({axes})"],
    "swapaxes": ["np.swapaxes({array}, {axis}, {axis})", "{array}.swapaxes({axis}, {axis})"],
    "moveaxis": ["np.moveaxis({array}, {axis}, {axis})", "np.moveaxis({array}, {axes}, {axes})", "np.rollaxis({array}, {axis})"],
    "squeeze": ["np.squeeze({array})", "np.squeeze({array}, {axis})", "{array}.squeeze({axis})",
                "np.squeeze({array}, axis={axes})"],
    "expand_dims": ["np.expand_dims({array}, {axis})", "np.expand_dims({array}, {axes})"],
    "concatenate": ["np.concatenate([{array}, {array}])", "np.concatenate(({m23}, {m23}), axis={axis})",
                    "np.concatenate([{m23}, {m23}], {axis}, dtype={kind}, casting={casting})",
                    "np.concatenate([{array}, {vector}], axis=None)", "np.concatenate([{vector}, {list}])",
                                     "np.concatenate({array})"],
    "stack": ["np.stack([{m23}, {m23}], {axis})", "np.stack([{array}, {array}])", "np.stack(({vector}, {vector}), axis={axis})"],
    "vstack": ["np.vstack([{m23}, {m23}])", "np.vstack(({array}, {array}))", "np.vstack([{vector}, {scalar}])"],
    "hstack": ["np.hstack([{m23}, {m23}])", "np.hstack(({array}, {array}))", "np.hstack([{vector}, {scalar}])"],
    "split": ["np.split({array}, {count})", "np.split({array}, {count}, {axis})", "np.split({array}, [1, {count}], axis={axis})",
              "np.array_split({array}, {count}, {axis})", "np.hsplit({array}, {count})", "np.vsplit({array}, {count})",
              "np.dsplit({array}, {count})", "np.array_split({vector}, {count})"],
    "pad": ["np.pad({array}, {count}, {pad_mode})", "np.pad({array}, ({count}, {count}), {pad_mode})",
            "np.pad({m23}, (({count}, 1), (0, {count})), mode={pad_mode})", "np.pad({array}, 2, constant_values={scalar})",
            "np.pad({m23}, 1, constant_values=((1, 2), (3, {offset})))", "np.pad({m23}, 3, {pad_stat}, stat_length={count})",
            "np.pad({m23}, {count}, 'linear_ramp', end_values={offset})", "np.pad({m23}, 4, {pad_reflect}, reflect_type='odd')",
            "np.pad({vector}, {count}, {pad_mode})"],
    "flip": ["np.flip({array})", "np.flip({array}, {axis})", "np.flip({array}, axis={axes})", "np.fliplr({array})",
             "np.flipud({array})"],
    "roll": ["np.roll({array}, {offset})", "np.roll({array}, {offset}, {axis})", "np.roll({array}, ({offset}, {count}), {axes})",
             "np.roll({array}, {offset}, axis={axes})"],
    "rot90": ["np.rot90({array})", "np.rot90({array}, {offset})", "np.rot90({array}, {offset}, {axes})"],
    # order statistics, sorting, sets, comparisons
    "sort": ["np.sort({array}, {axis})", "np.sort({special}, axis=None, kind={sort_kind})", "sorted_in_place({array}, {axis})",
             "np.sort({special}, kind={sort_kind})", "np.msort({array})" if False else "np.sort({list})"],
    "argsort": ["np.argsort({array}, {axis}, kind='stable')", "np.argsort({special}, axis=None, kind='stable')",
                "{vector}.argsort(kind='mergesort')", "np.argsort({array}, order={flag})"],
    "unique": ["np.unique({array})", "np.unique({array}, return_index={flag}, return_inverse={flag}, return_counts={flag})",
               "np.unique({array}, axis={axis})", "np.unique({array}, True, True, True, axis={axis})",
               "np.unique({special}, equal_nan={flag})", "np.unique({list})", "np.unique({special}, return_counts=True)"],
    "searchsorted": ["np.searchsorted(np.sort({vector}), {vector})", "np.searchsorted(np.sort({vector}), {array}, side={side})",
                     "np.sort({vector}).searchsorted({scalar}, {side})",
                     "(lambda v: np.searchsorted(v, {array}, sorter=np.argsort(v, kind='stable')))({vector})",
                     "np.searchsorted({array}, {scalar})"],
    "where": ["np.where({array})", "np.where({array}, {array}, {scalar})", "np.where({m23} > 0, {m23}, {m23})",
              "np.where({mask}, {vector}, {scalar})", "np.where({flag}, {scalar}, {scalar})", "np.where({array}, {scalar})"],
    "nonzero": ["np.nonzero({array})", "{array}.nonzero()", "np.flatnonzero({array})", "np.argwhere({array})",
                "np.nonzero({scalar})"],
    "clip": ["np.clip({array}, {scalar}, {scalar})", "{array}.clip({scalar})", "np.clip({array}, None, {real})",
             "np.clip({m23}, {m23}, {scalar})", "np.clip({array}, {offset}, {count})", "np.clip({array}, None, None)",
             "np.clip({special}, {real}, {real}, dtype={kind})", "np.clip({array}, {offset}, {real})"],
    "round": ["np.round({array}, {offset})", "{array}.round({count})", "np.around({special}, {count})",
              "np.round({scalar}, {offset})",
              "np.round_({array})", "round({npscalar}, {count})", "round({npscalar})"],
    "isclose": ["np.isclose({array}, {scalar})", "np.isclose({special}, {special})", "np.isclose({m23}, {m23}, {chance}, {count})",
                "np.isclose({special}, {special}, equal_nan={flag})",
                    "(lambda a: np.isclose(a, a + 1e-9, rtol=1e-{count}))({array})"],
    "allclose": ["np.allclose({array}, {scalar})", "(lambda a: np.allclose(a, a, equal_nan={flag}))({special})",
                 "np.allclose({m23}, {m23}, atol={count})"],
    "array_equal": ["np.array_equal({array}, {array})", "(lambda a: np.array_equal(a, a))({special})",
                    "(lambda a: np.array_equal(a, a, equal_nan={flag}))({special})", "np.array_equiv({array}, {scalar})",
                    "np.array_equal({array}, {list})"],
    # products
    "dot": ["np.dot({whole}, {whole})", "np.dot({w23}, {w32})", "{wv3}.dot({w32})", "np.dot({array}, {scalar})",
            "np.dot({m23}, {vector})",
            "np.dot({w23}, {w32}, out=np.zeros((2, 2), {kind}))"],
    "@": ["{whole} @ {whole}", "{w23} @ {w32}", "{wv3} @ {w32}", "{w223} @ {w32}", "{array} @ {scalar}"],
    "inner": ["np.inner({whole}, {whole})", "np.inner({w23}, {wv3})", "np.inner({w23}, {w23})", "np.inner({array}, {scalar})"],
    "outer": ["np.outer({array}, {vector})", "np.outer({vector}, {list})", "np.outer({scalar}, {vector})"],
    "vdot": ["np.vdot({whole}, {whole})", "np.vdot({w23}, {w23})", "np.vdot({wv3}, {wv3})", "np.vdot({scalar}, {scalar})"],
    "tensordot": ["np.tensordot({w23}, {w32}, 1)", "np.tensordot({w23}, {w23}, axes={count})",
                  "np.tensordot({whole}, {whole}, {count})",
                  "np.tensordot({w23}, {w23}, axes=([{axis}], [{axis}]))", "np.tensordot({w23}, {w23}, ((0, 1), (0, 1)))"],
    "einsum": ["np.einsum({einsum2}, {w33}, {w33})", "np.einsum({einsum1}, {w33})",
               "np.einsum('ij,jk,kl->il', {w33}, {w33}, {w33})",
               "np.einsum({einsum3}, {w33}, {w33}, {w33}, optimize=False)", "np.einsum('...i,...i', {whole}, {whole})",
               "np.einsum('i,j', {wv3}, {wv3})", "np.einsum({einsum2}, {w33}, {w33}, dtype='f8', casting='unsafe')",
               "np.einsum({w33}, [0, 1], {w33}, [1, 2], [0, 2])", "np.einsum('ij,jk', {w23}, {w32})",
               "np.einsum({einsum1}, {w33})", "np.einsum({einsum3}, {w33}, {w33}, {w33})",
                   "np.einsum('i,ij,j', {wv3}, {w33}, {wv3})"],
    "kron": ["np.kron({array}, {array})", "np.kron({m23}, {vector})", "np.kron({scalar}, {vector})"],
    "trace": ["np.trace({array})", "np.trace({array}, {offset}, {place}, {place})", "{array}.trace({offset})",
              "np.trace({m23}, dtype={kind})"],
    # linear algebra
    "linalg.norm": ["np.linalg.norm({array})", "np.linalg.norm({array}, {norm})", "np.linalg.norm({m23}, {norm}, axis={axis})",
                    "np.linalg.norm({array}, axis={axis}, keepdims={flag})", "np.linalg.norm({real33}, {norm}, axis={axes})"],
    "linalg.inv": ["np.linalg.inv({real33})", "np.linalg.inv({square})", "np.linalg.inv({array})",
                   "np.linalg.inv(np.zeros((2, 2)))"],
    "linalg.solve": ["np.linalg.solve({real33}, {rv3})", "np.linalg.solve({real33}, {real33})",
                     "np.linalg.solve({square}, {array})"],
    "linalg.det": ["np.linalg.det({square})", "np.linalg.det({real33})", "np.linalg.slogdet({real33})", "np.linalg.det({array})"],
    "linalg.eig": ["np.linalg.eig({real33})", "np.linalg.eigvals({real33})", "np.linalg.eig({square})", "np.linalg.eig({array})"],
    "linalg.eigh": ["np.linalg.eigh({real33})", "np.linalg.eigvalsh({real33}, {uplo})", "np.linalg.eigh({square}, UPLO={uplo})"],
    "linalg.svd": ["np.linalg.svd({real33})", "np.linalg.svd({m23}, full_matrices={flag})",
                   "np.linalg.svd({m23}, compute_uv=False)",
                   "np.linalg.svd({real33}, hermitian={flag})", "np.linalg.svd({array})"],
    "linalg.qr": ["np.linalg.qr({m23})", "np.linalg.qr({real33}, {qr_mode})", "np.linalg.qr({array}, mode={qr_mode})"],
    "linalg.cholesky": ["(lambda a: np.linalg.cholesky(a @ a.T.conj() + np.eye(3)))({real33})", "np.linalg.cholesky({real33})",
                        "np.linalg.cholesky({array})"],
    "linalg.lstsq": ["np.linalg.lstsq({m23}, {real2}, rcond={rcond})", "np.linalg.lstsq({real33}, {rv3})",
                     "np.linalg.lstsq({real33}, {real33}, rcond=None)", "np.linalg.lstsq({array}, {vector}, rcond=None)"],
    "linalg.matrix_power": ["np.linalg.matrix_power({w33}, {count})", "np.linalg.matrix_power({real33}, {offset})",
                            "np.linalg.matrix_power({array}, {offset})"],
    "linalg.others": ["np.linalg.pinv({m23})", "np.linalg.matrix_rank({real33})", "np.linalg.cond({real33}, {norm})",
                      "np.linalg.multi_dot([{w33}, {w33}, {wv3}])", "np.linalg.tensorsolve(np.eye(6).reshape(2, 3, 6), {m23})",
                      "np.linalg.tensorinv(np.eye(6).reshape(2, 3, 6))"],
    # the rest
    "testing": ["np.testing.assert_equal({array}, {array})", "np.testing.assert_array_equal({special}, {special})",
                "np.testing.assert_allclose({m23}, {m23}, rtol={chance})",
                    "np.testing.assert_almost_equal({real}, {real}, {count})",
                "np.testing.assert_array_almost_equal({m23}, {m23}, decimal={count})",
                    "np.testing.assert_array_less({m23}, {m23})",
                "np.testing.assert_approx_equal({real}, {real})", "np.testing.assert_string_equal('ab', 'a{count}')",
                "np.testing.assert_raises(ValueError, np.zeros, {shape})", "np.testing.assert_equal({list}, {list})",
                "np.testing.assert_array_max_ulp({m23}, {m23})", "np.testing.assert_array_almost_equal_nulp({real}, {real})",
                "np.testing.assert_equal({scalar}, {npscalar}, err_msg='told', verbose={flag})"],
    "printing": ["repr({special})", "str({special})", "printed({special}, precision={count})",
                 "printed({special}, suppress={flag})",
                 "printed({array}, threshold={count}, edgeitems=1)", "printed({special}, linewidth=30, sign={sign})",
                 "printed({special}, floatmode={floatmode}, precision={count})", "printed({special}, nanstr='N', infstr='I')",
                 "printed({array} / 7, floatmode={floatmode}, suppress={flag}, linewidth=50)",
                 "np.array2string({special}, separator=',', prefix='ab', suffix={sign}, max_line_width=40)",
                 "np.array_repr({special}, {count} + 20, {count}, {flag})", "np.array_str({special}, 30, {count})",
                 "np.array2string({array}, formatter={{'all': lambda x: '<%s>' % x}}, threshold=4)",
                 "repr(np.resize({array}, {count} + 998))", "repr(np.resize({special}, (30, 40)))",
                 "repr(np.resize({array}, (3, 20, 30)))", "printed({special}, legacy={legacy})",
                 "np.format_float_positional({real}, precision={count}, trim={trim}, unique={flag})",
                 "np.format_float_scientific({real}, precision={count}, trim={trim}, exp_digits=3)",
                 "repr({npscalar})", "str({npscalar})", "'%s %r' % (({npscalar},) * 2)", "format({npscalar}, {format})",
                 "options_set({option}={scalar})"],
    "save": ["saved({array})", "saved(np.asfortranarray({array}))", "saved_many({array}, {special})", "saved({list})",
             "saved({scalar})",
             "text_saved({m23}, {text_format})"],
    "scalars": ["{npscalar} {sign2} {npscalar}", "{npscalar} {sign2} {scalar}", "{scalar} {sign2} {npscalar}", "-{npscalar}",
                "abs({npscalar})", "{npscalar}.item()", "{npscalar}.astype({kind})", "{npscalar}.reshape({shape})",
                    "hash({npscalar})",
                "{npscalar}.dtype.name", "{npscalar}.tobytes()", "int({npscalar})", "float({npscalar})", "complex({npscalar})",
                "bool({npscalar})", "{npscalar}.sum()", "{npscalar}.{method}()", "~{npscalar}", "{npscalar}[()]",
                    "{npscalar}.real",
                "{npscalar}.is_integer()", "{npscalar}.as_integer_ratio()", "{npscalar}.bit_count()", "{npscalar}[0]",
                "isinstance({npscalar}, (int, float))", "np.{type}({scalar})", "np.{type}({npscalar})",
                    "divmod({npscalar}, {scalar})",
                "[1, 2, 3][{npscalar}]", "range({npscalar})", "{npscalar} == {scalar}", "{npscalar} @ {vector}",
                  "math.floor({npscalar})",
                "np.{type}({array})", "np.issubdtype({npscalar}.dtype, np.{type})", "{npscalar}.view({kind})",
                    "{npscalar}.round({count})"],
    "astype": ["{special}.astype({kind})", "{array}.astype({kind}, casting={casting})",
               "{array}.astype({kind}, order={order}).strides",
               "{array}.astype({kind}, copy={flag})", "np.can_cast({kind}, {kind}, {casting})", "np.can_cast({scalar}, {kind})",
               "{array}.astype(str)", "{array}.astype(object)", "{array}.astype('U3')", "{array}.astype(str).astype({kind})"],
    "promotion": ["np.result_type({kind}, {kind})", "np.promote_types({kind}, {kind})", "np.result_type({array}, {scalar})",
                  "({array} + {scalar}).dtype", "({array} * {npscalar}).dtype", "np.result_type({npscalar}, {kind}, {scalar})",
                  "np.min_scalar_type({scalar})", "np.min_scalar_type({npscalar})", "np.find_common_type([{kind}], [{kind}])",
                  "np.common_type({array}, {array})", "np.array([{scalar}, {npscalar}]).dtype", "np.mintypecode(['f', {kind}])"],
    "huge": ["np.zeros({huge}, {kind})", "np.ones(({huge}, {huge}))", "np.arange({huge})", "np.empty(({count}, {huge}), {kind})",
             "np.full({huge}, 1.5)", "np.eye({huge})", "np.tile({vector}, {huge})" if False else "np.zeros(({huge}, 0))",
             "np.linspace(0, 1, {huge})" if False else "np.zeros((-{count}, {huge}))", "np.eye({big}, {big})",
             "np.tri({big}, {big})",
             "np.ones({big}) [:, None] + np.ones({big})", "np.outer(np.ones({big}), np.ones({big}))", "np.repeat([1, 2.5], 2**42)",
             "np.tile([1, 2], 2**42)", "np.broadcast_to({npscalar}, ({big}, {big})).copy()", "np.empty_like({array}, shape={huge})",
             "np.full_like({array}, 3, shape=({huge}, 2))", "np.resize({vector}, 2**43)", "np.indices(({big}, {big}))",
             "np.random.default_rng(1).random({huge})", "np.random.rand({big}, {big})", "np.pad({vector}, 2**42)",
             "np.array({m23}, dtype={kind}).reshape({huge})", "np.ones({big})[:, None] @ np.ones((1, {big}))",
             "np.zeros(({big}, {big}), {kind})", "np.identity({big})", "np.kron(np.ones({big}), np.ones({big}))"],
}

# The same arrays in unusual clothes: overlapping, without elements, without dimensions, backwards, misaligned, repeated.
STATEMENTS = [
    "a[1:] += a[:-1]", "a[:-1] += a[1:]", "a += a[::-1]", "a[::-1] -= a", "a[1:] = a[:-1]", "a[:-1] = a[1:]", "a[...] = a[::-1]",
    "a *= a", "a[[0, 0]] = a[[-1, 0]]", "a[a > 0] = 0", "a[a > 0] += a[a > 0]", "np.add(a[1:], a[:-1], out=a[1:])",
    "np.add(a, a[::-1], out=a)", "np.add(a[:-1], 1, out=a[1:], casting='unsafe')", "np.negative(a[::-1], out=a)",
    "np.cumsum(a, axis=0, out=a)", "np.add.accumulate(a, out=a)", "np.multiply.accumulate(a[::-1], out=a)",
    "np.copyto(a[1:], a[:-1])", "np.copyto(a, a[::-1], where=a > 0)", "a.sort(axis=0)", "a[::-1].sort(0)",
    "np.subtract(a, a[0], out=a)", "np.subtract(a[0], a, out=a)", "np.add.reduce(a, out=a[0])", "np.maximum(a[1:], a[:-1], a[1:])",
    "np.add.at(a, [0, 0, -1], a[::-1][:1])", "np.put(a, [0, 1], a[::-1])", "a.flat = b", "a.flat[::2] = a.flat[1]",
    "np.clip(a, a[::-1], 2, out=a)", "np.take(a, [-1, 0], axis=0, out=a[:2])", "a **= 2", "a //= 2", "a %= 3", "a |= a[::-1]",
    "a <<= 1", "a /= 2", "a -= a[0]", "a.T[...] = a.T[::-1]", "a.itemset(0, a.flat[-1])", "np.multiply(a, a, out=a, where=a > 1)",
    "np.square(a[::2], out=a[:len(a[::2])])", "a[...], b[...] = b.copy(), a.copy()", "a += b", "a[::2] *= b[::2]",
    "np.add(a, b, out=b)", "np.add(a, b[::-1], out=b)", "a.real = b.real", "np.putmask(a, b > 0, a[::-1])", "np.place(a, a > 1, b)",
    "np.logical_and(a, b, out=a)", "np.fill_diagonal(a, 7)", "a.fill(b.flat[0])", "np.power(a, 2, out=a)",
    "a[:] = b", "np.divide(a, b, out=a, casting='unsafe', where=b != 0)", "a.shape = (-1,)"]
ON_ANY = """sort unique cumsum cumprod sum prod mean var std median max min ptp argmax argmin any all diff ravel flipud nonzero
argwhere flatnonzero atleast_1d atleast_2d atleast_3d squeeze transpose diagonal trace tril triu diag rot90 count_nonzero
nansum nanmax nanmean nanstd nanmedian nan_to_num isnan isfinite sign abs round fix rint angle real imag conj sinc
fft.fft fft.ifft fft.rfft fft.fftshift fft.fft2 linalg.norm linalg.det linalg.inv linalg.svd linalg.qr linalg.eigvals
linalg.cholesky linalg.pinv linalg.matrix_rank linalg.slogdet average ediff1d gradient vander
bincount histogram cov corrcoef unwrap interp_self lexsort argsort partition_first amax amin around copy asfortranarray
ascontiguousarray iscomplexobj isrealobj shape size ndim zeros_like ones_like empty_shape logical_not square sqrt reciprocal
negative positive floor ceil trunc signbit spacing modf frexp cumsum_0 sum_0 mean_0 max_0 argmax_0 sort_0 sum_all std_keep
tile_2 repeat_2 pad_1 roll_1 flip_all split_2 dot_self outer_self kron_self inner_self vdot_self concatenate_self stack_self
tolist tobytes tobytes_f strides flags itemsize view_u1 astype_f4 item flatten_f ravel_k reshape_f byteswap swapaxes_last
""".split()
TEMPLATES.update({
    "overlapping": ["changed({vector}, {statement}, {vector})", "changed({square}, {statement}, {square})",
                    "changed({array}, {statement}, {array})", "changed({m23}[:, ::-1], {statement}, {m23})",
                    "changed(unaligned({m23}), {statement}, {m23})",
                    "changed(np.asfortranarray({m23}), {statement}, {m23}.T.copy().T)"],
    "without elements": ["on_any(np.zeros({shape0}, {kind}), {on_any})", "on_any(np.zeros((0, 0), {kind}), {on_any})",
                         "on_any(np.ones((2, 0, 3), {kind}), {on_any})", "np.zeros({shape0}, {kind}) + np.zeros({shape0}, {kind})",
                         "np.zeros({shape0}) @ np.zeros({shape0})", "np.concatenate([np.zeros({shape0}, {kind}), {vector}])"],
    "without dimensions": ["on_any(np.array({npscalar}), {on_any})", "on_any({npscalar}, {on_any})",
    "on_any({array}[()], {on_any})",
                           "changed(np.array({npscalar}), {statement}, np.array({npscalar}))", "on_any({scalar}, {on_any})"],
    "layouts": ["on_any({m23}[::-1, ::-1], {on_any})", "on_any({m234}[:, ::2, ::-1], {on_any})",
    "on_any(unaligned({m23}), {on_any})",
                "on_any(np.broadcast_to({vector}, (2,) + {vector}.shape), {on_any})", "on_any({m23}.T, {on_any})",
                "on_any(np.asfortranarray({m234}), {on_any})", "on_any(np.broadcast_to({npscalar}, (2, 3)), {on_any})",
                "on_any({m234}.transpose(1, 0, 2)[..., 1], {on_any})", "on_any(unaligned({m234}), {on_any})"],
    "outputs": ["np.{binary}({m23}, {m23}, out=np.ones((2, 3), {kind}), casting={casting})",
                "np.{binary}({m23}, {npscalar}, out=np.ones((2, 2, 3), {kind}), where=[True, False, True])",
                "np.{binary}({m23}, {m23}, order={order}).strides",
                "np.{binary}({m23}.T, np.asfortranarray({m23}).T, order={order}).strides",
                "np.{binary}({m23}, {m23}, dtype={kind}, casting={casting}, subok=False)",
                "np.{binary}({m23}, {m23}, out=({count},))", "np.{binary}({m23}, {m23}, out={m23})",
                "np.{binary}.reduce({m234}, axis={axes}, keepdims={flag}, dtype={kind})",
                "np.{binary}.reduce({m234}, axis={axes}, where={m234} > 0, initial=1)",
                "np.{binary}.accumulate({m234}, axis={axis}, dtype='f8', out=np.zeros((2, 3, 4)))",
                "np.{binary}.reduceat({m234}, [0, 1, 0], axis={axis}, dtype={kind})",
                "np.{binary}.reduceat({m234}, [0, 1, 0], axis=0, out=np.zeros((3, 3, 4), {real_kind}))",
                "np.{binary}.outer({m23}, {npscalar}, dtype={kind}, casting={casting})"],
})

for name in UFUNCS_1:
    outs = 2 if name in ("frexp", "modf") else 1
    TEMPLATES[name] = ["np.%s({special})" % name, "np.%s({array})" % name, "np.%s({scalar})" % name, "np.%s({npscalar})" % name,
                       "np.%s({special}, dtype={kind})" % name, "np.%s({m23}, where={m23} > 0%s)" % (
                           name, ", out=np.zeros((2, 3), {kind})" if outs == 1 else ", out=(np.zeros((2, 3)), np.ones((2, 3)))"),
                       "np.%s({m23}, casting={casting}, dtype={kind})" % name, "np.%s({list})" % name,
                           "np.%s({m23}, {m23})" % name,
                       "np.%s.reduce({vector})" % name, "(np.%s.nin, np.%s.nout, np.%s.nargs)" % (name, name, name)]
    if outs == 1:
        TEMPLATES[name] += ["np.%s({m23}, out=np.zeros(3, {kind}))" % name, "at(np.%s, {array}, {integers})" % name]
for name in UFUNCS_2:
    if name == "matmul":
        TEMPLATES[name] = ["np.matmul({whole}, {whole})", "np.matmul({w23}, {w32})", "np.matmul({w223}, {w32})",
                  "np.matmul({w23}, {wv3})",
                           "np.matmul({array}, {scalar})", "np.matmul({w33}, {w33}, out=np.zeros((3, 3), {kind}))",
                           "np.matmul({w33}, {w33}, dtype={kind}, casting={casting})"]
        continue
    TEMPLATES[name] = [text.replace("%s", name) for text in (
        "np.%s({small}, {small})", "np.%s({special}, {scalar})", "np.%s({scalar}, {small})", "np.%s({m23}, {m23})",
            "np.%s({m23}, {vector})",
        "np.%s({npscalar}, {npscalar})", "np.%s({m23}, {m23}, dtype={kind})", "np.%s({list}, {scalar})",
        "np.%s({m23}, {m23}, casting={casting}, dtype={kind})", "np.%s({m23})")]
    if name == "ldexp":
        TEMPLATES[name] = [text.replace("{scalar}", "{exponent}") for text in TEMPLATES[name] if "dtype=" not in text]
    if name in ("divmod", "ldexp"):
        continue
    TEMPLATES[name] += [text.replace("%s", name) for text in (
        "np.%s({m23}, {scalar}, out=np.ones((2, 3), {kind}))",
            "np.%s({m23}, {m23}, where={m23} > 0, out=np.zeros((2, 3), {kind}))",
        "np.%s.reduce({small})", "np.%s.reduce({small}, axis={axis}, keepdims={flag})", "np.%s.accumulate({small}, {axis})",
        "np.%s.outer({small}, {vector})", "np.%s.reduceat({vector}, {integers})", "np.%s.reduce({m23}, dtype={kind})",
        "at(np.%s, {array}, {integers}, {scalar})", "at(np.%s, {vector}, {integers}, {vector})",
            "np.%s.reduce({m23}, axis={axes})",
        "np.%s.reduce({m23}, initial={count}, where={m23} > 0)", "np.%s.reduce({special}, None)",
            "np.%s.accumulate({m23}, 1, {kind})",
        "(np.%s.identity, np.%s.nargs, np.%s.signature)")]
    if name in ("power", "float_power", "left_shift"):  # of Python's large ints that would not end
        TEMPLATES[name] = [text.replace("{scalar}", "{exponent}") for text in TEMPLATES[name]]
for name in REDUCTIONS:
    texts = ["np.%s({array})", "np.%s({array}, {axis})", "np.%s({special})", "np.%s({m234}, axis={axis})", "np.%s({list})",
             "np.%s({scalar})",
             "np.%s(np.zeros({shape0}), {axis})"]
    if name not in ("cumsum", "cumprod"):
        texts += ["np.%s({m234}, axis={axis}, keepdims={flag})", "np.%s({array}, axis={axis}, keepdims={flag})"]
    if name not in ("cumsum", "cumprod", "argmin", "argmax"):
        texts += ["np.%s({m234}, axis={axes}, keepdims={flag})"]
    if name in ("sum", "prod", "mean", "std", "var", "cumsum", "cumprod"):
        texts += ["np.%s({m23}, dtype={kind})",
                  "np.%s({m23}, axis=0, out=np.zeros(" + ("(2, 3)" if name.startswith("cum") else "3") + ", {real_kind}))"]
    if name in ("sum", "prod", "min", "max"):
        texts += ["np.%s({m23}, initial={scalar}, where={m23} > 0)", "np.%s({m23}, axis={axis}, initial={offset})"]
    if name in ("std", "var"):
        texts += ["np.%s({m23}, ddof={count})", "np.%s({m23}, axis={axis}, ddof=1, where={m23} > 0)"]
    if name == "mean":
        texts += ["np.%s({m23}, where={m23} > 0)"]
    if name == "percentile":
        texts = [text.replace("np.%s(", "np.percentile(").replace("})", "}, {percent})", 1) if text.count("}") == 1 else
                 "np.percentile({m234}, {percent}, axis={axis}, keepdims={flag}, method={percentile_method})" for text in texts]
        texts += ["np.percentile({special}, {percent}, method={percentile_method})", "np.quantile({array}, {chance}, {axis})",
                  "np.percentile({vector}, [10, 50, {percent}], axis={axis})",
                      "np.nanpercentile({special}, {percent}, axis={axis})",
                  "np.percentile({m234}, {percent}, axis={axes}, keepdims={flag})", "np.nanquantile({special}, [{chance}, 1])",
                  "np.percentile({array}, {percent}, interpolation='nearest')",
                      "np.percentile({m23}, {percent}, overwrite_input={flag})"]
    elif name == "median":
        texts += ["np.nanmedian({special}, axis={axis}, keepdims={flag})", "np.median({m23}, overwrite_input={flag})"]
    else:
        texts += ["{array}.%s()", "{array}.%s({axis})", "{m23}.%s(axis={axis})"]
    TEMPLATES[name] = [text.replace("%s", name) for text in texts]
for name, text in GENERATOR.items():
    TEMPLATES["default_rng." + name] = ["drawn(np.random.default_rng({seed}).%s%s)" % (name, text),
                                        "twice(np.random.default_rng({seed}).%s, lambda f: f%s)" % (name, text)]
TEMPLATES["default_rng.shuffle"] = ["shuffled(np.random.default_rng({seed}), {array}, axis={axis})",
                                    "shuffled(np.random.default_rng({seed}), {array})"]
for name, text in LEGACY.items():
    TEMPLATES["RandomState." + name] = ["drawn(np.random.RandomState({seed}).%s%s)" % (name, text),
                                        "twice(np.random.RandomState({seed}).%s, lambda f: f%s)" % (name, text),
                                        "(np.random.seed({seed}), drawn(np.random.%s%s))[1]" % (name, text)
                                        if name != "tomaxint" else "np.random.RandomState({seed}).tomaxint()"]
TEMPLATES["RandomState.shuffle"] = ["shuffled(np.random.RandomState({seed}), {array})",
          "shuffled(np.random.RandomState({seed}), {vector})"]
for name in FFT_1:
    TEMPLATES["fft." + name] = [text % name for text in (
        "np.fft.%s({array})", "np.fft.%s({array}, {count}, {place})", "np.fft.%s({vector}, norm={fft_norm})", "np.fft.%s({long})",
        "np.fft.%s({m234}, axis={place})", "np.fft.%s({numbers}, {count})")]
for name in FFT_N:
    TEMPLATES["fft." + name] = [text % name for text in (
        "np.fft.%s({array})", "np.fft.%s({m234}, axes={axes})", "np.fft.%s({m23}, ({count}, {count}))",
            "np.fft.%s({m23}, norm={fft_norm})",
        "np.fft.%s({m234}, s=({count}, 3), axes={axes})")]
TEMPLATES["fft.helpers"] = ["np.fft.fftfreq({count}, {real})", "np.fft.rfftfreq({count})", "np.fft.fftshift({array}, {axes})",
                            "np.fft.ifftshift({array}, {axis})", "np.fft.fftshift({array})"]
NAMES = sorted(TEMPLATES)

# ---- holes ----

HUGE = ["2**40", "2**50", "10**12", "2**62", "2**64", "10**30"]
INDICES = ["0", "1", "-1", "2", "-2", "3", "5", "None", "...", ":", "::-1", "1:", "::2"]


def pick(*items):
    return lambda g: g.choice(items)


def held(make):
    """A hole that is an operand: it gets a name."""
    make.held = True
    return make


def shape_text(g, least=0):
    return repr(tuple(g.below(4) + least for _ in range(g.below(4))))


def slice_text(g):
    parts = [g.choice(["", "", "", "0", "1", "2", "-1", "-3", "5", "-9"]) for _ in range(2)] + [g.choice(["", "", "-1", "2", "-2",
             "3"])]
    return "np.s_[%s]" % ":".join(parts)


def scalar_text(g):
    return g.choice(["0", "1", "-1", "2", "3", "7", "-5", "100", "300", "70000", "2**40", "2**63", "2**70", "0.5", "-1.5", "2.5",
                     "1e300",
                     "0.1", "float('inf')", "float('nan')", "-0.0", "True", "False", "1j", "1.5-2j"])


def numpy_scalar_text(g):
    return "np.%s(%s)" % (g.choice(["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16",
                                    "float32", "float64",
                                    "complex64", "complex128", "bool_"]), g.choice(["0", "1", "2", "3", "5", "7", "100"]))


def list_text(g):
    return g.choice(["[1, 2, 3]", "[1.5, -2]", "[]", "[[1, 2], [3, 4]]", "[True, False]", "[1, 2j]", "(4, 5)", "range(4)", "[[]]",
                     "[1, 2.5, True]",
                     "[[1, 2, 3], [4, 5, 6]]", "[None, 1]", "['a', 'b']", "[[1, 2], [3]]", "[2**63, 1]", "[-1, 2**64 - 1]",
                       "['1', '2']"])


def array_hole(shape=None, kinds=ALL, special=False):
    return held(lambda g: array(g, g.choice(kinds), shape_of(g) if shape is None else shape, special))


def whole_array(shape=None, kinds=ALL):
    """Of small whole numbers, whose sums are exact in every order."""
    def make(g):
        dims = tuple(1 + g.below(3) for _ in range(g.below(4))) if shape is None else shape
        made = array(g, "i1", dims) % 8
        return made.astype(g.choice(kinds))
    return held(make)


def small_array(g):
    made = array(g, g.choice(ALL), shape_of(g))
    return made % 4 if made.dtype.kind in "iu" else made / 64 if made.dtype.kind in "fc" else made


HOLES = {
    "array": array_hole(), "special": array_hole(special=True), "small": held(small_array), "vector": held(
        lambda g: array(g, g.choice(ALL), (g.below(6),))),
    "m23": array_hole((2, 3)), "m234": array_hole((2, 3, 4)), "real33": array_hole((3, 3), ["f4", "f8", "c8", "c16", "f8"]),
    "rv3": array_hole((3,), ["f4", "f8", "c16"]), "real2": array_hole((2,), ["f8", "f4"]),
    "square": held(lambda g: array(g, g.choice(ALL), (2 + g.below(2),) * 2)),
    "whole": whole_array(), "w23": whole_array((2, 3)), "w32": whole_array((3, 2)), "w33": whole_array((3, 3)),
        "wv3": whole_array((3,)),
    "w223": whole_array((2, 2, 3)), "long": held(lambda g: array(g, g.choice(FLOATS + COMPLEX + ["i4"]), (g.below(140) + 1,))),
    "mask": held(lambda g: array(g, "?", (1 + g.below(5),))),
    "integers": pick("[0]", "[0, 0]", "[0, -1]", "[[0], [0]]", "[1, 0]", "[]", "[2, 1, 0]", "np.array([0, 1])", "[9]",
                       "np.array(0)",
                     "[0, 1, 1]", "(0, 0)"),
    "index": lambda g: "np.s_[%s]" % g.choice(INDICES), "slice": slice_text, "scalar": scalar_text, "npscalar": numpy_scalar_text,
    "list": list_text, "shape": shape_text, "shape1": lambda g: shape_text(g, 1), "shape0": pick("0", "(0, 3)", "(2, 0)", "(0,)"),
    "count": lambda g: str(g.below(7)), "offset": lambda g: str(g.below(9) - 4),
    "exponent": pick("0", "1", "2", "3", "-1", "0.5", "2.0", "True", "np.int8(2)", "1j"),
        "real": lambda g: repr((g.below(4000) - 2000) / 96),
    "step": lambda g: repr((g.below(400) - 200) / 96), "positive": lambda g: repr((1 + g.below(800)) / 96),
    "chance": lambda g: repr((1 + g.below(95)) / 97), "percent": lambda g: repr(g.below(101)),
        "seed": lambda g: str(g.below(100000)),
    "size": pick("None", "()", "1", "5", "(2, 3)", "(0,)", "1000", "(3, 1, 2)"), "flag": pick("True", "False"),
    "kind": lambda g: repr(g.choice(ALL)), "real_kind": lambda g: repr(g.choice(INTEGERS + FLOATS)),
    "place": pick("0", "1", "-1", "-2", "2", "-4"), "numbers": pick("[1.5, 2, 3]", "(1, -2j)", "[True, False]", "range(5)",
        "[[1, 2], [3, 4]]"), "float_type": pick("'f8'", "'f4'", "np.float32", "float"),
    "axis": pick("0", "1", "-1", "0", "1", "2", "None", "-2", "0", "3", "-4"),
    "axes": pick("(0, 1)", "(1, 0)", "(0,)", "(-1, 0)", "(0, 0)", "(0, 2)", "(1, 2, 0)", "(2, 1, 0)", "()", "(0, 3)", "None"),
    "order": pick("'C'", "'F'", "'A'", "'K'"), "indexing": pick("'xy'", "'ij'", "'ab'"),
    "casting": pick("'no'", "'equiv'", "'safe'", "'same_kind'", "'unsafe'", "'other'"),
    "pad_mode": pick("'constant'", "'edge'", "'reflect'", "'symmetric'", "'wrap'", "'maximum'", "'minimum'", "'mean'", "'median'",
                     "'linear_ramp'", "'empty_'"),
    "pad_stat": pick("'maximum'", "'minimum'", "'mean'", "'median'"), "pad_reflect": pick("'reflect'", "'symmetric'"),
    "sort_kind": pick("'quicksort'", "'mergesort'", "'heapsort'", "'stable'", "None", "'other'"), "side": pick("'left'",
        "'right'", "'l'"),
    "einsum1": pick("'ij'", "'ji'", "'ii'", "'ii->i'", "'ij->'", "'ij->j'", "'ij->i'", "'ij->ji'", "'i...->...'", "'...j->j...'",
                    "'iij'", "'i'", "'ij->ik'"),
    "einsum2": pick("'ij,jk'", "'ij,jk->ik'", "'ij,kj->ik'", "'ij,ij'", "'ij,ij->'", "'ij,ij->i'", "'ij,ij->ij'", "'ij,ji->'",
        "'ij,kl'",
                    "'ij,kl->ijkl'", "'ii,jj'", "'ij,jk->ki'", "'ik,jk->ij'", "'...j,...j->...'", "'ij,jk->j'", "'ij,jk,kl'"),
    "einsum3": pick("'ij,jk,kl->il'", "'ij,ij,ij->i'", "'ij,jk,ki'", "'ij,jk,ik->j'", "'ij,kl,mn->'", "'ij,ij,ij'"),
    "norm": pick("None", "1", "2", "-1", "-2", "np.inf", "-np.inf", "'fro'", "'nuc'", "0", "3", "'x'"), "uplo": pick("'L'", "'U'",
        "'u'", "'X'"),
    "qr_mode": pick("'reduced'", "'complete'", "'r'", "'raw'", "'other'"), "rcond": pick("None", "-1", "1e-3"),
    "fft_norm": pick("None", "'ortho'", "'forward'", "'backward'", "'other'"), "sign": pick("'-'", "'+'", "' '"),
    "floatmode": pick("'fixed'", "'unique'", "'maxprec'", "'maxprec_equal'"), "legacy": pick("False", "'1.21'"),
    "trim": pick("'k'", "'.'", "'0'", "'-'"), "format": pick("''", "'.3f'", "'10'", "'e'", "'g'", "'d'", "'x'", "'08.2f'", "','",
        "'>8'"),
    "option": pick("suppress", "floatmode", "sign"),
    "sign2": pick("+", "-", "*", "/", "//", "%", "**", "<", "<=", "==", "!=", ">", "&", "|", "^", "<<", ">>"),
    "method": pick("all", "any", "argmax", "argmin", "argsort", "conj", "conjugate", "copy", "cumprod", "cumsum", "diagonal",
        "flatten", "max",
                   "mean", "min", "nonzero", "prod", "ptp", "ravel", "round", "squeeze", "std", "sum", "tolist", "trace",
                       "transpose", "var",
                   "tobytes", "swapaxes", "hex", "byteswap", "searchsorted", "sort", "__index__", "__int__", "__round__"),
    "type": pick("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64",
        "complex64",
                 "complex128", "bool_", "str_", "integer", "number", "floating"),
    "percentile_method": pick("'linear'", "'lower'", "'higher'", "'midpoint'", "'nearest'", "'inverted_cdf'",
        "'averaged_inverted_cdf'",
                              "'closest_observation'", "'interpolated_inverted_cdf'", "'hazen'", "'weibull'", "'median_unbiased'",
                              "'normal_unbiased'", "'other'"),
    "statement": lambda g: repr(g.choice(STATEMENTS)), "on_any": lambda g: repr(g.choice(ON_ANY)), "big": pick("2**23",
    "5 * 10**6"),
    "binary": pick("add", "subtract", "multiply", "divide", "maximum", "bitwise_and", "less", "logical_or", "floor_divide",
                   "remainder", "copysign", "equal", "heaviside", "fmin"),
    "huge": lambda g: g.choice(HUGE), "text_format": pick("'%.3f'", "'%d'", "'%.18e'", "'%s'"),
}


# ---- what templates call ----

def put(a, key, item):
    a[key] = item
    return a


def at(ufunc, a, *operands):
    return ufunc.at(a, *operands) or a


def sorted_in_place(a, axis):
    return a.sort(axis) or a


def shuffled(generator, a, **options):
    return generator.shuffle(a, **options) or a


def drawn(result):
    if isinstance(result, np.ndarray) and result.size > 20:
        return "%s%s %08x" % (result.dtype.str, result.shape, zlib.crc32(result.tobytes()))
    return result


def twice(function, apply):
    return drawn(apply(function)), drawn(apply(function))


def printed(a, **options):
    with np.printoptions(**options):
        return repr(a) + str(a)


def options_set(**options):
    before = np.get_printoptions()
    try:
        np.set_printoptions(**options)
        return sorted((name, item) for name, item in np.get_printoptions().items() if name != "formatter")
    finally:
        np.set_printoptions(**before)


def saved(a):
    import io
    stream = io.BytesIO()
    np.save(stream, a)
    stream.seek(0)
    return np.load(stream), "%08x" % zlib.crc32(stream.getvalue())


def saved_many(*arrays):
    import io
    stream = io.BytesIO()
    np.savez(stream, *arrays, named=arrays[0])
    stream.seek(0)
    with np.load(stream) as loaded:
        return [sorted(loaded.files)] + [loaded[name] for name in sorted(loaded.files)]


def text_saved(a, form):
    import io
    stream = io.StringIO()
    np.savetxt(stream, a, fmt=form)
    text = stream.getvalue()
    return text, np.loadtxt(io.StringIO(text), dtype=a.dtype), np.genfromtxt(io.StringIO(text))


def changed(a, statement, b=None):
    exec(statement, {"a": a, "b": b, "np": np})
    return a


def unaligned(a):
    room = np.frombuffer(bytearray(a.nbytes + 1), a.dtype, offset=1).reshape(a.shape)
    room[...] = a
    return room


ON_ANY_SPECIAL = {
    "interp_self": lambda a: np.interp(a, [0, 1, 2], [1, 0, 3]), "partition_first": lambda a: np.partition(a, 0)[..., 0],
    "empty_shape": lambda a: np.empty_like(a).strides, "cumsum_0": lambda a: np.cumsum(a, axis=0),
    "sum_0": lambda a: np.sum(a, axis=0),
    "mean_0": lambda a: np.mean(a, 0), "max_0": lambda a: np.max(a, axis=0), "argmax_0": lambda a: np.argmax(a, axis=0),
    "sort_0": lambda a: np.sort(a, 0), "sum_all": lambda a: np.sum(a, axis=tuple(range(np.ndim(a))), keepdims=True),
    "std_keep": lambda a: np.std(a, axis=-1, keepdims=True), "tile_2": lambda a: np.tile(a, (2, 1)),
    "repeat_2": lambda a: np.repeat(a, 2, -1),
    "pad_1": lambda a: np.pad(a, 1), "roll_1": lambda a: np.roll(a, 1), "flip_all": np.flip,
    "split_2": lambda a: np.array_split(a, 2),
    "dot_self": lambda a: np.dot(np.trunc(np.clip(a.real, -9, 9)), np.trunc(np.clip(a.real, -9, 9)).T),
    "outer_self": lambda a: np.outer(a, a), "kron_self": lambda a: np.kron(a, a),
    "inner_self": lambda a: np.inner(np.sign(a), np.sign(a)),
    "vdot_self": lambda a: np.vdot(np.sign(a), np.sign(a)), "concatenate_self": lambda a: np.concatenate([a, a], -1),
    "stack_self": lambda a: np.stack([a, a], -1), "tolist": lambda a: a.tolist(), "tobytes": lambda a: a.tobytes(),
    "tobytes_f": lambda a: a.tobytes("F"), "strides": lambda a: a.strides, "flags": lambda a: str(a.flags),
    "itemsize": lambda a: a.itemsize,
    "view_u1": lambda a: a.view("u1"), "astype_f4": lambda a: a.astype("f4"), "item": lambda a: a.item(),
    "flatten_f": lambda a: a.flatten("F"),
    "ravel_k": lambda a: a.ravel("K"), "reshape_f": lambda a: a.reshape(-1, order="F"), "byteswap": lambda a: a.byteswap(),
    "swapaxes_last": lambda a: a.swapaxes(0, -1)}


def on_any(a, name):
    function = ON_ANY_SPECIAL.get(name)
    if function is None:
        function = np
        for part in name.split("."):
            function = getattr(function, part)
    return function(a)


HELPERS = [changed, unaligned, on_any, put, at, sorted_in_place, shuffled, drawn, twice, printed, options_set, saved, saved_many,
text_saved]


def fill(g, template):
    """The template's expression, the arrays it names, and whether all fits: one hole in forty is filled with something else."""
    names, texts, fits = {function.__name__: function for function in HELPERS}, [], True
    names["math"] = __import__("math")
    place = 0
    template = template.replace("{{", "\1").replace("}}", "\2")
    while (start := template.find("{", place)) >= 0:
        end = template.index("}", start)
        hole = template[start + 1:end]
        texts.append(template[place:start])
        make = HOLES[hole]
        if g.below(40) == 0 and hole not in ("flag", "sign2", "method", "type", "npscalar", "option", "huge", "big", "seed"):
            texts.append(g.choice([text for text in WRONG if text not in NOT_WRONG.get(hole, ())]))
            fits = False
        elif hasattr(make, "held"):
            name = "abcdefgh"[sum(len(n) == 1 for n in names)]
            names[name] = make(g)
            texts.append(name)
        else:
            texts.append(make(g))
        place = end + 1
    texts.append(template[place:])
    return "".join(texts).replace("\1", "{").replace("\2", "}"), names, fits


def has_minus_zero(a):
    parts = [] if not isinstance(a, np.ndarray) else [a.real, a.imag] if a.dtype.kind == "c" else [a] if a.dtype.kind == "f" else []
    return any(((part == 0) & np.signbit(part)).any() for part in parts)


def left_out(name, expression, operands):
    """What the reference does by accident: of two zeros either may be the greater one; what truth values are cast from."""
    if name in ("gcd", "lcm") and ("**" in expression or "float('" in expression):
        return True  # Python's numbers, for whose fractions, infinities and NaN numpy looks for ever
    if name in ("cumsum", "cumprod") and "out=" in expression and operands == {}:
        return True  # a list into an array with more axes: numpy writes a row or refuses, by the list's length
    if (".accumulate(" in expression or ".reduceat(" in expression) and "out=" in expression and operands == {}:
        return True  # likewise
    if name in ("var", "std") and "dtype='u4'" in expression:
        return True  # casts that do not fit: numpy's differ by the element's place in the row
    if name == "astype" and "'u4'" in expression and not all(np.isfinite(a).all() for a in operands.values()):
        return True  # likewise
    if name == "layouts" and "unaligned" in expression and "flags" in expression:
        return True  # what lies at odd addresses is copied here
    if name == "concatenate" and "99" in expression:
        return True  # numpy takes an axis of 32 and more for None
    if "dtype='?'" in expression and ("casting='no'" in expression or "casting='equiv'" in expression):
        return True
    return name in ("maximum", "minimum", "fmax", "fmin", "max", "min") and "-0.0" in expression


def main(seed, chosen):
    counts = dict.fromkeys(NAMES, 0)
    for number, name in enumerate(NAMES):
        g = Generator(seed * 1000 + number)
        while (not chosen or name in chosen) and counts[name] < LEAST:
            for template in TEMPLATES[name]:
                expression, names, fits = fill(g, template)
                operands = {n: a for n, a in names.items() if len(n) == 1}
                accident = not fits and ".strides" in expression  # of axes of one element, by how they were made
                if not accident and not left_out(name, expression, operands):
                    run("%s %s" % (name, describe(**operands)), expression, names, fits)
                    counts[name] += 1
    few = [name for name in NAMES if counts[name] < LEAST and (not chosen or name in chosen)]
    print("%d calls of %d names; fewer than %d: %s" % (sum(counts.values()), len(NAMES), LEAST, few))
    return 1 if few else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1, sys.argv[2:]))
