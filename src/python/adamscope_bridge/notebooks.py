"""Notebooks: one text of all code cells, as `src/loss/notebook/notebookText.ts` writes it, and each cell a file of its own for Python.

A cell is compiled as the file ``nb.ipynb:cell 3``, so that tracebacks show it, and the text of a cell that is not run need not be valid.
"""

from __future__ import annotations

import ast
import linecache
import re
from types import CodeType
from typing import Any

_MARKER = re.compile(r"^# %% cell (\d+)\n\n", re.MULTILINE)
_CELL_FILE = re.compile(r"(.*\.ipynb):cell (\d+)", re.IGNORECASE | re.DOTALL)
#: An assignment that was left out, because IPython runs a magic or a command for its value.
_LEFT_OUT = re.compile(r"^\s*pass  # ([^=]*)=\s*[%!]", re.MULTILINE)


def is_notebook(file: str) -> bool:
    return file.lower().endswith(".ipynb")


def cells_of(file: str, text: str) -> dict[str, str]:
    """The texts of the cells by their files, in order."""
    _, *parts = _MARKER.split(text)
    return {f"{file}:cell {number}": cell[:-2] for number, cell in zip(parts[::2], parts[1::2])}


def compiled_cell(tree: ast.Module, path: str, flags: int) -> CodeType:
    """Raises SyntaxError."""
    try:
        return compile(tree, path, "exec", flags, dont_inherit=True)
    except SyntaxError as error:
        try:
            compile(tree, path, "exec", flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        except SyntaxError:
            raise error from None
        message = "await outside a function works only in Jupyter: use asyncio.run, or move it to a cell below the loss"
        raise SyntaxError(message, error.args[1]) from None


def show_lines(path: str, text: str) -> None:
    """Gives tracebacks and ``inspect`` the lines of a cell."""
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)


def file_of(path: str) -> str:
    """The notebook of a cell's file; other files are their own."""
    cell = _CELL_FILE.fullmatch(path)
    return cell.group(1) if cell else path


def place_in_file(path: str) -> dict[str, Any]:
    """The fields of a place that say where its lines are counted."""
    cell = _CELL_FILE.fullmatch(path)
    return {"file": cell.group(1), "cell": int(cell.group(2))} if cell else {"file": path}


def where_left_out(name: str, cells: dict[str, str]) -> str:
    """Why a name may be missing, as the end of a sentence; empty if no line that was left out assigns it."""
    for path, text in cells.items():
        if any(name in re.findall(r"\w+", match.group(1)) for match in _LEFT_OUT.finditer(text)):
            number = place_in_file(path)["cell"]
            return f"; cell {number} assigns it by a magic or a command of IPython, which is left out"
    return ""
