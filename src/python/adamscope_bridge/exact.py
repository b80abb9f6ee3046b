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

#: Called before the loss of a load is evaluated.
Entering = Callable[[UserLoss], None]


class ExactGradient:
    """Tries the ways to compute the gradient of a loss in order, and takes the next one when one fails."""

    def __init__(self, ways: list[Way], on_change: Callable[[], None]) -> None:
        self._ways = ways
        self._on_change = on_change
        self._used: Optional[tuple[Method, UserLoss]] = None
        self._evaluations = 0
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
        self, params: memoryview, context: Context, plain: UserLoss, entering: Entering
    ) -> tuple[float, memoryview]:
        """The loss and its gradient as float64. Raises NotExact if no way is left, and what the user's code raises."""
        while True:
            used = self._current()
            if used is None:
                # An error that the plain program has too is better reported as such.
                self._plain_value(params, context, plain, entering)
                raise NotExact("; ".join(self.reasons) or "no way to compute it is known")
            method, user = used
            try:
                entering(user)
                result, gradient = method.value_and_gradient(params, context)
                loss = number_of(result, plain.loss.name)
                if not method.is_plain:
                    self._compare(loss, params, context, plain, entering)
                return loss, gradient
            except NotExact as refusal:
                entering(plain)
                self._drop(str(refusal))

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
        self._evaluations = 0
        self._on_change()

    def _compare(
        self, loss: float, params: memoryview, context: Context, plain: UserLoss, entering: Entering
    ) -> None:
        """Compares the value with that of the plain program, bit for bit, at the evaluations 1, 2, 4, 8 and so on."""
        self._evaluations += 1
        if self._evaluations & (self._evaluations - 1) != 0:
            return
        expected = self._plain_value(params, context, plain, entering)
        if pack("<d", expected) != pack("<d", loss) and not (expected != expected and loss != loss):
            raise NotExact(f"{self.words} gives the loss {loss!r} where {plain.loss.name} gives {expected!r}")

    def _plain_value(self, params: memoryview, context: Context, plain: UserLoss, entering: Entering) -> float:
        with silent():
            entering(plain)
            return number_of(plain.loss(plain.arrays.vector(params), context), plain.loss.name)
