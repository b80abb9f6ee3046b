"""The user's own optimizers: subclasses of `torch.optim.Optimizer`, or classes that are used like them."""

from __future__ import annotations

import inspect
from typing import Any, Union

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


class OwnOptimizers:
    """One load of the module of an optimizer, with the instances that were made of it."""

    def __init__(self, request: dict[str, Any]) -> None:
        """Imports the module. Raises Problem if it has no such class, and what the module raises."""
        self.modules = OwnModules(request["file"], Texts(dict(request["texts"])))
        main = self.modules.main()
        name = request["exportName"]
        try:
            self._type = member(main, name)
        except AttributeError:
            raise Problem("missing-export", f"{self.modules.name} has no {name} after its import") from None
        if not (inspect.isclass(self._type) and callable(getattr(self._type, "step", None))):
            raise Problem(
                "missing-export",
                f"{name} is no optimizer class: mark a subclass of torch.optim.Optimizer with optimizer-step",
            )
        self._options: dict[str, Any] = request["options"]
        self._defaults: dict[str, Any] = request["defaults"]
        self._instances: list[tuple[Any, Any]] = []

    def make(self, params: list[Sent]) -> int:
        """Creates an optimizer of one float64 tensor, shape [dim]; returns its number."""
        import torch

        self.modules.activate()
        parameter = torch.nn.Parameter(_tensor(params))
        optimizer = self._type([parameter], **self._arguments())
        self._instances.append((optimizer, parameter))
        return len(self._instances) - 1

    def step(self, number: int, params: list[Sent], grad: list[Sent], lr: float | None) -> dict[str, Any]:
        """Makes a step. Returns the parameters, the gradient (which a step must not change) and the tensors of its state."""
        import torch

        self.modules.activate()
        optimizer, parameter = self._instances[number]
        with torch.no_grad():
            parameter.copy_(_tensor(params))
        parameter.grad = _tensor(grad)
        if lr is not None:
            for group in optimizer.param_groups:
                group["lr"] = lr
        optimizer.step()
        after = parameter.grad
        return {
            "params": parameter.detach().reshape(-1).tolist(),
            "grad": grad if after is None else after.detach().reshape(-1).tolist(),
            "state": self._state_of(optimizer, parameter),
        }

    def _state_of(self, optimizer: Any, parameter: Any) -> dict[str, list[float]]:
        state = getattr(optimizer, "state", {})
        held = state.get(parameter, {}) if hasattr(state, "get") else {}
        return {
            str(key): value.detach().reshape(-1).tolist()
            for key, value in held.items()
            if getattr(value, "shape", None) == parameter.shape
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
