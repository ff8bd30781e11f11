"""_lsprof: calls are counted as CPython counts them; times are the machine's and not shown."""
import _lsprof


def leaf(n):
    return n if n < 2 else leaf(n - 1) + leaf(n - 2)


def branch():
    values = []
    for i in range(3):
        values.append(leaf(i + 3))
    return max(values)


profiler = _lsprof.Profiler()
profiler.enable()
branch()
profiler.disable()
rows = []
for entry in profiler.getstats():
    name = entry.code if isinstance(entry.code, str) else entry.code.co_name
    calls = sorted((c.code if isinstance(c.code, str) else c.code.co_name, c.callcount, c.reccallcount) for c in entry.calls or ())
    rows.append((name, entry.callcount, entry.reccallcount, entry.totaltime >= entry.inlinetime >= 0, calls))
for row in sorted(rows):
    print(row)
profiler.clear()
print(profiler.getstats())
