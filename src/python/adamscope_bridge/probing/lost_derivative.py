"""Finds the expressions whose value has left the graph of a package, although it depends on parameters: `detach()`, `item()`, `no_grad()`."""

from __future__ import annotations

import math
import sys
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from .origin import eagerly
from .recorder import INACTIVE, Recorder
from .site_table import SiteTable
from .values import copied, is_array, is_tensor, native

#: Functions of jax whose value has no derivative, where the others have one.
_STOPPING = frozenset(("stop_gradient",))
#: They end the derivatives of the expressions that follow.
_DISABLING = frozenset(("no_grad", "inference_mode", "set_grad_enabled"))
#: A longer array is not compared.
_MOST_ELEMENTS = 100_000


def lost_derivative(
    table: SiteTable, before: Callable[[], Any], after: Callable[[], Any], number: Callable[[Any], float]
) -> Optional[int]:
    """
    The number of the place of an expression that passes no derivative on, and through which a change of the parameters changes the
    loss: of several, the one through which it changes most. None if there is none.

    before, after: run the loss of the instrumented module, before and after a change of the parameters.
    number: a result as a float.
    """
    first, second = _LossRecorder(table), _LossRecorder(table)
    loss, changed = _evaluated(table, first, before), _evaluated(table, second, after)
    if loss is None or changed is None:
        return None
    found: Optional[int] = None
    largest = 0.0
    for site, values in first.lost.items():
        others = second.lost.get(site)
        if others is None or len(others) != len(values) or all(map(_is_same, values, others)):
            continue
        with_others = _evaluated(table, _Replacing(table, site, others), before)
        effect = 0.0 if with_others is None else abs(number(with_others) - number(loss))
        if math.isfinite(effect) and effect > largest:
            found, largest = site, effect
    return None if found is None else first.disabled_by.get(found, found)


def _evaluated(table: SiteTable, recorder: Recorder, evaluate: Callable[[], Any]) -> Any:
    """The result; None if the loss raises."""
    try:
        with eagerly():
            table.bind(recorder.functions())
            return evaluate()
    except Exception:
        return None
    finally:
        table.bind(INACTIVE)


class _LossRecorder(Recorder):
    """Keeps the values without a derivative of expressions that have operands with one."""

    watching = True

    def __init__(self, table: SiteTable) -> None:
        super().__init__(table)
        #: By the number of the place, in the order of evaluation.
        self.lost: Dict[int, List[Any]] = {}
        #: The expression that disabled derivatives, for places where they were disabled.
        self.disabled_by: Dict[int, int] = {}
        self._disabling: Optional[int] = None

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        place = self.table.sites[site]
        is_enabled = _has_derivatives()
        if is_enabled:
            self._disabling = None
        if place.name in _DISABLING:
            self._disabling = site
        elif place.name in _STOPPING or _leaves_graph(value, operands):
            # The forward pass of a function with a backward pass of its own has no derivatives either.
            if not is_enabled and self._disabling is None:
                return value
            self.lost.setdefault(site, []).append(copied(value))
            if not is_enabled and self._disabling is not None:
                self.disabled_by[site] = self._disabling
        return value


class _Replacing(Recorder):
    """Gives an expression other values, in the order of evaluation."""

    watching = True

    def __init__(self, table: SiteTable, site: int, values: Sequence[Any]) -> None:
        super().__init__(table)
        self._site = site
        self._values = iter(values)

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        return next(self._values, value) if site == self._site else value


def _has_derivatives() -> bool:
    torch = sys.modules.get("torch")
    return torch is None or torch.is_grad_enabled()


def _leaves_graph(value: Any, operands: Sequence[Any]) -> bool:
    if not any(is_tensor(each) and each.requires_grad for each in _flat(operands)):
        return False
    parts = list(_flat(value))
    return any(_numbers(each) is not None for each in parts) and not any(
        is_tensor(each) and each.requires_grad for each in parts
    )


def _is_same(a: Any, b: Any) -> bool:
    return [_numbers(each) for each in _flat(a)] == [_numbers(each) for each in _flat(b)]


def _numbers(value: Any) -> Optional[List[float]]:
    if isinstance(value, (bool, int, float)):
        return [float(value)]
    plain = native(value) if is_array(value) else None
    if plain is None or isinstance(plain, (int, float)):
        return None if plain is None else [float(plain)]
    shape: Tuple[int, ...] = tuple(plain.shape)
    return None if math.prod(shape) > _MOST_ELEMENTS else [float(each) for each in plain.reshape(-1).tolist()]


def _flat(value: Any, depth: int = 3) -> Iterator[Any]:
    if isinstance(value, (list, tuple)) and depth:
        for element in value:
            yield from _flat(element, depth - 1)
    else:
        yield value
