"""Packages, their parts and relative imports in an archive on sys.path; stars whose names are no texts; warnings about packages."""
import os
import pkgutil
import sys
import tempfile
import types
import warnings
import zipfile

with tempfile.TemporaryDirectory() as folder:
    archive = os.path.join(folder, "some.zip")
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("pack/__init__.py", "x = 1\n")
        z.writestr("pack/part.py", "y = 2\n")
        z.writestr("pack/inner/__init__.py", "")
        z.writestr("pack/inner/deep.py", "from .. import x\nfrom ..part import y\nz = x + y\n")
        z.writestr("pack/text.txt", "text")
        z.writestr("top.py", "import pack.part\nfrom pack.inner import deep\n")
    sys.path.insert(0, archive)
    import pack
    print(pack.__path__[0][len(folder):], type(pack.__loader__).__name__)
    import pack.part
    import pack.inner.deep
    import top
    print(pack.part.y, pack.inner.deep.z, top.deep is pack.inner.deep, pack.part.__spec__.parent)
    print([(found.name, found.ispkg) for found in pkgutil.walk_packages([archive])])
    print(pkgutil.get_data("pack", "text.txt"), pack.part.__file__[len(folder):])
    try:
        import pack.absent
    except ModuleNotFoundError as error:
        print(error)
    sys.path.remove(archive)

for name, content in (("listed", {"__all__": [b"bytes"]}), ("found", {5: 1}), ("unnamed", {"__all__": [3], "__name__": 5})):
    module = types.ModuleType(name)
    vars(module).update(content)
    sys.modules[name] = module
    try:
        exec("from %s import *" % name, {})
    except TypeError as error:
        print(error)

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for given in ({"__package__": None, "__spec__": None, "__name__": "json.x"}, {"__name__": "json", "__path__": []},
                  {"__package__": "json", "__spec__": type(sys.__spec__)("email.x", None)}):
        print(__import__("decoder" if "json" in str(given) else "x", given, {}, ("JSONDecoder",), 1).__name__)
    for warning in caught:
        print(warning.category.__name__, warning.message)
