"""How the user's functions are called."""

from __future__ import annotations

from typing import Any, Callable, Optional, Protocol

from .arrays import Arrays
from .context import Context, names_asked_for
from .seeds import set_seeds
from .structure import leaves_of, rebuilt


class Vector(Protocol):
    """How a loss takes its parameter vector."""

    #: The number of parameters of the function that take it; None: all positional ones.
    parameters: Optional[int]

    def arguments(self, vector: Any, arrays: Arrays) -> tuple[Any, ...]:
        """The positional arguments that hold the coordinates."""


class Plain:
    """One array, one dict with a number for each name, or one argument for each coordinate."""

    def __init__(self, kind: str, names: list[str]) -> None:
        self.kind = kind
        self._names = names
        self.parameters = None if kind == "rest" else len(names) if kind == "numbers" else 1

    def arguments(self, vector: Any, arrays: Arrays) -> tuple[Any, ...]:
        if self.kind == "object":
            return (dict(zip(self._names, arrays.elements(vector))),)
        if self.kind in ("numbers", "rest"):
            return tuple(arrays.elements(vector))
        return (vector,)


class Structured:
    """The structure that `params` gives."""

    parameters = 1

    def __init__(self, structure: Any, name: str) -> None:
        self._structure = structure
        self._leaves = leaves_of(structure, name)

    def arguments(self, vector: Any, arrays: Arrays) -> tuple[Any, ...]:
        parts = []
        start = 0
        for leaf in self._leaves:
            parts.append(arrays.part(vector, start, leaf))
            start += leaf.size
        remaining = iter(parts)
        return (rebuilt(self._structure, lambda: next(remaining)),)


class Call:
    """A function of the user with its way to take the vector and the context.

    ``draws`` says whether it may draw random numbers: the generators are then seeded before each call.
    """

    def __init__(self, function: Callable[..., Any], name: str, vector: Vector, arrays: Arrays, draws: bool) -> None:
        self.function = function
        self.name = name
        self.vector = vector
        self.arrays = arrays
        self.asks = names_asked_for(function, vector.parameters)
        self._draws = draws

    def __call__(self, vector: Any, context: Context) -> Any:
        if self._draws:
            set_seeds(context.seed)
        arguments = self.vector.arguments(vector, self.arrays)
        if not self.asks:
            return self.function(*arguments)
        return self.function(*arguments, **{name: context.of(name) for name in self.asks})
