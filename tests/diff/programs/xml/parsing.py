# The parser and the tree builder: targets, events, entities, encodings, errors, namespaces.
import io
import warnings
import xml.etree.ElementTree as ET


def attempt(action, *args, **keywords):
    try:
        result = action(*args, **keywords)
    except Exception as error:
        print(type(error).__name__, error, getattr(error, "code", None), getattr(error, "position", None))
    else:
        print(ET.tostring(result) if isinstance(result, ET.Element) else result)


for text in ("", "<a>", "<a></b>", "<a/><b/>", "<a", "text", "<a>&nosuch;</a>", "<a b='1' b='2'/>", "<a>\x01</a>",
    "<?xml version='1.0'?><a/>",
             "<?xml version='1.0' encoding='nosuch'?><a/>", "<a>&#0;</a>", "<a><![CDATA[x<y]]>z</a>", "<a>&lt;&#65;&amp;</a>",
             "<!DOCTYPE a [<!ENTITY e 'value'>]><a>&e;</a>", "<!DOCTYPE a SYSTEM 's'><a>&e;</a>", "<x:a/>",
             "<a xmlns='u' b='c'/>"):
    attempt(ET.fromstring, text)
for data in (b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>", "<a>\xe9\u20ac\U0001f600</a>".encode("utf-16"),
             b"<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>",
             b"<?xml version='1.0' encoding='koi8-r'?><a>\xc1</a>", b"<a>\xff</a>",
             bytearray(b"<a/>"), memoryview(b"<a/>"), 5, None):
    attempt(ET.fromstring, data)
attempt(ET.XMLParser, 5)
attempt(ET.XMLParser, encoding=5)
attempt(ET.XMLParser, nosuch=5)
attempt(ET.XMLParser.__new__(ET.XMLParser).feed, "x")
attempt(ET.XMLParser.__new__(ET.XMLParser).close)
parser = ET.XMLParser(encoding="iso-8859-1")
parser.feed(b"<a>\xe9")
parser.feed(b"</a>")
print(ET.tostring(parser.close(), "unicode"), parser.version, parser.entity, type(parser.target))
parser = ET.XMLParser()
parser.entity["nosuch"] = "known"
parser.feed("<!DOCTYPE a SYSTEM 's'><a>x&nosuch;y</a>")
attempt(parser.close)
attempt(setattr, parser, "entity", {})
attempt(setattr, parser, "target", {})


class Log:
    def __init__(self):
        self.log = []

    def start(self, tag, attributes):
        self.log.append(("start", tag, attributes))

    def end(self, tag):
        self.log.append(("end", tag))

    def data(self, data):
        self.log.append(("data", data))

    def comment(self, text):
        self.log.append(("comment", text))

    def pi(self, target, data):
        self.log.append(("pi", target, data))

    def start_ns(self, prefix, uri):
        self.log.append(("start_ns", prefix, uri))

    def end_ns(self, prefix):
        self.log.append(("end_ns", prefix))

    def doctype(self, *parts):
        self.log.append(("doctype", parts))

    def close(self):
        return self.log


document = """<?xml version='1.0'?><!DOCTYPE r PUBLIC 'p' 's'><?target some data?>
<r xmlns='d' xmlns:n='u' a='1' n:b='2'>text<!--note-->
<n:c>in<d/>ner</n:c>tail<?inside?></r><!--end-->"""
parser = ET.XMLParser(target=Log())
parser.feed(document)
for event in parser.close():
    print(event)


class Ends:
    def end(self, tag):
        print("end", tag)


parser = ET.XMLParser(target=Ends())
parser.feed(document)
print(parser.close())


class Raises(Log):
    def start(self, tag, attributes):
        raise KeyError(tag)


attempt(ET.XMLParser(target=Raises()).feed, document)


class Doctyped(ET.XMLParser):
    def doctype(self, *parts):
        print("never", parts)


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    parser = Doctyped()
    parser.feed(document)
    parser.close()
    print([(w.category.__name__, str(w.message)) for w in caught])

for events in (None, ("start",), ("start", "end", "comment", "pi", "start-ns", "end-ns"), ("end", "comment")):
    print([(event, node.tag if isinstance(node, ET.Element) and isinstance(node.tag, str) else getattr(node, "text", node))
           for event, node in ET.iterparse(io.StringIO(document), events)])
attempt(lambda: list(ET.iterparse(io.StringIO(document), ("wrong",))))
attempt(lambda: list(ET.iterparse(io.StringIO(document), (5,))))
attempt(ET.XMLParser(target=Log())._setevents, [], ("end",))
pull = ET.XMLPullParser(("start", "end"))
for piece in (document[:100], document[100:160], document[160:]):
    pull.feed(piece)
    print([(event, node.tag) for event, node in pull.read_events()])

# the builder by itself
builder = ET.TreeBuilder()
attempt(builder.end, "x")
print(builder.data("ignored"), builder.close())
builder.start("a", {"k": "v"})
for piece in ("one", "two", "three"):
    builder.data(piece)
print(builder.start("b", {}).tag, builder.data("inner"), builder.end("b").tag, builder.data("tail"), builder.data("more"))
print(builder.comment("c").text, builder.pi("t").text, builder.pi("t", "x").text)
builder.end("a")
print(ET.tostring(builder.close()))
attempt(builder.start, "second", {})
attempt(builder.start, "c", 5)
attempt(ET.TreeBuilder, 1, 2)
attempt(ET.TreeBuilder, nosuch=2)
for options in ({"insert_comments": True}, {"insert_pis": True}, {"insert_comments": True, "insert_pis": True},
                {"element_factory": lambda tag, attributes: ET.Element(tag.upper(), attributes)},
                {"comment_factory": lambda text: ET.Element("comment", text=text), "insert_comments": True}):
    parser = ET.XMLParser(target=ET.TreeBuilder(**options))
    parser.feed(document)
    print(ET.tostring(parser.close()))


class Node:
    def __init__(self, tag, attributes):
        self.tag, self.children, self.text, self.tail = tag, [], None, None

    def append(self, child):
        self.children.append(child)

    def show(self):
        return self.tag, self.text, [child.show() for child in self.children], self.tail


parser = ET.XMLParser(target=ET.TreeBuilder(Node))
parser.feed(document)
print(parser.close().show())
attempt(ET._set_factories, 5, None)
attempt(ET._set_factories, None, 5)


class Bytes:
    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def read(self, size):
        return self.pieces.pop(0) if self.pieces else b""


print(ET.tostring(ET.parse(Bytes(b"<a>", b"x", b"</a>")).getroot()), ET.tostring(ET.parse(io.StringIO("<a>\xe9</a>")).getroot()))
attempt(ET.parse, Bytes(b"<a>"))
attempt(ET.parse, Bytes(b"<a>", 5))
big = "<r>" + "".join(f"<i n='{n}'>t{n}</i>" for n in range(3000)) + "</r>"
tree = ET.fromstring(big)
print(len(tree), sum(int(x.get("n")) for x in tree.iter("i")), tree[-1].text, len(ET.tostring(tree)))
print(ET.canonicalize(document.replace("<!DOCTYPE r PUBLIC 'p' 's'>", "")))
