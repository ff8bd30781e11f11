# json with its accelerators: scanning, encoding, messages.
import json
import json.decoder
import json.encoder
from collections import OrderedDict, namedtuple
from enum import IntEnum


def attempt(function, *arguments, **named):
    try:
        return repr(function(*arguments, **named))
    except Exception as error:
        return type(error).__name__ + ": " + str(error)


print(json.encoder.c_make_encoder, json.scanner.c_make_scanner, json.decoder.scanstring is json.decoder.c_scanstring)
texts = ['', ' ', '{', '[', '"', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '[1', '[1,', '[1,]', '[,]', '{,}', '{a:1}', "{'a':1}",
         '"\\', '"\\u', '"\\u12', '"\\u123', '"\\u1234', '"\\u12x4"', '"\\x"', '"a\nb"', '"\x00"', '"\\ud834\\udd20"', '"\\ud834"', '"\\udd20"',
         '"\\ud834x"', '"\\ud834\\u0041"', '"\\ud834\\u00"', '"\\ud834\\uzzzz"', 'nul', 'null', 'true', 'false', 'tru', 'NaN', 'Infinity', '-Infinity', '-', '-0', '0', '00',
         '01', '1.', '1.5', '.5', '1e', '1e5', '1E+5', '1e-5', '-1.5e+300', '1e400', '12345678901234567890123', '-9223372036854775809', '1.0', '1 2',
         '[1 2]', '{"a" 1}', '{"a":1 "b":2}', '[]', '{}', '[[]]', ' [ 1 , 2 ] ', '\t{\n"a"\r:\t1 }', '\ufeff1', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"é€😀"', 'é', '"\u2028"',
         '[true,false,null,1,1.5,"x",{"k":[]}]', '{"a":1,"a":2}', '[1.7976931348623157e309]', '123456789012345678', '1234567890123456789', '-0.0', '5e-324']
for text in texts:
    print(ascii(text), attempt(json.loads, text))
print(attempt(json.loads, '"a\nb\x01"', strict=False), attempt(json.loads, b'[1]'), attempt(json.loads, 5), attempt(json.loads, bytearray(b'"\xc3\xa9"')))
print(attempt(json.loads, '{"a":{"b":1}}', object_hook=lambda d: sorted(d.items())), attempt(json.loads, '{"a":1,"b":{}}', object_pairs_hook=OrderedDict))
print(attempt(json.loads, '[1.5, 2, NaN, -Infinity]', parse_float=str, parse_int=lambda s: s + "!", parse_constant=lambda c: "<" + c + ">"))
print(attempt(json.loads, '9' * 5000), len(attempt(json.loads, '[' * 300 + ']' * 300)))
keys = json.loads('[{"key": 1}, {"key": 2}]')
print([list(d)[0] for d in keys], list(keys[0])[0] is list(keys[1])[0])
scan = json.decoder.scanstring
for arguments in [('a"', 0), ('"', 0), ('a', 0), ('xx"yy', 3), ('a"', -1), ('a"', 5), (1, 2), ('a\tb"', 0), ('a\tb"', 0, False), ('a',), ('é\\u00e9"x', 0)]:
    print(arguments, attempt(scan, *arguments))
scanner = json.JSONDecoder().scan_once
for arguments in [(), ('1',), ('1', 0), ('1', 1), ('1', -1), (1, 0), ('[1', 0), ('x', 0), ('-', 0), ('1', 'a')]:
    print(arguments, attempt(scanner, *arguments))
print(scanner.strict, scanner.object_hook, scanner.parse_float, attempt(json.scanner.c_make_scanner, 5), attempt(json.scanner.c_make_scanner))


class Text(str):
    pass


class Number(int):
    def __repr__(self):
        return "no"


class Real(float):
    def __repr__(self):
        return "no"


Color = IntEnum("Color", "RED GREEN")
Point = namedtuple("Point", "x y")
values = [None, True, False, 0, -1, 2**100, 1.5, -0.0, 1e16, 1e-7, float("nan"), float("inf"), -float("inf"), "", "a\"b\\c/\b\f\n\r\t\x00\x1f\x7f\x80\xff", "é€😀\ud800",
          [], {}, (), [1, [2, [3]]], (1, "a"), {"a": 1, "b": [True, None]}, {1: 2, 1.5: 3, True: 4, None: 5, "x": 6}, {2**70: 1}, Text("t"), Number(3), Real(2.5), Color.RED, {Color.GREEN: 1},
          Point(1, 2), OrderedDict(z=1, a=2), {float("inf"): 1}, {"é": "é"}, {(1,): 2}, {b"x": 1}, object, 1j, b"x", {1, 2}, [object()] and range(2)]
for item in values:
    print(attempt(json.dumps, item), attempt(json.dumps, item, ensure_ascii=False, allow_nan=False, skipkeys=True, separators=(",", ":")))
print(attempt(json.dumps, {"b": 1, "a": {"d": 1, "c": 2}}, sort_keys=True), attempt(json.dumps, {1: 1, "a": 2}, sort_keys=True))
print(json.dumps({"a": [1, {"b": 2}], "c": {}, "d": []}, indent=2), json.dumps([1, 2], indent="\t"), json.dumps({"a": 1}, separators=(" é ", " = "), ensure_ascii=False))
circle = []
circle.append(circle)
circle_of_dicts = {}
circle_of_dicts["a"] = [circle_of_dicts]
print(attempt(json.dumps, circle), attempt(json.dumps, circle_of_dicts), attempt(json.dumps, 1j, default=lambda o: o), attempt(json.dumps, {"x": 1j}, default=lambda o: [o.real, o.imag]))
shared = [1]
print(json.dumps([shared, shared, {"k": shared}]), json.dumps({(1,): 1, "a": 2, (2,): 3, "b": 4}, skipkeys=True), json.dumps({(1,): 1}, skipkeys=True))
print(list(json.JSONEncoder().iterencode({"a": [1, 2]})), list(json.JSONEncoder(indent=1).iterencode([1])), json.JSONEncoder(check_circular=False).encode([[]]))
for function in (json.encoder.encode_basestring, json.encoder.encode_basestring_ascii):
    for item in ("", "abc", "a\"\\\n\x01é\u1234😀\ud800", "\x7f", 5, None, Text("é")):
        print(ascii(attempt(function, item)))
    print(attempt(function), attempt(function, 1, 2), attempt(function, s="x"))
make = json.encoder.c_make_encoder
for arguments in [(1,), (1, 2, 3, 4, "a", "b", 1, 1, 1), (None, 2, 3, 4, 5, "b", 1, 1, 1)]:
    print(attempt(make, *arguments))
encoder = make(None, repr, lambda s: "<" + s + ">", None, ": ", ", ", False, False, True)
print(encoder({"a": 1, 2: [1j], None: "x"}, 0), attempt(encoder), attempt(encoder, 1), encoder.key_separator, encoder.sort_keys, encoder.default is repr)
print(attempt(make(None, repr, lambda s: 5, None, ": ", ", ", False, False, True), "x", 0))
deep = []
for i in range(100000):
    deep = [deep]
try:
    json.dumps(deep)
except RecursionError as error:
    print(error)
try:
    json.loads('{"a":' * 50000)
except RecursionError as error:
    print(error)
try:
    json.loads('[1, 2}')
except json.JSONDecodeError as error:
    print(error.msg, error.pos, error.lineno, error.colno, error.doc)
