"""The tensors that an optimizer updates, and the coordinates of them that are looked at."""

from __future__ import annotations

from random import Random
from typing import Any, Iterator, NamedTuple, Optional
from weakref import ref

import torch

#: Coordinates are sampled in blocks of this length, at multiples of it: torch computes whole blocks with vector instructions, which
#: may round in another way than the scalar ones that it uses for a rest.
_BLOCK = 32
#: Of all tensors together: all coordinates of a small model, and one of 256 of a large one. Copies then take 2 % of the memory of
#: Adam's state.
_FEWEST = 4096
_ONE_OF = 256
_MOST = 2**18


def is_sharded(tensor: Any) -> bool:
    """Whether each rank holds a part of a tensor: a ``DTensor``, as of ``fully_shard``."""
    return hasattr(tensor, "to_local")


def local(tensor: torch.Tensor) -> torch.Tensor:
    """The part that this rank holds. Operations on the whole would wait for the other ranks."""
    return tensor.to_local() if is_sharded(tensor) else tensor


class WatchedTensor:
    """A parameter tensor of an optimizer, or this rank's part of it."""

    def __init__(self, parameter: torch.Tensor, name: str, group: int, share: float, random: Random) -> None:
        # The recorder keeps no model alive.
        self._parameter = ref(parameter)
        self.is_sharded = is_sharded(parameter)
        own = local(parameter.detach())
        self.shape = tuple(own.shape)
        self.size = own.numel()
        self.dtype = str(parameter.dtype).replace("torch.", "")
        self.name = name
        #: The position of its group in ``optimizer.param_groups``.
        self.group = group
        #: Positions in the flat tensor, ascending.
        self.sample: list[int] = _sampled(self.size, share, random)
        self._indices: Optional[tuple[torch.Tensor, ...]] = None

    @property
    def parameter(self) -> torch.Tensor:
        parameter = self._parameter()
        if parameter is None:
            raise ReferenceError(f"the parameter {self.name} is gone")
        return parameter

    @property
    def values(self) -> torch.Tensor:
        """Its numbers on this rank; not a copy."""
        return local(self.parameter.detach())

    @property
    def version(self) -> int:
        """torch's count of the writes in place."""
        return self.values._version if self.is_sharded else self.parameter._version

    @property
    def gradient(self) -> Optional[torch.Tensor]:
        """The gradient on this rank, if its numbers can be looked at one by one: dense and real."""
        grad = self.parameter.grad
        grad = None if grad is None else local(grad.detach())
        return grad if grad is not None and grad.layout is torch.strided and not grad.is_complex() else None

    def take(self, values: torch.Tensor) -> torch.Tensor:
        """The sampled coordinates of a tensor with the shape of the parameter: a copy, shape [len(sample)]."""
        values = local(values.detach())
        if len(self.sample) == self.size:
            return values.reshape(-1).clone()
        if self._indices is None or self._indices[0].device != values.device:
            self._indices = _indices(self.sample, tuple(values.shape), values.device)
        return values[self._indices]

    def take_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """A copy of the optimizer's state for the sampled coordinates, without arrays that belong to no single coordinate."""
        taken = {}
        for key, value in state.items():
            if not isinstance(value, torch.Tensor):
                taken[key] = value
            elif value.dim() == 0:
                taken[key] = value.detach().clone()
            elif value.shape == self.parameter.shape and value.layout is torch.strided:
                taken[key] = self.take(value)
        return taken


def _sampled(size: int, share: float, random: Random) -> list[int]:
    count = max(_BLOCK, int(size * share) // _BLOCK * _BLOCK)
    if size <= count or share >= 1:
        return list(range(size))
    starts = sorted(random.sample(range(size // _BLOCK), count // _BLOCK))
    return [block * _BLOCK + i for block in starts for i in range(_BLOCK)]


def _indices(flat: list[int], shape: tuple[int, ...], device: torch.device) -> tuple[torch.Tensor, ...]:
    """The positions along each dimension, because a flat view of a tensor that is not contiguous would copy all of it."""
    rest = torch.tensor(flat, dtype=torch.int64)
    found: list[torch.Tensor] = []
    for length in reversed(shape):
        found.insert(0, rest % length)
        rest = rest // length
    return tuple(each.to(device) for each in found)


class Named(NamedTuple):
    """A parameter of a model, by its name there."""

    name: str
    parameter: torch.Tensor


def is_lazy(optimizer: torch.optim.Optimizer) -> bool:
    """Whether a parameter gets its shape in the first forward pass."""
    lazy = torch.nn.parameter.UninitializedTensorMixin
    return any(isinstance(parameter, lazy) for group in optimizer.param_groups for parameter in group["params"])


def watched_tensors(optimizer: torch.optim.Optimizer, named: list[Named], seed: int) -> Iterator[WatchedTensor]:
    """The tensors of an optimizer in its order.

    Their names are those in the model, else those that the optimizer was given, else such as ``group0.3``.
    """
    names = {id(parameter): name for name, parameter in named}
    size = sum(local(parameter.detach()).numel() for group in optimizer.param_groups for parameter in group["params"])
    share = min(_MOST, max(_FEWEST, size // _ONE_OF)) / max(1, size)
    for g, group in enumerate(optimizer.param_groups):
        own = group.get("param_names") or []
        for i, parameter in enumerate(group["params"]):
            name = names.get(id(parameter)) or (own[i] if i < len(own) else f"group{g}.{i}")
            yield WatchedTensor(parameter, name, g, share, Random(f"{seed} {name}"))
