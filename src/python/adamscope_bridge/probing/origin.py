"""Runs a loss with recording, and describes what was found."""

from __future__ import annotations

import contextlib
import sys
from typing import Any, Callable, Dict, Iterator, Optional, Sequence

from .cause import cause_of
from .data import value_in_words
from .forward import Candidate, ForwardRecorder
from .outcome import Outcome
from .recorder import INACTIVE
from .site_table import Site, SiteTable
from .values import Element, for_json


def value_origin(table: SiteTable, evaluate: Callable[[], Any]) -> Optional[Dict[str, Any]]:
    """See `adamscope_bridge.probing.find_value_origin`."""
    recorder = ForwardRecorder(table, before=table.load_recorder)
    try:
        with eagerly():
            table.bind(recorder.functions())
            try:
                value = evaluate()
            except Exception:
                # The traceback has the place.
                return None
            table.bind(INACTIVE)
            candidate = recorder.origin(value)
            if candidate is None:
                return None
            if candidate.datum is not None:
                return _datum(candidate)
            outcome = candidate.outcome
            if outcome is None:
                return None
            cause = cause_of(table, candidate.site, outcome, evaluate) if recorder.is_event(candidate) else None
            return described("non-finite-value", candidate.site, outcome.inputs, outcome.result, cause)
    finally:
        table.bind(INACTIVE)


def described(
    kind: str, site: Site, inputs: Sequence[Element], result: Element, cause: Optional[Dict[str, Any]] = None
) -> Dict[str, Any]:
    return {
        "kind": kind,
        **site.location(),
        "expression": site.expression,
        "inputs": [for_json(element) for element in inputs],
        "result": for_json(result),
        **({"cause": cause} if cause else {}),
    }


def _datum(candidate: Candidate) -> Dict[str, Any]:
    datum = candidate.datum
    assert datum is not None
    variable = datum.variable.source.location(datum.variable.node)
    place: Dict[str, Any] = {**variable, "expression": datum.variable_name, "role": "variable", "inputs": []}
    if candidate.made_by is not None and candidate.made_by.outcome is not None:
        site = candidate.made_by.site
        inputs = [for_json(element) for element in candidate.made_by.outcome.inputs]
        place = {**site.location(), "expression": site.expression, "role": "made-by", "inputs": inputs}
    elif candidate.outcome is not None:
        site = candidate.site
        place = {**site.location(), "expression": site.expression, "role": "enters-in", "inputs": []}
    return {
        "kind": "non-finite-datum",
        **place,
        "datum": datum.name,
        "variable": variable,
        "value": value_in_words(datum.value),
        "others": datum.others,
        "isCounted": True,
        "sample": None,
    }


@contextlib.contextmanager
def eagerly() -> Iterator[None]:
    """Without compilation, so that every expression is evaluated with its numbers."""
    with contextlib.ExitStack() as stack:
        jax = sys.modules.get("jax")
        if jax is not None:
            stack.enter_context(jax.disable_jit())
        torch = sys.modules.get("torch")
        if torch is not None and hasattr(getattr(torch, "compiler", None), "set_stance"):
            stack.enter_context(torch.compiler.set_stance("force_eager"))
        yield
