"""Tables of text, complaints about arguments, options of printing, casts that linear algebra refuses."""
import io
import warnings

import numpy as np

FLOATS = np.array([[1.5, -2.25], [1e10, np.nan]])


def tell(name, call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = call()
            if isinstance(result, np.ndarray):
                result = "%s%s %s" % (result.dtype.str, result.shape, result.tolist())
        except Exception as e:
            result = "%s: %s" % (type(e).__name__, e)
    print(name, result, *["%s: %s" % (w.category.__name__, w.message) for w in caught])


def written(*given, **options):
    stream = io.StringIO()
    np.savetxt(stream, *given, **options)
    return repr(stream.getvalue())


def tables():
    for options in ({}, {"fmt": "%d"}, {"fmt": ["%.1f", "%e"]}, {"fmt": 5}, {"fmt": "%x"}, {"delimiter": 5}, {"header": "a\nb"},
                    {"footer": "z", "comments": "// "}, {"header": 5}, {"newline": "|"}):
        for a in (FLOATS, np.arange(4).reshape(2, 2), np.array([1 + 2j, 3]), np.array(["a", "b"]), 5):
            tell("savetxt %s" % options, lambda: written(a, **options))
    texts = ["1 2\n3 4\n", "1,2\n3,4\n", "1\n\n2 # c\n", "1 2\n3\n", "a b\n", "300 1.5\n", "'a b' c\n", "1_0 2\n", "1+2j (3-4j)\n"]
    choices = [{}, {"dtype": int}, {"dtype": "u1"}, {"dtype": str}, {"dtype": complex}, {"dtype": bool}, {"delimiter": ","},
               {"delimiter": ""}, {"skiprows": -1}, {"skiprows": 1.5}, {"max_rows": 0}, {"max_rows": 1}, {"max_rows": -1},
               {"ndmin": 2}, {"ndmin": 3}, {"usecols": 1}, {"usecols": (1, 0)}, {"usecols": 5}, {"usecols": "a"},
               {"converters": {0: float}},
               {"converters": {5: float}}, {"converters": {"a": float}}, {"quotechar": "'", "dtype": str}, {"comments": ""},
               {"unpack": True}, {"converters": lambda text: 7}]
    for text in texts:
        for options in choices:
            if text != "1\n\n2 # c\n" and options.get("max_rows") == 0:
                continue  # the warning names an address
            stream = text.split("\n")[:-1] if text else []
            tell("loadtxt %r %s" % (text, sorted(options)), lambda: np.loadtxt(stream, **options))
    choices = [{}, {"dtype": int}, {"dtype": None, "encoding": None}, {"dtype": bool}, {"dtype": str}, {"delimiter": ","},
               {"delimiter": 1}, {"delimiter": [1, 2]}, {"filling_values": [7, 8], "delimiter": ","}, {"loose": False},
               {"usecols": (1, 0)}, {"usecols": -1}, {"skip_footer": 1}, {"skip_footer": 1, "max_rows": 1}, {"max_rows": 1},
               {"max_rows": 0}, {"ndmin": 2}, {"invalid_raise": False}, {"unpack": True}, {"autostrip": True, "delimiter": ","}]
    for text in texts:
        for options in choices:
            if not (options.get("dtype", 1) is None and text[0] in "'a3"):
                tell("genfromtxt %r %s" % (text, sorted(options)), lambda: np.genfromtxt(text.split("\n")[:-1], **options))
    for string, options in (("1 2 3", {"sep": " "}), ("1,2,x", {"sep": ","}), ("1 300", {"sep": " ", "dtype": "u1"}),
                            ("1 -1", {"sep": " ", "dtype": "u1"}), ("", {"sep": " "}), ("1+2j 3", {"sep": " ", "dtype": complex}),
                            ("abcdefgh", {}), ("abc", {}), ("1 2 3", {"sep": " ", "count": 2})):
        tell("fromstring", lambda: np.fromstring(string, **options))


def words():
    a, generator, state = np.ones((2, 2)), np.random.default_rng(1), np.random.RandomState(1)
    for function in (np.linalg.inv, np.linalg.solve, np.fft.fft, np.sum, np.argsort, np.zeros_like, np.where, np.full, np.dot,
                     np.linspace, np.set_printoptions, np.array, np.zeros, a.astype, np.add.reduce, generator.normal,
                     generator.beta, generator.random, state.binomial, state.gamma, state.bytes, np.prod, np.amax):
        if function is not np.set_printoptions:
            tell(function.__name__, lambda: function())
        tell(function.__name__, lambda: function(*(1,) * 30))
        tell(function.__name__, lambda: function(1, bogus=2))
    tell("multiple", lambda: np.fft.fft([1], a=2))
    tell("multiple", lambda: state.gamma(1, shape=2))
    for size in (True, np.bool_(False), 2.5):
        tell("size", lambda: generator.normal(size=size))
        tell("size", lambda: np.zeros(size))
    for length in (0, -1, -3, -7, 2.5, "a"):
        again = np.random.RandomState(3)
        tell("bytes", lambda: again.bytes(length))
        print(again.randint(1000))


def numbers():
    one = np.int8(1)
    for other in (None, [None], "a", 1j):
        tell("less", lambda: one < other)
        tell("greater", lambda: np.float64(1) > other)
        tell("equal", lambda: one == other)
    tell("joined", lambda: "a" + one)
    tell("joined", lambda: one + "a")
    for pair in ((np.complex128(1j), one), (one, np.complex64(1j)), (np.complex64(1j), np.float64(2))):
        tell("divmod", lambda: divmod(*pair))
    for item in (np.array(5), np.array(2.5), np.array([1])):
        tell("format", lambda: "%r" % format(item, ">6") + format(item))
    for where in (1, [1, 0], 0.5, np.array([1, 0]), None, [True, False]):
        tell("where", lambda: np.add(np.ones((2, 2)), 1, where=where, out=np.zeros((2, 2))))
    tell("item", lambda: np.array([1]).item(1, 2))
    for values in (1j, [1j], np.array([1j]), np.zeros(0, complex), np.zeros(0), 7):
        a = np.zeros(2)
        tell("flat", lambda: setattr(a, "flat", values))
        tell("flat[0]", lambda: a.flat.__setitem__(0, values) if not isinstance(values, (np.ndarray, list)) else None)
        print(a)
    tell("interp", lambda: np.interp(1, ["0", "1"], [1, 2]))
    tell("interp", lambda: np.interp(1, [0, 1], ["1", "2"]))


def printing():
    halves, singles = np.array([1 / 3, 65504], "f2"), np.array([90000008, 0.5], "f4")
    for options in ({"suppress": True}, {"precision": 2, "suppress": True, "sign": "+"}, {"threshold": 2, "edgeitems": 0},
                    {"threshold": 1, "edgeitems": -1}, {"threshold": np.nan}, {"threshold": "x"}, {"threshold": None},
                    {"precision": -1}, {"floatmode": "fixed", "precision": 1, "suppress": True}, {"bogus": 1}):
        for a in (halves, singles, np.arange(12.).reshape(3, 4), np.arange(7), np.array([np.nan])):
            def text():
                with np.printoptions(**options):
                    return repr(a) + str(a)
            tell(options, text)
    tell("style", lambda: np.array2string(halves, style=repr))


def matrices():
    texts, objects = np.array([["a", "b"], ["c", "d"]]), np.array([[1, 2], [3, 5]], object)
    for a in (texts, objects, texts[:1], np.array([[1, np.nan], [2, 3]])):
        for name in "inv slogdet eig eigvals eigh eigvalsh cholesky svd".split():
            if a.dtype.kind != "f" or name in ("eig", "eigvals"):
                tell(name, lambda: getattr(np.linalg, name)(a))
        tell("solve", lambda: np.linalg.solve(np.eye(2), a) if a.dtype.kind != "f" else None)
        tell("lstsq", lambda: np.linalg.lstsq(a, [1, 2][:len(a)], rcond=None))
        tell("lstsq", lambda: np.linalg.lstsq(np.eye(len(a)), a[:, 0], rcond=None) if a.dtype.kind in "UO" else None)


tables()
words()
numbers()
printing()
matrices()
