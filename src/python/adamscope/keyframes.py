"""The whole state of a small training before some of its steps, from which these steps can be made again."""

from __future__ import annotations

import math
from typing import Callable, Optional

import numpy as np
import torch

from .tensors import WatchedTensor

#: Numbers of a keyframe: a model with more parameters and state has none.
_MOST_NUMBERS = 2**18
#: The share of the file that keyframes may take.
_SHARE = 1 / 2
#: Steps from one to the next: so many, and later a part of those so far.
_FEWEST_STEPS = 16
_STRETCH = 1 / 16


class Keyframes:
    """Decides which steps have one, and copies it.

    ``states``: Adamscope's name -> torch's name of the state arrays. A keyframe contains, in the byte order of little-endian processors,

        t | age | the numbers of all tensors | each state of all tensors

    where t and age are float64: the steps of the watch and of the optimizer so far. The others are float32, or float64 if one of the
    tensors has that type. A state that does not exist yet is 0.
    """

    def __init__(self, tensors: list[WatchedTensor], states: dict[str, str]) -> None:
        self._tensors = tensors
        self._states = list(states.values())
        self._is_wide = any(each.parameter.dtype == torch.float64 for each in tensors)
        numbers = sum(each.size for each in tensors) * (1 + len(states))
        is_real = all(each.parameter.dtype.is_floating_point for each in tensors)
        self._is_possible = is_real and numbers <= _MOST_NUMBERS and not any(each.is_sharded for each in tensors)
        self.size = numbers * (8 if self._is_wide else 4) + 16
        self._written = 0
        self._next = 0

    def is_due(self, step: int, allowed: float) -> bool:
        """Whether the state before step ``step`` (from 1) is kept. ``allowed``: bytes that the file may have now."""
        return self._is_possible and step > self._next and self._written + self.size <= _SHARE * allowed

    def take(self, optimizer: torch.optim.Optimizer, step: int) -> Callable[[], bytes]:
        """Copies the state before step ``step``. The function encodes the copy."""
        self._written += self.size
        self._next = step + max(_FEWEST_STEPS, int(step * _STRETCH)) - 1
        states = [optimizer.state.get(each.parameter, {}) for each in self._tensors]
        arrays = [self._joined([each.values for each in self._tensors])]
        for name in self._states:
            arrays.append(self._joined([state.get(name) for state in states]))
        counts = (step - 1, self._age(states, step))
        kind = "<f8" if self._is_wide else "<f4"
        return lambda: _encoded(counts, arrays, kind)

    def _joined(self, parts: list[Optional[torch.Tensor]]) -> torch.Tensor:
        kind = torch.float64 if self._is_wide else torch.float32
        full = [
            torch.zeros(tensor.size, dtype=kind) if part is None else part.detach().reshape(-1).to("cpu", kind)
            for tensor, part in zip(self._tensors, parts)
        ]
        return torch.cat(full)

    def _age(self, states: list[dict[str, torch.Tensor]], step: int) -> float:
        """The optimizer's own count of its steps; NaN if it counts differently for its tensors."""
        ages = {float(each["step"]) for each in states if "step" in each}
        if not ages:
            return float(step - 1) if any(states) else 0.0
        return ages.pop() if len(ages) == 1 and all("step" in each for each in states) else math.nan


def _encoded(counts: tuple[float, float], arrays: list[torch.Tensor], kind: str) -> bytes:
    """Called by the thread that writes: a step that is compiled by torch has no types of numpy."""
    return np.array(counts, "<f8").tobytes() + b"".join(each.numpy().astype(kind, copy=False).tobytes() for each in arrays)
