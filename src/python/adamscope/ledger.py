"""Holds what an optimizer did against what its formula says, and the parameters at a step against those after the step before.

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


def deviations(
    expected: list[Snapshot], found: list[Snapshot], before: Optional[list[Snapshot]] = None
) -> list[Deviation]:
    """Where snapshots differ from the expected ones by more than rounding.

    ``before``: those before the step, whose rounding the difference may contain. None: nothing was computed between, so that each bit
    must be equal.
    """
    found_deviations = []
    for i, (a, b) in enumerate(zip(expected, found)):
        start = None if before is None else before[i]
        pairs = [("params", a.params, b.params, None if start is None else start.params)]
        for key, value in a.state.items():
            other = b.state.get(key)
            if isinstance(value, torch.Tensor) and isinstance(other, torch.Tensor) and value.shape == other.shape:
                earlier = None if start is None else start.state.get(key)
                pairs.append((key, value, other, earlier if isinstance(earlier, torch.Tensor) else None))
        for of, wanted, got, earlier in pairs:
            deviation = _compare(a.tensor, of, wanted, got, earlier, is_exact=before is None)
            if deviation is not None:
                found_deviations.append(deviation)
    return found_deviations


def _compare(
    tensor: int, of: str, expected: torch.Tensor, found: torch.Tensor, before: Optional[torch.Tensor], is_exact: bool
) -> Optional[Deviation]:
    if torch.equal(expected, found):
        return None
    wanted, got = expected.detach().double().reshape(-1), found.detach().double().reshape(-1)
    differs = (wanted != got) & ~(wanted.isnan() & got.isnan())
    if not is_exact:
        eps = torch.finfo(expected.dtype).eps if expected.dtype.is_floating_point else 0.0
        tolerance = _PARAM_ULPS * eps * wanted.abs()
        if before is not None:
            tolerance = tolerance + _UPDATE_ULPS * eps * (wanted - before.detach().double().reshape(-1)).abs()
        differs &= ~((wanted - got).abs() <= tolerance)
    count = int(differs.sum())
    if count == 0:
        return None
    sizes = torch.where(differs, (got - wanted).abs().nan_to_num(nan=torch.inf), -1.0)
    worst = sizes.argsort(descending=True)[: min(3, count)].tolist()
    return Deviation(
        tensor, of, count, wanted.numel(), worst, wanted[worst].tolist(), got[worst].tolist()
    )  # fmt: skip


class Change(NamedTuple):
    """How parameters were written between two steps, in words that a rule can use."""

    #: "clamp", "scale", "swap-back" or "other".
    kind: str
    #: Of a clamp: the values at which coordinates lie. Of a scale: the factor.
    values: list[float]


def kind_of_change(before: torch.Tensor, after: torch.Tensor, earlier: Optional[torch.Tensor]) -> Change:
    """Classifies a change of sampled coordinates. ``earlier``: the values before another change, to which a swap returns."""
    a, b = before.double().reshape(-1), after.double().reshape(-1)
    if earlier is not None and torch.equal(b, earlier.double().reshape(-1)):
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
