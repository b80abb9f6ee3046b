"""Reverse mode for losses of plain floats: numbers that remember how they were computed.

Equation: for y = f(a, b), a_bar += y_bar * df/da and b_bar += y_bar * df/db, in reverse order of evaluation: Griewank and Walther,
Evaluating Derivatives (2008), chapter 3. The values are computed by the same operations as without the tape, so they have the same bits.
"""

from __future__ import annotations

import builtins
import math
from typing import Any, Callable, Iterable, Optional

from ..problems import NotExact


class Tape:
    """The operations of one evaluation, in order.

    An entry is (inputs, partial derivatives), and of an operation with one input (input, partial derivative): most operations have one, and
    the garbage collector visits each tuple.
    """

    def __init__(self) -> None:
        self.entries: list[tuple[Any, Any]] = []

    def parameter(self, value: float) -> Traced:
        return self.record(value, (), ())

    def record(self, value: float, inputs: tuple[int, ...], partials: tuple[float, ...]) -> Traced:
        self.entries.append((inputs, partials))
        return Traced(value, self, len(self.entries) - 1)

    def gradient(self, result: Traced, dim: int) -> list[float]:
        """The derivatives of a result with respect to the first `dim` entries."""
        adjoints = [0.0] * (result.index + 1)
        adjoints[result.index] = 1.0
        for index in range(result.index, dim - 1, -1):
            adjoint = adjoints[index]
            if adjoint == 0.0:
                continue
            inputs, partials = self.entries[index]
            if type(inputs) is int:
                adjoints[inputs] += adjoint * partials
                continue
            for source, partial in zip(inputs, partials):
                adjoints[source] += adjoint * partial
        gradient = adjoints[:dim]
        return gradient + [0.0] * (dim - len(gradient))


Number = Any


class Traced:
    """A float on a tape. Not a subclass of float: code that would drop the tape without notice fails instead."""

    __slots__ = ("value", "tape", "index")

    #: numpy then leaves operations with its arrays and numbers to this class.
    __array_ufunc__ = None

    def __init__(self, value: float, tape: Tape, index: int) -> None:
        self.value = value
        self.tape = tape
        self.index = index

    def _one(self, value: float, partial: float) -> Traced:
        tape = self.tape
        entries = tape.entries
        entries.append((self.index, partial))
        return Traced(value, tape, len(entries) - 1)

    def _two(self, value: float, other: Traced, mine: float, theirs: float) -> Traced:
        return self.tape.record(value, (self.index, other.index), (mine, theirs))

    def __add__(self, other: Number) -> Any:
        if isinstance(other, Traced):
            return self._two(self.value + other.value, other, 1.0, 1.0)
        return self._one(self.value + other, 1.0) if _is_real(other) else NotImplemented

    def __radd__(self, other: Number) -> Any:
        return self._one(other + self.value, 1.0) if _is_real(other) else NotImplemented

    def __sub__(self, other: Number) -> Any:
        if isinstance(other, Traced):
            return self._two(self.value - other.value, other, 1.0, -1.0)
        return self._one(self.value - other, 1.0) if _is_real(other) else NotImplemented

    def __rsub__(self, other: Number) -> Any:
        return self._one(other - self.value, -1.0) if _is_real(other) else NotImplemented

    def __mul__(self, other: Number) -> Any:
        if isinstance(other, Traced):
            return self._two(self.value * other.value, other, other.value, self.value)
        return self._one(self.value * other, float(other)) if _is_real(other) else NotImplemented

    def __rmul__(self, other: Number) -> Any:
        return self._one(other * self.value, float(other)) if _is_real(other) else NotImplemented

    def __truediv__(self, other: Number) -> Any:
        if isinstance(other, Traced):
            value = self.value / other.value
            return self._two(value, other, 1.0 / other.value, -value / other.value)
        return self._one(self.value / other, 1.0 / other) if _is_real(other) else NotImplemented

    def __rtruediv__(self, other: Number) -> Any:
        if not _is_real(other):
            return NotImplemented
        value = other / self.value
        return self._one(value, -value / self.value)

    def __pow__(self, other: Number) -> Any:
        if isinstance(other, Traced):
            value = self.value**other.value
            return self._two(
                _real(value), other, _power_slope(self.value, other.value), _exponent_slope(self.value, value)
            )
        if not _is_real(other):
            return NotImplemented
        return self._one(_real(self.value**other), _power_slope(self.value, other))

    def __rpow__(self, other: Number) -> Any:
        if not _is_real(other):
            return NotImplemented
        value = _real(other**self.value)
        return self._one(value, _exponent_slope(other, value))

    def __mod__(self, other: Number) -> Any:
        if isinstance(other, Traced):
            return self._two(self.value % other.value, other, 1.0, -float(self.value // other.value))
        return self._one(self.value % other, 1.0) if _is_real(other) else NotImplemented

    def __rmod__(self, other: Number) -> Any:
        return self._one(other % self.value, -float(other // self.value)) if _is_real(other) else NotImplemented

    def __neg__(self) -> Traced:
        return self._one(-self.value, -1.0)

    def __pos__(self) -> Traced:
        return self

    def __abs__(self) -> Traced:
        return self._one(abs(self.value), math.copysign(1.0, self.value) if self.value != 0 else 0.0)

    # A comparison has a value and no derivative.
    def __lt__(self, other: Number) -> bool:
        return self.value < plain(other)

    def __le__(self, other: Number) -> bool:
        return self.value <= plain(other)

    def __gt__(self, other: Number) -> bool:
        return self.value > plain(other)

    def __ge__(self, other: Number) -> bool:
        return self.value >= plain(other)

    def __eq__(self, other: object) -> bool:
        return self.value == plain(other)

    def __ne__(self, other: object) -> bool:
        return self.value != plain(other)

    def __hash__(self) -> int:
        return hash(self.value)

    def __bool__(self) -> bool:
        return self.value != 0

    def __repr__(self) -> str:
        return repr(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)

    def is_integer(self) -> bool:
        return self.value.is_integer()

    def __getattr__(self, name: str) -> Any:
        raise NotExact(f"the member {name} of a float is not differentiated")


def _refused(name: str, words: str) -> Callable[..., Any]:
    def call(self: Traced, *_: Any) -> Any:
        raise NotExact(words)

    call.__name__ = name
    return call


for _name, _words in {
    "__float__": "a parameter is converted to a float by code that is not the workspace's own (such as a function of numpy)",
    "__int__": "int() has no derivative",
    "__index__": "a parameter is used as an index",
    "__round__": "round() has no derivative",
    "__trunc__": "math.trunc has no derivative",
    "__floor__": "math.floor has no derivative",
    "__ceil__": "math.ceil has no derivative",
    "__floordiv__": "// has no derivative",
    "__rfloordiv__": "// has no derivative",
    "__divmod__": "divmod() has no derivative",
    "__rdivmod__": "divmod() has no derivative",
    "__complex__": "complex numbers are not differentiated",
}.items():
    setattr(Traced, _name, _refused(_name, _words))


def plain(value: Any) -> Any:
    return value.value if isinstance(value, Traced) else value


def _is_real(value: Any) -> bool:
    return isinstance(value, (int, float))


def _real(value: Any) -> float:
    if isinstance(value, complex):
        raise NotExact("a power is complex")
    return value


def _power_slope(base: float, exponent: float) -> float:
    """d(a^b)/da = b a^(b - 1)"""
    if exponent == 0:
        return 0.0
    try:
        return _real(exponent * base ** (exponent - 1))
    except ZeroDivisionError:
        return math.inf
    except OverflowError:
        return math.copysign(math.inf, exponent)


def _exponent_slope(base: float, value: float) -> float:
    """d(a^b)/db = a^b log a"""
    if base > 0:
        return value * math.log(base)
    return 0.0 if base == 0 and value == 0 else math.nan


def traced_sum(values: Iterable[Any], /, start: Any = 0) -> Any:
    """`sum`, with its own order and rounding (which Python 3.12 changed for floats)."""
    return _collected(list(values), start, builtins.sum)


def _fsum(values: Iterable[Any], /) -> Any:
    return _collected(list(values), None, lambda given, _: math.fsum(given))


def _collected(values: list[Any], start: Any, total: Callable[[list[Any], Any], Any]) -> Any:
    traced = [each for each in [start, *values] if isinstance(each, Traced)]
    if not traced:
        return total(values, start)
    if not all(isinstance(each, Traced) or _is_real(each) for each in values):
        result = start
        for each in values:
            result = result + each
        return result
    value = total([plain(each) for each in values], plain(start))
    return traced[0].tape.record(value, tuple(each.index for each in traced), (1.0,) * len(traced))


def _function(name: str, slope: Callable[[float, float], float]) -> Callable[[Any], Any]:
    """A function of `math` with the derivative `slope(x, f(x))`."""
    compute = getattr(math, name)

    def call(x: Any, /) -> Any:
        if not isinstance(x, Traced):
            return compute(x)
        value = compute(x.value)
        return x._one(value, _finite_or_limit(slope, x.value, value))

    call.__name__ = name
    return call


def _finite_or_limit(slope: Callable[[float, float], float], x: float, y: float) -> float:
    try:
        return slope(x, y)
    except ZeroDivisionError:
        return math.inf
    except (OverflowError, ValueError):
        return math.nan


def _log(x: Any, *base: Any) -> Any:
    if base:
        return _log(x) / _log(base[0]) if isinstance(x, Traced) or isinstance(base[0], Traced) else math.log(x, *base)
    return x._one(math.log(x.value), 1.0 / x.value) if isinstance(x, Traced) else math.log(x)


def _pair(name: str, slopes: Callable[[float, float, float], tuple[float, float]]) -> Callable[[Any, Any], Any]:
    """A function of two numbers with the derivatives `slopes(x, y, f(x, y))`."""
    compute = getattr(math, name)

    def call(x: Any, y: Any, /) -> Any:
        traced = [(each, k) for k, each in enumerate((x, y)) if isinstance(each, Traced)]
        if not traced:
            return compute(x, y)
        value = compute(plain(x), plain(y))
        partials = slopes(plain(x), plain(y), value)
        return traced[0][0].tape.record(
            value, tuple(each.index for each, _ in traced), tuple(partials[k] for _, k in traced)
        )

    call.__name__ = name
    return call


def _quotient(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator != 0 else 0.0


def _norm(values: list[Any], compute: Callable[[list[float]], float]) -> Any:
    traced = [each for each in values if isinstance(each, Traced)]
    value = compute([plain(each) for each in values])
    if not traced:
        return value
    return traced[0].tape.record(
        value, tuple(each.index for each in traced), tuple(_quotient(each.value, value) for each in traced)
    )


def _hypot(*coordinates: Any) -> Any:
    return _norm(list(coordinates), lambda values: math.hypot(*values))


def _dist(p: Iterable[Any], q: Iterable[Any], /) -> Any:
    differences = [a - b for a, b in zip(p, q)]
    return _norm(differences, lambda values: math.hypot(*values))


def _prod(values: Iterable[Any], /, *, start: Any = 1) -> Any:
    result = start
    for value in values:
        result = result * value
    return result


def _refusing(name: str) -> Callable[..., Any]:
    compute = getattr(math, name)

    def call(*arguments: Any) -> Any:
        if any(isinstance(each, Traced) for each in arguments):
            raise NotExact(f"math.{name} has no derivative that is known here")
        return compute(*arguments)

    call.__name__ = name
    return call


def _testing(name: str) -> Callable[..., Any]:
    """A function that decides, such as `isnan`: it has a value and no derivative."""
    compute = getattr(math, name)

    def call(*arguments: Any, **options: Any) -> Any:
        return compute(*(plain(each) for each in arguments), **options)

    call.__name__ = name
    return call


_two_over_root_pi = 2 / math.sqrt(math.pi)

functions: dict[str, Callable[..., Any]] = {
    "exp": _function("exp", lambda x, y: y),
    "expm1": _function("expm1", lambda x, y: y + 1),
    "log": _log,
    "log1p": _function("log1p", lambda x, y: 1 / (1 + x)),
    "log2": _function("log2", lambda x, y: 1 / (x * math.log(2))),
    "log10": _function("log10", lambda x, y: 1 / (x * math.log(10))),
    "sqrt": _function("sqrt", lambda x, y: 0.5 / y),
    "sin": _function("sin", lambda x, y: math.cos(x)),
    "cos": _function("cos", lambda x, y: -math.sin(x)),
    "tan": _function("tan", lambda x, y: 1 + y * y),
    "asin": _function("asin", lambda x, y: 1 / math.sqrt(1 - x * x)),
    "acos": _function("acos", lambda x, y: -1 / math.sqrt(1 - x * x)),
    "atan": _function("atan", lambda x, y: 1 / (1 + x * x)),
    "sinh": _function("sinh", lambda x, y: math.cosh(x)),
    "cosh": _function("cosh", lambda x, y: math.sinh(x)),
    "tanh": _function("tanh", lambda x, y: 1 - y * y),
    "asinh": _function("asinh", lambda x, y: 1 / math.sqrt(x * x + 1)),
    "acosh": _function("acosh", lambda x, y: 1 / math.sqrt(x * x - 1)),
    "atanh": _function("atanh", lambda x, y: 1 / (1 - x * x)),
    "erf": _function("erf", lambda x, y: _two_over_root_pi * math.exp(-x * x)),
    "erfc": _function("erfc", lambda x, y: -_two_over_root_pi * math.exp(-x * x)),
    "fabs": _function("fabs", lambda x, y: math.copysign(1.0, x) if x != 0 else 0.0),
    "degrees": _function("degrees", lambda x, y: 180 / math.pi),
    "radians": _function("radians", lambda x, y: math.pi / 180),
    "pow": _pair("pow", lambda x, y, z: (_power_slope(x, y), _exponent_slope(x, z))),
    "atan2": _pair("atan2", lambda y, x, _: (_quotient(x, x * x + y * y), _quotient(-y, x * x + y * y))),
    "fmod": _pair("fmod", lambda x, y, _: (1.0, -float(math.trunc(x / y)))),
    "copysign": _pair("copysign", lambda x, y, z: (1.0 if z == x else -1.0, 0.0)),
    "hypot": _hypot,
    "dist": _dist,
    "fsum": _fsum,
    "prod": _prod,
    **{name: _testing(name) for name in ("isnan", "isinf", "isfinite", "isclose")},
}
for _name in dir(math):
    if callable(getattr(math, _name)) and _name not in functions and not _name.startswith("_"):
        functions[_name] = _refusing(_name)


class TracedMath:
    """Stands for the module math in the user's own modules."""

    def __getattr__(self, name: str) -> Any:
        return functions.get(name) or getattr(math, name)


traced_math = TracedMath()


def substitute_of(value: Any) -> Optional[Any]:
    """The substitute of a global of the user's modules."""
    if value is math:
        return traced_math
    name = getattr(value, "__name__", None)
    if isinstance(name, str) and getattr(math, name, None) is value:
        return functions.get(name)
    return None
