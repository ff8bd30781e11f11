"""Generic aliases: substitution of parameters, TypeVarTuple, ParamSpec."""
from typing import *
T=TypeVar("T"); U=TypeVar("U"); Ts=TypeVarTuple("Ts"); P=ParamSpec("P")
print(list[T][int], dict[T, U][int, str], tuple[T, ...][int], list[dict[T, int]][str], tuple[*Ts][int, str], tuple[T, *Ts][int, str, float], tuple[*tuple[int, str]])
for bad in (lambda: list[int][str], lambda: dict[T, U][int], lambda: list[T][int, str]):
    try: print(bad())
    except TypeError as e: print(e)
print(*list[int], list[T] | None, (list[T] | None)[int])
import collections.abc
print(collections.abc.Callable[[int], T][str], collections.abc.Callable[P, T][[int, str], bool])
class G(Generic[T, *Ts]): pass
print(G[int, str, float], next(iter(tuple[int, str])).__unpacked__)
