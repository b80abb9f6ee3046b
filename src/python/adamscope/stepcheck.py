"""Compares a step with what the optimizer's own formula makes of the same parameters, gradients, state and options."""

from __future__ import annotations

from typing import Any, Callable

import torch

from .ledger import Deviation, deviations
from .reference import Reference, Snapshot, expected_step, reference_of, whole_snapshot
from .tensors import WatchedTensor

#: Tensors whose deviations are written as numbers.
_MOST_DESCRIBED = 3


class StepCheck:
    """The check of one optimizer's steps: of the sampled coordinates, or, where a step mixes them, of one whole tensor in turn."""

    def __init__(self, optimizer: torch.optim.Optimizer, tensors: list[WatchedTensor], observe: Callable[..., None]) -> None:
        self._tensors = tensors
        self._observe = observe
        self._reference = reference_of(optimizer)
        if self._reference is Reference.WHOLE and any(each.is_sharded for each in tensors):
            # No rank has a whole tensor.
            self._reference = Reference.NOTHING
        self._turn = 0
        self._whole: list[Snapshot] = []

    def begin(self, optimizer: torch.optim.Optimizer) -> None:
        """Before a recorded step."""
        if self._reference is Reference.WHOLE:
            self._turn += 1
            self._whole = whole_snapshot(optimizer, self._tensors, self._turn)

    def end(self, optimizer: torch.optim.Optimizer, options: list[dict[str, Any]], before: list[Snapshot], after: list[Snapshot]) -> None:
        """After it. ``options``: of each group, before the step; ``before``, ``after``: the sampled coordinates, of the same tensors."""
        if self._reference is Reference.SAMPLE:
            self._compare(optimizer, options, before, after)
        elif self._reference is Reference.WHOLE:
            self._compare(optimizer, options, self._whole, whole_snapshot(optimizer, self._tensors, self._turn))

    def forget(self) -> None:
        """Lets all copies go."""
        self._whole = []

    def _compare(self, optimizer: torch.optim.Optimizer, options: list[dict[str, Any]], before: list[Snapshot], after: list[Snapshot]) -> None:
        if not before:
            return
        found = deviations(before, expected_step(optimizer, options, before), after)
        if found:
            self._report(found)

    def _report(self, found: list[Deviation]) -> None:
        self._observe(
            "unexplained-update",
            tensors=[self._tensors[i].name for i in sorted({each.tensor for each in found})],
            worst=[
                {
                    "tensor": self._tensors[each.tensor].name,
                    "of": each.of,
                    "differing": each.differing,
                    "compared": each.compared,
                    "coordinates": [self._coordinate(each, i) for i in each.worst],
                    "expected": each.expected,
                    "found": each.found,
                }
                for each in found[:_MOST_DESCRIBED]
            ],
        )

    def _coordinate(self, deviation: Deviation, place: int) -> int:
        """The position in the tensor of a place in what was compared."""
        return place if self._reference is Reference.WHOLE else self._tensors[deviation.tensor].sample[place]
