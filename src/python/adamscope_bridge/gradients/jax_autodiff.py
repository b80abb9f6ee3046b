"""Gradients of jax losses."""

from __future__ import annotations

from typing import Any

from ..calls import Call
from ..context import Context
from ..problems import NotExact, Problem
from ..results import number_of, wrong_result


class JaxAutodiff:
    """`jax.value_and_grad`, compiled where the loss allows it."""

    words = "jax.value_and_grad"
    is_plain = True

    def __init__(self, call: Call) -> None:
        import jax
        import numpy

        self._jax = jax
        self._numpy = numpy
        self._call = call

        def scalar(vector: Any, context: Context) -> Any:
            result = call(vector, context)
            if getattr(result, "shape", ()) not in ((), (1,)) or not hasattr(result, "dtype") and not isinstance(result, (int, float)):
                raise wrong_result(result, call.name)
            if jax.numpy.iscomplexobj(result):
                raise wrong_result(result, call.name)
            return jax.numpy.reshape(result, ())

        self._traced = jax.value_and_grad(scalar)
        self._compiled: Any = jax.jit(self._traced)
        self._is_checked = False

    def value_and_gradient(self, params: memoryview, context: Context) -> tuple[Any, memoryview]:
        vector = self._call.arrays.vector(params)
        try:
            loss, gradient = self._evaluate(vector, context)
        except (NotExact, Problem):
            raise
        except Exception as error:
            # The plain program may fail in the same way: the caller then evaluates it, and its error is shown.
            first = str(error).partition("\n")[0].partition(". ")[0].rstrip(".")
            raise NotExact(f"jax cannot differentiate {self._call.name} ({type(error).__name__}: {first})") from error
        return float(loss), memoryview(self._numpy.asarray(gradient, dtype=self._numpy.float64)).cast("B")

    def _evaluate(self, vector: Any, context: Context) -> tuple[Any, Any]:
        if self._compiled is None:
            return self._traced(vector, context)
        try:
            loss, gradient = self._compiled(vector, context)
        except (NotExact, Problem):
            raise
        except Exception:
            # The loss decides by values or by the step, which a compiled program cannot; libraries raise many types for this.
            self._compiled = None
            return self._traced(vector, context)
        if not self._is_checked:
            self._is_checked = True
            if not self._equals_plain(float(loss), vector, context):
                # What Python computed while the program was traced, such as random numbers, would stay the same.
                self._compiled = None
                return self._traced(vector, context)
        return loss, gradient

    def _equals_plain(self, loss: float, vector: Any, context: Context) -> bool:
        plain = number_of(self._call(vector, context), self._call.name)
        if plain != plain or loss != loss or plain == loss:
            return True
        # A compiled program may sum in another order.
        eps = float(self._numpy.finfo(vector.dtype).eps)
        return abs(plain - loss) <= 2**20 * eps * max(abs(plain), abs(loss), 1)
