"""Watches an optimizer while it trains, and records what it does."""

from __future__ import annotations

import contextlib
import functools
import math
import sys
import time
import traceback
from pathlib import Path
from typing import Any, BinaryIO, Callable, Optional, TypeVar, Union, cast
from weakref import WeakMethod, ref

import torch

from . import training
from .continuity import Continuity
from .gradients import GradientWatch
from .keyframes import Keyframes
from .observations import Observation
from .owners import Owner, own
from .pace import Pace
from .places import Place, calling_line
from .ranks import Buffers, digests, is_compared, this_rank
from .recording import Recording, plain_options
from .reference import Snapshot, options_of
from .schedules import ScheduleWatch
from .setup import check_membership, check_options, never_reached
from .stall import Stall
from .statistics import Sampled, exact_values, joined, largest_updates, norms, row_bytes, tensor_rows
from .stepcheck import StepCheck
from .tensors import Named, WatchedTensor, local, watched_tensors

_Method = TypeVar("_Method", bound=Callable[..., Any])
#: Rows that wait to be made; each holds copies of the sampled coordinates.
_MOST_WAITING = 2
#: The recorded step at which a parameter without a gradient so far is reported.
_PATIENCE = 5


def _guarded(method: _Method) -> _Method:
    """An error of the recorder ends the recording, never the training. Its time counts against the budget."""

    @functools.wraps(method)
    def guarded(self: Watch, *args: Any, **kwargs: Any) -> Any:
        if self.is_closed or _is_capturing():
            return None
        begun = time.perf_counter()
        try:
            if not self._is_open:
                self.open()
                # Once, however long the training.
                begun = time.perf_counter()
            return method(self, *args, **kwargs)
        except Exception as error:  # noqa: BLE001
            self._fail(error)
            return None
        finally:
            self._pace.spent(time.perf_counter() - begun)

    # A step that torch compiles is not to contain the recorder.
    return cast(_Method, torch.compiler.disable(guarded))


def _is_capturing() -> bool:
    """Whether CUDA records operations instead of computing them, so that no value can be read."""
    return torch.cuda.is_initialized() and torch.cuda.is_current_stream_capturing()


class Watch:
    """Watches one optimizer until it is closed. Made by ``adamscope.watch``."""

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        model: Callable[[], Optional[torch.nn.Module]],
        file: Callable[[], BinaryIO],
        place: Optional[Place],
        *,
        seed: int,
        time_share: float,
        megabytes_per_hour: float,
        every: Optional[int],
    ) -> None:
        self.is_closed = False
        self._is_open = False
        # The recorder keeps no model alive.
        self._optimizer_ref = ref(optimizer)
        self._kind = type(optimizer)
        self._model_of: Optional[Callable[[], Optional[torch.nn.Module]]] = model
        self._file_of = file
        self._place = place
        self._seed = seed
        self._pace = Pace(time_share, megabytes_per_hour * 2**20, every, time.monotonic)
        self._begun = time.monotonic()
        #: The number of calls of ``optimizer.step`` so far, and of those that are recorded.
        self.steps = 0
        self._recorded = 0
        self._has_named_groups = False
        #: The steps of an optimizer of the same kind that had these parameters before.
        self._former_steps: Optional[int] = None
        #: Positions of the tensors that had a gradient at a recorded step.
        self._reached: set[int] = set()
        self._is_due = True
        self._given_loss: Union[float, torch.Tensor, None] = None
        self._scale: Optional[torch.Tensor] = None
        self._grad_scale: Optional[float] = None
        self._skipped = 0
        self._steps_before_scaler = 0
        self._before: list[Snapshot] = []
        self._options: list[dict[str, Any]] = []
        self._grad_norms = torch.zeros(0)
        self._handles = [
            optimizer.register_step_pre_hook(self._before_step),
            optimizer.register_step_post_hook(self._after_step),
        ]
        training.listen(self)

    def open(self) -> None:
        """Makes the file. Called at the first event of the training, when all parameters are known, or before."""
        if self._is_open:
            return
        model = self._model_of() if self._model_of else None
        self._model_of = None
        self._named = [] if model is None else [Named(*each) for each in model.named_parameters()]
        self._rank = this_rank()
        self._buffers = Buffers(model if self._rank else None)
        self._tensors: list[WatchedTensor] = list(watched_tensors(self._optimizer, self._named, self._seed))
        self._recording = Recording(
            self._file_of(), self._optimizer, self._tensors, self._place, self._rank, self._buffers.names, self._fail
        )
        self._continuity = Continuity(self._tensors, self._observe)
        self._step_check = StepCheck(self._optimizer, self._tensors, self._observe)
        self._gradients = GradientWatch(self._tensors, self._observe)
        self._keyframes = Keyframes(self._tensors, self._recording.state_names)
        self._schedules = ScheduleWatch(self._observe)
        self._stall = Stall()
        self._is_open = True
        self._take_over()

    @property
    def _optimizer(self) -> torch.optim.Optimizer:
        optimizer = self._optimizer_ref()
        if optimizer is None:
            raise ReferenceError("the optimizer is gone")
        return optimizer

    @property
    def path(self) -> Path:
        """The file of the recording."""
        self.open()
        return self._recording.path

    @property
    def optimizer_name(self) -> str:
        return self._kind.__name__

    @property
    def recorded(self) -> int:
        """The number of recorded steps."""
        return self._recorded

    def loss(self, value: Union[float, torch.Tensor]) -> None:
        """States the loss of the step that follows, instead of the number that ``backward`` is called on."""
        self._given_loss = value.detach() if isinstance(value, torch.Tensor) else float(value)

    def close(self) -> None:
        """Ends the recording, and writes what still waits. The optimizer is then as if it had never been watched."""
        self.is_closed = True
        training.ignore(self)
        while self._handles:
            self._handles.pop().remove()
        if self._is_open:
            self._recording.ended(self.steps)
            self._recording.close()
            self._named = []
            self._before = []
            self._continuity.forget()
            self._step_check.forget()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def observations(self) -> list[Observation]:
        """What was observed so far: the first of each kind, at each place."""
        return self._recording.observations if self._is_open else []

    def parameters(self) -> list[torch.Tensor]:
        """The parameters of the optimizer; none when it is gone."""
        optimizer = self._optimizer_ref()
        return [each for group in optimizer.param_groups for each in group["params"]] if optimizer else []

    def _fail(self, error: BaseException) -> None:
        if self.is_closed:
            return
        # The hooks stay until the end: torch may be going through them.
        self.is_closed = True
        training.ignore(self)
        if isinstance(error, OSError):
            file = f" ({error.filename})" if error.filename else ""
            reason, detail = f"Its file cannot be written: {error.strerror or error}{file}", ""
        else:
            reason = f"{type(error).__name__}: {error}"
            detail = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        sentence = f"The recording of {self.optimizer_name} ended after step {self.steps}; the training goes on. {reason}"
        if self._is_open:
            self._recording.ended(self.steps, sentence)
        # The script may have closed its standard error.
        with contextlib.suppress(Exception):
            print(f"adamscope: {sentence}\n{detail}", file=sys.stderr, end="")

    # What the script calls.

    @_guarded
    def before_backward(self, roots: tuple[torch.Tensor, ...]) -> None:
        if self._is_due:
            self._keep_hook_last()
            self._gradients.before_backward(roots)

    @_guarded
    def after_backward(self, roots: tuple[torch.Tensor, ...]) -> None:
        if self._is_due:
            self._gradients.after_backward(roots)

    @_guarded
    def after_clip(self) -> None:
        if self._is_due:
            self._gradients.after_clip()

    @_guarded
    def before_unscale(self, optimizer: torch.optim.Optimizer) -> None:
        if optimizer is self._optimizer and self._is_due:
            self._gradients.before_unscale()

    @_guarded
    def before_scaler_step(self, scaler: Any, optimizer: torch.optim.Optimizer) -> None:
        if optimizer is self._optimizer:
            self._scale = getattr(scaler, "_scale", None)
            self._steps_before_scaler = self.steps

    @_guarded
    def after_scaler_step(self, optimizer: torch.optim.Optimizer) -> None:
        if optimizer is self._optimizer and self.steps == self._steps_before_scaler:
            self._skipped += 1
            self._schedules.after_skip()
            self._gradients.begin()

    @_guarded
    def after_schedule(self, scheduler: Any) -> None:
        if getattr(scheduler, "optimizer", None) is self._optimizer:
            self._schedules.after_schedule(scheduler)

    @_guarded
    def after_epoch_begins(self) -> None:
        self._schedules.after_epoch_begins()

    @_guarded
    def after_load(self, target: Any, given: Any) -> None:
        self._continuity.after_load(target, given, self._optimizer)

    # A step.

    @_guarded
    def _before_step(self, optimizer: torch.optim.Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.steps += 1
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
                self._begin_in_closure()
            return loss

        if "closure" in kwargs:
            return args, {**kwargs, "closure": watched_closure}
        return (args[0], watched_closure, *args[2:]), kwargs

    @_guarded
    def _begin_in_closure(self) -> None:
        self._begin_step()

    def _begin_step(self) -> None:
        is_first = self.steps == 1
        if is_first:
            check_options(self._optimizer, self._tensors, self._observe_setup)
            self._check_former()
        if not self._is_due:
            self._continuity.check_versions()
            return
        self._options = options_of(self._optimizer)
        self._before = self._snapshots()
        self._reached.update(each.tensor for each in self._before)
        if not is_first:
            self._gradients.check_step(self._continuity.has_same_gradients(self._before))
        self._continuity.check(self._before)
        if self._keyframes.is_due(self.steps, self._pace.allowed_bytes()):
            self._recording.keyframe(self._keyframes.take(self._optimizer, self.steps), self._keyframes.size)
        self._step_check.begin(self._optimizer)
        grads = [self._tensors[each.tensor].gradient for each in self._before]
        self._grad_norms = norms([each for each in grads if each is not None])
        # A fused optimizer divides the gradients itself.
        scale = getattr(self._optimizer, "grad_scale", None)
        self._grad_scale = None if scale is None else float(scale)

    @_guarded
    def _after_step(self, optimizer: torch.optim.Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._keep_hook_last()
        self._owner.steps = self.steps
        self._owner.has_state = self._owner.has_state or any(self._optimizer.state.values())
        # Of this moment, for this step and the next one.
        after = self._snapshots() if self._is_due else []
        if self._is_due and self._before:
            self._record(after)
        is_free = self._pace.is_fixed or self._recording.waiting < _MOST_WAITING
        self._is_due = is_free and self._pace.is_due(self.steps + 1, self._recording.size, self._recording.seconds)
        self._is_due = self._is_due or (self._rank is not None and is_compared(self.steps + 1))
        self._continuity.after_step((after or self._snapshots()) if self._is_due else [])
        if self._is_due:
            self._gradients.begin()
        self._schedules.after_step()
        self._check_groups()
        self._given_loss = None
        self._before = []

    def _check_groups(self) -> None:
        """Says once that parameters which were added after the start are not recorded."""
        added = sum(len(group["params"]) for group in self._optimizer.param_groups) - len(self._tensors)
        if added > 0 and not self._has_named_groups:
            self._has_named_groups = True
            # The script may have closed its standard error.
            with contextlib.suppress(Exception):
                print(
                    f"adamscope: {added} parameters were added to {self.optimizer_name} after its first step. They are not recorded;"
                    " call adamscope.watch after the last add_param_group.",
                    file=sys.stderr,
                )

    def _keep_hook_last(self) -> None:
        """After those of the script, which may change the gradients."""
        hooks = self._optimizer._optimizer_step_pre_hooks
        hooks.move_to_end(self._handles[0].id)

    def _record(self, snapshots: list[Snapshot]) -> None:
        self._gradients.check_recorded()
        self._recorded += 1
        if self._recorded == _PATIENCE:
            self._check_parameters()
        by_tensor = {each.tensor: each for each in snapshots}
        self._before = [each for each in self._before if each.tensor in by_tensor]
        after = [by_tensor[each.tensor] for each in self._before]
        self._step_check.end(self._optimizer, self._options, self._before, after)
        sampled = joined(self._before, after, self._recording.state_names)
        if self._grad_scale is not None:
            sampled = sampled._replace(grad=sampled.grad / self._grad_scale)
        self._recording.add(self._row(sampled, after), row_bytes(sampled, len(self._recording.coordinates)))

    def _check_parameters(self) -> None:
        others = {id(p) for each in watches() if each is not self for p in each.parameters()}
        stale = check_membership(self._named, self._optimizer, self._tensors, others, self._observe_setup)
        self._named = []
        unreached = [name for name in never_reached(self._tensors, self._reached) if name not in stale]
        if unreached:
            self._observe_setup("never-reached", tensors=unreached)

    def _take_over(self) -> None:
        """An optimizer of the same kind may have had these parameters, with a state that is not used any more."""
        self._owner = Owner(self._kind, _weakly(self.close))
        former = own(self.parameters(), self._owner)
        if former is not None and former.kind is self._kind and former.has_state:
            self._former_steps = former.steps
            former.close()

    def _check_former(self) -> None:
        """Before the first step: until then the script may load the state."""
        if self._former_steps is not None and not any(self._optimizer.state.values()):
            self._observe_setup("optimizer-remade", after=self._former_steps)

    def _row(self, sampled: Sampled, after: list[Snapshot]) -> Callable[[], dict[str, Any]]:
        """A function that makes the row from copies, so that the training can go on."""
        norms_of = {"gradNorm": self._grad_norms, **self._norms_after(self._recording.state_names)}
        on_host = {name: each.cpu() for name, each in norms_of.items()}
        options = [plain_options(each) for each in self._options]
        scalars = self._scalars(on_host["gradNorm"])
        places = self._places(sampled)
        place, step = calling_line(), self.steps
        is_digested = self._rank is not None and (self._pace.is_fixed or is_compared(step))
        buffers = self._buffers.copies() if is_digested else {}

        def make() -> dict[str, Any]:
            stall = self._stall.after(sampled, self._tensors, options)
            if stall:
                self._recording.event("update-below-spacing", step, place=place, **stall)
            return {
                **scalars,
                "age": next((int(each) for each in sampled.steps if each == each), None),
                **exact_values(sampled, places, self._tensors, self.optimizer_name, options),
                "tensors": tensor_rows(sampled, on_host, self._tensors, self.optimizer_name, options),
                "largest": largest_updates(sampled, self._tensors),
                "digests": digests(after, buffers) if is_digested else None,
            }

        return make

    def _norms_after(self, states: dict[str, str]) -> dict[str, torch.Tensor]:
        """Norms of the whole tensors after the step, of those that had a gradient."""
        parameters = [self._tensors[each.tensor].values for each in self._before]
        found = {"paramNorm": norms(parameters)}
        for name in ("m", "v"):
            if name not in states:
                continue
            arrays = [
                self._optimizer.state[self._tensors[each.tensor].parameter].get(states[name]) for each in self._before
            ]
            if all(each is not None for each in arrays):
                found[f"{name}Norm"] = norms([local(each) for each in arrays])
        return found

    def _scalars(self, grad_norms: torch.Tensor) -> dict[str, Any]:
        norm = float(torch.linalg.vector_norm(grad_norms))
        unclipped = None if self._gradients.norm is None else float(self._gradients.norm)
        scale = 1.0 if self._scale is None else float(self._scale)
        loss = None if self._given_loss is None else float(self._given_loss)
        if loss is None and self._gradients.loss is not None:
            loss = float(self._gradients.loss) / scale
        factor = None if not unclipped else norm / (unclipped / scale)
        if self._grad_scale is not None:
            norm /= self._grad_scale
            factor = None if factor is None else factor / self._grad_scale
        return {
            "step": self.steps,
            "seconds": time.monotonic() - self._begun,
            "loss": loss,
            "gradNorm": norm,
            "clipFactor": factor,
            "lr": float(self._options[0].get("lr", math.nan)),
            "groupLr": [float(each.get("lr", math.nan)) for each in self._options],
            "lossScale": None if self._scale is None else scale,
            "backwards": self._gradients.backwards,
            "skipped": self._skipped,
        }

    def _places(self, sampled: Sampled) -> list[Optional[int]]:
        offset_of = dict(zip(sampled.tensors, sampled.offsets))
        return [offset_of[t] + i if t in offset_of else None for t, i in self._recording.coordinates]

    # Helpers.

    def _snapshots(self) -> list[Snapshot]:
        found = []
        for i, tensor in enumerate(self._tensors):
            parameter, grad = tensor.parameter, tensor.gradient
            if grad is None:
                continue
            state = tensor.take_state(self._optimizer.state.get(parameter, {}))
            found.append(Snapshot(i, tensor.group, tensor.take(parameter), tensor.take(grad), state))
        return found

    def _observe_setup(self, kind: str, **evidence: Any) -> None:
        """What the line that made the optimizer is the cause of."""
        self._observe(kind, place=self._place, **evidence)

    def _observe(self, kind: str, **evidence: Any) -> None:
        self._recording.event(kind, self.steps, **{"place": calling_line(), **evidence})


def _weakly(close: Callable[[], None]) -> Callable[[], None]:
    """Calls a method of an object, if that still exists."""
    method = WeakMethod(close)

    def call() -> None:
        found = method()
        if found is not None:
            found()

    return call


def watches() -> list[Watch]:
    """Those that are not closed."""
    return [each for each in training.listeners() if isinstance(each, Watch)]
