"""One loading of the user's loss, with everything that the job evaluates of it."""

from __future__ import annotations

from array import array
from math import isnan, nan
from typing import Any, Callable, Optional

from .causes import origin_of_non_finite
from .channel import BESIDE, PROVIDED, VALIDATION, WITH_GRADIENT, Evaluation
from .context import Context
from .cut_watch import CutWatch
from .exact import ExactGradient
from .gradients.ways import ways_for
from .ieee import RAISED, IeeeLoss
from .modules import Texts
from .recorded import RecordedLoss
from .results import gradient_of, number_of
from .saturation import SaturationWatch
from .seeds import seed_of
from .user_loss import UserLoss


#: A change of a coordinate, relative to its size, that changes the loss also in float32.
_CHANGE = 1e-3


class Program:
    """A loss, loaded with the texts of the editor."""

    def __init__(self, request: dict[str, Any], texts: Texts) -> None:
        """Imports the modules. Raises Problem, and what they raise."""
        self._names: Optional[list[str]] = request["vector"]["names"] or None
        self._seed: int = request["seed"]
        self.user = UserLoss(request, texts)
        self._asks_for_key = self.user.library == "jax" and self.user.asks_for("key", "context")
        self._ieee = IeeeLoss(self.user)
        self._recorded_loss: Optional[RecordedLoss] = None
        self.notices: list[dict[str, Any]] = []
        ways = [] if request["gradientMode"] == "finite-difference" else ways_for(self.user)
        self.exact = ExactGradient(ways, lambda: self.notices.append({"type": "method"}))

    def evaluate(self, request: Evaluation) -> tuple[float, Optional[memoryview]]:
        """The loss, and its gradient as float64 if it is asked for. Raises what the user's code raises, Problem and NotExact."""
        self.user.modules.activate()
        context = self._context(request)
        try:
            return self._evaluated(request, context)
        except RAISED as error:
            # In the run itself, only numbers that have become too large are a value: another operand outside of a domain is an error.
            is_beside = bool(request.flags & BESIDE)
            loss = self._ieee.value(request.params, context) if is_beside or isinstance(error, OverflowError) else None
            if loss is None or (is_beside and isnan(loss)):
                raise
        has_gradient = request.flags & (WITH_GRADIENT | PROVIDED)
        return loss, memoryview(array("d", [nan] * len(request.params))).cast("B") if has_gradient else None

    def _evaluated(self, request: Evaluation, context: Context) -> tuple[float, Optional[memoryview]]:
        user = self.user
        if request.flags & PROVIDED:
            return self._provided(request.params, context)
        if request.flags & WITH_GRADIENT:
            return self.exact.value_and_gradient(request.params, context, user)
        if request.flags & VALIDATION:
            assert user.validation is not None
            return number_of(user.validation(user.arrays.vector(request.params), context), user.validation.name), None
        if user.gradient is None and self.exact.package == "jax":
            # A compiled program rounds in another way than the same operations one by one.
            return self.exact.value_and_gradient(request.params, context, user)[0], None
        return user.value(request.params, context), None

    def origin(self, request: dict[str, Any]) -> Optional[dict[str, Any]]:
        """The expression that makes the loss, or else its gradient, not finite; None if it is not found."""
        params, context = self._point(request)
        return origin_of_non_finite(self.user, self.exact.package, params, context, request["seconds"])

    def cuts(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """The expressions that round what depends on the coordinates of the request."""
        return self._cuts(request).cuts(request["coordinates"], *self._point(request))

    def cut_results(self, request: dict[str, Any]) -> list[tuple[int, float]]:
        """The results of the expressions that round: (number of the place, result)."""
        return self._cuts(request).results(*self._point(request))

    def cut_slopes(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """The derivatives of what these expressions get."""
        return self._cuts(request).slopes(*self._point(request))

    def cut_place(self, request: dict[str, Any]) -> dict[str, Any]:
        return self._recorded(request).place(request["site"])

    def rounding(self, request: dict[str, Any]) -> Optional[dict[str, Any]]:
        """How far rounding moves the loss at a point: see `probing.rounding_of`. None if it is not known."""
        from .probing import rounding_of

        recorded, (params, context) = self._recorded(request), self._point(request)
        return recorded.searched(lambda: rounding_of(recorded.table, lambda: recorded.value(params, context)))

    def lost_derivative(self, request: dict[str, Any]) -> Optional[dict[str, Any]]:
        """The expression that removes the derivative with respect to a coordinate; None if it is not found."""
        from .probing import lost_derivative

        recorded, (params, context) = self._recorded(request), self._point(request)
        index = request["coordinate"]
        changed = array("d", params)
        changed[index] += _CHANGE * max(1.0, abs(changed[index]))
        site = recorded.searched(
            lambda: lost_derivative(
                recorded.table,
                lambda: recorded.result(params, context),
                lambda: recorded.result(memoryview(changed), context),
                lambda result: number_of(result, self.user.loss.name),
            )
        )
        return None if site is None else recorded.place(site)

    def saturation(self, request: dict[str, Any]) -> Optional[dict[str, Any]]:
        """The expressions whose values are at their asymptotes; None if they are not known."""
        return SaturationWatch(self._recorded(request), *self._point(request), request["direction"]).saturation()

    def _cuts(self, request: dict[str, Any]) -> CutWatch:
        return CutWatch(self._recorded(request))

    def _recorded(self, request: dict[str, Any]) -> RecordedLoss:
        if self._recorded_loss is None:
            self._recorded_loss = RecordedLoss(self.user, request["seconds"])
        return self._recorded_loss

    def _point(self, request: dict[str, Any]) -> tuple[memoryview, Context]:
        """The parameters and the context of a request in JSON."""
        given = request["indices"]
        params = memoryview(array("d", map(float, request["params"])))
        indices = None if given is None else memoryview(array("i", given))
        return params, self._context(Evaluation(0, 0, request["step"], request["epoch"], indices, params))

    def varies_by_step(self, start: Optional[list[float]]) -> bool:
        """Whether the loss differs between two steps at its start because of random numbers. Evaluates this load twice."""
        given = start
        if given is None:
            own = self.user.start()
            given = own and own["values"]
        if given is None:
            return False
        params = memoryview(array("d", given))
        losses = []
        for step in (1, 2):
            try:
                losses.append(self.evaluate(Evaluation(0, 0, step, 0, None, params))[0])
            except Exception:
                # The loss may need samples, or fail here: the run will say so.
                return False
        return losses[0] != losses[1]

    def _provided(self, params: memoryview, context: Context) -> tuple[float, memoryview]:
        loss, gradient, vector = self.user.loss, self.user.gradient, self.user.arrays.vector
        assert gradient is not None
        value = number_of(loss(vector(params), context), loss.name)
        result = gradient(vector(params), context)
        return value, gradient_of(result, len(params), gradient.name, self._names)

    def _context(self, request: Evaluation) -> Context:
        seed = seed_of(self._seed, request.step)
        indices = None if request.indices is None else self.user.arrays.indices(request.indices)
        return Context(indices, request.step, request.epoch, seed, _key(seed) if self._asks_for_key else None)


def _key(seed: int) -> Any:
    import jax

    return jax.random.PRNGKey(seed)
