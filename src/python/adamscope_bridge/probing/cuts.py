"""Observes the expressions that round, so that derivatives end there."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence

from .origin import eagerly
from .recorder import INACTIVE, Recorder
from .site_table import SiteTable
from .values import is_array, native

_ROUNDING = frozenset(
    "round round_ around floor ceil trunc rint fix int int32 int64 long sign argmax argmin digitize searchsorted".split()
)
#: These round only if they make integers.
_CONVERTING = frozenset(("astype", "to", "type"))
#: A longer array is not observed.
_MOST_ELEMENTS = 10_000


class CutRecord(NamedTuple):
    """One evaluation of an expression that rounds, with the numbers that it got and gave."""

    site: int
    given: List[float]
    made: List[float]


class _CutRecorder(Recorder):
    watching = True

    def __init__(self, table: SiteTable) -> None:
        super().__init__(table)
        self.seen: List[CutRecord] = []

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        place = self.table.sites[site]
        if place.operation == "//" or place.name in _ROUNDING or (place.name in _CONVERTING and _is_whole(value)):
            made = _numbers_of(value)
            given = next((numbers for numbers in map(_numbers_of, operands) if numbers), None)
            if given and made is not None:
                self.seen.append(CutRecord(site, given, made))
        return value


def record_cuts(table: SiteTable, evaluate: Callable[[], Any]) -> List[CutRecord]:
    """What the expressions that round got and gave in an evaluation of the instrumented module, in order."""
    recorder = _CutRecorder(table)
    try:
        with eagerly():
            table.bind(recorder.functions())
            evaluate()
    except Exception:
        # What was evaluated before counts.
        pass
    finally:
        table.bind(INACTIVE)
    return recorder.seen


def rounded_coordinates(unchanged: List[CutRecord], changed: Dict[int, List[CutRecord]]) -> Dict[int, List[int]]:
    """By the number of its place, each expression that gives the same although a small change of a coordinate changes what it gets, with
    these coordinates. A comparison of evaluations that take other branches ends at the first difference.

    changed: the records with a small change of a coordinate, by its index.
    """
    found: Dict[int, List[int]] = {}
    for index, records in changed.items():
        for before, now in zip(unchanged, records):
            if before.site != now.site:
                break
            if before.given != now.given and before.made == now.made and index not in found.setdefault(before.site, []):
                found[before.site].append(index)
    return {site: concerned for site, concerned in found.items() if concerned}


def slopes(
    unchanged: List[CutRecord], changed: Dict[int, List[CutRecord]], lengths: Dict[int, float], most: int, most_per_site: int
) -> List[Dict[str, Any]]:
    """The derivatives of what expressions get, with respect to the coordinates, as difference quotients: "site" and "slope", by index.

    lengths: the change of each coordinate.
    """
    found: List[Dict[str, Any]] = []
    counts: Dict[int, int] = {}
    for place, record in enumerate(unchanged):
        for element in range(len(record.given)):
            if len(found) >= most or counts.get(record.site, 0) >= most_per_site:
                break
            slope = {
                index: (records[place].given[element] - record.given[element]) / lengths[index]
                for index, records in changed.items()
                if place < len(records)
                and records[place].site == record.site
                and element < len(records[place].given)
                and records[place].given[element] != record.given[element]
            }
            if slope:
                counts[record.site] = counts.get(record.site, 0) + 1
                found.append({"site": record.site, "slope": slope})
    return found


def _numbers_of(value: Any) -> Optional[List[float]]:
    """The numbers of a value as floats; None if it has none."""
    if isinstance(value, (bool, int, float)):
        return [float(value)]
    if is_array(value) and _size_of(value) <= _MOST_ELEMENTS:
        plain = native(value)
        if isinstance(plain, (bool, int, float)):
            return [float(plain)]
        return None if plain is None else [float(each) for each in plain.reshape(-1).tolist()]
    return None


def _is_whole(value: Any) -> bool:
    return "int" in str(getattr(value, "dtype", ""))


def _size_of(value: Any) -> int:
    size = 1
    for length in getattr(value, "shape", ()):
        size *= int(length)
    return size
