"""What can be said of an optimizer before it trains: which parameters it has, and what its options mean for them."""

from __future__ import annotations

from typing import Any, Callable

import torch

from .tensors import Named, WatchedTensor

Observe = Callable[..., None]


def check_options(optimizer: torch.optim.Optimizer, tensors: list[WatchedTensor], observe: Observe) -> None:
    decayed = [each.name for each in tensors if optimizer.param_groups[each.group].get("weight_decay") and _is_vector(each)]
    has_matrices = any(not _is_vector(each) for each in tensors)
    if decayed and has_matrices:
        observe("decays-vectors", tensors=decayed)
    without_eps = [each.name for each in tensors if _loses_eps(optimizer.param_groups[each.group], each.parameter)]
    if without_eps:
        dtypes = sorted({each.dtype for each in tensors if each.name in without_eps})
        observe("eps-vanishes", tensors=without_eps, dtypes=dtypes)


def check_membership(
    named: list[Named],
    optimizer: torch.optim.Optimizer,
    tensors: list[WatchedTensor],
    others: set[int],
    observe: Observe,
) -> list[str]:
    """Reports parameters of the model that no optimizer has, and parameters of the optimizer that the model does not have.

    ``others``: the ids of parameters of other optimizers that are watched. Returns the latter's names.
    """
    # While layers are computed, the model may have other tensors than those that are split over the ranks.
    if not named or any(each.is_sharded for each in tensors):
        return []
    # Also those that were added after the recording began.
    own = {id(each) for group in optimizer.param_groups for each in group["params"]}
    in_model = {id(each.parameter) for each in named}
    left_out = [each.name for each in named if each.parameter.requires_grad and id(each.parameter) not in own | others]
    stale = [each.name for each in tensors if id(each.parameter) not in in_model]
    if stale:
        # A layer that was replaced is both.
        observe("not-in-model", tensors=stale, instead=left_out)
    elif left_out:
        observe("not-in-optimizer", tensors=left_out)
    return stale


def never_reached(tensors: list[WatchedTensor], reached: set[int]) -> list[str]:
    """Tensors that are to be trained and had no gradient. ``reached``: the positions of those that had one."""
    return [each.name for i, each in enumerate(tensors) if each.parameter.requires_grad and i not in reached]


def _is_vector(tensor: WatchedTensor) -> bool:
    return tensor.parameter.dim() <= 1


def _loses_eps(options: dict[str, Any], parameter: torch.Tensor) -> bool:
    eps = options.get("eps")
    if not isinstance(eps, float) or eps == 0 or not parameter.dtype.is_floating_point:
        return False
    return torch.tensor(eps, dtype=parameter.dtype).item() == 0

