"""Parameters with a structure: arrays in dicts, lists and tuples, and the vector of their numbers."""

from __future__ import annotations

from copy import copy
from typing import Any, Callable, NamedTuple, Optional

from .problems import Problem


class Leaf(NamedTuple):
    """An array or a number in the structure."""

    #: Such as `layers[0].weight`; empty for a structure that is one array.
    name: str
    #: The lengths of its axes; () for a number.
    shape: tuple[int, ...]
    value: Any

    @property
    def size(self) -> int:
        size = 1
        for length in self.shape:
            size *= length
        return size


def leaves_of(structure: Any, given: str = "params", name: str = "") -> list[Leaf]:
    """The arrays and numbers, depth first, in the order of the keys. Raises Problem for anything else, which ``given`` names."""
    if isinstance(structure, dict):
        return [leaf for key, part in structure.items() for leaf in leaves_of(part, given, f"{name}.{key}" if name else str(key))]
    if isinstance(structure, (list, tuple)):
        fields = getattr(structure, "_fields", None)
        parts = [f"{name}.{field}" if name else field for field in fields] if fields else [f"{name}[{i}]" for i in range(len(structure))]
        return [leaf for part, inner in zip(structure, parts) for leaf in leaves_of(part, given, inner)]
    shape = getattr(structure, "shape", None)
    if shape is not None:
        return [Leaf(name, tuple(int(length) for length in shape), structure)]
    if isinstance(structure, (int, float)) and not isinstance(structure, bool):
        return [Leaf(name, (), structure)]
    raise Problem(
        "bad-start",
        f"{given} must give arrays, tensors or numbers, or dicts and lists of them; {name or 'it'} is of type {type(structure).__name__}",
    )


def rebuilt(structure: Any, next_leaf: Callable[[], Any]) -> Any:
    """The same structure with other leaves, which are taken in order."""
    if isinstance(structure, dict):
        parts = {key: rebuilt(part, next_leaf) for key, part in structure.items()}
        if type(structure) is dict:
            return parts
        # A subclass may have more than its items, such as the default of a defaultdict.
        copied = copy(structure)
        copied.update(parts)
        return copied
    if isinstance(structure, (list, tuple)):
        inner = [rebuilt(part, next_leaf) for part in structure]
        if isinstance(structure, list):
            return inner
        return type(structure)(*inner) if hasattr(structure, "_fields") else tuple(inner)
    return next_leaf()


def entries_of(leaves: list[Leaf], vector: str) -> Optional[list[str]]:
    """The names of the coordinates as entries of `names=`: `w[0..3][0..7]`. None for a plain vector or number."""
    if len(leaves) == 1 and leaves[0].name == "" and len(leaves[0].shape) <= 1:
        return None
    return [
        (leaf.name or vector) + "".join(f"[0..{length - 1}]" for length in leaf.shape)
        for leaf in leaves
        if leaf.size > 0
    ]


def numbers_of(leaf: Leaf, given: str) -> list[float]:
    """The numbers of a leaf in the order of memory (the last axis runs fastest). Raises Problem if they are no floats."""
    try:
        return _floats_of(leaf)
    except (TypeError, ValueError, OverflowError, NotImplementedError, RuntimeError) as error:
        at = f"; the numbers of {leaf.name} are none" if leaf.name else ""
        raise Problem("bad-start", f"{given} must give numbers that floats can hold{at} ({type(error).__name__}: {error})") from None


def _floats_of(leaf: Leaf) -> list[float]:
    value = leaf.value
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if hasattr(value, "reshape") and hasattr(value, "tolist"):
        return [float(each) for each in value.reshape(-1).tolist()]
    return [float(value)]
