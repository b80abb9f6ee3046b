"""Collects the operands and the value of each recorded expression while it is evaluated."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence

from .instrumentation import IN_PLACE, KEY_BASE
from .site_table import SiteTable
from .values import copied

# A raised exception leaves the operands of unfinished expressions behind.
_MOST_KEPT = 200_000

_PLAIN = {int, bool, str, bytes, type(None)}


class Recorder:
    """
    Functions for instrumented code. Operands lie on a stack of keys and values until their expression has its value. They
    return what they are given, except where a subclass says so, and they never raise.
    """

    # Whether results that are finite are examined, too.
    watching = False

    def __init__(self, table: SiteTable) -> None:
        self.table = table
        self.keys: List[int] = []
        self.values: List[Any] = []
        # The number of events when an operand was kept.
        self.marks: List[int] = []
        self.events: List[Any] = []

    # For subclasses.

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        """
        Called with each value that is not a finite number of the language itself.

        mark: the number of events when the last operand was kept; later ones come from code that the expression called.
        """
        return value

    def iterated(self, value: Any) -> None:
        """Called with what a loop iterates over."""

    def stored(self, container: Any, value: Any) -> None:
        """Called before a value is stored in an element of a container."""

    # For instrumented code.

    def functions(self) -> Dict[str, Callable[..., Any]]:
        """The functions by the names that the instrumentation uses."""
        keys, values, marks, events = self.keys, self.values, self.marks, self.events
        counts = self.table.counts
        pending: List[Any] = []

        def keep(key: int, value: Any) -> Any:
            keys.append(key)
            values.append(value)
            marks.append(len(events))
            return value

        def keep_copy(key: int, value: Any) -> Any:
            keep(key, copied(value))
            return value

        def record(site: int, value: Any) -> Any:
            try:
                count = counts[site]
                base = len(keys) - count
                key = site * KEY_BASE
                if count and (base < 0 or keys[base] != key or keys[-1] != key + count - 1):
                    base = self.unwind(site, count)
                    if base < 0:
                        return value
                kind = type(value)
                if kind is float:
                    if value - value == 0.0 and not self.watching:
                        del keys[base:], values[base:], marks[base:]
                        return value
                elif kind in _PLAIN and not self.watching:
                    del keys[base:], values[base:], marks[base:]
                    return value
                operands = values[base:]
                mark = marks[-1] if count else len(events)
                del keys[base:], values[base:], marks[base:]
                return self.examine(site, value, operands, mark)
            except Exception:
                return value

        def iterate(value: Any) -> Any:
            try:
                self.iterated(value)
            except Exception:
                pass
            return value

        def store(value: Any) -> Any:
            pending[:] = [value]
            return value

        def into(container: Any) -> Any:
            try:
                if pending:
                    self.stored(container, pending.pop())
            except Exception:
                pass
            return container

        def keep_change(key: int, value: Any) -> Any:
            """The right side of `container[index] += value`, with the element before its change as a fourth operand."""
            before = None
            try:
                before = copied(_part(values[-2], values[-1]))
            except Exception:
                pass
            keep(key, value)
            keep(key + 1, before)
            return value

        def changed(site: int) -> None:
            try:
                count = counts[site]
                base = self.unwind(site, count)
                if base < 0:
                    return
                container, index, value, before = values[base : base + 4]
                del keys[base:], values[base:], marks[base:]
                after = _part(container, index)
                if after is None:
                    return
                self.examine(site, after, [before, value], len(events))
                self.stored(container, after)
            except Exception:
                pass

        return {
            "keep": keep,
            "keep_copy": keep_copy,
            "record": record,
            "iterate": iterate,
            "store": store,
            "into": into,
            "keep_change": keep_change,
            "changed": changed,
            "first": _first,
            "slice": _slice,
            **IN_PLACE,
        }

    def unwind(self, site: int, count: int) -> int:
        """
        Removes what failed expressions left above the operands of a site.

        Returns the place of the first operand; -1 if the operands are not there.
        """
        keys, values, marks = self.keys, self.values, self.marks
        if len(keys) > _MOST_KEPT:
            half = len(keys) // 2
            del keys[:half], values[:half], marks[:half]
        kept = []
        at = len(keys)
        for index in range(count - 1, -1, -1):
            key = site * KEY_BASE + index
            at -= 1
            while at >= 0 and keys[at] != key:
                at -= 1
            if at < 0:
                return -1
            kept.append((key, values[at], marks[at]))
        del keys[at:], values[at:], marks[at:]
        for key, value, mark in reversed(kept):
            keys.append(key)
            values.append(value)
            marks.append(mark)
        return at


def _part(container: Any, index: Any) -> Any:
    """An element of a container, or an attribute, if reading it has no effects; otherwise None."""
    if isinstance(index, str) and hasattr(container, "__dict__") and not isinstance(container, dict):
        return vars(container).get(index)
    module = type(container).__module__.split(".")[0]
    if type(container) in (list, dict) or module in ("numpy", "torch"):
        if module == "torch":
            container = container.detach()
        return container[index]
    return None


def _first(value: Any, _: Any) -> Any:
    return value


def _slice(lower: Any, upper: Any, step: Any) -> slice:
    return slice(lower, upper, step)


def _value(_: Any, value: Any) -> Any:
    return value


def _same(value: Any) -> Any:
    return value


def _nothing(_: Any) -> None:
    return None


# What instrumented code calls while nothing is recorded.
INACTIVE: Dict[str, Callable[..., Any]] = {
    "keep": _value,
    "keep_copy": _value,
    "record": _value,
    "iterate": _same,
    "store": _same,
    "into": _same,
    "keep_change": _value,
    "changed": _nothing,
    "first": _first,
    "slice": _slice,
    **IN_PLACE,
}
