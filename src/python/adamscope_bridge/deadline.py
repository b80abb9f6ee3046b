"""Ends work of ours on the user's code that takes too long."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import Any, Iterator

#: How many times longer the work may take by the clock than on the processor, which other programs use too.
_WAITING = 4


class TooLong(BaseException):
    """Not an Exception, so that the user's handlers do not catch it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises TooLong in the code below it after this time on the processor, or four times as long by the clock.

    Does nothing on Windows, which has no such timers.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def expired(*_: Any) -> None:
        raise TooLong

    timers = ((signal.ITIMER_PROF, signal.SIGPROF, seconds), (signal.ITIMER_REAL, signal.SIGALRM, _WAITING * seconds))
    before = [signal.signal(number, expired) for _, number, _ in timers]
    try:
        for timer, _, after in timers:
            signal.setitimer(timer, after)
        yield
    finally:
        for (timer, number, _), handler in zip(timers, before):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)
