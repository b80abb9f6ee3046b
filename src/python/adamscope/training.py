"""What a training script calls beside the optimizer: ``backward``, schedulers, gradient scalers, clipping, data loaders, ``load_state_dict``.

torch has no hooks for these calls, so its functions are replaced while something is watched. A replacement calls the original and
returns or raises what it does.
"""

from __future__ import annotations

import functools
import threading
from typing import Any, Callable, NamedTuple, Protocol

import torch
import torch.utils.data


class Listener(Protocol):
    """Is called before or after the calls of the script. Its methods never raise."""

    def before_backward(self, roots: tuple[torch.Tensor, ...]) -> None: ...

    def after_backward(self, roots: tuple[torch.Tensor, ...]) -> None: ...

    def after_clip(self) -> None: ...

    def before_unscale(self, optimizer: torch.optim.Optimizer) -> None: ...

    def before_scaler_step(self, scaler: Any, optimizer: torch.optim.Optimizer) -> None: ...

    def after_scaler_step(self, optimizer: torch.optim.Optimizer) -> None: ...

    def after_schedule(self, scheduler: Any) -> None: ...

    def after_epoch_begins(self) -> None: ...

    def after_load(self, target: Any, given: Any) -> None: ...


class _Arguments(NamedTuple):
    """The arguments of a call, by position or by name."""

    given: tuple[Any, ...]
    named: dict[str, Any]

    def get(self, position: int, name: str) -> Any:
        return self.given[position] if len(self.given) > position else self.named.get(name)


_listeners: list[Listener] = []
#: Owner, name, the original and its replacement.
_replaced: list[tuple[Any, str, Any, Any]] = []
_in_backward = threading.local()


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
            owner, name, original, replacement = _replaced.pop()
            # Somebody else may have replaced it since.
            if vars(owner).get(name) is replacement:
                setattr(owner, name, original)


def _replace_all() -> None:
    _replace_backward()
    schedulers = torch.optim.lr_scheduler
    for kind in {each for each in vars(schedulers).values() if isinstance(each, type) and "step" in vars(each)}:
        if kind is not torch.optim.Optimizer:
            _replace(kind, "step", after=lambda call: _tell("after_schedule", call.get(0, "self")))
    # Newer versions of torch have one class for all devices, and older ones one for CUDA.
    scaler = getattr(torch.amp, "GradScaler", None) or torch.cuda.amp.GradScaler
    _replace(scaler, "unscale_", before=lambda call: _tell("before_unscale", call.get(1, "optimizer")))
    _replace(
        scaler,
        "step",
        before=lambda call: _tell("before_scaler_step", call.get(0, "self"), call.get(1, "optimizer")),
        after=lambda call: _tell("after_scaler_step", call.get(1, "optimizer")),
    )
    for owner in (torch.nn.utils, torch.nn.utils.clip_grad):
        for name in ("clip_grad_norm_", "clip_grad_value_"):
            _replace(owner, name, after=lambda call: _tell("after_clip"))
    _replace(torch.utils.data.DataLoader, "__iter__", after=lambda call: _tell("after_epoch_begins"))
    for kind in (torch.nn.Module, torch.optim.Optimizer):
        _replace(
            kind,
            "load_state_dict",
            after=lambda call: _tell("after_load", call.get(0, "self"), call.get(1, "state_dict")),
        )


def _replace_backward() -> None:
    """Only the outermost of nested passes is reported: a checkpointed part of a model calls ``backward`` within one."""

    def before(call: _Arguments) -> None:
        _in_backward.depth = getattr(_in_backward, "depth", 0) + 1
        if _in_backward.depth == 1:
            _tell("before_backward", _tensors(call.get(0, "tensors")))

    def after(call: _Arguments) -> None:
        if _in_backward.depth == 1:
            _tell("after_backward", _tensors(call.get(0, "tensors")))

    def finally_() -> None:
        _in_backward.depth -= 1

    _replace(torch.autograd, "backward", before, after, finally_)


def _nothing(*_: object) -> None:
    pass


def _replace(
    owner: Any,
    name: str,
    before: Callable[[_Arguments], Any] = _nothing,
    after: Callable[[_Arguments], Any] = _nothing,
    finally_: Callable[[], Any] = _nothing,
) -> None:
    original = vars(owner)[name]

    @functools.wraps(original)
    def replacement(*args: Any, **kwargs: Any) -> Any:
        call = _Arguments(args, kwargs)
        before(call)
        try:
            result = original(*args, **kwargs)
            after(call)
            return result
        finally:
            finally_()

    _replaced.append((owner, name, original, replacement))
    setattr(owner, name, replacement)


def _tell(method: str, *args: Any) -> None:
    for listener in tuple(_listeners):
        getattr(listener, method)(*args)


def _tensors(given: Any) -> tuple[torch.Tensor, ...]:
    """The tensors that ``backward`` was called on. Nothing else is looked at: an iterator can be read only once."""
    each = (given,) if isinstance(given, torch.Tensor) else given if isinstance(given, (list, tuple)) else ()
    return tuple(tensor for tensor in each if isinstance(tensor, torch.Tensor))
