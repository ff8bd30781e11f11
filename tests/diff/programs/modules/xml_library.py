# What stands on pyexpat: xml.etree, xml.dom.minidom, xml.sax, plistlib.
import datetime
import io
import plistlib
import xml.dom.minidom
import xml.etree.ElementTree as tree
import xml.sax
import xml.sax.handler

text = """<?xml version="1.0"?>
<data xmlns:x="urn:x"><country name="Liechtenstein"><rank updated="yes">2</rank><x:year>2008</x:year>
<neighbor name="Austria" direction="E"/></country><!-- note --><country name="Panama"><rank>68</rank>tail &lt; &amp;</country></data>"""
root = tree.fromstring(text)
for element in root.iter():
    print(element.tag, element.attrib, repr(element.text), repr(element.tail))
print([country.get("name") for country in root.findall("country")], root.find("country/rank").text,
      root.findtext(".//{urn:x}year"), len(root), root[1][0].text, [e.tag for e in root.findall(".//*[@name='Austria']")])
new = tree.SubElement(root, "new", {"a": "1 < 2"}, b='"quoted"')
new.text = "é & more"
tree.indent(root)
print(tree.tostring(root, encoding="unicode"))
print(tree.tostring(root[-1]), tree.tostring(root[-1], encoding="utf-8", xml_declaration=True))
for event, element in tree.iterparse(io.BytesIO(text.encode()), ("start", "end", "comment", "start-ns", "end-ns")):
    print(event, getattr(element, "tag", element) if event != "comment" else element.text)
try:
    tree.fromstring("<a><b></a>")
except tree.ParseError as error:
    print(error, error.code, error.position)
print(tree.canonicalize("<a  b='2' a='1'><c/></a>"))
document = xml.dom.minidom.parseString(text)
print(document.documentElement.tagName, [n.getAttribute("name") for n in document.getElementsByTagName("country")])
print(document.toprettyxml(indent=" ")[:120])


class Handler(xml.sax.handler.ContentHandler):
    def startElement(self, name, attrs):
        print("start", name, dict(attrs))

    def endElement(self, name):
        print("end", name)

    def characters(self, content):
        print("text", repr(content))


xml.sax.parseString(text.encode(), Handler())
try:
    xml.sax.parseString(b"<a>", Handler())
except xml.sax.SAXParseException as error:
    print(error)
value = {"name": "x", "list": [1, 2.5, True, b"bytes"], "when": datetime.datetime(2020, 1, 2, 3, 4, 5), "in": {"a": "<&>"}}
packed = plistlib.dumps(value)
print(packed.decode(), plistlib.loads(packed) == value)
binary = plistlib.dumps(value, fmt=plistlib.FMT_BINARY)
print(len(binary), plistlib.loads(binary) == value)
