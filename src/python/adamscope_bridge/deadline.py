"""Ends work of ours on the user's code that takes too long."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import Any, Iterator


class TooLong(BaseException):
    """Not an Exception, so that the user's handlers do not catch it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises TooLong in the code below it after this time. Does nothing on Windows, which has no such timer."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def expired(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, expired)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
