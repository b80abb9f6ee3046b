"""
Finds the expression of the user's source that made a loss, or its gradient, NaN or infinite.

The syntax tree of each module is rewritten with `instrument` before it is compiled. The functions `find_…` then run the
loss once or a few times with recording. Without recording, instrumented code computes the same at a lower speed.

The found origin is a dict with the fields of `Origin` in src/core/diagnosis/finding.ts, and `SourceLocation` as
"file", "line", "column", "endLine", "endColumn": 1-based, end exclusive, columns in UTF-16 code units. JSON has no numbers
that are not finite, so "inputs" and "result" contain the strings "NaN", "Infinity" and "-Infinity" for them.
"""

from __future__ import annotations

import ast
from typing import Any, Callable, Dict, Optional

from .cuts import record_cuts, rounded_coordinates, slopes
from .forward import ForwardRecorder
from .gradient import gradient_origin
from .instrumentation import rewrite
from .lost_derivative import lost_derivative
from .origin import value_origin
from .recorder import INACTIVE
from .rounding import rounding_of
from .saturation import loss_beyond, loss_with_values_of, record_bounded
from .site_table import SiteTable

__all__ = [
    "SiteTable",
    "find_gradient_origin",
    "find_value_origin",
    "instrument",
    "loss_beyond",
    "loss_with_values_of",
    "lost_derivative",
    "record_bounded",
    "record_cuts",
    "rounded_coordinates",
    "rounding_of",
    "slopes",
    "stop_recording",
]


def instrument(tree: ast.Module, path: str, text: str, table: SiteTable) -> ast.Module:
    """
    Rewrites a module so that its expressions are recorded. From now on, everything that the code computes is recorded,
    so that data which are computed while modules are loaded have an origin, too. The first `find_…`, or `stop_recording`, ends that.

    tree: of `text`; it is changed.
    path: the file name given to `compile`.
    table: gets the places; one for all modules of a program.
    """
    rewritten = rewrite(tree, path, text, table)
    if table.load_recorder is None:
        table.load_recorder = ForwardRecorder(table)
        table.bind(table.load_recorder.functions())
    return rewritten


def stop_recording(table: SiteTable) -> None:
    """Ends the recording that began with `instrument`."""
    table.bind(INACTIVE)


def find_value_origin(table: SiteTable, evaluate: Callable[[], Any]) -> Optional[Dict[str, Any]]:
    """
    The expression that made the loss NaN or infinite out of finite operands: the first one on which the result depends.
    If there is none, the value of the data that is not finite, or the first expression that used another such value.

    evaluate: runs the loss of the instrumented module, and returns its value as it is (not converted). It is called up to
    two times, and must do the same each time.

    Returns None if the value is finite, the loss raises an exception, or the origin is not known.
    """
    return value_origin(table, evaluate)


def find_gradient_origin(table: SiteTable, backend: str, evaluate: Callable[[], Any]) -> Optional[Dict[str, Any]]:
    """
    The expression whose derivative is NaN or infinite although what it received in the backward pass is finite.

    backend: "torch", "jax" or "autograd".
    evaluate: runs the loss of the instrumented module and the backward pass. It is called once.

    Returns None if there is no such expression, another backend, or an exception.
    """
    return gradient_origin(table, backend, evaluate)
