"""Which operation of a backward pass made a gradient that is not finite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

from .outcome import operands_of
from .site_table import Site
from .values import Element, bad_element, broadcast, element_at, faults, native, number_of, shape_of, words_for

# The target of a gradient that no recorded operation receives: a parameter.
OUTSIDE = 0


class Operation:
    """One evaluation of a recorded expression."""

    __slots__ = ("site", "operands", "shape")

    def __init__(self, site: Site, value: Any, operands: Sequence[Any]) -> None:
        self.site = site
        self.operands = operands
        # Of a vectorized value, the shape with its batch, as in the native operands.
        self.shape = shape_of(native(value))


@dataclass(frozen=True)
class Derivative:
    """inputs: the operands at the first element whose gradient is not finite, or words for whole arrays."""

    site: Site
    inputs: Tuple[Element, ...]
    result: Element


class BackwardPass:
    """Follows gradients that are not finite from the operations that made them to the parameters."""

    def __init__(self) -> None:
        self._origins: List[Derivative] = []
        # Target to the first origin of what it received.
        self._received: Dict[int, int] = {}

    def passed(self, operation: Operation, own: Optional[int], is_own_finite: bool, target: int, gradient: Any) -> None:
        """
        An operation gave a gradient to one of its operands.

        own: its number as a target; None if it is none.
        target: the number of the operation that made the operand, or OUTSIDE.
        """
        if not faults(gradient):
            return
        if is_own_finite:
            origin = _derivative(operation, gradient)
            if origin is None:
                return
            self._origins.append(origin)
            number = len(self._origins) - 1
        else:
            found = self._received.get(own) if own is not None else None
            if found is None:
                return
            number = found
        self._received[target] = min(self._received.get(target, number), number)

    @property
    def origin(self) -> Optional[Derivative]:
        """The first one that reached a parameter, else the first one. Masks may remove others on their way."""
        if not self._origins:
            return None
        return self._origins[self._received.get(OUTSIDE, 0)]


def _derivative(operation: Operation, gradient: Any) -> Optional[Derivative]:
    array = native(gradient)
    if isinstance(gradient, (list, tuple)) or array is None:
        return None
    index = bad_element(array) if shape_of(array) else ()
    if index is None:
        return None
    found = operands_of(operation.site, operation.operands)
    is_by_element = (
        operation.site.operation != "@"
        and not any(isinstance(operand, (list, tuple)) for operand in found)
        and broadcast([shape_of(operand) for operand in found]) == operation.shape
    )
    inputs = []
    for operand in found:
        element = element_at(operand, index) if is_by_element else None
        inputs.append(words_for(operand) if element is None else element)
    return Derivative(operation.site, tuple(inputs), number_of(array[index] if shape_of(array) else array))
