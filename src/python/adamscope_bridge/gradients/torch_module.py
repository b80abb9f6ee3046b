"""Losses of a `torch.nn.Module`, whose parameters are the coordinates."""

from __future__ import annotations

from typing import Any, Callable, Optional

from ..arrays import TorchArrays
from ..context import Context, names_asked_for
from ..problems import NotExact, Problem
from ..seeds import set_seeds
from ..structure import Leaf
from .torch_autograd import float64_bytes, gradients_of


class ModuleVector:
    """The parameters of the user's module as a vector.

    The module is the user's own object: its buffers, such as the means of a batch normalisation, and its training mode stay as the
    user's code leaves them.
    """

    def __init__(self, build: Callable[[], Any]) -> None:
        import torch

        module = build if isinstance(build, torch.nn.Module) else build()
        if not isinstance(module, torch.nn.Module):
            raise Problem(
                "bad-start", f"module= must name a function that returns a torch.nn.Module; it returned {type(module).__name__}"
            )
        self._torch = torch
        self.module = module
        self.named = [(name, each) for name, each in module.named_parameters() if each.requires_grad]
        if not self.named:
            raise Problem("bad-start", "the module has no parameter that requires a gradient")
        self.arrays = TorchArrays("float64")

    @property
    def tensors(self) -> list[Any]:
        return [each for _, each in self.named]

    def leaves(self) -> list[Leaf]:
        return [Leaf(name, tuple(each.shape), each) for name, each in self.named]

    def set(self, vector: Any) -> None:
        """Copies a vector, shape [dim], into the parameters."""
        start = 0
        with self._torch.no_grad():
            flat = vector.detach()
            for each in self.tensors:
                each.copy_(flat[start : start + each.numel()].reshape(each.shape))
                start += each.numel()


class ModuleCall:
    """A function of the user of a module, and of the data of the step if a function makes them. See `Call`."""

    def __init__(
        self,
        function: Callable[..., Any],
        name: str,
        vector: ModuleVector,
        data: Optional[Callable[..., Any]],
        draws: bool,
    ) -> None:
        self.name = name
        self.vector = vector
        self.arrays = vector.arrays
        self._function = function
        self._data = data
        self._draws = draws
        self._own_asks = names_asked_for(function, 1 if data is None else 2)
        self._data_asks = () if data is None else names_asked_for(data, 0)
        self.asks = tuple(dict.fromkeys((*self._own_asks, *self._data_asks)))

    def __call__(self, vector: Any, context: Context) -> Any:
        if self._draws:
            set_seeds(context.seed)
        self.vector.set(vector)
        arguments = [self.vector.module]
        if self._data is not None:
            arguments.append(self._data(**{name: context.of(name) for name in self._data_asks}))
        return self._function(*arguments, **{name: context.of(name) for name in self._own_asks})


class TorchModuleAutograd:
    """Reverse mode by `torch.autograd`, with respect to the parameters of a module."""

    words = "torch autograd"
    is_plain = True

    def __init__(self, call: ModuleCall) -> None:
        import torch

        self._torch = torch
        self._call = call

    def value_and_gradient(self, params: memoryview, context: Context) -> tuple[Any, memoryview]:
        torch = self._torch
        tensors = self._call.vector.tensors
        with torch.enable_grad():
            result = self._call(self._call.arrays.vector(params), context)
        if not isinstance(result, torch.Tensor) or not result.requires_grad:
            raise NotExact(f"the result of {self._call.name} has left torch's graph (such as by item() or no_grad())")
        if result.numel() != 1 or result.is_complex():
            return result, memoryview(bytes(8 * len(params)))
        gradients = gradients_of(result, tensors, self._call.name)
        flat = [
            torch.zeros(each.numel(), dtype=torch.float64) if gradient is None else gradient.reshape(-1).to("cpu", torch.float64)
            for each, gradient in zip(tensors, gradients)
        ]
        return result, float64_bytes(torch.cat(flat))
