# Module pyexpat: every event, attributes of the parser, errors, external entities.
import io
from xml.parsers import expat

document = b"""<?xml version="1.0" encoding="iso-8859-1" standalone="no"?>
<?style sheet?>
<!DOCTYPE quotations SYSTEM "quotations.dtd" [
<!ELEMENT root ANY>
<!ELEMENT pair ((one|two)*, three+)>
<!ATTLIST root attr1 CDATA #REQUIRED attr2 CDATA #IMPLIED kind (a|b) "a">
<!NOTATION notation SYSTEM "notation.jpeg">
<!ENTITY acirc "&#226;">
<!ENTITY external SYSTEM "entity.file">
<!ENTITY unparsed SYSTEM "entity.file" NDATA notation>
%unparsed_entity;
]>
<root attr1="value1" attr2="value2&#8000;"><!-- a comment -->
<myns:sub xmlns:myns="http://www.python.org/namespace" myns:x="1">Contents &acirc; of it</myns:sub>
<empty/><![CDATA[some <cdata>]]>&external;&skipped;\xb5
</root>
"""


class Listener:
    def __init__(self, parser, names):
        for name in names:
            setattr(parser, name, self.make(name))

    def make(self, name):
        def handle(*arguments):
            print(name, *map(repr, arguments))
            return 1
        return handle


NAMES = [name for name in dir(expat.ParserCreate()) if name.endswith("Handler")]
print(NAMES)
for separator in (None, "!", ""):
    for buffered in (False, True):
        parser = expat.ParserCreate(namespace_separator=separator)
        parser.buffer_text = buffered
        parser.ordered_attributes = buffered
        parser.specified_attributes = buffered
        parser.namespace_prefixes = buffered
        Listener(parser, [name for name in NAMES if name not in ("DefaultHandler", "EntityDeclHandler")])
        print(parser.Parse(document, True), parser.CurrentLineNumber, parser.CurrentByteIndex, sorted(parser.intern, key=str)[:4])
parser = expat.ParserCreate()
parser.DefaultHandlerExpand = lambda text: print("default", repr(text))
parser.EntityDeclHandler = lambda *arguments: print("entity", arguments)
parser.ParseFile(io.BytesIO(document))


def tried(function, *arguments):
    try:
        print(function(*arguments))
    except expat.ExpatError as error:
        print(error, error.code, error.lineno, error.offset, expat.errors.messages[error.code])
    except Exception as error:
        print(type(error).__name__, error)


for text in ("<a>", "<a></b>", "", "<a/><b/>", "<a b='1' b='2'/>", "<a>&nope;</a>", "text", "<a\n>\n  <", "<a>\x01</a>", "\ud800"):
    tried(expat.ParserCreate().Parse, text, True)
tried(expat.ParserCreate, None, "ab")
tried(expat.ParserCreate, 3)
tried(expat.ParserCreate, None, None, [])
tried(expat.ParserCreate().Parse, 3)
tried(expat.ParserCreate().ParseFile, 3)
tried(expat.ParserCreate().ParseFile, io.StringIO("<a/>"))
tried(expat.ParserCreate("nonsense").Parse, b"<a/>", True)
tried(expat.ParserCreate("koi8-r").Parse, b"<a>\xc1</a>", True)
tried(expat.ErrorString, 5)
parser = expat.ParserCreate()
tried(setattr, parser, "buffer_size", 0)
tried(setattr, parser, "buffer_size", "x")
tried(setattr, parser, "buffer_size", 10)
tried(setattr, parser, "ErrorCode", 10)
print(parser.buffer_size, parser.buffer_text, parser.buffer_used, parser.ErrorCode)
parser.SetBase("here/")
print(parser.GetBase(), parser.GetInputContext(), expat.version_info, expat.native_encoding)


def failing(name, attributes):
    print("start", name, attributes)
    if name == "b":
        raise ValueError("from the handler")


parser = expat.ParserCreate()
parser.StartElementHandler = failing
parser.CharacterDataHandler = print
tried(parser.Parse, "<a x='1'>text<b>more</b>never<c/></a>", True)
print(parser.StartElementHandler)

outer = expat.ParserCreate()
outer.StartElementHandler = lambda name, attributes: print("start", name)


def external(context, base, system, public):
    inner = outer.ExternalEntityParserCreate(context)
    inner.Parse(b"<inside/>text", True)
    print(context, base, system, public, inner.StartElementHandler is outer.StartElementHandler)
    return 1


outer.ExternalEntityRefHandler = external
outer.Parse('<!DOCTYPE a [<!ENTITY e SYSTEM "file">]><a>&e;</a>', True)
print(expat.model.XML_CTYPE_SEQ, expat.errors.XML_ERROR_SYNTAX, expat.errors.codes["syntax error"], expat.ExpatError, type(parser))
