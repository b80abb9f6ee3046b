"""The arrays of the libraries in which a loss takes its parameters."""

from __future__ import annotations

from typing import Any, Protocol

from .structure import Leaf


class Arrays(Protocol):
    """How a library holds a vector. `vector` and `indices` return new arrays, which the user's code may keep or change."""

    def vector(self, params: memoryview) -> Any:
        """From float64, shape [dim]."""

    def part(self, vector: Any, start: int, leaf: Leaf) -> Any:
        """The numbers of a leaf, in its shape."""

    def elements(self, vector: Any) -> list[Any]:
        """The coordinates."""

    def indices(self, samples: memoryview) -> Any:
        """From int32."""


class Lists:
    """Floats and lists of them."""

    def vector(self, params: memoryview) -> list[float]:
        return params.tolist()

    def part(self, vector: list[Any], start: int, leaf: Leaf) -> Any:
        if not leaf.shape:
            return vector[start]
        return _nested(vector[start : start + leaf.size], leaf.shape)

    def elements(self, vector: list[Any]) -> list[Any]:
        return vector

    def indices(self, samples: memoryview) -> list[int]:
        return samples.tolist()


def _nested(values: list[Any], shape: tuple[int, ...]) -> list[Any]:
    if len(shape) == 1:
        return values
    size = len(values) // shape[0]
    return [_nested(values[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]


class NumpyArrays:
    """numpy arrays of float64 or float32."""

    def __init__(self, dtype: str) -> None:
        import numpy

        self._numpy = numpy
        self._dtype = dtype

    def vector(self, params: memoryview) -> Any:
        return self._numpy.array(params, dtype=self._dtype)

    def part(self, vector: Any, start: int, leaf: Leaf) -> Any:
        part = vector[start : start + leaf.size]
        return part.reshape(leaf.shape) if leaf.shape else part[0]

    def elements(self, vector: Any) -> list[Any]:
        return list(vector)

    def indices(self, samples: memoryview) -> Any:
        return self._numpy.array(samples, dtype=self._numpy.intp)


class TorchArrays:
    """torch tensors on the CPU of float64 or float32."""

    def __init__(self, dtype: str) -> None:
        import torch

        self._torch = torch
        self._dtype = getattr(torch, dtype)

    def vector(self, params: memoryview) -> Any:
        """A leaf of the graph that requires its gradient."""
        torch = self._torch
        vector = torch.frombuffer(bytearray(params), dtype=torch.float64)
        return vector.to(self._dtype).requires_grad_()

    def part(self, vector: Any, start: int, leaf: Leaf) -> Any:
        return vector[start : start + leaf.size].reshape(leaf.shape)

    def elements(self, vector: Any) -> list[Any]:
        return list(vector.unbind())

    def indices(self, samples: memoryview) -> Any:
        torch = self._torch
        if len(samples) == 0:
            return torch.empty(0, dtype=torch.long)
        return torch.frombuffer(bytearray(samples), dtype=torch.int32).long()


class JaxArrays:
    """jax arrays of float64 or float32."""

    def __init__(self, dtype: str) -> None:
        import jax.numpy
        import numpy

        self._jnp = jax.numpy
        self._numpy = numpy
        self._dtype = dtype

    def vector(self, params: memoryview) -> Any:
        return self._jnp.asarray(self._numpy.array(params, dtype=self._dtype))

    def part(self, vector: Any, start: int, leaf: Leaf) -> Any:
        return vector[start : start + leaf.size].reshape(leaf.shape)

    def elements(self, vector: Any) -> list[Any]:
        return [vector[i] for i in range(vector.shape[0])]

    def indices(self, samples: memoryview) -> Any:
        return self._jnp.asarray(self._numpy.array(samples, dtype=self._numpy.int32))


def arrays_of(library: str, dtype: str) -> Arrays:
    """Raises ImportError if the library is not installed."""
    if library == "python":
        return Lists()
    return {"numpy": NumpyArrays, "torch": TorchArrays, "jax": JaxArrays}[library](dtype)
