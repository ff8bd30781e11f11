# What module gc tells of collections that the program asks for.
import gc


class Final:
    kept = None

    def __del__(self):
        Final.kept = self


print(gc.is_finalized(3), gc.is_finalized(Final), gc.is_finalized([]))
one = Final()
print(gc.is_finalized(one))
del one
print(gc.is_finalized(Final.kept))
print(gc.get_freeze_count())
gc.freeze()
print(gc.get_freeze_count() > 0)
gc.unfreeze()
print(gc.get_freeze_count())


def tell(phase, information):
    print(phase, sorted(information), information["generation"], information["uncollectable"])


gc.callbacks.append(tell)
ring = []
ring.append(ring)
del ring
print(gc.collect() >= 1)
gc.collect(1)
gc.callbacks.clear()
for wrong in (3, -1, "a", 1.0):
    try:
        gc.collect(wrong)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
before = gc.get_stats()
gc.collect(0), gc.collect(0), gc.collect(1)
print([new["collections"] - old["collections"] for new, old in zip(gc.get_stats(), before)])
for generation in (2, 0, 0, 1, 2):
    gc.collect(generation)
    print(gc.get_count()[1:])
gc.set_debug(gc.DEBUG_UNCOLLECTABLE)
print(gc.get_debug())
gc.set_debug(0)
print(gc.get_debug())
