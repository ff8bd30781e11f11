"""Classes that define a single one of the operators: nothing else of theirs may matter."""
import operator

NAMES = ["lt", "le", "eq", "ne", "gt", "ge", "add", "mul", "sub", "mod", "lshift", "and", "or", "xor", "matmul", "pow"]

for name in NAMES:
    method = lambda self, other, name=name: name
    operation = getattr(operator, name, None) or getattr(operator, name + "_")
    for base in (object, type("Base", (), {"value": 1})):
        one = type("One", (base,), {f"__{name}__": method})
        derived = type("Derived", (one,), {})
        print(name, operation(one(), one()), operation(derived(), 3), operation(one(), derived()))


class Late:
    pass


Late.__le__ = lambda self, other: "assigned later"
print(Late() <= Late(), Late() >= Late())
