"""What an optimizer lost between two checkpoints: one as it was saved, and one after it was loaded again."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Iterator, NamedTuple, Optional

import torch

Checkpoint = Any


class Difference(NamedTuple):
    """One thing that is not as it was."""

    #: "lost", "reordered", "cast", "changed" or "shape".
    kind: str
    #: Where in the checkpoint, such as ``optimizer.state[3].exp_avg``.
    where: str
    #: What was there, and what is there now.
    before: str
    after: str


class NextUpdate(NamedTuple):
    """The next step of an Adam, if the gradient were the first moment: the direction that the optimizer remembers."""

    #: Euclidean norms.
    before: float
    after: float
    #: The cosine of the angle between the two; NaN if one of them is 0.
    cosine: float


class CheckpointError(Exception):
    """A file is no checkpoint that can be compared, in one sentence."""


def load(path: Path) -> Checkpoint:
    """Reads a checkpoint on the CPU, without running code that it contains. Raises CheckpointError."""
    try:
        return torch.load(str(path), map_location="cpu", weights_only=True)
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror or error}.") from error
    except Exception as error:
        first = str(error).partition("\n")[0]
        raise CheckpointError(
            f"{path} is no checkpoint that torch reads without running its code: {first} Save state_dicts, not objects."
        ) from error


def audit(before: Checkpoint, after: Checkpoint) -> list[Difference]:
    """The differences of all optimizers, schedulers and gradient scalers of two checkpoints, by their places.

    Raises CheckpointError if the first one has no optimizer.
    """
    places = dict(_optimizers(before))
    if not places:
        raise CheckpointError("The first checkpoint has no state_dict of an optimizer (a dict with `state` and `param_groups`).")
    found = dict(_optimizers(after))
    differences = []
    for place, state in places.items():
        if place in found:
            differences += compare(state, found[place], place)
        else:
            differences.append(Difference("lost", place, f"{len(state['state'])} tensors with state", "nothing"))
    known = tuple(f"{place}{end}" for place in (*places, *found) for end in ".[")
    rest = {place: value for place, value in _scalars(before) if not place.startswith(known)}
    now = dict(_scalars(after))
    for place, value in rest.items():
        if place not in now:
            differences.append(Difference("lost", place, repr(value), "nothing"))
        elif not _is_same_number(value, now[place]):
            differences.append(Difference("changed", place, repr(value), repr(now[place])))
    return differences


def compare(before: dict[str, Any], after: dict[str, Any], place: str = "optimizer") -> list[Difference]:
    """The differences of two state_dicts of one optimizer."""
    differences = []
    was, now = before["state"], after["state"]
    moved = _moved(was, now)
    for index, state in was.items():
        other = now.get(index)
        at = f"{place}.state[{index}]"
        if other is None:
            differences.append(Difference("lost", at, ", ".join(state), "nothing"))
        elif index in moved:
            differences.append(Difference("reordered", at, "its own state", f"that of tensor {moved[index]}"))
        else:
            differences += _compare_states(state, other, at)
    for i, group in enumerate(before["param_groups"]):
        at = f"{place}.param_groups[{i}]"
        if i >= len(after["param_groups"]):
            differences.append(Difference("lost", at, f"{len(group['params'])} tensors", "nothing"))
            continue
        differences += _compare_groups(group, after["param_groups"][i], at)
    return differences


def next_updates(before: dict[str, Any], after: dict[str, Any]) -> Optional[NextUpdate]:
    """The next update of an Adam of each state_dict. None for another optimizer, or without a state in the first one."""
    one, two = _remembered(before), _remembered(after)
    if not one:
        return None
    pairs = [(update, two.get(index, torch.zeros_like(update))) for index, update in one.items()]
    pairs = [(a, b if b.shape == a.shape else torch.zeros_like(a)) for a, b in pairs]
    a, b = (torch.cat([pair[i].reshape(-1) for pair in pairs]) for i in (0, 1))
    norms = float(a.norm()), float(b.norm())
    cosine = float(a @ b) / (norms[0] * norms[1]) if min(norms) > 0 else math.nan
    return NextUpdate(*norms, cosine)


def optimizers_of(checkpoint: Checkpoint) -> dict[str, dict[str, Any]]:
    """The state_dicts of optimizers in a checkpoint, by their places."""
    return dict(_optimizers(checkpoint))


def _optimizers(checkpoint: Checkpoint, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(checkpoint, dict):
        if isinstance(checkpoint.get("state"), dict) and isinstance(checkpoint.get("param_groups"), list):
            yield place or "optimizer", checkpoint
            return
        for key, value in checkpoint.items():
            yield from _optimizers(value, f"{place}.{key}" if place else str(key))
    elif isinstance(checkpoint, (list, tuple)):
        for i, value in enumerate(checkpoint):
            yield from _optimizers(value, f"{place}[{i}]")


def _scalars(checkpoint: Checkpoint, place: str = "") -> Iterator[tuple[str, Any]]:
    """Numbers that are no tensors: those of schedulers and gradient scalers."""
    if isinstance(checkpoint, dict):
        for key, value in checkpoint.items():
            yield from _scalars(value, f"{place}.{key}" if place else str(key))
    elif isinstance(checkpoint, (list, tuple)):
        for i, value in enumerate(checkpoint):
            yield from _scalars(value, f"{place}[{i}]")
    elif isinstance(checkpoint, (int, float)):
        yield place, checkpoint


def _moved(was: dict[Any, Any], now: dict[Any, Any]) -> dict[Any, Any]:
    """Tensors that have the state of another one: index -> index whose state it was."""
    moved = {}
    for index, state in now.items():
        first = _first_array(state)
        own = _first_array(was.get(index, {}))
        if first is None or not bool(first.any()) or (own is not None and _are_equal(own, first)):
            continue
        for other, candidate in was.items():
            array = _first_array(candidate)
            if other != index and array is not None and _are_equal(array, first):
                moved[index] = other
                break
    return moved


def _first_array(state: dict[str, Any]) -> Optional[torch.Tensor]:
    return next((each for each in state.values() if isinstance(each, torch.Tensor) and each.dim() > 0), None)


def _are_equal(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.shape == b.shape and torch.equal(a.cpu().to(b.dtype), b.cpu())


def _compare_states(was: dict[str, Any], now: dict[str, Any], place: str) -> Iterator[Difference]:
    for key, value in was.items():
        at = f"{place}.{key}"
        if key not in now:
            yield Difference("lost", at, _words(value), "nothing")
            continue
        other = now[key]
        if not isinstance(value, torch.Tensor) or not isinstance(other, torch.Tensor):
            if not _is_same_number(value, other):
                yield Difference("changed", at, _words(value), _words(other))
        elif value.shape != other.shape:
            yield Difference("shape", at, str(list(value.shape)), str(list(other.shape)))
        elif value.dtype != other.dtype:
            rounded = not torch.equal(value.cpu().double(), other.cpu().double())
            yield Difference("cast", at, _dtype(value), f"{_dtype(other)}{' (numbers were rounded)' if rounded else ''}")
        elif not torch.equal(value.cpu(), other.cpu()):
            yield Difference("changed", at, _words(value), _words(other))


def _compare_groups(was: dict[str, Any], now: dict[str, Any], place: str) -> Iterator[Difference]:
    for key, value in was.items():
        if key in ("params", "param_names"):
            if key in now and len(value) != len(now[key]):
                yield Difference("changed", f"{place}.{key}", f"{len(value)} tensors", f"{len(now[key])} tensors")
            elif key == "param_names" and key in now and list(value) != list(now[key]):
                yield Difference("reordered", f"{place}.{key}", ", ".join(value), ", ".join(now[key]))
        elif key not in now:
            yield Difference("lost", f"{place}.{key}", _words(value), "nothing")
        elif not _is_same_number(value, now[key]):
            yield Difference("changed", f"{place}.{key}", _words(value), _words(now[key]))


def _remembered(state_dict: dict[str, Any]) -> dict[Any, torch.Tensor]:
    updates = {}
    for group in state_dict["param_groups"]:
        if "betas" not in group or "eps" not in group:
            continue
        beta1, beta2 = (float(each) for each in group["betas"])
        for index in group["params"]:
            state = state_dict["state"].get(index, {})
            if not {"step", "exp_avg", "exp_avg_sq"} <= set(state):
                continue
            t = float(state["step"]) + 1
            m, v = state["exp_avg"].double(), state["exp_avg_sq"].double()
            # One step with g = m leaves m as it is.
            v = beta2 * v + (1 - beta2) * m * m
            divisor = (v / (1 - beta2**t)).sqrt() + group["eps"]
            updates[index] = float(group["lr"]) * m / (1 - beta1**t) / divisor
    return updates


def _is_same_number(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor) or isinstance(b, torch.Tensor):
        return isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor) and torch.equal(a.cpu(), b.cpu())
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(map(_is_same_number, a, b))
    return bool(a == b) or (a != a and b != b)


def _words(value: Any) -> str:
    if not isinstance(value, torch.Tensor):
        return repr(value)
    if value.numel() == 1:
        return repr(value.item())
    return f"{_dtype(value)} {list(value.shape)} of norm {float(value.double().norm()):.6g}"


def _dtype(value: torch.Tensor) -> str:
    return str(value.dtype).replace("torch.", "")
