# Formats made anew each time, equal to earlier ones, whose places in memory are used again for others.
import struct

total = 0
for round in range(20000):
    for code in "bhiq":
        format = "<" + code * (1 + round % 3)
        values = struct.unpack(format, struct.pack(format, *range(1 + round % 3)))
        total += struct.calcsize(format) + sum(values)
        garbage = [format.upper() for _ in range(3)]
print(total)
