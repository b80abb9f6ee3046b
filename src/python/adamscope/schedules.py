"""Whether schedulers and gradient scalers are called at the right place."""

from __future__ import annotations

import math
from typing import Any, Callable, Optional

from .places import calling_line

Observe = Callable[..., None]
#: Within one epoch, a learning rate may fall to this part of its start: a schedule that falls further was made for epochs.
_LEAST_SHARE = 0.01


class ScheduleWatch:
    """The schedulers of one optimizer."""

    def __init__(self, observe: Observe) -> None:
        self._observe = observe
        #: Steps of the optimizer, so far, at the last step of each scheduler, and when the epoch began.
        self._steps = 0
        self._steps_at_call: dict[int, int] = {}
        self._steps_at_epoch = 0
        #: Steps of each scheduler in this epoch.
        self._calls: dict[int, int] = {}
        self._epochs = 0
        self._was_skipped = False
        #: Schedules that ended in this epoch: an observation if another epoch follows.
        self._ended: dict[int, dict[str, Any]] = {}

    def after_step(self) -> None:
        self._steps += 1
        self._was_skipped = False

    def after_skip(self) -> None:
        self._was_skipped = True

    def after_epoch_begins(self) -> None:
        """A data loader begins to give its batches."""
        for evidence in self._ended.values():
            self._observe("schedule-per-batch", epoch=self._epochs, **evidence)
        self._ended.clear()
        self._calls.clear()
        self._epochs += 1
        self._steps_at_epoch = self._steps

    def after_schedule(self, scheduler: Any) -> None:
        key, name = id(scheduler), type(scheduler).__name__
        if getattr(scheduler, "_step_count", 1) <= 1:
            # Its constructor takes the first step.
            return
        if self._was_skipped and self._steps_at_call.get(key, 0) == self._steps:
            self._observe("schedule-after-skip", scheduler=name)
        elif self._steps == 0:
            self._observe("schedule-before-step", scheduler=name)
        self._steps_at_call[key] = self._steps
        calls = self._calls[key] = self._calls.get(key, 0) + 1
        period = _period_of(scheduler)
        is_per_step = self._epochs > 0 and calls == self._steps - self._steps_at_epoch
        if period is not None and is_per_step and calls > max(period, 2):
            self._ended[key] = {"scheduler": name, "period": period, "calls": calls, "place": calling_line()}


def _period_of(scheduler: Any) -> Optional[float]:
    """The steps after which a schedule has ended, begins again, or has made the learning rate very small."""
    if getattr(scheduler, "total_iters", None) is not None:
        # A warmup of a few batches ends within an epoch, and keeps its learning rate.
        return None
    for name in ("T_max", "total_steps"):
        value = getattr(scheduler, name, None)
        if isinstance(value, (int, float)) and value > 0:
            return float(value)
    gamma = getattr(scheduler, "gamma", None)
    if not isinstance(gamma, (int, float)) or not 0 < gamma < 1:
        return None
    drops = math.ceil(math.log(_LEAST_SHARE) / math.log(gamma))
    size = getattr(scheduler, "step_size", 1)
    milestones = getattr(scheduler, "milestones", None)
    if milestones is not None:
        # A Counter of steps.
        return float(max(milestones)) if milestones else None
    return float(drops * size)
