"""Which steps are recorded: as many as a budget of time and a budget of bytes allow."""

from __future__ import annotations

from typing import Callable, Optional

#: The bytes that may be written at once, before the budget of an hour limits the rows: the first steps are the ones that are looked at.
_BURST_BYTES = 2 * 2**20
_SECONDS_PER_HOUR = 3600.0
#: What recording may take at the start, when nothing is known about the speed of the training.
_FREE_SECONDS = 0.1


class Pace:
    """Decides about the next step after each one.

    ``time_share``: the share of the time of training that recording may take, such as 0.05. ``bytes_per_hour``: what the file may grow
    by. ``every``: a fixed number of steps from one recorded step to the next, instead of the budgets.
    """

    def __init__(
        self, time_share: float, bytes_per_hour: float, every: Optional[int], now: Callable[[], float]
    ) -> None:
        self._time_share = time_share
        self._bytes_per_second = bytes_per_hour / _SECONDS_PER_HOUR
        self._every = every
        self._now = now
        self._begun = now()
        self._spent = 0.0
        self._written = 0

    def spent(self, seconds: float) -> None:
        """Recording took this time."""
        self._spent += seconds

    def wrote(self, count: int) -> None:
        """Rows of so many bytes were made."""
        self._written += count

    def is_due(self, step: int) -> bool:
        """Whether step ``step`` (from 1) is recorded."""
        if self._every is not None:
            return step % self._every == 0 or step == 1
        elapsed = self._now() - self._begun
        is_in_time = self._spent <= _FREE_SECONDS + self._time_share * elapsed
        return is_in_time and self._written <= _BURST_BYTES + self._bytes_per_second * elapsed
