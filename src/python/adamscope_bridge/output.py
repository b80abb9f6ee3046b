"""What the user's code prints: lines on the standard output of this process, which are never more than a limit."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from os import write  # By name, because the user's code may replace it in its module.
from typing import Callable, Iterator

MOST_LINES = 1000


class BoundedOutput(io.TextIOBase):
    """Replaces ``sys.stdout`` and ``sys.stderr``. Discards what is written while ``is_silent``, and all after the limit."""

    is_silent = False
    _lines = 0

    def __init__(self, descriptor: int, on_flood: Callable[[], None]) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._on_flood = on_flood
        self._open = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if not BoundedOutput.is_silent and BoundedOutput._lines <= MOST_LINES:
            *lines, self._open = (self._open + text).split("\n")
            for line in lines:
                self._print(line)
        return len(text)

    def flush_line(self) -> None:
        """Prints a line that was begun and not ended."""
        if self._open:
            line, self._open = self._open, ""
            self._print(line)

    def _print(self, line: str) -> None:
        BoundedOutput._lines += 1
        if BoundedOutput._lines == MOST_LINES + 1:
            self._on_flood()
        if BoundedOutput._lines > MOST_LINES:
            return
        view = memoryview((line + "\n").encode("utf-8", "replace"))
        while view:
            view = view[write(self._descriptor, view) :]


@contextmanager
def silent(is_silent: bool = True) -> Iterator[None]:
    """Discards what is printed meanwhile, as for a second evaluation that prints the same again."""
    before = BoundedOutput.is_silent
    BoundedOutput.is_silent = before or is_silent
    try:
        yield
    finally:
        BoundedOutput.is_silent = before


class Output:
    """The standard output and standard error of the user's code."""

    def __init__(self, on_flood: Callable[[], None]) -> None:
        self._streams = [BoundedOutput(1, on_flood), BoundedOutput(2, on_flood)]
        sys.stdout, sys.stderr = self._streams  # type: ignore[assignment]

    def flush(self) -> None:
        for stream in self._streams:
            stream.flush_line()

