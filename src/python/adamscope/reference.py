"""The step that an optimizer must do: torch's own code, with the same options, on copies of sampled coordinates or of whole tensors."""

from __future__ import annotations

import copy
from enum import Enum
from typing import Any, NamedTuple

import torch

from .tensors import WatchedTensor

#: These mix the coordinates of a tensor.
_WHOLE = frozenset(("Muon", "Adafactor"))
#: These mix tensors, or have gradients that are not dense.
_WITHOUT = frozenset(("LBFGS", "SparseAdam"))
#: Numbers in a tensor of which a copy is made.
_MOST_NUMBERS = 2**20


class Reference(Enum):
    """What of a tensor the step of torch's own code can be repeated on."""

    SAMPLE = "sample"
    WHOLE = "whole"
    NOTHING = "nothing"


class Snapshot(NamedTuple):
    """The sampled coordinates, or all, of a tensor that has a gradient, at some moment."""

    #: The position in the list of watched tensors.
    tensor: int
    #: The position of its group in ``optimizer.param_groups``.
    group: int
    params: torch.Tensor
    grad: torch.Tensor
    #: As in ``optimizer.state``; empty before the first step.
    state: dict[str, Any]


def reference_of(optimizer: torch.optim.Optimizer) -> Reference:
    """Nothing, if somebody else wrote the optimizer's ``step``."""
    kind = type(optimizer)
    if not kind.step.__module__.startswith("torch.optim.") or kind.__name__ in _WITHOUT:
        return Reference.NOTHING
    return Reference.WHOLE if kind.__name__ in _WHOLE else Reference.SAMPLE


def whole_snapshot(optimizer: torch.optim.Optimizer, tensors: list[WatchedTensor], turn: int) -> list[Snapshot]:
    """A copy of one tensor with its gradient and state, another one at each turn; none if it is too large or has no gradient."""
    index = turn % len(tensors)
    tensor = tensors[index]
    parameter = tensor.parameter
    if parameter.grad is None or tensor.size > _MOST_NUMBERS:
        return []
    state = {key: _copied(value) for key, value in optimizer.state.get(parameter, {}).items()}
    return [Snapshot(index, tensor.group, parameter.detach().clone(), parameter.grad.detach().clone(), state)]


def options_of(optimizer: torch.optim.Optimizer) -> list[dict[str, Any]]:
    """A copy of the options of each group, without its parameters."""
    return [
        {key: _copied(value) for key, value in group.items() if key not in ("params", "param_names")}
        for group in optimizer.param_groups
    ]


def expected_step(
    optimizer: torch.optim.Optimizer, options: list[dict[str, Any]], before: list[Snapshot]
) -> list[Snapshot]:
    """What the step makes of snapshots, in their order. ``options``: of each group, before the step."""
    parameters = [_parameter(each) for each in before]
    members: dict[int, list[torch.nn.Parameter]] = {}
    for snapshot, parameter in zip(before, parameters):
        members.setdefault(snapshot.group, []).append(parameter)
    own_optimizer = object.__new__(type(optimizer))
    groups = [{**options[group], "params": each} for group, each in members.items()]
    with _Unseen():
        torch.optim.Optimizer.__init__(own_optimizer, groups, dict(optimizer.defaults))
    for name, value in vars(optimizer).items():
        # What its constructor adds, and `grad_scale` and `found_inf` of a fused optimizer.
        vars(own_optimizer).setdefault(name, value)
    for snapshot, parameter in zip(before, parameters):
        if snapshot.state:
            own_optimizer.state[parameter] = {key: _copied(value) for key, value in snapshot.state.items()}
    step = type(optimizer).step
    # Without the hooks of the script.
    getattr(step, "__wrapped__", step)(own_optimizer)
    return [
        snapshot._replace(params=parameter.detach(), state=dict(own_optimizer.state.get(parameter, {})))
        for snapshot, parameter in zip(before, parameters)
    ]


def _parameter(snapshot: Snapshot) -> torch.nn.Parameter:
    parameter = torch.nn.Parameter(snapshot.params.clone())
    parameter.grad = snapshot.grad.clone()
    return parameter


def _copied(value: Any) -> Any:
    return value.detach().clone() if isinstance(value, torch.Tensor) else copy.copy(value)


class _Unseen:
    """While an optimizer of the recorder's own is made."""

    depth = 0

    def __enter__(self) -> None:
        _Unseen.depth += 1

    def __exit__(self, *_: object) -> None:
        _Unseen.depth -= 1


def is_unseen() -> bool:
    """Whether the optimizer that is being made is one of the recorder's own."""
    return _Unseen.depth > 0
