"""Whether schedulers and gradient scalers are called at the right place."""

from __future__ import annotations

import math
from typing import Any, Callable, Optional

Observe = Callable[..., None]
#: Within one epoch, a learning rate may fall to this part of its start: a schedule that falls further was made for epochs.
_LEAST_SHARE = 0.01


class ScheduleWatch:
    """The schedulers of one optimizer."""

    def __init__(self, observe: Observe) -> None:
        self._observe = observe
        #: Steps of the optimizer since the last one of each scheduler, and its steps in this epoch.
        self._steps = 0
        self._calls: dict[int, int] = {}
        self._steps_at_epoch = 0
        self._epochs = 0
        self._was_skipped = False

    def after_step(self) -> None:
        self._steps += 1
        self._was_skipped = False

    def after_skip(self) -> None:
        self._was_skipped = True

    def after_epoch_begins(self) -> None:
        """A data loader begins to give its batches."""
        self._epochs += 1
        self._steps_at_epoch = self._steps
        self._calls.clear()

    def after_schedule(self, scheduler: Any) -> None:
        name = type(scheduler).__name__
        count = getattr(scheduler, "_step_count", 1)
        if count <= 1:
            # Its constructor takes the first step.
            return
        if self._was_skipped:
            self._observe("schedule-after-skip", scheduler=name)
        elif self._steps == 0:
            self._observe("schedule-before-step", scheduler=name)
        calls = self._calls[id(scheduler)] = self._calls.get(id(scheduler), 0) + 1
        period = _period_of(scheduler)
        is_per_step = self._epochs > 0 and calls == self._steps - self._steps_at_epoch
        if period is not None and is_per_step and calls > max(period, 2):
            self._observe("schedule-per-batch", scheduler=name, period=period, calls=calls, epoch=self._epochs)


def _period_of(scheduler: Any) -> Optional[float]:
    """The steps after which a schedule has ended, begins again, or has made the learning rate very small."""
    for name in ("T_max", "T_0", "total_steps", "total_iters"):
        value = getattr(scheduler, name, None)
        if isinstance(value, (int, float)) and value > 0:
            # A warmup of a few batches ends within an epoch, and keeps its learning rate.
            return None if name == "total_iters" else float(value)
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
