"""Checks of what the user's functions return."""

from __future__ import annotations

import array as array_module
import numbers
import sys
from typing import Any, Optional, Sequence

from .problems import Problem


def number_of(result: Any, name: str) -> float:
    """The loss as a float: of a number, or of an array or tensor with one element."""
    if type(result) is float:
        return result
    if isinstance(result, numbers.Real) and not isinstance(result, bool):
        return float(result)
    if _elements(result) == 1 and not _is_complex(result) and hasattr(result, "item"):
        return float(result.item())
    raise wrong_result(result, name)


def wrong_result(result: Any, name: str) -> Problem:
    return Problem("wrong-result", f"{name} must return a number; it returned {described(result)}")


def gradient_of(result: Any, dim: int, name: str, names: Optional[Sequence[str]]) -> memoryview:
    """The gradient as float64 in bytes: of a list, array or tensor, or of a dict with the names of the coordinates."""
    if isinstance(result, dict) and names is not None:
        missing = [each for each in names if each not in result]
        if missing:
            raise Problem("wrong-result", f"{name} must return a dict with {', '.join(names)}; {missing[0]} is missing")
        result = [result[each] for each in names]
    if hasattr(result, "detach"):
        result = result.detach().cpu()
    values = _array_values(result)
    if values is None:
        if hasattr(result, "tolist"):
            result = result.tolist()
        if not isinstance(result, (list, tuple)):
            raise Problem(
                "wrong-result", f"{name} must return a list or an array of numbers; it returned {described(result)}"
            )
        values = _list_values(_flat(result), name)
    count = values.nbytes // 8
    if count != dim:
        raise Problem("wrong-result", f"{name} must return {dim} numbers, one per parameter; it returned {count}")
    return values


def _array_values(result: Any) -> Optional[memoryview]:
    """The bytes of an array of real numbers, without a Python object for each; None if it is none, or numpy is not there."""
    numpy = sys.modules.get("numpy")
    if numpy is None or getattr(result, "shape", None) is None or isinstance(result, dict):
        return None
    array = numpy.asarray(result)
    if array.dtype.kind not in "fiu":
        return None
    return memoryview(numpy.ascontiguousarray(array, dtype=numpy.float64).reshape(-1)).cast("B")


def _list_values(flat: list[Any], name: str) -> memoryview:
    for index, value in enumerate(flat):
        if not isinstance(value, numbers.Real) or isinstance(value, bool):
            raise Problem("wrong-result", f"{name} must return numbers; entry {index} is {described(value)}")
    return memoryview(array_module.array("d", flat)).cast("B")


def described(value: Any) -> str:
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, str):
        return f"the string {value[:40]!r}"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, complex) or (_elements(value) == 1 and _is_complex(value)):
        return f"the complex number {value if isinstance(value, complex) else value.item()}"
    shape = getattr(value, "shape", None)
    if shape is not None:
        kind = "a tensor" if type(value).__module__.startswith("torch") else "an array"
        return f"{kind} of shape {list(shape)}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"an object of type {type(value).__name__}"


def _flat(values: Any) -> list[Any]:
    if not isinstance(values, (list, tuple)):
        return [values.item() if hasattr(values, "item") and _elements(values) == 1 else values]
    return [inner for value in values for inner in _flat(value)]


def _elements(value: Any) -> Optional[int]:
    shape = getattr(value, "shape", None)
    if shape is None:
        return None
    count = 1
    for length in shape:
        count *= int(length)
    return count


def _is_complex(value: Any) -> bool:
    return "complex" in str(getattr(value, "dtype", ""))
