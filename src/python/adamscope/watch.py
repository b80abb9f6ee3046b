"""Watches an optimizer while it trains, and records what it does."""

from __future__ import annotations

import functools
import sys
import time
import traceback
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional, TypeVar, cast

import torch

from . import training
from .ledger import Deviation, deviations, kind_of_change, state_lost
from .marks import Mark, is_unwritten, mark_of
from .pace import Pace
from .places import calling_line
from .recording import Recording, json_options
from .reference import Snapshot, expected_step, has_reference, options_of
from .statistics import Sampled, exact_values, largest_updates, norms, tensor_rows
from .tensors import Named, WatchedTensor, watched_tensors

_Method = TypeVar("_Method", bound=Callable[..., Any])
#: Rows that wait to be written; more of them would take memory of the training.
_MOST_WAITING = 64


def _guarded(method: _Method) -> _Method:
    """An error of the recorder ends the recording, never the training. Its time counts against the budget."""

    @functools.wraps(method)
    def guarded(self: Watch, *args: Any, **kwargs: Any) -> Any:
        if self.is_closed:
            return None
        begun = time.perf_counter()
        try:
            return method(self, *args, **kwargs)
        except Exception as error:  # noqa: BLE001
            self._fail(error)
            return None
        finally:
            self._pace.spent(time.perf_counter() - begun)

    return cast(_Method, guarded)


class Watch:
    """Watches one optimizer until it is closed. Made by ``adamscope.watch``."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        named: list[Named],
        path: Path,
        *,
        seed: int,
        time_share: float,
        megabytes_per_hour: float,
        every: Optional[int],
    ) -> None:
        self.is_closed = False
        self._optimizer = optimizer
        self._tensors: list[WatchedTensor] = list(watched_tensors(optimizer, named, seed))
        self._pace = Pace(time_share, megabytes_per_hour * 2**20, every, time.monotonic)
        self._recording = Recording(path, optimizer, self._tensors, calling_line(), self._fail)
        self._has_reference = has_reference(optimizer)
        self._begun = time.monotonic()
        #: The number of calls of ``optimizer.step`` so far.
        self._step = 0
        self._is_due = True
        self._backwards = 0
        self._loss: Optional[torch.Tensor] = None
        self._given_loss: Optional[float] = None
        self._scale: Optional[torch.Tensor] = None
        self._norm_after_backward: Optional[torch.Tensor] = None
        self._norm_before_unscale: Optional[torch.Tensor] = None
        self._before: list[Snapshot] = []
        self._options: list[dict[str, Any]] = []
        self._norms: dict[str, torch.Tensor] = {}
        #: After the last step: the snapshots, and the values before the last change between two steps.
        self._after: list[Snapshot] = []
        self._replaced: dict[int, torch.Tensor] = {}
        self._grad_marks: list[Optional[Mark]] = [None] * len(self._tensors)
        self._param_marks: list[Optional[Mark]] = self._marks_of_parameters()
        self._loaded: list[str] = []
        self._handles = [
            optimizer.register_step_pre_hook(self._before_step),
            optimizer.register_step_post_hook(self._after_step),
        ]
        training.listen(self)

    @property
    def path(self) -> Path:
        """The file of the recording."""
        return self._recording.path

    def loss(self, value: float | torch.Tensor) -> None:
        """States the loss of the step that follows, instead of what ``backward`` is called on."""
        if isinstance(value, torch.Tensor):
            self._loss = value.detach()
        else:
            self._given_loss = float(value)

    def close(self) -> None:
        """Ends the recording, and writes what still waits. The optimizer is then as if it had never been watched."""
        if self.is_closed:
            return
        self._detach()
        self._recording.close()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _detach(self) -> None:
        self.is_closed = True
        training.ignore(self)
        for handle in self._handles:
            handle.remove()

    def _fail(self, error: BaseException) -> None:
        if self.is_closed:
            return
        self._detach()
        if isinstance(error, OSError):
            reason = f"{self.path} cannot be written: {error.strerror or error}"
            detail = ""
        else:
            reason = f"{type(error).__name__}: {error}"
            detail = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        print(
            f"adamscope: the recording of {type(self._optimizer).__name__} ended after step {self._step}; the training goes on."
            f" {reason}\n{detail}",
            file=sys.stderr,
            end="",
        )

    # Between steps.

    @_guarded
    def after_backward(self, roots: tuple[torch.Tensor, ...]) -> None:
        reached = [
            i for i, tensor in enumerate(self._tensors) if not is_unwritten(self._grad_marks[i], tensor.parameter.grad)
        ]
        if not reached:
            # The gradients of another optimizer.
            return
        self._backwards += 1
        if self._backwards == 1 and self._step > 0:
            self._check_carried(reached)
        if self._is_due:
            for root in roots:
                if root.numel() == 1:
                    loss = root.detach().double()
                    self._loss = loss if self._loss is None else self._loss + loss
            self._norm_after_backward = self._norm_of_gradients()
        self._mark_gradients()

    @_guarded
    def before_unscale(self, optimizer: torch.optim.Optimizer) -> None:
        if optimizer is self._optimizer and self._is_due:
            self._norm_before_unscale = self._norm_of_gradients()

    @_guarded
    def after_scaler_step(self, scaler: Any, optimizer: torch.optim.Optimizer) -> None:
        if optimizer is not self._optimizer:
            return
        self._scale = getattr(scaler, "_scale", None)

    @_guarded
    def after_schedule(self, scheduler: Any) -> None:
        if getattr(scheduler, "optimizer", None) is not self._optimizer:
            return
        if self._step == 0 and getattr(scheduler, "_step_count", 1) > 1:
            self._observe("schedule-before-step", scheduler=type(scheduler).__name__)

    @_guarded
    def after_load(self, target: Any) -> None:
        place = calling_line()
        self._loaded.append(f"{type(target).__name__}.load_state_dict")
        if target is self._optimizer:
            self._recording.event("state-loaded", self._step, place=place)

    def _check_carried(self, reached: list[int]) -> None:
        """Gradients of the last step that this backward pass adds to: one in-place write since then, so none that set them to 0."""
        carried = []
        for i in reached:
            was, now = self._grad_marks[i], self._tensors[i].parameter.grad
            if was is not None and was.tensor() is now and now is not None and now._version == was.version + 1:
                carried.append(i)
        if carried:
            self._observe("gradients-not-zeroed", tensors=self._names(carried))

    def _norm_of_gradients(self) -> torch.Tensor:
        grads = [t.parameter.grad for t in self._tensors if t.parameter.grad is not None]
        return torch.linalg.vector_norm(norms([each for each in grads if each.layout is torch.strided]))

    # A step.

    @_guarded
    def _before_step(self, optimizer: torch.optim.Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._step += 1
        closure = kwargs.get("closure") or (args[1] if len(args) > 1 else None)
        if closure is None:
            self._begin_step()
            return None
        called = False

        @functools.wraps(closure)
        def watched_closure() -> Any:
            nonlocal called
            loss = closure()
            if not called:
                called = True
                # The gradient of the step is known only now.
                self._begin_step()
            return loss

        if "closure" in kwargs:
            return args, {**kwargs, "closure": watched_closure}
        return (args[0], watched_closure, *args[2:]), kwargs

    @_guarded
    def _begin_step(self) -> None:
        self._check_written()
        if self._backwards == 0 and self._step > 1:
            self._check_repeated()
        if not self._is_due:
            return
        self._options = options_of(self._optimizer)
        self._before = self._snapshots()
        self._check_against_last()
        grads = [self._tensors[each.tensor].parameter.grad for each in self._before]
        self._norms = {"gradNorm": norms([each for each in grads if each is not None])}

    def _check_repeated(self) -> None:
        grads = [tensor.parameter.grad for tensor in self._tensors]
        if any(grad is not None for grad in grads) and all(map(is_unwritten, self._grad_marks, grads)):
            self._observe("no-new-gradient")

    def _check_written(self) -> None:
        """In-place writes to parameters since the last step, by torch's count of them."""
        if self._step == 1:
            return
        written = [
            i for i, tensor in enumerate(self._tensors) if not is_unwritten(self._param_marks[i], tensor.parameter)
        ]
        if written and not self._is_due:
            self._observe("written-between", tensors=self._names(written), loaded=self._loaded)

    def _check_against_last(self) -> None:
        """The parameters and the state must be those after the last step."""
        last = {each.tensor: each for each in self._after}
        written = []
        for now in self._before:
            was = last.get(now.tensor)
            if was is None or was.params.shape != now.params.shape:
                continue
            if state_lost(was.state, now.state):
                self._observe("state-lost", tensors=self._names([now.tensor]), loaded=self._loaded)
            if not torch.equal(was.params, now.params):
                written.append((was, now))
        if not written:
            return
        was, now = written[0]
        change = kind_of_change(was.params, now.params, self._replaced.get(now.tensor))
        self._observe(
            "written-between",
            tensors=self._names([each.tensor for _, each in written]),
            how=change.kind,
            values=change.values,
            loaded=self._loaded,
        )
        self._replaced = {each.tensor: each.params for each, _ in written}

    @_guarded
    def _after_step(self, optimizer: torch.optim.Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if self._is_due and self._before:
            self._record()
        self._is_due = self._recording.waiting < _MOST_WAITING and self._pace.is_due(self._step + 1)
        self._after = self._snapshots() if self._is_due else []
        self._backwards = 0
        self._loss = self._given_loss = None
        self._norm_after_backward = self._norm_before_unscale = None
        self._loaded = []
        self._before = []
        self._mark_gradients()
        self._param_marks = self._marks_of_parameters()

    def _record(self) -> None:
        after = self._snapshots()
        if self._has_reference:
            expected = expected_step(self._optimizer, self._options, self._before)
            found = deviations(expected, [each for each in after if each.tensor in {b.tensor for b in self._before}], self._before)
            if found:
                self._report(found)
        row = self._row(after)
        self._recording.add(row)

    def _report(self, found: list[Deviation]) -> None:
        self._observe(
            "residual",
            tensors=self._names(sorted({each.tensor for each in found})),
            worst=[
                {
                    "tensor": self._tensors[each.tensor].name,
                    "of": each.of,
                    "differing": each.differing,
                    "compared": each.compared,
                    "coordinates": [self._tensors[each.tensor].sample[i] for i in each.worst],
                    "expected": each.expected,
                    "found": each.found,
                }
                for each in found[:3]
            ],
        )

    def _row(self, after: list[Snapshot]) -> Callable[[], dict[str, Any]]:
        """A function that makes the row from copies, so that the training can go on."""
        by_tensor = {each.tensor: each for each in after}
        before = [each for each in self._before if each.tensor in by_tensor]
        after = [by_tensor[each.tensor] for each in before]
        states = self._recording.state_names
        steps = [_steps_of(each.state, self._step) for each in after]
        offsets = [0]
        for each in before:
            offsets.append(offsets[-1] + each.params.numel())
        sampled = Sampled(
            [each.tensor for each in before],
            offsets,
            _joined([each.params for each in before]),
            _joined([each.params for each in after]),
            _joined([each.grad for each in before]),
            {
                ours: _joined([_state_of(each, theirs) for each in after])
                for ours, theirs in states.items()
            },
        )
        norms_of = {**self._norms, "paramNorm": norms([self._tensors[each.tensor].parameter.detach() for each in before])}
        for name in ("m", "v"):
            theirs = states.get(name)
            whole = [self._optimizer.state[self._tensors[each.tensor].parameter].get(theirs) for each in before]
            if theirs and all(each is not None for each in whole):
                norms_of[f"{name}Norm"] = norms(whole)
        norms_of = {name: each.cpu() for name, each in norms_of.items()}
        options = [json_options(each) for each in self._options]
        scalars = self._scalars(norms_of["gradNorm"])
        tensors, optimizer = self._tensors, type(self._optimizer).__name__
        places = self._places(sampled)

        def make() -> dict[str, Any]:
            return {
                **scalars,
                **exact_values(sampled, places),
                "tensors": tensor_rows(sampled, norms_of, tensors, optimizer, options, steps),
                "largest": largest_updates(sampled, tensors),
            }

        # Two copies of the parameters, the gradient and each state array, in float64.
        self._pace.wrote(8 * (len(places) * (3 + len(states)) + 8 * len(before)))
        return make

    def _scalars(self, grad_norms: torch.Tensor) -> dict[str, Any]:
        norm = float(torch.linalg.vector_norm(grad_norms))
        unclipped = None if self._norm_after_backward is None else float(self._norm_after_backward)
        scale = 1.0 if self._scale is None else float(self._scale)
        loss = self._given_loss
        if loss is None and self._loss is not None:
            loss = float(self._loss) / scale
        factor = None if not unclipped else norm / (unclipped / scale)
        return {
            "step": self._step,
            "seconds": time.monotonic() - self._begun,
            "loss": loss,
            "gradNorm": norm,
            "clipFactor": factor,
            "lr": float(self._options[0]["lr"]),
            "groupLr": [float(each["lr"]) for each in self._options],
            "lossScale": None if self._scale is None else scale,
            "backwards": self._backwards,
        }

    def _places(self, sampled: Sampled) -> list[Optional[int]]:
        offset_of = dict(zip(sampled.tensors, sampled.offsets))
        return [offset_of[t] + i if t in offset_of else None for t, i in self._recording.coordinates]

    # Helpers.

    def _snapshots(self) -> list[Snapshot]:
        found = []
        for i, tensor in enumerate(self._tensors):
            parameter = tensor.parameter
            if parameter.grad is None or parameter.grad.layout is not torch.strided:
                continue
            state = tensor.take_state(self._optimizer.state.get(parameter, {}))
            if state is not None:
                found.append(Snapshot(i, tensor.group, tensor.take(parameter), tensor.take(parameter.grad), state))
        return found

    def _marks_of_parameters(self) -> list[Optional[Mark]]:
        return [mark_of(tensor.parameter) for tensor in self._tensors]

    def _mark_gradients(self) -> None:
        self._grad_marks = [mark_of(tensor.parameter.grad) for tensor in self._tensors]

    def _names(self, tensors: list[int]) -> list[str]:
        return [self._tensors[i].name for i in tensors]

    def _observe(self, kind: str, **evidence: Any) -> None:
        self._recording.event(kind, self._step, place=calling_line(), **evidence)


def _steps_of(state: dict[str, Any], otherwise: int) -> float:
    return float(state.get("step", otherwise))


def _state_of(snapshot: Snapshot, name: str) -> torch.Tensor:
    value = snapshot.state.get(name)
    return torch.full_like(snapshot.params, torch.nan, dtype=torch.float64) if value is None else value


def _joined(parts: list[torch.Tensor]) -> torch.Tensor:
    if not parts:
        return torch.zeros(0, dtype=torch.float64)
    return torch.cat([each.detach().double() for each in parts]).cpu()
