"""How far rounding moves the value of a loss: each recorded value is moved at random by about its rounding error.

Monte Carlo arithmetic: Parker (1997), *Monte Carlo Arithmetic*, UCLA CSD-970002. Every value is rounded in the type that it has, so a loss that
computes in float32 is known by its own arithmetic, whatever its result is converted to.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
from typing import Any, Callable, Dict, List, Optional, Sequence

from .origin import eagerly
from .recorder import INACTIVE, Recorder
from .site_table import SiteTable
from .values import is_array, native, shape_of

#: Enough for a standard deviation to within a third.
_EVALUATIONS = 8
#: A longer array is not moved.
_MOST_ELEMENTS = 1_000_000
_EPSILON_OF_DOUBLE = 2.0**-52


def rounding_of(table: SiteTable, evaluate: Callable[[], float]) -> Optional[Dict[str, Any]]:
    """
    "error", the standard deviation of the loss under rounding, and "bits", the least precision of its values.

    evaluate: the value of the loss of the instrumented module; it is called several times.

    Returns None if the loss raises, or is not finite.
    """
    recorder = _RoundingRecorder(table)
    losses: List[float] = []
    try:
        with eagerly():
            table.bind(recorder.functions())
            for _ in range(_EVALUATIONS):
                losses.append(evaluate())
        error = statistics.pstdev(losses)
    except Exception:
        return None
    finally:
        table.bind(INACTIVE)
    return {"error": error, "bits": recorder.bits} if error - error == 0 else None


class _RoundingRecorder(Recorder):
    watching = True

    def __init__(self, table: SiteTable) -> None:
        super().__init__(table)
        self._random = random.Random(0)
        self._generators: Dict[str, Any] = {}
        #: Of the mantissa.
        self.bits = 53

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        if type(value) is float:
            return value + value * _EPSILON_OF_DOUBLE * self._random.uniform(-1, 1)
        if self.table.sites[site].operation == "pass" or not is_array(value) or _shares_memory(value, operands):
            return value
        plain = native(value)
        if plain is None or not shape_of(plain) and isinstance(plain, (int, float)):
            return value
        return self._moved(value, plain)

    def _moved(self, value: Any, plain: Any) -> Any:
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(plain, torch.Tensor):
            if not plain.is_floating_point() or plain.numel() > _MOST_ELEMENTS:
                return value
            epsilon = torch.finfo(plain.dtype).eps
            if "torch" not in self._generators:
                self._generators["torch"] = torch.Generator(plain.device).manual_seed(0)
            # In double precision, so that only the sum is rounded.
            share = torch.rand(plain.shape, generator=self._generators["torch"], dtype=torch.float64) * 2 - 1
            change = (plain.double() * (1 + epsilon * share)).to(plain.dtype) - plain
            return self._counted(epsilon, value + change)
        numpy = sys.modules["numpy"]
        if not numpy.issubdtype(plain.dtype, numpy.floating) or plain.size > _MOST_ELEMENTS:
            return value
        epsilon = float(numpy.finfo(plain.dtype).eps)
        generator = self._generators.setdefault("numpy", numpy.random.default_rng(0))
        share = generator.uniform(-1, 1, plain.shape)
        moved = (plain.astype(numpy.float64) * (1 + epsilon * share)).astype(plain.dtype)
        if type(value).__module__.startswith("jax"):
            return self._counted(epsilon, sys.modules["jax"].numpy.asarray(moved))
        return self._counted(epsilon, moved if isinstance(value, numpy.ndarray) else moved[()])

    def _counted(self, epsilon: float, moved: Any) -> Any:
        self.bits = min(self.bits, 1 - round(math.log2(epsilon)))
        return moved


def _shares_memory(value: Any, operands: Sequence[Any]) -> bool:
    """Whether a value is one of its operands, or another view of their numbers: a copy would not be changed with them."""
    if any(value is operand for operand in operands):
        return True
    return getattr(value, "base", None) is not None or getattr(value, "_base", None) is not None
