"""Which steps are recorded: as many as a budget of time and a budget of bytes allow."""

from __future__ import annotations

from typing import Callable, Optional

#: The part of an hour's bytes that may be written at once: the first steps are the ones that are looked at.
_BURST = 0.1
_SECONDS_PER_HOUR = 3600.0
#: What recording may take at the start: a short training has enough rows to be looked at.
_FREE_SECONDS = 0.8
#: That start reaches far: each step of it is at least so much later, relative to its number, than the one before.
_STRETCH = 1 / 8


class Pace:
    """Decides about the next step after each one.

    ``time_share``: the share of the time of training that recording may take, such as 0.02. ``bytes_per_hour``: what the file may grow
    by. ``every``: a fixed number of steps from one recorded step to the next, instead of the budgets.
    """

    def __init__(
        self, time_share: float, bytes_per_hour: float, every: Optional[int], now: Callable[[], float]
    ) -> None:
        self._time_share = time_share
        self._burst = _BURST * bytes_per_hour
        self._bytes_per_second = (bytes_per_hour - self._burst) / _SECONDS_PER_HOUR
        self._every = every
        self._now = now
        self._begun = now()
        self._spent = 0.0
        #: What was spent of the free seconds, which the share does not have to earn later.
        self._free = 0.0
        self._last = 0

    @property
    def is_fixed(self) -> bool:
        """Whether the steps were chosen, whatever they cost."""
        return self._every is not None

    def spent(self, seconds: float) -> None:
        """Recording took this time."""
        self._spent += seconds

    def allowed_bytes(self) -> float:
        """What the file may have now."""
        return self._burst + self._bytes_per_second * (self._now() - self._begun)

    def is_due(self, step: int, size: int, seconds: float) -> bool:
        """Whether step ``step`` (from 1) is recorded. ``size``: bytes of the file so far; ``seconds``: of the thread that writes."""
        if self._every is not None:
            return step % self._every == 0 or step == 1
        elapsed = self._now() - self._begun
        if size > self.allowed_bytes():
            return False
        beyond = self._spent + seconds - self._time_share * elapsed - self._free
        if beyond > 0:
            if self._free >= _FREE_SECONDS or step - self._last <= _STRETCH * self._last:
                return False
            self._free = min(_FREE_SECONDS, self._free + beyond)
        self._last = step
        return True
