"""Gradients of torch losses."""

from __future__ import annotations

from array import array
from typing import Any

from ..calls import Call
from ..context import Context
from ..modules import OwnModules
from ..places import place_of
from ..problems import NotExact
from ..results import described


def float64_bytes(tensor: Any) -> memoryview:
    """The numbers of a tensor as float64, in the order of memory."""
    import torch

    flat = tensor.detach().reshape(-1).to("cpu", torch.float64).contiguous()
    if hasattr(flat, "numpy"):
        try:
            return memoryview(flat.numpy()).cast("B")
        except RuntimeError:
            # torch without numpy.
            pass
    return memoryview(array("d", flat.tolist())).cast("B")


def gradients_of(result: Any, tensors: list[Any], name: str) -> Any:
    """The gradients of a result with one element; None for a tensor that it does not depend on."""
    import torch

    try:
        with torch.enable_grad():
            return torch.autograd.grad(result.reshape(()), tensors, allow_unused=True)
    except RuntimeError as error:
        modules = OwnModules.active()
        if modules is not None and place_of(error, modules) is not None:
            raise
        # Not of a hook or a backward function of the user's, but of the graph: the loss may have freed or changed it.
        first = str(error).partition(". ")[0].rstrip(".")
        raise NotExact(f"torch cannot differentiate {name} ({first})") from error


class TorchAutograd:
    """Reverse mode by `torch.autograd`, of the parameters as one vector."""

    words = "torch autograd"
    is_plain = True

    def __init__(self, call: Call) -> None:
        import torch

        self._torch = torch
        self._call = call

    def value_and_gradient(self, params: memoryview, context: Context) -> tuple[Any, memoryview]:
        torch = self._torch
        vector = self._call.arrays.vector(params)
        with torch.enable_grad():
            result = self._call(vector, context)
        if not isinstance(result, torch.Tensor):
            if isinstance(result, float):
                raise NotExact(f"{self._call.name} returns a float, which has left torch's graph (such as by item() or float())")
            return result, memoryview(bytes(8 * len(params)))
        if result.numel() != 1 or result.is_complex():
            return result, memoryview(bytes(8 * len(params)))
        if not result.requires_grad:
            raise NotExact(
                f"{self._call.name} returns {described(result)} that does not depend on the parameters in torch's graph"
                " (such as after detach(), item() or no_grad())"
            )
        (gradient,) = gradients_of(result, [vector], self._call.name)
        if gradient is None:
            return result, memoryview(bytes(8 * len(params)))
        return result, float64_bytes(gradient)
