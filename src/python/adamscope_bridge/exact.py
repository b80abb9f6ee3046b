"""The exact gradient of a loss, while the program that computes it has the values of the plain one."""

from __future__ import annotations

from struct import pack
from typing import Callable, Optional

from .context import Context
from .gradients.method import Method
from .gradients.ways import Way
from .output import silent
from .problems import NotExact
from .results import number_of
from .user_loss import UserLoss

class ExactGradient:
    """Tries the ways to compute the gradient of a loss in order, and takes the next one when one fails."""

    def __init__(self, ways: list[Way], on_change: Callable[[], None]) -> None:
        self._ways = ways
        self._on_change = on_change
        self._used: Optional[tuple[Method, UserLoss]] = None
        #: Why each way that was tried does not hold.
        self.reasons: list[str] = []

    @property
    def words(self) -> Optional[str]:
        """The way in use, in words; None if there is none."""
        used = self._current()
        return used and used[0].words

    @property
    def package(self) -> Optional[str]:
        """The package that differentiates; None if none does."""
        return self._ways[0].package if self._current() else None

    def value_and_gradient(
        self, params: memoryview, context: Context, plain: UserLoss
    ) -> tuple[float, memoryview]:
        """The loss and its gradient as float64. Raises NotExact if no way is left, and what the user's code raises."""
        while True:
            used = self._current()
            if used is None:
                # An error that the plain program has too is better reported as such.
                with silent():
                    plain.value(params, context)
                raise NotExact("; ".join(self.reasons) or "no way to compute it is known")
            method, user = used
            try:
                user.modules.activate()
                # What the plain program prints is shown, and its warnings.
                with silent(not method.is_plain):
                    result, gradient = method.value_and_gradient(params, context)
                loss = number_of(result, plain.loss.name)
                if not method.is_plain:
                    self._compare(loss, params, context, plain)
                return loss, gradient
            except NotExact as refusal:
                self._drop(str(refusal))
            finally:
                plain.modules.activate()

    def _current(self) -> Optional[tuple[Method, UserLoss]]:
        while self._used is None and self._ways:
            try:
                self._used = self._ways[0].make()
            except (NotExact, ImportError) as error:
                self._drop(str(error))
        return self._used

    def _drop(self, reason: str) -> None:
        self._ways.pop(0)
        self.reasons.append(reason)
        self._used = None
        self._on_change()

    def _compare(self, loss: float, params: memoryview, context: Context, plain: UserLoss) -> None:
        """Compares the value with that of the plain program, bit for bit."""
        plain.modules.activate()
        expected = plain.value(params, context)
        if pack("<d", expected) != pack("<d", loss) and not (expected != expected and loss != loss):
            raise NotExact(
                f"{self.words} gives the loss {loss!r} where {plain.loss.name} gives {expected!r}, so it does not compute the same"
            )
