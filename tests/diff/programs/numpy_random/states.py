# Seeds, states, seed sequences, bit generators, and the functions of the module.
import copy
import pickle

import numpy as np


def attempt(call):
    try:
        result = call()
        print(repr(result), type(result).__name__)
    except Exception as error:
        print(type(error).__name__, error)


def module_functions():
    np.random.seed(42)
    print(np.random.rand(), np.random.rand(2, 2), np.random.randn(3), np.random.randint(0, 10, 5), np.random.random(2),
        np.random.random_sample())
    print(np.random.choice(10, 3), np.random.uniform(1, 2), np.random.normal(size=2), np.random.permutation(5),
        np.random.standard_normal())
    state = np.random.get_state()
    first = np.random.randn(5)
    np.random.set_state(state)
    print(state[0], state[2:], (np.random.randn(5) == first).all(), np.random.sample(2), np.random.ranf())
    np.random.seed([1, 2, 3])
    print(np.random.random(3))
    np.random.seed(np.array([7, 8], dtype=np.uint32))
    print(np.random.random(3), np.random.RandomState(np.int64(9)).rand(2), np.random.RandomState(0).randn(2))
    legacy = np.random.RandomState(4)
    legacy.randn()
    kept = legacy.get_state(legacy=False)
    other = np.random.RandomState()
    other.set_state(kept)
    print(legacy.randn(3), other.randn(3), str(legacy), kept["has_gauss"], sorted(kept))


def sequences():
    for entropy in (0, 1, 2**32, 2**130 + 17, [1, 2, 3], (5, 2**70), range(4), np.array([1, 2], np.uint32), np.arange(3)):
        sequence = np.random.SeedSequence(entropy)
        print(sequence.generate_state(6), sequence.generate_state(3, np.uint64), sequence.pool)
    sequence = np.random.SeedSequence(99)
    children = sequence.spawn(2) + sequence.spawn(1)
    print(sequence, [c.spawn_key for c in children], [int(c.generate_state(1)[0]) for c in children], sequence.n_children_spawned)
    grandchild = children[1].spawn(1)[0]
    print(repr(grandchild), np.random.default_rng(grandchild).random(2), sequence.state)
    print(np.random.SeedSequence(3, spawn_key=(1, 2), pool_size=8))


def bit_generators():
    for source in (np.random.MT19937, np.random.PCG64, np.random.PCG64DXSM, np.random.Philox, np.random.SFC64):
        bits = source(123)
        rng = np.random.Generator(bits)
        rng.integers(0, 100, dtype=np.int32)
        state = bits.state
        first = rng.random(3), rng.integers(0, 1000, 3, dtype=np.int32)
        bits.state = state
        print(source.__name__, first, rng.random(3), rng.integers(0, 1000, 3, dtype=np.int32), str(rng), bits.random_raw())
        print({key: value for key, value in state.items() if source is not np.random.MT19937})
    for source in (np.random.PCG64, np.random.PCG64DXSM, np.random.Philox):
        print(source(5).jumped().random_raw(2), source(5).jumped(3).random_raw(2), source(5).advance(10**20).random_raw(2))
    print(np.random.Philox(key=12, counter=[1, 2, 3, 4]).random_raw(5), np.random.PCG64(1).jumped().state)
    rng = np.random.default_rng(8)
    print(np.random.default_rng(rng) is rng, rng.bit_generator.__class__, np.random.default_rng(np.random.SFC64(1)).random())


def copies():
    for made in (np.random.default_rng(3), np.random.RandomState(3), np.random.PCG64(3), np.random.Philox(3), np.random.MT19937(3)):
        draw = getattr(made, "standard_normal", None) or made.random_raw
        draw()
        again, third = pickle.loads(pickle.dumps(made)), copy.deepcopy(made)
        first = draw(3)
        for other in (again, third):
            print(type(other).__name__, first, (getattr(other, "standard_normal", None) or other.random_raw)(3))


def errors():
    for seed in (-1, 2**32, 1.5, "a", [], [1, -2], [[1]], [1.5]):
        attempt(lambda: np.random.seed(seed))
    for seed in (-1, "a", 1.5, [1.5], ["x"], ["0x1f", "12"]):
        attempt(lambda: np.random.default_rng(seed).random())
    for call in (lambda: np.random.Generator(5), lambda: np.random.RandomState().set_state(5), lambda: np.random.BitGenerator(),
                 lambda: np.random.RandomState().set_state(("a", 1, 2)), lambda: setattr(np.random.PCG64(), "state", {}),
                 lambda: np.random.Philox(1, key=2), lambda: np.random.SeedSequence(1, pool_size=2), lambda: np.random.rand(2,
                 "a")):
        attempt(call)


module_functions()
sequences()
bit_generators()
errors()
copies()
