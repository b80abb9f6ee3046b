"""Finds the expressions that round, so that derivatives end there."""

from __future__ import annotations

import struct
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from .origin import eagerly
from .recorder import INACTIVE, Recorder
from .site_table import SiteTable
from .values import is_array, is_tensor, native

_ROUNDING = frozenset(
    "round round_ around floor ceil trunc rint fix int int32 int64 long sign argmax argmin digitize searchsorted astype to".split()
)
#: A longer array is not compared.
_MOST_BYTES = 2**22

Record = Tuple[int, bytes, bytes]


class _CutRecorder(Recorder):
    """Keeps what each rounding expression got and gave, in order."""

    watching = True

    def __init__(self, table: SiteTable) -> None:
        super().__init__(table)
        self.seen: List[Record] = []

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        place = self.table.sites[site]
        if place.operation == "//" or place.name in _ROUNDING:
            given = b"".join(_bytes_of(operand) or b"" for operand in operands)
            made = _bytes_of(value)
            if given and made is not None:
                self.seen.append((site, given, made))
        return value


def find_cuts(table: SiteTable, evaluate: Callable[[Optional[int]], Any], coordinates: Sequence[int]) -> List[Dict[str, Any]]:
    """The expressions that give the same value although a small change of a coordinate changes what they get.

    evaluate: runs the loss of the instrumented module at its point, or with a small change of one coordinate.
    coordinates: indices of those that are changed.

    Returns "file", "line", "column", "endLine", "endColumn" and "expression" of each, with its "coordinates", in order of
    evaluation. A comparison of runs that take other branches ends at the first difference.
    """
    unchanged = _recorded(table, lambda: evaluate(None))
    found: Dict[int, List[int]] = {}
    for index in coordinates:
        changed = _recorded(table, lambda: evaluate(index))
        for (site, given, made), (other, given_now, made_now) in zip(unchanged, changed):
            if site != other:
                break
            if given != given_now and made == made_now and index not in found.setdefault(site, []):
                found[site].append(index)
    sites = table.sites
    return [
        {**sites[site].location(), "expression": sites[site].expression, "coordinates": concerned}
        for site, concerned in found.items()
        if concerned
    ]


def _recorded(table: SiteTable, evaluate: Callable[[], Any]) -> List[Record]:
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


def _bytes_of(value: Any) -> Optional[bytes]:
    """The numbers of a value; None if it has none."""
    if isinstance(value, (bool, int, float)):
        return struct.pack("<d", value)
    if is_array(value) and getattr(value, "nbytes", _MOST_BYTES + 1) <= _MOST_BYTES:
        plain = native(value)
        if is_tensor(plain):
            return struct.pack(f"<{plain.numel()}d", *plain.reshape(-1).tolist())
        return None if plain is None else memoryview(plain).tobytes()
    return None
