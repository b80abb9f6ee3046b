"""The user's own optimizers: subclasses of `torch.optim.Optimizer`, or classes that are used like them."""

from __future__ import annotations

import inspect
import math
from typing import Any, Optional, Union

from .modules import OwnModules, Texts, member
from .problems import Problem

#: torch's names of the options, by ours.
_TORCH_NAMES = {
    "lr": "lr",
    "eps": "eps",
    "weightDecay": "weight_decay",
    "momentum": "momentum",
    "dampening": "dampening",
    "nesterov": "nesterov",
    "amsgrad": "amsgrad",
    "alpha": "alpha",
    "centered": "centered",
    "lrDecay": "lr_decay",
    "initialAccumulatorValue": "initial_accumulator_value",
    "momentumDecay": "momentum_decay",
}


#: A number as JSON can hold it: those that are not finite are words.
Sent = Union[float, str]


def _tensor(numbers: list[Sent]) -> Any:
    import torch

    return torch.tensor([float(each) for each in numbers], dtype=torch.float64)


def _numbers(tensors: list[Any]) -> list[float]:
    return [value for each in tensors for value in each.detach().reshape(-1).tolist()]


class OwnOptimizers:
    """One load of the module of an optimizer, with the instances that were made of it."""

    def __init__(self, request: dict[str, Any], shapes: Optional[list[tuple[int, ...]]]) -> None:
        """``shapes`` are those of the tensors of the loss, empty for one vector; None without a loss. Imports the module. Raises Problem if it has no such class, and what the module raises."""
        self.modules = OwnModules(request["file"], Texts(dict(request["texts"])))
        main = self.modules.main()
        name = request["exportName"]
        try:
            self._type = member(main, name)
        except AttributeError:
            raise Problem("missing-export", self.modules.has_no(name)) from None
        if not (inspect.isclass(self._type) and callable(getattr(self._type, "step", None))):
            raise Problem(
                "missing-export",
                f"{name} is no optimizer class: mark a subclass of torch.optim.Optimizer with optimizer-step",
            )
        self._options: dict[str, Any] = request["options"]
        self._defaults: dict[str, Any] = request["defaults"]
        self._shapes = shapes
        self._instances: list[tuple[Any, list[Any]]] = []

    def make(self, params: list[Sent]) -> int:
        """Creates an optimizer of float64 tensors that hold these numbers in order; returns its number."""
        self.modules.activate()
        tensors = self._tensors(params)
        self._instances.append((self._type(tensors, **self._arguments()), tensors))
        return len(self._instances) - 1

    def _tensors(self, params: list[Sent]) -> list[Any]:
        import torch

        whole = _tensor(params)
        parts = whole.split([math.prod(shape) for shape in self._shapes_for(len(params))])
        shaped = [part.reshape(shape) for part, shape in zip(parts, self._shapes_for(len(params)))]
        return [torch.nn.Parameter(part.clone()) for part in shaped]

    def _shapes_for(self, dim: int) -> list[tuple[int, ...]]:
        """Those of the loss where they fit; for a check, two tensors, because an optimizer may confuse its tensors."""
        if self._shapes is None or (self._shapes and sum(map(math.prod, self._shapes)) != dim):
            return [(dim - 1,), (1,)] if dim > 1 else [(dim,)]
        return self._shapes or [(dim,)]

    def step(self, number: int, params: list[Sent], grad: list[Sent], lr: float | None) -> dict[str, Any]:
        """Makes a step. Returns the parameters, the gradient (which a step must not change) and the tensors of its state."""
        import torch

        self.modules.activate()
        optimizer, tensors = self._instances[number]
        sizes = [each.numel() for each in tensors]
        with torch.no_grad():
            for each, value, slope in zip(tensors, _tensor(params).split(sizes), _tensor(grad).split(sizes)):
                each.copy_(value.reshape(each.shape))
                each.grad = slope.reshape(each.shape).clone()
        if lr is not None:
            for group in optimizer.param_groups:
                group["lr"] = lr
        optimizer.step()
        gradients = [each.grad for each in tensors]
        return {
            "params": _numbers(tensors),
            # A step may drop the gradients.
            "grad": grad if any(each is None for each in gradients) else _numbers(gradients),
            "state": self._state_of(optimizer, tensors),
        }

    def _state_of(self, optimizer: Any, tensors: list[Any]) -> dict[str, list[float]]:
        """The entries of the state that have the shape of their tensor, for all tensors."""
        state = getattr(optimizer, "state", {})
        held = [state.get(each, {}) if hasattr(state, "get") else {} for each in tensors]
        return {
            str(key): _numbers([each[key] for each in held])
            for key in held[0]
            if all(getattr(each.get(key), "shape", None) == tensor.shape for each, tensor in zip(held, tensors))
        }

    def _arguments(self) -> dict[str, Any]:
        """The options of the reference for the parameters of the constructor: the learning rate, what has no default, and what the
        user set. Another default is the user's choice, which the check compares with that of the reference."""
        given: dict[str, Any] = {}
        for name, parameter in inspect.signature(self._type).parameters.items():
            ours = next((key for key, torch_name in _TORCH_NAMES.items() if torch_name == name), None)
            is_required = parameter.default is parameter.empty
            if ours in self._options:
                if ours == "lr" or is_required or self._options[ours] != self._defaults.get(ours):
                    given[name] = self._options[ours]
            elif name == "betas" and "beta1" in self._options:
                keys = ("beta1", "beta2")
                if is_required or any(self._options[key] != self._defaults.get(key) for key in keys):
                    given[name] = tuple(self._options[key] for key in keys)
            elif name in ("beta1", "beta2") and name in self._options:
                if is_required or self._options[name] != self._defaults.get(name):
                    given[name] = self._options[name]
        return given
