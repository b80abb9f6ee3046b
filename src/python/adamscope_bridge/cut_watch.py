"""Watches the expressions of a loss that round, at any number of points."""

from __future__ import annotations

from array import array
from typing import Any, Optional, Sequence

from .context import Context
from .recorded import RecordedLoss

#: A change of a coordinate, relative to its size, that moves an operand and rarely passes a jump.
_CHANGE = 1e-7
#: How many results of expressions are followed to their next jump; each coordinate takes an evaluation.
_FOLLOWED, _FOLLOWED_PER_SITE, _MOST_COORDINATES = 16, 4, 50


class CutWatch:
    """The expressions of a recorded loss that round."""

    def __init__(self, recorded: RecordedLoss) -> None:
        self._recorded = recorded

    def cuts(self, coordinates: Sequence[int], params: memoryview, context: Context) -> list[dict[str, Any]]:
        """The expressions that round what depends on these coordinates, with the coordinates of each."""
        from .probing import rounded_coordinates

        def search() -> list[dict[str, Any]]:
            unchanged = self._records(params, context)
            found = rounded_coordinates(unchanged, self._changed(coordinates, params, context))
            return [{**self._recorded.place(site), "coordinates": concerned} for site, concerned in found.items()]

        return self._recorded.searched(search) or []

    def results(self, params: memoryview, context: Context) -> list[tuple[int, float]]:
        """The results of the expressions that round, in order: (number of the place, result)."""

        def search() -> list[tuple[int, float]]:
            return [(record.site, value) for record in self._records(params, context) for value in record.made]

        return self._recorded.searched(search) or []

    def slopes(self, params: memoryview, context: Context) -> list[dict[str, Any]]:
        """The derivatives of what the expressions round with respect to the coordinates; see `probing.slopes`."""
        from .probing import slopes

        def search() -> list[dict[str, Any]]:
            if len(params) > _MOST_COORDINATES:
                return []
            changed = self._changed(range(len(params)), params, context)
            lengths = {index: self._length(params, index) for index in changed}
            return slopes(self._records(params, context), changed, lengths, _FOLLOWED, _FOLLOWED_PER_SITE)

        return self._recorded.searched(search) or []

    def _changed(self, coordinates: Sequence[int], params: memoryview, context: Context) -> dict[int, Any]:
        return {index: self._records(params, context, index) for index in coordinates}

    def _records(self, params: memoryview, context: Context, changed: Optional[int] = None) -> Any:
        from .probing import record_cuts

        point = array("d", params)
        if changed is not None:
            point[changed] += _CHANGE * max(1.0, abs(point[changed]))
        return record_cuts(self._recorded.table, lambda: self._recorded.result(memoryview(point), context))

    def _length(self, params: memoryview, index: int) -> float:
        """The change of a coordinate after rounding."""
        return (params[index] + _CHANGE * max(1.0, abs(params[index]))) - params[index]
