"""Calls that would end the process raise instead, so that the run ends with a message and the line of the call."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, NoReturn

from .problems import Problem

_really_exit = os._exit
_server = os.getpid()


def is_child() -> bool:
    """Whether this is a process that the user's code forked."""
    return os.getpid() != _server


def leave_if_child() -> None:
    """Ends a process that the user's code forked and that returned from the loss: only one may answer."""
    if is_child():
        leave(0)


def leave(code: int) -> NoReturn:
    """Ends this process without what the user's code has left for its end: threads that do not end and functions of ``atexit``."""
    _really_exit(code)


def forbid_ending_the_process() -> None:
    """Must be called before any of the user's code is loaded."""
    for name in ("_exit", "abort"):
        setattr(os, name, _forbidden(f"os.{name}", getattr(os, name), lambda *_, **__: True))
    sys.breakpointhook = _forbidden(
        "breakpoint()",
        sys.breakpointhook,
        lambda *_, **__: os.environ.get("PYTHONBREAKPOINT") != "0",
        "no terminal is there for a debugger",
    )
    os.kill = _forbidden("os.kill", os.kill, lambda pid, *_, **__: pid in (0, -1, _server))
    if hasattr(os, "killpg"):
        os.killpg = _forbidden("os.killpg", os.killpg, lambda group, *_, **__: group in (0, os.getpgid(0)))


def _forbidden(
    name: str, real: Callable[..., Any], concerns_us: Callable[..., bool], reason: str = "a loss must not end its process"
) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        # A child process of the user's, such as one of multiprocessing, may end.
        if not is_child() and concerns_us(*arguments, **named):
            raise Problem("forbidden-call", f"the loss called {name}; {reason}")
        return real(*arguments, **named)

    call.__name__ = name
    return call
