"""Finds the expressions whose values are at their asymptotes: sigmoid, tanh, softmax and others, also where they are written as quotients."""

from __future__ import annotations

import contextlib
import math
import sys
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

from .origin import eagerly
from .outcome import operands_of
from .recorder import INACTIVE, Recorder
from .site_table import Site, SiteTable
from .values import is_array, is_tensor, native, package_of, shape_of

#: Values this near to their asymptote are saturated, relative to their range.
_NEAR = 0.01
#: The largest depth that the rounded value of a logistic function shows.
_DEEPEST = 37.0
#: A longer array is not examined.
_MOST_ELEMENTS = 100_000

#: The asymptotes of functions by name, and how deep an argument lies behind them; without an argument, the value shows it.
_HALF_PI = math.pi / 2
_BOUNDED: Dict[str, Tuple[float, float, Optional[Callable[[float], float]]]] = {
    **dict.fromkeys(("sigmoid", "sigmoid_", "expit", "logistic"), (0.0, 1.0, abs)),
    **dict.fromkeys(("tanh", "tanh_"), (-1.0, 1.0, lambda z: 2 * abs(z))),
    **dict.fromkeys(("atan", "arctan"), (-_HALF_PI, _HALF_PI, lambda z: math.log1p(abs(z)))),
    "erf": (-1.0, 1.0, lambda z: z * z),
    "softmax": (0.0, 1.0, None),
}


class Bounded(NamedTuple):
    """The values of one evaluation of an expression with asymptotes, in one order with its arguments."""

    low: float
    high: float
    values: List[float]
    depths: List[float]
    arguments: List[float]

    def is_low(self, value: float) -> bool:
        return value - self.low < self.high - value

    def is_saturated(self, value: float) -> bool:
        return min(value - self.low, self.high - value) <= _NEAR * (self.high - self.low)


#: The number of the place of an expression, and that of a function which it calls inside of a package; 0 is the first one.
Key = Tuple[int, int]


def record_bounded(table: SiteTable, evaluate: Callable[[], Any]) -> Dict[Key, List[Bounded]]:
    """The expressions with asymptotes in an evaluation of the instrumented module, and the functions that torch calls in one, such as the
    layers of a model; empty if it raises."""
    recorder = _BoundedRecorder(table)
    with _evaluating(table, recorder), _inside_packages(recorder):
        evaluate()
        return recorder.found
    return {}


def loss_beyond(table: SiteTable, site: int, by: float, evaluate: Callable[[], float]) -> float:
    """The loss with the saturated values of an expression moved beyond their asymptotes, in units of their range; NaN if it raises."""
    with _evaluating(table, _MovingRecorder(table, site, by)):
        return evaluate()
    return math.nan


def loss_with_values_of(
    table: SiteTable, site: int, first: Callable[[], float], then: Callable[[], float]
) -> Tuple[float, float]:
    """The loss of two evaluations, the second one with the values that the expression had in the first; NaN if one raises."""
    recorder = _FreezingRecorder(table, site)
    with _evaluating(table, recorder):
        before = first()
        recorder.is_frozen = True
        return before, then()
    return math.nan, math.nan


@contextlib.contextmanager
def _evaluating(table: SiteTable, recorder: Recorder) -> Iterator[None]:
    try:
        with eagerly():
            table.bind(recorder.functions())
            yield
    except Exception:
        # The loss may raise there.
        pass
    finally:
        table.bind(INACTIVE)


class _BoundedRecorder(Recorder):
    watching = True

    def __init__(self, table: SiteTable) -> None:
        super().__init__(table)
        self.found: Dict[Key, List[Bounded]] = {}
        #: What torch computed inside of the expression that is being evaluated.
        self.inside: List[Bounded] = []
        self._quotients = _Quotients()

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        place = self.table.sites[site]
        inside, self.inside = self.inside, []
        found = inside or self._bounded(place, value, operands)
        for number, each in enumerate(found):
            self.found.setdefault((site, number), []).append(each)
        return value

    def _bounded(self, place: Site, value: Any, operands: Sequence[Any]) -> List[Bounded]:
        if place.operation != "call":
            known = self._quotients.of(place, value, operands)
            return [] if known is None else [known]
        self._quotients.called(place, value, operands)
        if place.name not in _BOUNDED or _is_recorded_function(self.table, place, operands):
            return []
        given = next(iter(operands_of(place, operands)), None)
        known = bounded_by(place.name, given, value)
        return [] if known is None else [known]


def bounded_by(name: str, argument: Any, value: Any) -> Optional[Bounded]:
    """None if the value has not the bounds of a function of this name."""
    low, high, depth = _BOUNDED[name]
    values, arguments = _numbers(value), _numbers(argument)
    if values is None or arguments is None or not all(low <= each <= high for each in values):
        return None
    if len(values) != len(arguments):
        arguments = []
    return _bounded(low, high, values, arguments, depth)


def _bounded(
    low: float, high: float, values: List[float], arguments: List[float], depth: Optional[Callable[[float], float]]
) -> Bounded:
    if depth is not None and arguments:
        return Bounded(low, high, values, [depth(each) for each in arguments], arguments)
    distances = (min(each - low, high - each) / (high - low) for each in values)
    return Bounded(low, high, values, [-math.log(each) if each > 0 else _DEEPEST for each in distances], arguments)


class _Quotients:
    """Recognises c/(d + exp(z)) with constants c and d, and exp(z)/sum where the sum is at least exp(z), by the identity of values."""

    def __init__(self) -> None:
        #: The value of each exponential, with its argument; they are kept, so that no identity is used again.
        self._exponentials: Dict[int, Tuple[Any, Any]] = {}
        #: d + exp(z), with d and z.
        self._sums: Dict[int, Tuple[Any, float, Any]] = {}

    def called(self, place: Site, value: Any, operands: Sequence[Any]) -> None:
        given = operands_of(place, operands)
        if place.name == "exp" and given and len(self._exponentials) < _MOST_ELEMENTS:
            self._exponentials[id(value)] = (value, given[0])

    def of(self, place: Site, value: Any, operands: Sequence[Any]) -> Optional[Bounded]:
        if len(operands) != 2:
            return None
        a, b = operands
        if place.operation == "+":
            for offset, exponential in ((a, b), (b, a)):
                known = self._exponentials.get(id(exponential))
                is_constant = isinstance(offset, (int, float)) and id(offset) not in self._exponentials
                if known is not None and is_constant and offset > 0:
                    self._sums[id(value)] = (value, float(offset), known[1])
            return None
        if place.operation != "/":
            return None
        known_sum = self._sums.get(id(b))
        if known_sum is not None and isinstance(a, (int, float)) and a != 0:
            top = a / known_sum[1]
            values, arguments = _numbers(value), _numbers(known_sum[2])
            if values is None or arguments is None:
                return None
            return _bounded(min(0.0, top), max(0.0, top), values, arguments, abs)
        share = self._exponentials.get(id(a))
        values = None if share is None else _numbers(value)
        if share is None or values is None or not all(0 <= each <= 1 for each in values):
            return None
        return _bounded(0.0, 1.0, values, _numbers(share[1]) or [], None)


class _MovingRecorder(Recorder):
    watching = True

    def __init__(self, table: SiteTable, site: int, by: float) -> None:
        super().__init__(table)
        self._bounds = _BoundedRecorder(table)
        self._site = site
        self._by = by

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        self._bounds.found.clear()
        self._bounds.examine(site, value, operands, mark)
        found = self._bounds.found.get((self._site, 0))
        return _moved(value, found[0], self._by) if site == self._site and found else value


def _moved(value: Any, bounds: Bounded, by: float) -> Any:
    moved = [_beyond(each, bounds, by) for each in bounds.values]
    if isinstance(value, float) and not shape_of(value):
        return type(value)(moved[0])
    if is_tensor(value):
        return value.new_tensor(moved).reshape(value.shape)
    numpy = sys.modules["numpy"]
    array = numpy.array(moved, dtype=value.dtype).reshape(shape_of(value))
    return sys.modules["jax"].numpy.asarray(array) if type(value).__module__.startswith("jax") else array


def _beyond(value: float, bounds: Bounded, by: float) -> float:
    if not bounds.is_saturated(value):
        return value
    distance = by * (bounds.high - bounds.low)
    return bounds.low - distance if bounds.is_low(value) else bounds.high + distance


class _FreezingRecorder(Recorder):
    watching = True

    def __init__(self, table: SiteTable, site: int) -> None:
        super().__init__(table)
        self._site = site
        self._kept: List[Any] = []
        self.is_frozen = False

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        if site != self._site:
            return value
        if self.is_frozen:
            return self._kept.pop(0)
        self._kept.append(value)
        return value


@contextlib.contextmanager
def _inside_packages(recorder: _BoundedRecorder) -> Iterator[None]:
    """Also sees the functions that torch calls itself, such as those of the layers of a model."""
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return

    class Watching(torch.overrides.TorchFunctionMode):  # type: ignore[misc, name-defined]
        def __torch_function__(self, function: Any, types: Any, arguments: Any = (), options: Any = None) -> Any:
            result = function(*arguments, **(options or {}))
            name = getattr(function, "__name__", "")
            if name in _BOUNDED and arguments and is_tensor(result):
                known = bounded_by(name, arguments[0], result)
                # A function of torch may call another one with the same result.
                if known is not None and known not in recorder.inside:
                    recorder.inside.append(known)
            return result

    with Watching():
        yield


def _is_recorded_function(table: SiteTable, place: Site, operands: Sequence[Any]) -> bool:
    """Whether the expression calls a function of the user's, which has an expression of its own."""
    function = operands[0] if place.calls_name and operands else None
    return getattr(getattr(function, "__code__", None), "co_filename", None) in table.paths


def _numbers(value: Any) -> Optional[List[float]]:
    plain = native(value)
    if isinstance(plain, (int, float)) and not isinstance(plain, bool) and not shape_of(plain):
        return [float(plain)]
    if plain is None or not is_array(plain) or math.prod(shape_of(plain)) > _MOST_ELEMENTS:
        return None
    return [float(each) for each in plain.reshape(-1).tolist()]
