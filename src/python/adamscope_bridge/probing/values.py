"""Numbers, arrays and tensors of all packages, without importing any of them."""

from __future__ import annotations

import math
import sys
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

NAN = 1
INFINITE = 2

Number = Union[int, float]
Element = Union[int, float, str]

_MOST_ELEMENTS = 64
_MOST_COPIED = 1_000_000
_MOST_SHOWN = 6

_NO_ARRAY = object()
# What a type is: "numpy", "torch", "array" (converted by numpy), "box" (a value of autograd), "tracer" (of jax), or None.
_kinds: Dict[type, Optional[str]] = {}


def _kind_of(kind: type) -> Optional[str]:
    try:
        return _kinds[kind]
    except KeyError:
        pass
    found = None
    for base in kind.__mro__:
        module, name = base.__module__ or "", base.__name__
        if module.startswith("numpy") and name in ("ndarray", "generic"):
            found = "numpy"
        elif module.startswith("torch") and name == "Tensor":
            found = "torch"
        elif module.startswith("autograd.") and name == "Box":
            found = "box"
        elif module.startswith("jax") and name == "Tracer":
            found = "tracer"
        elif module.startswith("jax") and name in ("Array", "ArrayImpl"):
            found = "array"
        elif module.startswith("pandas.") and name in ("Series", "DataFrame"):
            found = "array"
        if found:
            break
    _kinds[kind] = found
    return found


def is_tracer(value: Any) -> bool:
    return _kind_of(type(value)) == "tracer"


def is_tensor(value: Any) -> bool:
    return _kind_of(type(value)) == "torch"


def is_box(value: Any) -> bool:
    return _kind_of(type(value)) == "box"


def is_array(value: Any) -> bool:
    return _kind_of(type(value)) is not None


def native(value: Any) -> Any:
    """
    A Python number, a numpy array or a detached torch tensor with the same numbers; None for anything else. What an
    automatic differentiation or a vectorizing map wraps is unwrapped.
    """
    for _ in range(20):
        if isinstance(value, (float, int)) and type(value) in (float, int, bool):
            return value
        kind = _kind_of(type(value))
        if kind == "numpy":
            return value if value.dtype.kind in "fciub" or value.dtype.kind == "V" else None
        if kind == "torch":
            return value.detach()
        if kind == "array":
            value = sys.modules["numpy"].asarray(value)
            return value if value.dtype.kind in "fciubV" else None
        if kind == "box":
            value = value._value
        elif kind == "tracer":
            inner = _NO_ARRAY
            for name in ("primal", "val"):
                inner = getattr(value, name, _NO_ARRAY)
                if inner is not _NO_ARRAY:
                    break
            if inner is _NO_ARRAY:
                return None
            value = inner
        else:
            return value if isinstance(value, float) else None
    return None


def package_of(value: Any) -> Any:
    """The package with the functions for a native array: numpy or torch."""
    return sys.modules["torch" if is_tensor(value) else "numpy"]


def faults(value: Any, depth: int = 2, most: int = _MOST_ELEMENTS) -> int:
    """
    Which values that are not finite a number, an array, or a list or tuple of at most `most` of them contains:
    NAN | INFINITE, or 0 for none.
    """
    kind = type(value)
    if kind is float:
        return 0 if value - value == 0.0 else NAN if value != value else INFINITE
    if kind is int or kind is bool or value is None or kind is str:
        return 0
    if isinstance(value, (list, tuple, dict)):
        if depth == 0 or len(value) > most:
            return 0
        found = 0
        for element in value.values() if isinstance(value, dict) else value:
            found |= faults(element, depth - 1, most)
        return found
    if kind is complex:
        return faults(value.real) | faults(value.imag)
    array = native(value)
    if array is None:
        return 0
    if isinstance(array, float):
        return 0 if math.isfinite(array) else NAN if math.isnan(array) else INFINITE
    if isinstance(array, int):
        return 0
    package = package_of(array)
    if package.isfinite(array).all():
        return 0
    return (NAN if package.isnan(array).any() else 0) | (INFINITE if package.isinf(array).any() else 0)


def copied(value: Any) -> Any:
    """A copy of an array, so that later changes do not show; other values, and huge arrays, themselves."""
    kind = _kind_of(type(value))
    if kind == "numpy" and getattr(value, "ndim", 0) and value.size <= _MOST_COPIED:
        return value.copy()
    if kind == "torch" and value.numel() <= _MOST_COPIED:
        return value.detach().clone()
    return value


def shape_of(value: Any) -> Tuple[int, ...]:
    return tuple(getattr(value, "shape", ()))


def broadcast(shapes: Sequence[Tuple[int, ...]]) -> Optional[Tuple[int, ...]]:
    """The common shape by the rules of numpy; None if there is none."""
    result: List[int] = []
    for axis in range(1, max((len(shape) for shape in shapes), default=0) + 1):
        sizes = {shape[-axis] for shape in shapes if len(shape) >= axis} - {1}
        if len(sizes) > 1:
            return None
        result.insert(0, sizes.pop() if sizes else 1)
    return tuple(result)


def element_at(value: Any, index: Tuple[int, ...]) -> Optional[Element]:
    """The number of a native value at an index of a shape that the value is broadcast to."""
    shape = shape_of(value)
    if shape:
        own = index[len(index) - len(shape) :] if len(index) >= len(shape) else None
        if own is None:
            return None
        value = value[tuple(0 if size == 1 else at for size, at in zip(shape, own))]
    return number_of(value)


def number_of(value: Any) -> Element:
    """A Python number of a native value with one element."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, complex):
        return str(value)
    return value if isinstance(value, (int, float)) else float(value)


def first_index(mask: Any) -> Optional[Tuple[int, ...]]:
    """The index of the first true element of a native array."""
    shape = shape_of(mask)
    if not shape:
        return () if bool(mask) else None
    flat = mask.reshape(-1)
    if not bool(flat.any()):
        return None
    # argmax returns the first maximum; torch does so only for numbers, and promises it for none.
    at = int(flat.nonzero()[0].min()) if is_tensor(mask) else int(flat.argmax())
    index: List[int] = []
    for size in reversed(shape):
        index.insert(0, at % size)
        at //= size
    return tuple(index)


def bad_index(value: Any, operands: Sequence[Any]) -> Optional[Tuple[int, ...]]:
    """
    The index of the first element that is not finite while the elements of all operands at that place are.

    value: a native array. operands: native values that broadcast to its shape.
    """
    package = package_of(value)
    mask = ~package.isfinite(value)
    for operand in operands:
        if shape_of(operand):
            mask = mask & package.isfinite(_as(package, operand))
        elif not math.isfinite(_real(operand)):
            return None
    return first_index(mask)


def bad_element(value: Any, of_nan: bool = False) -> Optional[Tuple[int, ...]]:
    """The index of the first element that is not finite, or of the first NaN."""
    package = package_of(value)
    return first_index(package.isnan(value) if of_nan else ~package.isfinite(value))


def _as(package: Any, value: Any) -> Any:
    if package.__name__ == "torch":
        return value if is_tensor(value) else package.as_tensor(value)
    return value.cpu().numpy() if is_tensor(value) else value


def _real(value: Any) -> float:
    number = number_of(value)
    return 0.0 if isinstance(number, str) else float(number)


def numbers_of(value: Any) -> Optional[Any]:
    """A native value; a list or tuple of numbers as it is; None for what has no numbers."""
    if isinstance(value, (list, tuple)):
        flat = value if len(value) <= 1000 else value[:1000]
        return value if all(native(element) is not None or isinstance(element, (list, tuple)) for element in flat) else None
    return native(value)


def words_for(value: Any) -> Element:
    """A number, or an array in words: "[0.5, 0]" or "array of shape (100, 3)"."""
    if isinstance(value, (list, tuple)):
        if len(value) <= _MOST_SHOWN and not any(isinstance(element, (list, tuple)) for element in value):
            return "[" + ", ".join(_short(words_for(native(element))) for element in value) + "]"
        return f"list of length {len(value)}"
    shape = shape_of(value)
    if not shape:
        return number_of(value)
    if len(shape) == 1 and shape[0] <= _MOST_SHOWN:
        return "[" + ", ".join(_short(number_of(element)) for element in value) + "]"
    return f"array of shape {shape}"


def _short(element: Element) -> str:
    if isinstance(element, float):
        if math.isnan(element):
            return "NaN"
        if math.isinf(element):
            return "Infinity" if element > 0 else "-Infinity"
        return f"{element:.4g}"
    return str(element)


def for_json(element: Element) -> Element:
    """A number as JSON can represent it: "NaN", "Infinity" and "-Infinity" are text."""
    if isinstance(element, float) and not math.isfinite(element):
        return _short(element)
    return element
