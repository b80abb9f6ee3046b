"""Gradients by the complex step.

Equation: ``df/dx_i = Im f(x + i h e_i) / h`` with h = 1e-100, exact to rounding for analytic code: Squire and Trapp (1998), SIAM
Review 40(1), 110-112.
"""

from __future__ import annotations

from array import array
from typing import Any

from ..calls import Call
from ..context import Context
from ..output import silent
from ..problems import NotExact
from ..results import number_of
from .random_direction import random_direction

_STEP = 1e-100
#: A complex step is one evaluation for each coordinate.
MOST_COORDINATES = 2000
#: Of a central difference with a step of cbrt(eps), relative to its scale.
_TOLERANCE = 1e-5


class ComplexStep:
    """The gradient of a numpy loss that computes with complex numbers as with real ones. Checked against a difference quotient in a
    random direction, at the first evaluation and again after 1, 3, 7 and so on."""

    words = "complex step"
    is_plain = False

    def __init__(self, call: Call) -> None:
        import numpy

        self._numpy = numpy
        self._call = call
        self._evaluations = 0

    def value_and_gradient(self, params: memoryview, context: Context) -> tuple[Any, memoryview]:
        if len(params) > MOST_COORDINATES:
            raise NotExact(f"the complex step is used for at most {MOST_COORDINATES} coordinates")
        loss = number_of(self._call(self._call.arrays.vector(params), context), self._call.name)
        gradient = array("d", bytes(8 * len(params)))
        with silent():
            for i in range(len(params)):
                gradient[i] = self._along(params, i, context)
            self._evaluations += 1
            if self._evaluations & (self._evaluations - 1) == 0:
                self._check(params, gradient, context)
        return loss, memoryview(gradient).cast("B")

    def _along(self, params: memoryview, i: int, context: Context) -> float:
        point = self._numpy.array(params, dtype="complex128")
        point[i] += 1j * _STEP
        try:
            with self._numpy.errstate(all="ignore"):
                result = self._call(point, context)
        except Exception as error:
            raise NotExact(f"{self._call.name} cannot be evaluated with complex numbers ({error})") from error
        imaginary = getattr(result, "imag", None)
        if imaginary is None:
            raise NotExact(f"{self._call.name} does not return a number of complex parameters")
        return number_of(imaginary, self._call.name) / _STEP

    def _check(self, params: memoryview, gradient: Any, context: Context) -> None:
        numpy = self._numpy
        point = numpy.array(params)
        direction = numpy.array(random_direction(len(params), self._evaluations))
        scale = max(1.0, float(numpy.max(numpy.abs(point), initial=0.0)))
        length = float(numpy.finfo(numpy.float64).eps) ** (1 / 3) * scale
        with numpy.errstate(all="ignore"):
            above = number_of(self._call(point + length * direction, context), self._call.name)
            below = number_of(self._call(point - length * direction, context), self._call.name)
        slope = (above - below) / (2 * length)
        expected = float(numpy.dot(numpy.array(gradient), direction))
        # The difference quotient is exact to the rounding of its two values.
        rounding = float(numpy.finfo(numpy.float64).eps) * (abs(above) + abs(below)) / length
        size = max(abs(slope), float(numpy.linalg.norm(numpy.array(gradient)))) + rounding / _TOLERANCE
        if numpy.isfinite(slope) and not abs(slope - expected) <= _TOLERANCE * size:
            raise NotExact(
                f"{self._call.name} does not compute with complex numbers as with real ones (such as abs, a comparison, or an"
                " assignment into an array of floats), or its values differ from call to call"
            )
