"""Modules from text, with and without recording."""

from __future__ import annotations

import ast
import itertools
import sys
import textwrap
import types
import warnings
from typing import Any, Callable, Dict, Optional, Sequence, Tuple

from adamscope_bridge.probing import SiteTable, find_gradient_origin, find_value_origin, instrument

_numbers = itertools.count(1)


def load_plain(text: str) -> types.ModuleType:
    """The module of a text as it is."""
    return _load(text, None)


def load_probed(text: str) -> Tuple[types.ModuleType, SiteTable]:
    """The instrumented module of a text."""
    table = SiteTable()
    return _load(text, table), table


def _load(text: str, table: Optional[SiteTable]) -> types.ModuleType:
    text = textwrap.dedent(text)
    name = f"probed_module_{next(_numbers)}"
    path = f"/loss/{name}.py"
    tree = ast.parse(text)
    if table is not None:
        tree = instrument(tree, path, text, table)
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(tree, path, "exec"), vars(module))
    return module


def value_origin(text: str, *arguments: Any) -> Optional[Dict[str, Any]]:
    """The origin of the value of `loss` in a text."""
    module, table = load_probed(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return find_value_origin(table, lambda: module.loss(*arguments))


def gradient_origin(
    text: str, backend: str, differentiate: Callable[[Callable[..., Any]], Any]
) -> Optional[Dict[str, Any]]:
    """The origin of the gradient of `loss` in a text."""
    module, table = load_probed(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return find_gradient_origin(table, backend, lambda: differentiate(module.loss))


class Row:
    """
    A loss and its origin.

    text: a module; a text without `def` is the body of `loss(x)`.
    inputs: not compared if None.
    """

    def __init__(
        self,
        name: str,
        text: str,
        at: Any,
        expression: Optional[str],
        inputs: Optional[Sequence[Any]] = None,
        **more: Any,
    ) -> None:
        self.name = name
        self.text = textwrap.dedent(text)
        if "def loss" not in self.text and "loss =" not in self.text:
            self.text = "def loss(x):\n" + textwrap.indent(self.text, "    ")
        self.at = at
        self.expression = expression
        self.inputs = inputs
        self.more = more

    def check(self, test: Any, origin: Optional[Dict[str, Any]]) -> None:
        if self.expression is None:
            test.assertIsNone(origin)
            return
        test.assertIsNotNone(origin)
        assert origin is not None
        test.assertEqual(origin["expression"], self.expression)
        if self.inputs is not None:
            test.assertEqual(list(origin["inputs"]), list(self.inputs))
        for field, expected in self.more.items():
            test.assertEqual(origin.get(field), expected, field)
