"""The row of a recorded step: numbers of each tensor, and exact values of some coordinates."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

import numpy as np
import pyarrow as pa
import torch

from .quantities import Options, Vector, corrected_m, divisor_of, effective_lr
from .reference import Snapshot
from .tensors import WatchedTensor

#: Numbers of one tensor at one step. Norms are Euclidean; all but those of the gradient, the parameter, m and v follow from the sample.
TENSOR_COLUMNS = (
    "gradNorm",
    "paramNorm",
    "mNorm",
    "vNorm",
    "updateNorm",
    "updateRatio",
    "effectiveLr5",
    "effectiveLr50",
    "effectiveLr95",
    "epsShare",
    "rmsT",
    "snr",
    "zeros",
    "nonFinite",
    "unmoved",
)

tensor_type = pa.list_(
    pa.struct([pa.field("tensor", pa.int32()), *(pa.field(name, pa.float32()) for name in TENSOR_COLUMNS)])
)
largest_type = pa.list_(
    pa.struct([("tensor", pa.int32()), ("coordinate", pa.int64()), ("update", pa.float64())])
)
#: Of each recorded step, the coordinates with the largest updates.
LARGEST = 5


class Sampled(NamedTuple):
    """The sampled coordinates of the tensors that had a gradient, one tensor after the other; float64, shape [coordinates]."""

    #: Positions in the list of watched tensors, and the offset at which each begins; the last one is the number of coordinates.
    tensors: list[int]
    offsets: list[int]
    before: Vector
    after: Vector
    grad: Vector
    #: By Adamscope's names.
    state: dict[str, Vector]
    #: t of each tensor, from 1, as its optimizer counts it; NaN if it does not.
    steps: list[float]


def joined(before: list[Snapshot], after: list[Snapshot], states: dict[str, str]) -> Sampled:
    """Copies of snapshots before and after a step, of the same tensors. ``states``: Adamscope's name -> torch's name."""
    offsets = [0]
    for each in before:
        offsets.append(offsets[-1] + each.params.numel())
    return Sampled(
        [each.tensor for each in before],
        offsets,
        _concatenated([each.params for each in before]),
        _concatenated([each.params for each in after]),
        _concatenated([each.grad for each in before]),
        {ours: _concatenated([_state_of(each, theirs) for each in after]) for ours, theirs in states.items()},
        [float(each.state.get("step", np.nan)) for each in after],
    )


def _state_of(snapshot: Snapshot, name: str) -> torch.Tensor:
    value = snapshot.state.get(name)
    return torch.full_like(snapshot.params, torch.nan, dtype=torch.float64) if value is None else value


def _concatenated(parts: list[torch.Tensor]) -> Vector:
    # The tensors may be on several devices, not all of which have float64.
    return torch.cat([each.detach().cpu().double() for each in parts]).numpy() if parts else np.zeros(0)


def row_bytes(sampled: Sampled, coordinates: int) -> int:
    """About the size of a row in the file."""
    return 8 * coordinates * (3 + len(sampled.state)) + 4 * len(sampled.tensors) * (1 + len(TENSOR_COLUMNS)) + 512


def norms(values: list[torch.Tensor]) -> torch.Tensor:
    """The Euclidean norms of tensors, shape [tensors], on the device of the first one: one call for all of them, where torch has it."""
    if not values:
        return torch.zeros(0, dtype=torch.float64)
    values = [each.detach() for each in values]
    found = torch._foreach_norm(values) if _can_be_listed(values) else [torch.linalg.vector_norm(each) for each in values]
    return torch.stack([each.to(values[0].device, torch.float32 if each.device.type == "mps" else torch.float64) for each in found])


def _can_be_listed(values: list[torch.Tensor]) -> bool:
    return all(each.layout is torch.strided and each.device == values[0].device for each in values)


def tensor_rows(
    sampled: Sampled,
    norms_of: dict[str, torch.Tensor],
    tensors: list[WatchedTensor],
    optimizer: str,
    options: list[Options],
) -> list[dict[str, Any]]:
    """The numbers of each tensor. ``norms_of``: those of whole tensors, on the host, shape [sampled tensors]."""
    host = {name: each.numpy() for name, each in norms_of.items()}
    rows = []
    for i, index in enumerate(sampled.tensors):
        part = slice(sampled.offsets[i], sampled.offsets[i + 1])
        of_tensor = {name: each[part] for name, each in sampled.state.items()}
        tensor = tensors[index]
        row = _numbers(
            sampled.before[part], sampled.after[part], sampled.grad[part], of_tensor, optimizer, options[tensor.group], sampled.steps[i], tensor.size
        )
        row.update({name: each[i] for name, each in host.items()})
        row["updateRatio"] = row["updateNorm"] / row["paramNorm"] if row["paramNorm"] else np.nan
        rows.append({"tensor": index, **{name: float(row.get(name, np.nan)) for name in TENSOR_COLUMNS}})
    return rows


def _numbers(
    before: Vector,
    after: Vector,
    grad: Vector,
    state: dict[str, Vector],
    optimizer: str,
    options: Options,
    t: float,
    size: int,
) -> dict[str, float]:
    if grad.size == 0:
        return {}
    update = after - before
    with np.errstate(all="ignore"):
        row = {
            # Of all coordinates, estimated by those of the sample.
            "updateNorm": float(np.sqrt(np.mean(update**2) * size)),
            "zeros": float(np.mean(grad == 0)),
            "nonFinite": float(np.mean(~np.isfinite(grad))),
            "unmoved": float(np.mean((update == 0) & (grad != 0))),
        }
        divisor = divisor_of(optimizer, options, state, t)
        if divisor is None:
            return row
        low, middle, high = np.quantile(effective_lr(divisor), [0.05, 0.5, 0.95])
        row.update(effectiveLr5=low, effectiveLr50=middle, effectiveLr95=high)
        moved = grad != 0
        if moved.any():
            row["epsShare"] = float(np.mean(divisor.eps / (divisor.root[moved] + divisor.eps)))
            row["rmsT"] = float(np.sqrt(np.mean((grad[moved] / (divisor.root[moved] + divisor.eps)) ** 2)))
            if "m" in state and "betas" in options:
                signal = np.abs(corrected_m(options, state["m"][moved], t)) / divisor.root[moved]
                row["snr"] = float(np.median(signal))
    return row


def largest_updates(sampled: Sampled, tensors: list[WatchedTensor]) -> list[dict[str, Any]]:
    """The sampled coordinates that moved most, the largest first."""
    update = np.nan_to_num(np.abs(sampled.after - sampled.before))
    found = []
    for place in np.argsort(-update)[:LARGEST]:
        i = int(np.searchsorted(sampled.offsets, place, side="right")) - 1
        tensor = tensors[sampled.tensors[i]]
        found.append(
            {
                "tensor": sampled.tensors[i],
                "coordinate": tensor.sample[int(place) - sampled.offsets[i]],
                "update": float(sampled.after[place] - sampled.before[place]),
            }
        )
    return found


def exact_values(
    sampled: Sampled, places: list[Optional[int]], tensors: list[WatchedTensor], optimizer: str, options: list[Options]
) -> dict[str, list[float]]:
    """The columns of recorded coordinates; NaN for one whose tensor had no gradient. ``places``: positions in the sample."""
    columns = {"params": sampled.after, "grad": sampled.grad, "update": sampled.after - sampled.before, **sampled.state}
    columns["effectiveLr"] = np.full(len(sampled.before), np.nan)
    for i, index in enumerate(sampled.tensors):
        part = slice(sampled.offsets[i], sampled.offsets[i + 1])
        state = {name: each[part] for name, each in sampled.state.items()}
        divisor = divisor_of(optimizer, options[tensors[index].group], state, sampled.steps[i])
        if divisor is not None:
            with np.errstate(all="ignore"):
                columns["effectiveLr"][part] = effective_lr(divisor)
    return {
        name: [float("nan") if place is None else float(values[place]) for place in places]
        for name, values in columns.items()
    }
