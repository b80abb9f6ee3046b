"""The exact gradient of a loss, while the program that computes it has the values of the plain one."""

from __future__ import annotations

from struct import pack
from typing import Any, Callable, Optional

from .calls import Call
from .context import Context
from .gradients.method import Method
from .output import silent
from .problems import NotExact
from .results import number_of


class ExactGradient:
    """Tries the ways to compute the gradient of a loss in order, and takes the next one when one fails."""

    def __init__(self, ways: list[tuple[str, Callable[[], Method]]], on_change: Callable[[], None]) -> None:
        self._ways = ways
        self._on_change = on_change
        self._method: Optional[Method] = None
        self._evaluations = 0
        #: Why each way that was tried does not hold: (words, reason).
        self.refused: list[tuple[str, str]] = []

    @property
    def words(self) -> Optional[str]:
        """The way in use; None if there is none."""
        method = self._current()
        return method and method.words

    def value_and_gradient(
        self, params: memoryview, context: Context, plain: Call, entering: Callable[[bool], None]
    ) -> tuple[float, memoryview]:
        """The loss and its gradient as float64. Raises NotExact if no way is left, and what the user's code raises.

        ``entering(is_plain)`` is called before the plain program (True) or the one of the method (False) is evaluated.
        """
        while True:
            method = self._current()
            if method is None:
                # An error that the plain program has too is better reported as such.
                with silent():
                    entering(True)
                    number_of(plain(plain.arrays.vector(params), context), plain.name)
                raise NotExact(self.reason)
            try:
                entering(method.is_plain)
                result, gradient = method.value_and_gradient(params, context)
                loss = number_of(result, plain.name)
                if not method.is_plain:
                    self._compare(loss, params, context, plain, entering)
                return loss, gradient
            except NotExact as refusal:
                self._drop(str(refusal))

    @property
    def reason(self) -> str:
        return "; ".join(reason for _, reason in self.refused) or "no way to compute it is known"

    def _current(self) -> Optional[Method]:
        while self._method is None and self._ways:
            words, make = self._ways[0]
            try:
                self._method = make()
            except (NotExact, ImportError) as error:
                self._drop(str(error))
        return self._method

    def _drop(self, reason: str) -> None:
        words, _ = self._ways.pop(0)
        self.refused.append((words, reason))
        self._method = None
        self._evaluations = 0
        self._on_change()

    def _compare(
        self, loss: float, params: memoryview, context: Context, plain: Call, entering: Callable[[bool], None]
    ) -> None:
        """Compares the value with that of the plain program, bit for bit, at the evaluations 1, 2, 4, 8 and so on."""
        self._evaluations += 1
        if self._evaluations & (self._evaluations - 1) != 0:
            return
        with silent():
            entering(True)
            expected = number_of(plain(plain.arrays.vector(params), context), plain.name)
        if pack("<d", expected) != pack("<d", loss) and not (expected != expected and loss != loss):
            raise NotExact(f"{self.words} gives the loss {loss!r} where {plain.name} gives {expected!r}")
