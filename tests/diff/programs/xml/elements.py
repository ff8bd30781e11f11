# Elements made by hand: attributes, children as a sequence, searching, copies, pickles, errors, subclasses.
import copy
import pickle
import re
import xml.etree.ElementTree as ET


def attempt(action, *args, **keywords):
    try:
        result = action(*args, **keywords)
    except Exception as error:
        print(type(error).__name__, re.sub("0x[0-9a-f]+", "ADDRESS", str(error)))
    else:
        print(re.sub("0x[0-9a-f]+", "ADDRESS", repr(result)))


print(ET.Element, ET.SubElement, ET.TreeBuilder, ET.XMLParser, ET.ParseError, ET.ParseError.__mro__)
root = ET.Element("root", {"a": "1"}, b="2")
print(root.tag, root.attrib, root.text, root.tail, len(root), list(root), root.items(), list(root.keys()))
one = ET.SubElement(root, "one")
two = ET.SubElement(root, "two", {"x": "y"}, z="w")
two.text = "inside"
two.tail = "behind"
print(ET.tostring(root), root[0] is one, root[-1] is two, root[:] == [one, two], root[::-1] == [two, one])
for arguments, keywords in (((), {}), ((1, 2), {}), (("a", {}, 3), {}), (("a",), {"attrib": 5}), (("a",),
    {"attrib": {"k": "v"}, "q": "r"}),
                            (("a", {"k": "v"}), {"attrib": "s"})):
    attempt(ET.Element, *arguments, **keywords)
    attempt(lambda: ET.Element(*arguments, **keywords).attrib)
for arguments in ((), (root,), (5, "a"), (root, "a", 5), (root, "a", {}, 5)):
    attempt(ET.SubElement, *arguments)
root.remove(root[-1])
for name, arguments in (("append", (5,)), ("append", (None,)), ("extend", (5,)), ("extend", ([5],)), ("insert", (0, 5)),
    ("insert", ("x", one)),
                        ("insert", (1.5, one)), ("remove", (5,)), ("remove", (two,)), ("makeelement", ("a", 5)),
                        ("makeelement", ("a", {"b": 1})),
                        ("get", ()), ("set", ("a",)), ("find", (5,)), ("find", ()), ("iter", (1, 2)), ("__deepcopy__", (5,)),
                        ("__setstate__", (5,)), ("__setstate__", ({"tag": "t", "wrong": 1},)), ("__setstate__", ({},))):
    attempt(getattr(root, name), *arguments)
for name in ("tag", "text", "tail", "attrib"):
    attempt(delattr, root, name)
attempt(setattr, root, "attrib", 5)
attempt(setattr, root, "nosuch", 5)
attempt(lambda: root[5])
attempt(lambda: root["a"])
attempt(lambda: root[1.5])
attempt(root.__setitem__, 5, one)
attempt(root.__setitem__, 0, 5)
attempt(root.__setitem__, "a", one)
attempt(root.__setitem__, slice(0, 1), 5)
attempt(root.__setitem__, slice(0, 1), [5])
attempt(root.__delitem__, 7)


def tags(element):
    return "".join(child.tag for child in element)


def fresh():
    made = ET.Element("root")
    made.extend([ET.Element(c) for c in "abcdefgh"])
    return made


for part in (slice(2, 5), slice(None, None, 2), slice(None, None, -3), slice(5, 2), slice(-3, None), slice(10, 20), slice(6,
    1, -2)):
    e = fresh()
    print(tags(e[part]), end=" ")
    del e[part]
    print(tags(e), end=" ")
    for count in (0, 1, 3):
        e = fresh()
        try:
            e[part] = [ET.Element("Z") for _ in range(count)]
            print(tags(e), end=" ")
        except ValueError as error:
            print(error, end=" ")
    print()
e = fresh()
for index in (0, 3, -1, 100, -100):
    e.insert(index, ET.Element(str(index)))
print(tags(e))
e.remove(e[2])
e[1] = ET.Element("new")
del e[0], e[-1]
print(tags(e), len(e), bool(e), bool(ET.Element("x")), e[0] in list(e), [c.tag for c in reversed(e)])
match e:
    case [*_]:
        print("a sequence")
    case _:
        print("no sequence")

tree = ET.fromstring("<r><a>1</a><b k='v'><a>2</a>t<c/>u</b>w<a/><!-- c --><n:a xmlns:n='N'>3</n:a></r>")
print([x.tag for x in tree.iter()], [x.tag for x in tree.iter("a")], [x.tag for x in tree.iter("*")],
    [x.tag for x in tree.iter(b"*")])
print(list(tree.itertext()), [x.text for x in tree.findall("a")], tree.find("b/a").text, tree.find("nosuch"), tree.find("a").text)
print(tree.findtext("a"), repr(tree.findtext("b/c")), repr(tree.findtext("q")), tree.findtext("q", "default"),
    repr(tree.findtext("b/a")))
print([x.tag for x in tree.iterfind(".//a")], tree.find("{N}a").text, tree.find("n:a", {"n": "N"}).text, tree.find("{*}a").text)
print([x.get("k") for x in tree], tree[1].get("k", 5), tree[0].get("k", 5), tree.find("b[@k='v']").tag, tree.find(".") is tree)
iterator = tree.iter()
print(type(iterator), iter(iterator) is iterator, next(iterator).tag, len(list(iterator)), next(iterator, "end"))
walk = tree.iter()
next(walk)
tree.remove(tree[0])
print([x.tag for x in walk])

shallow = copy.copy(tree)
deep = copy.deepcopy(tree)
print(shallow[0] is tree[0], deep[0] is tree[0], ET.tostring(deep) == ET.tostring(tree), shallow.attrib == tree.attrib)
for protocol in range(6):
    try:
        data = pickle.dumps(tree, protocol)
        print(protocol, len(data), hash(data), ET.tostring(pickle.loads(data)) == ET.tostring(tree))
    except TypeError as error:
        print(protocol, error)
print(tree.__getstate__().keys())
blank = ET.Element.__new__(ET.Element)
print(blank.tag, blank.text)
blank.__setstate__({"tag": "t", "text": ["a", "b"], "tail": None, "attrib": {"q": "1"}, "_children": [one]})
print(ET.tostring(blank), blank.text)
attempt(blank.__setstate__, {"tag": "t", "_children": 5})
attempt(blank.__setstate__, {"tag": "t", "_children": [5]})
blank.clear()
print(ET.tostring(blank), blank.attrib, len(blank))


class Special(ET.Element):
    def __init__(self, tag, extra):
        super().__init__(tag, extra=extra)
        self.more = extra


s = Special("s", "e")
s.append(ET.Element("inner"))
print(ET.tostring(s), s.more, isinstance(s, ET.Element), [x.tag for x in s])
root = ET.Element("loop")
root.append(root)
root.text = "x"
print(re.sub("0x[0-9a-f]+", "ADDRESS", repr(root)), root[0][0][0].text)


class Odd:
    def __eq__(self, other):
        raise KeyError("odd")


root = ET.Element("r")
ET.SubElement(root, Odd())
attempt(root.find, "x")
attempt(root.findall, "x")
attempt(list, root.iter("x"))
print(ET.tostring(ET.Comment("c")), ET.tostring(ET.PI("t", "d")), ET.tostring(ET.Element(ET.QName("u", "t"))))
ET.indent(tree)
print(ET.tostring(tree, "unicode"))
