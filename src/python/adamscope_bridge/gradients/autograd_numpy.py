"""Gradients of numpy losses by the package autograd."""

from __future__ import annotations

from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any, Iterator, Optional

from ..calls import Call
from ..context import Context
from ..modules import OwnModules
from ..problems import NotExact
from .substitutes import substitute


def use_autograd(modules: OwnModules) -> None:
    """Puts `autograd.numpy` and `autograd.scipy` into the own modules. Raises ImportError if autograd is not installed."""
    import autograd.numpy
    import numpy

    pairs: dict[int, Any] = {
        id(numpy): autograd.numpy,
        id(numpy.linalg): autograd.numpy.linalg,
        id(numpy.fft): autograd.numpy.fft,
    }
    # Functions that were imported by name: `from numpy import exp`.
    for ours, theirs in ((autograd.numpy, numpy), (autograd.numpy.linalg, numpy.linalg)):
        for name in dir(theirs):
            function = getattr(theirs, name)
            if callable(function) and not isinstance(function, type) and hasattr(ours, name):
                pairs[id(function)] = getattr(ours, name)
    _add_scipy(pairs)

    def of(value: Any) -> Optional[Any]:
        return pairs.get(id(value)) if isinstance(value, ModuleType) or callable(value) else None

    substitute(modules, of, {})


def _add_scipy(pairs: dict[int, Any]) -> None:
    import importlib
    import sys

    for name in ("scipy", "scipy.special", "scipy.linalg", "scipy.signal", "scipy.integrate", "scipy.stats"):
        theirs = sys.modules.get(name)
        if theirs is None:
            continue
        try:
            ours = importlib.import_module(f"autograd.{name}")
        except Exception:
            continue
        if name != "scipy":
            pairs[id(theirs)] = _Overlay(theirs, ours)
            for member in dir(ours):
                function = getattr(theirs, member, None)
                if callable(function):
                    pairs[id(function)] = getattr(ours, member)


class _Overlay:
    """A module of scipy whose functions are autograd's where it has them."""

    def __init__(self, theirs: ModuleType, ours: ModuleType) -> None:
        self._theirs, self._ours = theirs, ours

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ours if hasattr(self._ours, name) else self._theirs, name)


class AutogradNumpy:
    """Reverse mode by the package autograd, of a load of the modules that uses it."""

    words = "autograd"
    is_plain = False

    def __init__(self, call: Call) -> None:
        import autograd.tracer
        import numpy

        self._make_vjp = autograd.core.make_vjp
        self._tracer = autograd.tracer
        self._box = autograd.tracer.Box
        self._numpy = numpy
        self._call = call

    def value_and_gradient(self, params: memoryview, context: Context) -> tuple[Any, memoryview]:
        numpy = self._numpy
        point = self._call.arrays.vector(params)
        results: list[Any] = []

        def loss(vector: Any) -> Any:
            result = self._call(vector, context)
            results.append(result)
            return result

        try:
            with _without_warnings(self._tracer):
                vjp, value = self._make_vjp(loss, point)
        except NotExact:
            raise
        except Exception as error:
            raise NotExact(f"autograd cannot evaluate {self._call.name} ({type(error).__name__}: {error})") from error
        if isinstance(value, self._box) or numpy.size(value) != 1 or numpy.asarray(value).dtype.kind not in "fiu":
            raise NotExact(f"{self._call.name} does not return a number")
        try:
            gradient = vjp(numpy.ones_like(value, dtype=float))
        except Exception as error:
            raise NotExact(f"autograd cannot differentiate {self._call.name} ({type(error).__name__}: {error})") from error
        return value, memoryview(numpy.ascontiguousarray(gradient, dtype=numpy.float64)).cast("B")


@contextmanager
def _without_warnings(tracer: Any) -> Iterator[None]:
    """autograd warns of a loss without parameters, which is reported as a finding.

    Not by ``warnings.catch_warnings``: after it, Python forgets which warnings of the user's code it has shown, and each evaluation
    shows them again.
    """
    original = tracer.warnings
    tracer.warnings = SimpleNamespace(warn=lambda *_, **__: None)
    try:
        yield
    finally:
        tracer.warnings = original
