"""Strings that grow by += in local variables: whoever else holds an earlier one must not see them grow."""

PIECE = 'abcdefghij' * 30


def plain(count):
    text = ''
    for i in range(count):
        text += 'ab' + str(i)
    return text


def kept_in_list(count):
    text, kept = PIECE, []
    for i in range(count):
        text += str(i)
        kept.append(text)
    return [len(item) for item in kept], len(set(kept))


def kept_sometimes(count):
    text, kept = '', []
    for i in range(count):
        text += PIECE
        if i % 3 == 0:
            kept.append(text)
    return [len(item) for item in kept]


def restarted(count):
    lines, line = [], ''
    for i in range(count):
        line = ''
        for j in range(5):
            line += PIECE
            line += str(j)
        lines.append(line)
    return [len(item) for item in lines], lines[0] == lines[1]


def read_before_add(count):
    kept, text = [], PIECE

    def note(item):
        kept.append(item)
        return 'x'

    for _ in range(count):
        text += note(text)
    return [len(item) for item in kept]


def stored_back():
    text = PIECE
    for _ in range(3):
        text += 'x'
    held = text
    text = ''
    text = held
    for _ in range(3):
        text += 'y'
    return len(held), len(text), held.endswith('xxx')


def passed_on(text):
    for _ in range(2):
        text += 'z' * 200
    return text


def by_activation():
    first = passed_on('')
    second = passed_on(first)
    third = passed_on(first)
    return len(first), len(second), second == third


def recursive(depth, text):
    for _ in range(2):
        text += 'r' * 150
    if depth == 0:
        return text
    deeper = recursive(depth - 1, text)
    for _ in range(2):
        text += 's'
    return deeper + text[-4:]


def self_added():
    text = PIECE
    for _ in range(5):
        text += text
    return len(text)


def widths():
    text = ''
    for i in range(600):
        text += chr(65 + i)
        text += 'ascii'
    text += '\U0001f600'
    for i in range(600):
        text += chr(65 + i)
    return len(text), hash(text) == hash(text[:]), text.isascii(), text[-3:]


def conditional(count):
    text = ''
    for i in range(count):
        text += 'one, ' if i % 2 else 'three, '
    return len(text), text[-12:]


def hashed(count):
    text, seen = PIECE, {}
    for i in range(count):
        text += 'k'
        seen[text] = i
    return len(seen), sorted(seen.values())[-1], seen[text]


def looked_at(count):
    text, sizes = PIECE, []
    for i in range(count):
        text += 'v'
        sizes.append(locals()['text'])
    return [len(item) for item in sizes]


def yielding(count):
    text = PIECE
    for _ in range(count):
        text += 'g'
        text = (yield text) or text


def resumed():
    first, second = yielding(9), yielding(9)
    held = next(first)
    next(second)
    grown = second.send(held)
    again = first.send(held)
    return len(held), len(grown), len(again)


def in_handler(count):
    text, kept = PIECE, []
    for i in range(count):
        try:
            text += 'h'
            if i % 2:
                raise ValueError(text)
        except ValueError as error:
            kept.append(error.args[0])
    return [len(item) for item in kept]


def by_other_name(count):
    text = PIECE
    for _ in range(count):
        other = text
        text += 'o'
    return len(other), len(text)


class Text(str):
    pass


def derived():
    text = Text(PIECE)
    text += 'd'
    kept = text
    for _ in range(3):
        text += 'd'
    return type(text).__name__, len(kept), len(text)


def sliced():
    text = PIECE
    total = 0
    for i in range(50):
        text += 'sl'
        total += len(text)
        part = text[:280]
    return total, len(part)


def iterated():
    text = PIECE
    for character in text:
        text += character
    return len(text)


def two(count):
    left = right = PIECE
    for i in range(count):
        left += 'l'
        right += 'rr'
    return len(left), len(right), left[-1], right[-1]


def swapped(count):
    left, right = PIECE + '1', PIECE + '2'
    for i in range(count):
        left += 'l'
        left, right = right, left
        right += 'r'
    return left, right


for check in (plain, kept_in_list, kept_sometimes, restarted, read_before_add, conditional, hashed, looked_at, in_handler,
              by_other_name, two, swapped):
    result = check(12)
    print(check.__name__, result if len(str(result)) < 300 else hash(str(result)))
for check in (stored_back, by_activation, self_added, widths, resumed, derived, sliced, iterated):
    print(check.__name__, check())
print(len(recursive(6, '')), hash(recursive(6, '')))
print(len(plain(30000)), hash(plain(3000)))
