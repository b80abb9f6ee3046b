"""Gradients of losses that compute with Python's floats."""

from __future__ import annotations

import gc
from array import array
from contextlib import contextmanager
from typing import Any, Iterator

from ..calls import Call
from ..context import Context
from ..modules import OwnModules
from ..problems import NotExact
from .substitutes import substitute
from .tape import Tape, Traced, plain, substitute_of, traced_sum


def use_tape(modules: OwnModules) -> None:
    """Puts a math with derivatives into the own modules."""
    substitute(modules, substitute_of, {"sum": traced_sum})


#: How many objects a tape may add between two collections. Python's own 700 takes a third of the time of a long tape, which has no cycles
#: to collect; without any collection, the cycles of the user's code would fill the memory.
_OBJECTS = 100_000


@contextmanager
def _few_collections() -> Iterator[None]:
    youngest, *older = gc.get_threshold()
    # 0 means that the user's code has switched the collector off.
    if 0 < youngest < _OBJECTS:
        gc.set_threshold(_OBJECTS, *older)
    try:
        yield
    finally:
        gc.set_threshold(youngest, *older)


class PlainTape:
    """Reverse mode on a tape, of a load of the modules that uses it."""

    words = "reverse mode"
    is_plain = False

    def __init__(self, call: Call) -> None:
        self._call = call

    def value_and_gradient(self, params: memoryview, context: Context) -> tuple[Any, memoryview]:
        with _few_collections():
            return self._on_tape(params, context)

    def _on_tape(self, params: memoryview, context: Context) -> tuple[Any, memoryview]:
        tape = Tape()
        vector = [tape.parameter(value) for value in params.tolist()]
        try:
            result = self._call(vector, context)
        except (TypeError, AttributeError) as error:
            # The plain program may fail in the same way: the caller then evaluates it, and its error is shown.
            raise NotExact(f"{type(error).__name__}: {error}") from error
        if not isinstance(result, Traced):
            return result, memoryview(bytes(8 * len(params)))
        return plain(result), memoryview(array("d", tape.gradient(result, len(params)))).cast("B")
