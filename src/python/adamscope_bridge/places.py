"""The places of errors in the user's files, in the columns of the editor."""

from __future__ import annotations

import traceback
from types import TracebackType
from typing import Any, Optional

from .modules import OwnModules
from .notebooks import place_in_file

Place = dict[str, Any]


def place(file: str, line: int, column: int, end_line: int, end_column: int) -> Place:
    """All 1-based; columns in UTF-16 code units."""
    return {**place_in_file(file), "line": line, "column": column, "endLine": end_line, "endColumn": end_column}


def editor_column(text: str, offset: int) -> int:
    """The 1-based column in UTF-16 code units of an offset in UTF-8 bytes, as ``ast`` and code positions count."""
    before = text.encode("utf-8")[:offset].decode("utf-8", "replace")
    return len(before.encode("utf-16-le")) // 2 + 1


def place_of(error: BaseException, modules: OwnModules) -> Optional[Place]:
    """Where an error came from: the innermost place in the user's own files. None if none of them is concerned."""
    if isinstance(error, SyntaxError) and error.filename and modules.owns(error.filename):
        return _syntax_place(error, modules)
    innermost = None
    at: Optional[TracebackType] = error.__traceback__
    while at is not None:
        if modules.owns(at.tb_frame.f_code.co_filename):
            innermost = at
        at = at.tb_next
    return innermost and _frame_place(innermost, modules)


def words_of(error: BaseException) -> str:
    """The type and the text of an error."""
    name = type(error).__name__
    try:
        text = str(error)
        # A text may be of a type with methods of its own.
        return "".join((name, ": ", text)) if text else name
    except BaseException as inner:
        return f"{name}, whose __str__ raised {type(inner).__name__}"


def stack_of(error: BaseException, with_bridge: bool = False) -> str:
    """The traceback, usually without the frames of the bridge; empty if the error cannot be formatted."""
    try:
        lines = traceback.TracebackException.from_exception(error)
        if not with_bridge:
            _remove_bridge(lines)
        return "".join(lines.format()).rstrip()
    except BaseException:
        return ""


def _remove_bridge(lines: traceback.TracebackException) -> None:
    own = __file__.rpartition("places.py")[0]
    for each in _chain(lines):
        each.stack = traceback.StackSummary.from_list(
            [frame for frame in each.stack if not frame.filename.startswith((own, "<frozen importlib"))]
        )


def _chain(error: Optional[traceback.TracebackException]) -> list[traceback.TracebackException]:
    chain: list[traceback.TracebackException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def _frame_place(at: TracebackType, modules: OwnModules) -> Place:
    code = at.tb_frame.f_code
    file = code.co_filename
    lines = _lines(file, modules)
    positions = getattr(code, "co_positions", None)
    if positions is not None:
        # Two bytes for each instruction.
        for index, (line, end_line, column, end_column) in enumerate(positions()):
            if index == at.tb_lasti // 2:
                if None in (line, end_line, column, end_column):
                    break
                return place(
                    file,
                    line,
                    editor_column(_line(lines, line), column),
                    end_line,
                    editor_column(_line(lines, end_line), end_column),
                )
    return _whole_line(file, at.tb_lineno, lines)


def _syntax_place(error: SyntaxError, modules: OwnModules) -> Place:
    file, line = str(error.filename), error.lineno or 1
    lines = _lines(file, modules)
    if not error.offset or error.offset < 1:
        return _whole_line(file, line, lines)
    # Unlike code positions, these count characters.
    text = _line(lines, line)
    column = _utf16_length(text[: error.offset - 1]) + 1
    end_line = getattr(error, "end_lineno", None) or line
    end = getattr(error, "end_offset", None) or 0
    end_text = _line(lines, end_line)
    end_column = _utf16_length(end_text[: end - 1]) + 1 if end > 0 else column + 1
    if end_line == line and end_column <= column:
        end_column = column + 1
    return place(file, line, column, end_line, end_column)


def _whole_line(file: str, line: int, lines: list[str]) -> Place:
    text = _line(lines, line).rstrip()
    indent = len(text) - len(text.lstrip())
    return place(file, line, _utf16_length(text[:indent]) + 1, line, max(2, _utf16_length(text) + 1))


def _lines(file: str, modules: OwnModules) -> list[str]:
    try:
        return modules.texts.read(file).split("\n")
    except (OSError, SyntaxError):
        return []


def _line(lines: list[str], line: int) -> str:
    return lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
