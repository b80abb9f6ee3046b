"""Parameters that do not move, because the updates are smaller than half the spacing of their numbers."""

from __future__ import annotations

from typing import Any, Optional

from .quantities import Options
from .statistics import Sampled
from .tensors import WatchedTensor

#: Of the sampled coordinates with a gradient.
_SHARE = 0.5
#: Recorded steps in a row.
_STEPS = 5


class Stall:
    """Counts the recorded steps in a row in which most parameters stayed as they were, although they had a gradient."""

    def __init__(self) -> None:
        self._steps = 0

    def after(self, sampled: Sampled, tensors: list[WatchedTensor], options: list[Options]) -> Optional[dict[str, Any]]:
        still = with_gradient = 0
        names = []
        for i, index in enumerate(sampled.tensors):
            part = slice(sampled.offsets[i], sampled.offsets[i + 1])
            if options[tensors[index].group].get("lr") == 0:
                continue
            has_gradient = sampled.grad[part] != 0
            is_still = has_gradient & (sampled.before[part] == sampled.after[part])
            still += int(is_still.sum())
            with_gradient += int(has_gradient.sum())
            if is_still.any():
                names.append(tensors[index].name)
        is_stalled = with_gradient > 0 and still > _SHARE * with_gradient
        self._steps = self._steps + 1 if is_stalled else 0
        if self._steps < _STEPS:
            return None
        dtypes = sorted({each.dtype for each in tensors if each.name in names})
        return {"tensors": names, "share": still / with_gradient, "dtypes": dtypes}
