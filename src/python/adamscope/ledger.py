"""Compares what an optimizer did with what its formula says, and the parameters at a step with those after the step before.

    residual = (change of the parameters) − (what the optimizer must have done)

is 0 if nobody else wrote to them.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

import torch

from .reference import Snapshot

#: Rounding that differs between whole tensors and copied blocks: units in the last place of the parameter, and of the update.
_PARAM_ULPS = 1
_UPDATE_ULPS = 8


class Deviation(NamedTuple):
    """A tensor whose sampled coordinates are not what they must be."""

    #: The position in the list of watched tensors.
    tensor: int
    #: "params", or the name of an array of torch's state.
    of: str
    #: The number of coordinates that differ, and that of those compared.
    differing: int
    compared: int
    #: Positions in the sample, those with the largest differences first.
    worst: list[int]
    expected: list[float]
    found: list[float]


def deviations(before: list[Snapshot], expected: list[Snapshot], found: list[Snapshot]) -> list[Deviation]:
    """Where the snapshots after a step differ from the expected ones by more than rounding. The lists have the same tensors."""
    differing = []
    for start, a, b in zip(before, expected, found):
        pairs = [("params", start.params, a.params, b.params)]
        for key, wanted in a.state.items():
            got = b.state.get(key)
            if isinstance(wanted, torch.Tensor) and isinstance(got, torch.Tensor) and wanted.shape == got.shape:
                earlier = start.state.get(key)
                pairs.append((key, earlier if isinstance(earlier, torch.Tensor) else torch.zeros_like(wanted), wanted, got))
        compared = (_compare(start.tensor, *pair) for pair in pairs)
        differing += [each for each in compared if each is not None]
    return differing


def _compare(
    tensor: int, of: str, before: torch.Tensor, expected: torch.Tensor, found: torch.Tensor
) -> Optional[Deviation]:
    if torch.equal(expected, found):
        return None
    start, wanted, got = (each.detach().double().reshape(-1) for each in (before, expected, found))
    differs = (wanted != got) & ~(wanted.isnan() & got.isnan())
    eps = torch.finfo(expected.dtype).eps if expected.dtype.is_floating_point else 0.0
    tolerance = _PARAM_ULPS * eps * wanted.abs() + _UPDATE_ULPS * eps * (wanted - start).abs()
    differs &= ~((wanted - got).abs() <= tolerance)
    count = int(differs.sum())
    if count == 0:
        return None
    sizes = torch.where(differs, (got - wanted).abs().nan_to_num(nan=torch.inf), -1.0)
    worst = sizes.argsort(descending=True)[: min(3, count)].tolist()
    return Deviation(
        tensor, of, count, wanted.numel(), worst, wanted[worst].tolist(), got[worst].tolist()
    )  # fmt: skip


def are_same(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether two tensors have the same numbers. NaN is the same as NaN."""
    return torch.equal(a, b) or (a.shape == b.shape and bool(((a == b) | (a.isnan() & b.isnan())).all()))


class Change(NamedTuple):
    """How parameters were written between two steps, in words that a rule can use."""

    #: "clamp", "scale", "swap-back" or "other".
    kind: str
    #: Of a clamp: the values at which coordinates lie. Of a scale: the factor.
    values: list[float]


def kind_of_change(before: torch.Tensor, after: torch.Tensor, earlier: Optional[torch.Tensor]) -> Change:
    """Classifies a change of sampled coordinates. ``earlier``: the values before another change, to which a swap returns."""
    a, b = before.double().reshape(-1), after.double().reshape(-1)
    if earlier is not None and are_same(b, earlier.double().reshape(-1)):
        return Change("swap-back", [])
    changed = a != b
    values = b[changed].unique()
    if values.numel() <= 2 and bool(changed.any()):
        low, high = float(b.min()), float(b.max())
        inside = torch.clamp(a, low, high)
        if torch.equal(inside, b):
            return Change("clamp", [float(each) for each in values])
    if int(changed.sum()) > 1 and bool((a[changed] != 0).all()):
        ratios = b[changed] / a[changed]
        factor = float(ratios.median())
        eps = torch.finfo(before.dtype).eps if before.dtype.is_floating_point else 0.0
        if bool(((ratios - factor).abs() <= 4 * eps * abs(factor)).all()):
            return Change("scale", [factor])
    return Change("other", [])


def state_lost(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether the state of a tensor is gone, or counts fewer steps than before."""
    if before and not after:
        return True
    steps = [each.get("step") for each in (before, after)]
    return None not in steps and float(steps[1]) < float(steps[0])  # type: ignore[arg-type]
