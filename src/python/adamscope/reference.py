"""The step that an optimizer must do: torch's own code, with the same options, on copies of the sampled coordinates."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

import torch

#: Each of these mixes the coordinates of a tensor, or has gradients that are not dense.
_MIXING = frozenset(("LBFGS", "Muon", "Adafactor", "SparseAdam"))


class Snapshot(NamedTuple):
    """The sampled coordinates of a tensor that has a gradient, at some moment."""

    #: The position in the list of watched tensors.
    tensor: int
    #: The position of its group in ``optimizer.param_groups``.
    group: int
    params: torch.Tensor
    grad: torch.Tensor
    #: As in ``optimizer.state``; empty before the first step.
    state: dict[str, Any]


def has_reference(optimizer: torch.optim.Optimizer) -> bool:
    """Whether the step of a coordinate follows from its own gradient and state, by code of torch.

    Not so for an optimizer whose ``step`` somebody else wrote.
    """
    kind = type(optimizer)
    return kind.step.__module__.startswith("torch.optim.") and kind.__name__ not in _MIXING


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
    twin = object.__new__(type(optimizer))
    groups = [{**options[group], "params": each} for group, each in members.items()]
    with _Unseen():
        torch.optim.Optimizer.__init__(twin, groups, dict(optimizer.defaults))
    for name, value in vars(optimizer).items():
        # What its constructor adds, and `grad_scale` and `found_inf` of a fused optimizer.
        vars(twin).setdefault(name, value)
    for snapshot, parameter in zip(before, parameters):
        if snapshot.state:
            twin.state[parameter] = {key: _copied(value) for key, value in snapshot.state.items()}
    step = type(optimizer).step
    # Without the hooks of the script.
    getattr(step, "__wrapped__", step)(twin)
    return [
        snapshot._replace(params=parameter.detach(), state=dict(twin.state.get(parameter, {})))
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
