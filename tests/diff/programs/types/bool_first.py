# Arithmetic of two bools before anything has asked for their class.
def add(a, b):
    return a + b


print(add(True, True), add(True, False))
a = b = True
print(a * b, a - b, a << b, a // b, a % b, a ** b, a / b, a >> b)
a += b
print(a, -b, ~b, abs(b), divmod(b, b))
