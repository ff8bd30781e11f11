# Sets that are constants of the code: large ones whose items collide, so that the order depends on how often CPython makes them.


def texts():
    return [
        {'dark four', 'dark three', 'red five', 'blue two', 'dark five', 'dark one', 'light one', 'pale five', 'red three',
         'pale one', 'red one'},
        {'light two', 'light five', 'red three', 'green one', 'pale four', 'dark four', 'red two', 'green five'},
        {'pale two', 'pale three', 'green four', 'dark one', 'dark five', 'light four', 'blue three', 'light three'},
    ]


def numbers():
    return {0xfffe, 0xffff, 0x1fffe, 0x1ffff, 0x2fffe, 0x2ffff, 0x3fffe, 0x3ffff, 0x4fffe, 0x4ffff, 1, 8, 16, 32, 64, -1, 1 << 20,
            0.5, -0.5, 2.0 ** 40}


def contains(x):
    return x in {'green four', 'dark three', 'green three', 'green two', 'light three', 'dark one', 'pale four', 'light four',
                 'light five', 'blue three', 'red five', 'pale three', 'dark five', 'dark two', 'light one'}


def small():
    return {'a b', 'c d', 'e f', 'g h', 'i j'}, {8, 0, 16, 24}


for items in texts():
    print(items, sorted(items))
print(numbers())
print(contains('dark one'), contains('none'))
print([constant for constant in contains.__code__.co_consts if isinstance(constant, frozenset)])
print(small())
print(eval("[x for x in {'light two', 'light five', 'red three', 'green one', 'pale four', 'dark four', 'red two', 'green five'}]"))
