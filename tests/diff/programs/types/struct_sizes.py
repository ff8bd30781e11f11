"""Struct formats whose sizes come near, reach and pass what a size may be."""
import struct

for number in (2**62, 2**63 - 1, 2**63, 2**63 - 8, 2**64, 2**60):
    for code in "scpxbhiqdP?":
        for order in "@<":
            try:
                print(number, order, code, struct.calcsize(f"{order}{number}{code}"))
            except struct.error as error:
                print(number, order, code, error)
for text in (f"{2**62}s{2**62}s", f"{2**63 - 1}x1i", f"{2**63 - 3}xi", f"{2**63 - 2}x0i", f"i{2**63 - 4}x", f"<i{2**63 - 5}x"):
    try:
        print(text, struct.calcsize(text), struct.Struct(text).size)
    except struct.error as error:
        print(text, error)
