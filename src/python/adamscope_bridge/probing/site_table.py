"""The places of the user's source that are recorded."""

from __future__ import annotations

import ast
import builtins
import itertools
import re
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional, Set

from ..notebooks import file_of, place_in_file

_numbers = itertools.count(1)

LINE_END = re.compile(r"\r\n|\r|\n")


class SourceText:
    """Converts positions of `ast` (UTF-8 bytes) to those of an editor (UTF-16 code units)."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self._lines = [line.encode("utf-8", "surrogatepass") for line in LINE_END.split(text)]

    def location(self, node: Any) -> Dict[str, Any]:
        """1-based range of a node, end exclusive."""
        return {
            **place_in_file(self.path),
            "line": node.lineno,
            "column": self._column(node.lineno, node.col_offset),
            "endLine": node.end_lineno,
            "endColumn": self._column(node.end_lineno, node.end_col_offset),
        }

    def expression(self, node: Any) -> str:
        """The text of a node, with its line breaks."""
        first, last = node.lineno - 1, node.end_lineno - 1
        if first == last:
            parts = [self._lines[first][node.col_offset : node.end_col_offset]]
        else:
            parts = [
                self._lines[first][node.col_offset :],
                *self._lines[first + 1 : last],
                self._lines[last][: node.end_col_offset],
            ]
        return "\n".join(part.decode("utf-8", "replace") for part in parts)

    def _column(self, line: int, offset: int) -> int:
        before = self._lines[line - 1][:offset].decode("utf-8", "replace")
        return len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1


@dataclass(frozen=True)
class Site:
    """
    One expression that is recorded.

    operation: "+", "/", …, "call", or "pass" where the value is a part of its operand.
    name: of the function or method that is called; otherwise empty.
    operands: their number; a function that is called by a plain name is the first one.
    """

    source: SourceText
    node: Any
    operation: str
    name: str
    operands: int
    is_method: bool = False
    calls_name: bool = False

    @property
    def expression(self) -> str:
        return self.source.expression(self.node)

    def location(self) -> Dict[str, Any]:
        return self.source.location(self.node)


@dataclass
class Imports:
    """The names that a module imports, in the parts that are rewritten so far: a notebook has one for each cell."""

    #: Of modules.
    modules: Set[str] = field(default_factory=set)
    #: Of modules whose decorators compile bytecode, and of their members.
    compilers: Set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Variable:
    """Where a module binds a name."""

    source: SourceText
    node: ast.AST


class SiteTable:
    """
    All recorded places of a program. The instrumented code reaches the recorder by names among the builtins, so the
    namespaces of the user's modules stay as they are.
    """

    def __init__(self) -> None:
        self.number = next(_numbers)
        self.sites: List[Site] = []
        self.counts: List[int] = []
        self.paths: set[str] = set()
        self._imports: Dict[str, Imports] = {}
        # Path to name to the first statement that binds it in the module.
        self.variables: Dict[str, Dict[str, Variable]] = {}
        # What was recorded while the modules were loaded; None before the first module.
        self.load_recorder: Optional[Any] = None

    def imports_of(self, path: str) -> Imports:
        return self._imports.setdefault(file_of(path), Imports())

    def name_of(self, function: str) -> str:
        """The name of a function of the recorder in the instrumented code."""
        return f"__adamscope_{function}_{self.number}__"

    def add(self, site: Site) -> int:
        self.sites.append(site)
        self.counts.append(site.operands)
        return len(self.sites) - 1

    def bind(self, functions: Dict[str, Callable[..., Any]]) -> None:
        """Makes the instrumented code call these functions from now on."""
        for name, function in functions.items():
            setattr(builtins, self.name_of(name), function)
