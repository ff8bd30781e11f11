# Which attributes of built-in types are members and which are computed, and what storing into them says.
import array
import collections
import datetime
import functools
import inspect
import io
import re
import struct
import sys
import types
import weakref

KINDS = [
    (types.FunctionType, "__closure__ __globals__ __doc__ __module__ __builtins__ __defaults__"),
    (types.CodeType, "co_name co_consts co_code co_varnames co_linetable"), (slice, "start"), (range, "start"),
    (property, "fget fset fdel __doc__ __isabstractmethod__"), (super, "__thisclass__ __self__"), (complex, "real"),
    (int, "real numerator"), (types.MethodType, "__func__ __self__ __doc__"), (classmethod, "__func__ __wrapped__"),
    (StopIteration, "value"), (SyntaxError, "msg lineno"), (ImportError, "name path msg"), (OSError, "errno characters_written"),
    (BaseException, "__suppress_context__ args __cause__ __context__ __traceback__"), (UnicodeDecodeError, "reason start"),
    (types.GeneratorType, "gi_running gi_frame gi_code gi_yieldfrom gi_suspended"),
    (types.FrameType, "f_back f_lineno f_trace_lines"),
    (types.CoroutineType, "cr_await cr_origin cr_suspended"), (types.AsyncGeneratorType, "ag_running ag_frame ag_code"),
    (types.TracebackType, "tb_next tb_frame tb_lasti"), (type, "__basicsize__ __flags__ __mro__ __base__ __dictoffset__ __name__"),
    (memoryview, "obj shape"), (types.ModuleType, "__dict__ __annotations__"), (type(len), "__self__ __name__ __module__"),
    (type(list.append), "__objclass__ __name__ __doc__ __qualname__"), (type(list.__len__), "__objclass__ __name__ __doc__"),
    (type([].__len__), "__objclass__ __self__ __name__"), (types.GetSetDescriptorType, "__objclass__ __name__ __doc__"),
    (types.SimpleNamespace, "__dict__"), (types.GenericAlias, "__origin__ __args__ __parameters__"),
    (types.CellType, "cell_contents"),
    (NameError, "name"), (AttributeError, "name obj"), (SystemExit, "code"), (BaseExceptionGroup, "message exceptions"),
    (functools.partial, "func args keywords __dict__"), (collections.deque, "maxlen"), (collections.defaultdict, "default_factory"),
    (io.TextIOWrapper, "encoding buffer closed line_buffering name errors"), (io.BufferedReader, "raw closed mode"),
    (io.FileIO, "closed closefd mode"), (re.Pattern, "pattern flags groups groupindex"), (re.Match, "string re pos regs lastindex"),
    (struct.Struct, "format size"), (array.array, "typecode itemsize"), (weakref.ref, "__callback__"), (io.BytesIO, "closed"),
    (datetime.datetime, "hour tzinfo fold"), (datetime.timedelta, "days seconds microseconds"), (io.StringIO, "newlines"),
    (type(sys.float_info), "max dig"), (type(sys.version_info), "major"),
]
for kind, names in KINDS:
    for name in names.split():
        found = vars(kind)[name]
        print(kind.__name__, name, type(found).__name__, inspect.ismemberdescriptor(found), inspect.isgetsetdescriptor(found))
print(datetime.timedelta.days, io.BufferedReader.raw, re.Pattern.flags, datetime.datetime.hour)
print("ag_suspended" in vars(types.AsyncGeneratorType))


def attempt(action):
    try:
        print(repr(action()))
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error)


pattern = re.compile("a")
for one, name in ((pattern, "flags"), (pattern.match("a"), "string"), (datetime.timedelta(1), "days"), (sys.stdout, "encoding"),
                  (functools.partial(int), "func"), (slice(1), "start"), (range(3), "start"), (1j, "real"), (1, "real"),
                  (attempt, "__globals__"), (attempt, "__closure__"), (list[int], "__origin__"), (property(), "fget"),
                  (super(int, 1), "__self__"), (int, "__basicsize__"), (int, "__mro__"), (sys._getframe(), "f_back"),
                  (list.append, "__objclass__"), (list.append, "__name__"), (len, "__name__"), (collections.deque(), "maxlen"),
                  (weakref.ref(int), "__callback__"), (memoryview(b"a"), "obj"), ((x for x in ()), "gi_code")):
    attempt(lambda: setattr(one, name, 1))
    attempt(lambda: delattr(one, name))
for error in (SyntaxError("a"), StopIteration(1), OSError(1, "a"), ImportError("x"), SystemExit(3),
              UnicodeDecodeError("a", b"b", 1, 2, "x"), BaseException()):
    for name in sorted(k for k, v in vars(type(error)).items() if type(v).__name__ == "member_descriptor"):
        attempt(lambda: delattr(error, name))
        attempt(lambda: getattr(error, name))
        attempt(lambda: setattr(error, name, "other"))
        attempt(lambda: getattr(error, name))
    attempt(lambda: setattr(error, "__suppress_context__", 1))
    attempt(lambda: setattr(error, "__suppress_context__", True))
    attempt(lambda: error.__suppress_context__)
