"""How an operation made NaN or infinity out of finite operands."""

from __future__ import annotations

import math
import sys
from typing import Any, Callable, Dict, Optional, Sequence, Set

from .outcome import Outcome, operands_of, outcome_of
from .recorder import Recorder
from .site_table import Site, SiteTable
from .values import broadcast, is_tensor, native, package_of, shape_of

_RESULTS = {
    "+": "sum", "-": "sum", "add": "sum", "sub": "sum", "subtract": "sum", "sum": "sum", "mean": "sum",
    "*": "product", "mul": "product", "multiply": "product", "prod": "product",
    "/": "quotient", "div": "quotient", "divide": "quotient", "true_divide": "quotient", "reciprocal": "quotient",
    "**": "power", "pow": "power", "power": "power", "float_power": "power", "square": "power",
    "exp": "exponential", "expm1": "exponential", "exp2": "exponential", "sinh": "exponential", "cosh": "exponential",
}  # fmt: skip
_LOGARITHMS = {"log", "log2", "log10"}
_DIVISIONS = {"/", "//", "%", "div", "divide", "true_divide", "remainder", "fmod"}
_POWERS = {"**", "pow", "power", "float_power"}
_RECIPROCALS = {"reciprocal", "rsqrt"}

# Sums are exact where they are this small.
_UNDERFLOWING = {**{name: of for name, of in _RESULTS.items() if of != "sum"}, "softmax": "exponential", "sigmoid": "exponential"}


def _operation(site: Site) -> str:
    return site.name if site.operation == "call" else site.operation


def cause_of(
    table: SiteTable, site: Site, outcome: Outcome, evaluate: Callable[[], Any]
) -> Optional[Dict[str, Any]]:
    """
    The cause, as a dict that converts to `NonFiniteCause`; None if it is not known. A 0 is an underflow if it is none once
    each result that underflows is the smallest normal number instead: the loss is evaluated again with these.
    """
    kind = _zero_of(site, outcome)
    if kind is None:
        of = _RESULTS.get(_operation(site))
        is_infinite = isinstance(outcome.result, float) and math.isinf(outcome.result)
        return {"kind": "overflow", "of": of} if of and is_infinite else None
    lifting = _LiftingRecorder(table, site)
    table.bind(lifting.functions())
    try:
        evaluate()
    except Exception:
        # The loss may raise where results that underflow are replaced.
        return {"kind": kind, "underflow": None}
    names = lifting.names
    name = None if lifting.is_zero_still or not names else "result" if len(names) > 1 else next(iter(names))
    return {"kind": kind, "underflow": name}


def _zero_of(site: Site, outcome: Outcome) -> Optional[str]:
    """Which operation has the operand 0 outside its domain; None for other operations."""
    if not outcome.is_by_element:
        return None
    operation, inputs = _operation(site), outcome.inputs
    first = inputs[0] if inputs else None
    if operation in _LOGARITHMS:
        return "logarithm-of-0" if first == 0 else None
    if operation in _DIVISIONS:
        return "division-by-0" if len(inputs) > 1 and inputs[1] == 0 else None
    return "division-by-0" if operation in _POWERS | _RECIPROCALS and first == 0 else None


class _LiftingRecorder(Recorder):
    """Replaces results of 0 from operands that are not 0 by the smallest normal number."""

    watching = True

    def __init__(self, table: SiteTable, origin: Site) -> None:
        super().__init__(table)
        self._origin = origin
        self.is_zero_still = False
        # What underflowed, except from operands that were replaced themselves.
        self.names: Set[str] = set()

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        place = self.table.sites[site]
        if place is self._origin:
            outcome = outcome_of(place, value, operands)
            if outcome is not None and not _is_finite(outcome):
                self.is_zero_still = self.is_zero_still or _zero_of(place, outcome) is not None
            return value
        name = _UNDERFLOWING.get(_operation(place))
        if name is None:
            return value
        return self._lifted(place, name, value, operands)

    def _lifted(self, site: Site, name: str, value: Any, operands: Sequence[Any]) -> Any:
        result = native(value)
        if result is None or type(result) in (int, bool):
            return value
        found = operands_of(site, operands)
        if any(isinstance(operand, (list, tuple)) for operand in found):
            return value
        if isinstance(result, float) and not isinstance(value, _numpy_types()):
            tiny = 2.2250738585072014e-308
            if result != 0 or any(operand == 0 or not math.isfinite(operand) for operand in found):
                return value
            if not any(abs(operand) == tiny for operand in found):
                self.names.add(name)
            return math.copysign(tiny, result)
        package = package_of(result)
        if broadcast([shape_of(operand) for operand in found]) != shape_of(result):
            return value
        tiny = float(package.finfo(result.dtype).tiny)
        mask = result == 0
        own = mask
        for operand in found:
            operand = package.as_tensor(operand) if is_tensor(result) else package.asarray(operand)
            # A softmax of 0 is no 0 of its operands.
            if site.name not in ("softmax", "sigmoid", "exp", "exp2"):
                mask = mask & (operand != 0)
            mask = mask & package.isfinite(operand)
            own = own & (abs(operand) != tiny)
        if not bool(mask.any()):
            return value
        if bool((own & mask).any()):
            self.names.add(name)
        lifted = package.where(mask, package.full_like(result, tiny), result)
        return _like(value, lifted)


def _is_finite(outcome: Outcome) -> bool:
    return not (isinstance(outcome.result, float) and not math.isfinite(outcome.result))


def _numpy_types() -> Any:
    numpy = sys.modules.get("numpy")
    return numpy.generic if numpy else ()


def _like(value: Any, lifted: Any) -> Any:
    """The numbers in the type of a value."""
    module = type(value).__module__
    if module.startswith("jax"):
            return sys.modules["jax"].numpy.asarray(lifted)
    if module.startswith("numpy") and not shape_of(value):
        return lifted.dtype.type(lifted)
    return lifted
