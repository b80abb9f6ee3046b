"""What an expression made of its operands, at the first element that is not finite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional, Sequence, Tuple

from .site_table import Site
from .values import (
    Element,
    bad_element,
    bad_index,
    broadcast,
    element_at,
    native,
    number_of,
    numbers_of,
    shape_of,
    words_for,
)

# Their value has the shape of the operand, but each element depends on many.
_NOT_BY_ELEMENT = {
    "softmax", "log_softmax", "softmin", "cumsum", "cumprod", "logcumsumexp", "sort", "normalize", "layer_norm",
    "standardize", "inv", "pinv", "fft", "ifft", "cholesky", "matmul", "dot", "mm", "bmm", "einsum", "roll", "flip",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """inputs: the operands' elements, or words for whole arrays. index: the place in the value; None for a part of it."""

    inputs: Tuple[Element, ...]
    result: Element
    index: Optional[Tuple[int, ...]]
    # Whether `inputs` are the elements from which the result was computed.
    is_by_element: bool
    # Whether an element with finite operands was found.
    is_origin: bool


def operands_of(site: Site, operands: Sequence[Any]) -> List[Any]:
    """The operands with numbers, native."""
    found = []
    for operand in operands:
        numbers = numbers_of(operand)
        if numbers is not None:
            found.append(numbers)
    # Beside arrays, whole numbers and flags are options such as an axis.
    if site.operation == "call" and any(shape_of(operand) for operand in found):
        if site.name not in ("pow", "power", "where", "float_power", "maximum", "minimum", "divide", "div", "true_divide"):
            found = [operand for operand in found if type(operand) not in (int, bool)]
    return found


def outcome_of(site: Site, value: Any, operands: Sequence[Any], of_nan: bool = False) -> Optional[Outcome]:
    """
    None if the value has no number that is not finite.

    of_nan: at the first NaN, whatever the operands are.
    """
    found = operands_of(site, operands)
    result = native(value)
    if result is None:
        if isinstance(value, (list, tuple)):
            for element in value:
                inner = outcome_of(site, element, operands, of_nan)
                if inner:
                    return inner
        return None
    shape = shape_of(result)
    has_lists = any(isinstance(operand, (list, tuple)) for operand in found)
    is_by_element = (
        site.operation not in ("@", "pass")
        and site.name not in _NOT_BY_ELEMENT
        and not has_lists
        and broadcast([shape_of(operand) for operand in found]) == shape
    )
    if not shape:
        number = number_of(result)
        return Outcome(tuple(words_for(operand) for operand in found), number, (), is_by_element, False)
    if is_by_element:
        index = None if of_nan else bad_index(result, found)
        is_origin = index is not None
        index = index if index is not None else bad_element(result, of_nan)
        if index is None:
            return None
        inputs = tuple(element_at(operand, index) for operand in found)
        return Outcome(inputs, number_of(result[index]), index, True, is_origin)  # type: ignore[arg-type]
    index = bad_element(result, of_nan)
    if index is None:
        return None
    return Outcome(tuple(words_for(operand) for operand in found), number_of(result[index]), index, False, False)
