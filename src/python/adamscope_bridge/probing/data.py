"""Values of the modules' variables that are not finite."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ..notebooks import file_of
from .site_table import SiteTable, Variable
from .values import bad_element, element_at, is_tensor, native, number_of, package_of, shape_of

_MOST_CELLS = 200_000

Keys = Tuple[Any, ...]


@dataclass(frozen=True)
class Datum:
    """
    One value.

    name: as the source would name it: `rows[17]["price"]`, `X[3, 2]`.
    others: the number of other such values of the variable, in records: with the same key.
    """

    variable: Variable
    variable_name: str
    name: str
    value: float
    others: int


class DataIndex:
    """The variables of the instrumented modules, read once."""

    def __init__(self, table: SiteTable, namespaces: List[Tuple[str, Dict[str, Any]]]) -> None:
        # Identity of a number in a list or record to its variable and keys.
        self._numbers: Dict[int, Tuple[Variable, str, Keys, float]] = {}
        self._arrays: List[Tuple[Variable, str, Keys, Any]] = []
        self._others: Dict[Tuple[str, str, Keys], int] = {}
        for path, namespace in namespaces:
            for name, variable in table.variables.get(path, {}).items():
                if name in namespace:
                    self._read(variable, name, namespace[name])

    def match(self, operand: Any) -> Optional[Datum]:
        """The first value that is not finite of an operand that is, or lies in, a variable; None if it is in none."""
        if isinstance(operand, float) and id(operand) in self._numbers:
            variable, name, keys, value = self._numbers[id(operand)]
            return self._datum(variable, name, keys, value)
        array = native(operand)
        if array is None or not hasattr(array, "shape"):
            return None
        index = bad_element(array)
        if index is None:
            return None
        for variable, name, keys, whole in self._arrays:
            at = _index_in(whole, array, index) if whole is not operand else index
            if at is not None:
                value = float(number_of(element_at(native(whole), at)))
                return self._datum(variable, name, (*keys, *([at] if at else [])), value)
        return None

    def match_element(self, container: Any, index: Any) -> Optional[Datum]:
        """The first value that is not finite of `container[index]`, where the container is an array of a variable."""
        array = native(container)
        if array is None or not hasattr(array, "shape"):
            return None
        for variable, name, keys, whole in self._arrays:
            if whole is container:
                numpy = sys.modules["numpy"]
                values = array.cpu().numpy() if is_tensor(array) else numpy.asarray(array)
                places = numpy.arange(values.size).reshape(values.shape)
                chosen = numpy.asarray(places[_plain_index(index)]).reshape(-1)
                for place in chosen:
                    if not math.isfinite(values.reshape(-1)[place]):
                        at = tuple(int(part) for part in numpy.unravel_index(place, values.shape))
                        return self._datum(variable, name, (*keys, at), float(values[at]))
        return None

    def match_container(self, container: Any) -> Optional[Datum]:
        """The first value that is not finite of a list or record."""
        for _, value in _walk(container):
            if isinstance(value, float) and id(value) in self._numbers:
                return self.match(value)
        return None

    def _read(self, variable: Variable, name: str, root: Any) -> None:
        for keys, value in _walk(root):
            if isinstance(value, float):
                if not math.isfinite(value):
                    self._numbers.setdefault(id(value), (variable, name, keys, value))
                    self._count(variable, name, keys, 1)
                if type(value) is float:
                    continue
            array = native(value)
            if array is None or not hasattr(array, "shape") or bad_element(array) is None:
                continue
            self._arrays.append((variable, name, keys, value))
            self._count(variable, name, keys, int((~package_of(array).isfinite(array)).sum()))

    def _count(self, variable: Variable, name: str, keys: Keys, number: int) -> None:
        pattern = (variable.source.path, name, _pattern(keys))
        self._others[pattern] = self._others.get(pattern, 0) + number

    def _datum(self, variable: Variable, name: str, keys: Keys, value: float) -> Datum:
        path = variable.source.path
        others = self._others.get((path, name, _pattern(keys)))
        if others is None:
            others = self._others.get((path, name, _pattern(keys[:-1])), 1)
        return Datum(variable, name, name + "".join(map(_key_text, keys)), value, others - 1)


def namespaces_of(table: SiteTable) -> List[Tuple[str, Dict[str, Any]]]:
    """The namespaces of the instrumented modules that are loaded, or whose code is running."""
    found: Dict[Tuple[int, str], Dict[str, Any]] = {}
    files: Dict[str, List[str]] = {}
    for path in table.paths:
        files.setdefault(file_of(path), []).append(path)

    def add(file: str, namespace: Dict[str, Any]) -> None:
        for path in files.get(file, ()):
            found[id(namespace), path] = namespace

    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename in table.paths:
            add(file_of(frame.f_code.co_filename), frame.f_globals)
        frame = frame.f_back  # type: ignore[assignment]
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str):
            add(path, vars(module))
    return [(path, namespace) for (_, path), namespace in found.items()]


def value_in_words(value: float) -> str:
    """As the editor shows it: "NaN", "∞", "-∞"."""
    return "NaN" if math.isnan(value) else "∞" if value > 0 else "-∞" if math.isinf(value) else repr(value)


def _walk(root: Any) -> Iterator[Tuple[Keys, Any]]:
    """The leaves of lists, tuples and records, with their keys; arrays are leaves."""
    rest: List[Tuple[Keys, Any, int]] = [((), root, 4)]
    left = _MOST_CELLS
    while rest and left > 0:
        keys, value, depth = rest.pop()
        left -= 1
        if depth and isinstance(value, (list, tuple)):
            rest.extend(((*keys, at), value[at], depth - 1) for at in range(min(len(value), left) - 1, -1, -1))
        elif depth and isinstance(value, dict):
            entries = list(value.items())[:left]
            rest.extend(((*keys, key), entry, depth - 1) for key, entry in reversed(entries))
        else:
            yield keys, value


def _pattern(keys: Keys) -> Keys:
    return tuple(key if isinstance(key, str) else None for key in keys)


def _key_text(key: Any) -> str:
    if isinstance(key, tuple):
        return "[" + ", ".join(map(str, key)) + "]"
    return f"[{json.dumps(key, ensure_ascii=False)}]" if isinstance(key, str) else f"[{key!r}]"


def _plain_index(index: Any) -> Any:
    if isinstance(index, tuple):
        return tuple(_plain_index(part) for part in index)
    array = native(index)
    if is_tensor(array):
        return array.cpu().numpy()
    return index if array is None else array


def _index_in(whole: Any, part: Any, index: Tuple[int, ...]) -> Optional[Tuple[int, ...]]:
    """The index in an array of an element of a view of it; None if the view is of another array."""
    whole = native(whole)
    if is_tensor(whole) and is_tensor(part):
        if whole.untyped_storage().data_ptr() != part.untyped_storage().data_ptr() or not whole.is_contiguous():
            return None
        steps = part.stride()
        place = part.storage_offset() - whole.storage_offset() + sum(a * b for a, b in zip(index, steps))
        size = whole.numel()
    else:
        numpy = sys.modules.get("numpy")
        if numpy is None or not isinstance(whole, numpy.ndarray) or not isinstance(part, numpy.ndarray):
            return None
        if not numpy.may_share_memory(whole, part) or not whole.flags.c_contiguous or whole.dtype != part.dtype:
            return None
        start = part.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
        place = (start + sum(a * b for a, b in zip(index, part.strides))) // whole.itemsize
        size = whole.size
    if not 0 <= place < size:
        return None
    at: List[int] = []
    for length in reversed(shape_of(whole)):
        at.insert(0, place % length)
        place //= length
    return tuple(at)
