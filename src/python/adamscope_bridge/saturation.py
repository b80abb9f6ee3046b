"""What the expressions of a loss with asymptotes do at a point: the fields of `Saturation` in src/core/ending/heldBack.ts."""

from __future__ import annotations

import math
from array import array
from typing import Any, Optional

from .context import Context
from .recorded import RecordedLoss

#: Fewer saturated values of an expression matter to no finding.
_LEAST_SHARE = 0.2
#: Each coordinate takes an evaluation.
_MOST_COORDINATES = 500
#: A change of a coordinate, relative to its size, that moves the arguments that depend on it.
_CHANGE = 1e-3
#: Outputs are moved this far beyond their asymptotes, relative to their range: from the first distance on, by this factor.
_FIRST, _FACTOR, _FARTHEST = 0.02, 1.5, 1e6
#: The number of distances after the lowest loss at which it must be higher, so that the lowest one is that of a target.
_BEYOND_TARGET = 3


#: See `probing.saturation`.
Key = tuple[int, int]


class SaturationWatch:
    """The expressions with asymptotes of a recorded loss."""

    def __init__(self, recorded: RecordedLoss, params: memoryview, context: Context, direction: int) -> None:
        self._recorded = recorded
        self._params = params
        self._context = context
        self._direction = direction

    def saturation(self) -> Optional[dict[str, Any]]:
        """None if the search took too long."""
        return self._recorded.searched(self._search)

    def _search(self) -> dict[str, Any]:
        found = self._bounded(self._params)
        expressions = []
        pulled_share = 0.0
        keys = []
        for key, evaluations in found.items():
            described = _described(evaluations)
            if described is None or described["saturated"] < _LEAST_SHARE * described["count"]:
                continue
            site, number = key
            # What is inside of a package cannot be moved.
            share = 0.0 if number > 0 or (site, 1) in found else self._pulled_share(site)
            pulled_share = max(pulled_share, share)
            pulled = described["saturated"] if share > 0 else 0
            keys.append(key)
            expressions.append({**self._recorded.place(site), **described, "pulled": pulled})
        coordinates = self._coordinates(keys)
        return {
            "pulledShare": pulled_share,
            "expressions": [{**each, "coordinates": coordinates[key]} for key, each in zip(keys, expressions)],
        }

    def _bounded(self, params: memoryview) -> Any:
        from .probing import record_bounded

        return record_bounded(self._recorded.table, lambda: self._recorded.result(params, self._context))

    def _coordinates(self, keys: list[Key]) -> dict[Key, list[int]]:
        """The coordinates on which the arguments of the expressions depend; all, if there are too many to move one by one."""
        dim = len(self._params)
        if not keys or dim > _MOST_COORDINATES:
            return {key: list(range(dim)) for key in keys}
        before = _arguments_of(self._bounded(self._params))
        found: dict[Key, list[int]] = {key: [] for key in keys}
        for index in range(dim):
            now = _arguments_of(self._bounded(self._changed([index])))
            for key in keys:
                if now.get(key) != before.get(key):
                    found[key].append(index)
        return found

    def _pulled_share(self, site: int) -> float:
        """The share of the loss that vanishes if the saturated values of an output pass their asymptotes. 0 for an expression whose value
        the parameters change further, and where the loss would fall for ever, as a likelihood does."""
        from .probing import loss_beyond, loss_with_values_of

        table = self._recorded.table

        def loss(params: memoryview) -> float:
            return self._direction * self._recorded.value(params, self._context)

        dim = len(self._params)
        here, elsewhere = loss_with_values_of(
            table, site, lambda: loss(self._params), lambda: loss(self._changed(range(dim)))
        )
        if not here > 0 or here != elsewhere:
            return 0.0
        lowest, by, higher = here, _FIRST, 0
        while by <= _FARTHEST and higher < _BEYOND_TARGET:
            there = loss_beyond(table, site, by, lambda: loss(self._params))
            if not math.isfinite(there):
                return 0.0
            lowest, higher = (there, 0) if there < lowest else (lowest, higher + 1)
            by *= _FACTOR
        return (here - lowest) / here if higher == _BEYOND_TARGET else 0.0

    def _changed(self, indices: Any) -> memoryview:
        point = array("d", self._params)
        for index in indices:
            point[index] += _CHANGE * max(1.0, abs(point[index]))
        return memoryview(point)


def _described(evaluations: Any) -> Optional[dict[str, Any]]:
    """The values of an expression in one evaluation of the loss; None if none is saturated."""
    saturated = sorted(
        (depth, value, each.low if each.is_low(value) else each.high)
        for each in evaluations
        for value, depth in zip(each.values, each.depths)
        if each.is_saturated(value)
    )
    if not saturated:
        return None
    depth, value, bound = saturated[len(saturated) // 2]
    count = sum(len(each.values) for each in evaluations)
    return {"count": count, "saturated": len(saturated), "value": value, "bound": bound, "depth": depth}


def _arguments_of(found: Any) -> dict[Key, Any]:
    return {key: [each.arguments or each.values for each in evaluations] for key, evaluations in found.items()}
