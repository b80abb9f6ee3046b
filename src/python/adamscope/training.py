"""What a training script calls beside the optimizer: ``backward``, schedulers, gradient scalers, clipping, data loaders, ``load_state_dict``.

torch has no hooks for these calls, so its functions are replaced while something is watched. A replacement calls the original and
returns or raises what it does.
"""

from __future__ import annotations

import functools
from typing import Any, Callable, Protocol

import torch
import torch.utils.data


class Listener(Protocol):
    """Is told after each call. Its methods never raise."""

    def before_backward(self, roots: tuple[torch.Tensor, ...]) -> None: ...

    def after_backward(self, roots: tuple[torch.Tensor, ...]) -> None: ...

    def after_clip(self) -> None: ...

    def before_unscale(self, optimizer: torch.optim.Optimizer) -> None: ...

    def before_scaler_step(self, optimizer: torch.optim.Optimizer) -> None: ...

    def after_scaler_step(self, scaler: Any, optimizer: torch.optim.Optimizer) -> None: ...

    def after_schedule(self, scheduler: Any) -> None: ...

    def after_epoch_begins(self) -> None: ...

    def after_load(self, target: Any, given: Any) -> None: ...


_listeners: list[Listener] = []
_replaced: list[tuple[Any, str, Any]] = []


def listeners() -> tuple[Listener, ...]:
    return tuple(_listeners)


def listen(listener: Listener) -> None:
    _listeners.append(listener)
    replace()


def replace() -> None:
    """Replaces the functions, also for what a script imports by name from now on."""
    if not _replaced:
        _replace_all()


def ignore(listener: Listener) -> None:
    """The functions are torch's own again when nobody listens."""
    if listener in _listeners:
        _listeners.remove(listener)
    if not _listeners:
        while _replaced:
            owner, name, original = _replaced.pop()
            setattr(owner, name, original)


def _replace_all() -> None:
    _replace(
        torch.autograd,
        "backward",
        before=lambda args: _tell("before_backward", _tensors(args)),
        after=lambda args, _: _tell("after_backward", _tensors(args)),
    )
    schedulers = torch.optim.lr_scheduler
    for kind in {each for each in vars(schedulers).values() if isinstance(each, type) and "step" in vars(each)}:
        if kind is not torch.optim.Optimizer:
            _replace(kind, "step", after=lambda args, _: _tell("after_schedule", args[0]))
    for kind in _scalers():
        _replace(kind, "unscale_", before=lambda args: _tell("before_unscale", args[1]) if len(args) > 1 else None)
        _replace(
            kind,
            "step",
            before=lambda args: _tell("before_scaler_step", args[1]) if len(args) > 1 else None,
            after=lambda args, _: _tell("after_scaler_step", *args[:2]) if len(args) > 1 else None,
        )
    for owner in (torch.nn.utils, torch.nn.utils.clip_grad):
        for name in ("clip_grad_norm_", "clip_grad_value_"):
            _replace(owner, name, after=lambda args, _: _tell("after_clip"))
    _replace(torch.utils.data.DataLoader, "__iter__", after=lambda args, _: _tell("after_epoch_begins"))
    for kind in (torch.nn.Module, torch.optim.Optimizer):
        _replace(kind, "load_state_dict", after=lambda args, _: _tell("after_load", args[0], args[1] if len(args) > 1 else None))


def _scalers() -> list[type]:
    """Newer versions of torch have one class for all devices, and older ones one for CUDA."""
    found = getattr(torch.amp, "GradScaler", None) or torch.cuda.amp.GradScaler
    return [found]


def _replace(
    owner: Any,
    name: str,
    before: Callable[[tuple[Any, ...]], Any] = lambda args: None,
    after: Callable[[tuple[Any, ...], Any], Any] = lambda args, result: None,
) -> None:
    original = vars(owner)[name]

    @functools.wraps(original)
    def replacement(*args: Any, **kwargs: Any) -> Any:
        before(args)
        result = original(*args, **kwargs)
        after(args, result)
        return result

    _replaced.append((owner, name, original))
    setattr(owner, name, replacement)


def _tell(method: str, *args: Any) -> None:
    for listener in tuple(_listeners):
        getattr(listener, method)(*args)


def _tensors(args: tuple[Any, ...]) -> tuple[torch.Tensor, ...]:
    given = args[0] if args else ()
    return (given,) if isinstance(given, torch.Tensor) else tuple(given)
