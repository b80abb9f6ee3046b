"""Callbacks for the training loops of Hugging Face and Lightning.

    Trainer(..., callbacks=[adamscope.integrations.transformers_callback()])
    lightning.Trainer(..., callbacks=[adamscope.integrations.lightning_callback()])

Both take the options of ``adamscope.watch``, but ``path``: each optimizer has a file of its own in the current folder.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import torch

from .api import watch
from .watch import Watch


def transformers_callback(**options: Any) -> Any:
    """A ``transformers.TrainerCallback`` that records from the first step to the end of ``Trainer.train``.

    Raises ModuleNotFoundError without transformers.
    """
    base = importlib.import_module("transformers").TrainerCallback

    class AdamscopeCallback(base):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            self._watches: list[Watch] = []

        def on_train_begin(self, args: Any, state: Any, control: Any, **of_trainer: Any) -> None:
            self._watches += _watched(of_trainer.get("optimizer"), of_trainer.get("model"), options)

        def on_train_end(self, args: Any, state: Any, control: Any, **of_trainer: Any) -> None:
            _close(self._watches)

    return AdamscopeCallback()


def lightning_callback(**options: Any) -> Any:
    """A Lightning ``Callback`` that records each optimizer from the start of the training to its end, or to an exception.

    Raises ModuleNotFoundError without lightning or pytorch_lightning.
    """
    try:
        base = importlib.import_module("lightning.pytorch").Callback
    except ModuleNotFoundError:
        base = importlib.import_module("pytorch_lightning").Callback

    class AdamscopeCallback(base):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            super().__init__()
            self._watches: list[Watch] = []

        def on_train_start(self, trainer: Any, pl_module: Any) -> None:
            for optimizer in trainer.optimizers:
                self._watches += _watched(optimizer, pl_module, options)

        def on_train_end(self, trainer: Any, pl_module: Any) -> None:
            _close(self._watches)

        def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
            _close(self._watches)

    return AdamscopeCallback()


def inner_optimizer(optimizer: Any) -> Any:
    """The optimizer of torch inside the wrappers of accelerate and Lightning, whose ``step`` is the one that computes."""
    while isinstance(getattr(optimizer, "optimizer", None), torch.optim.Optimizer):
        optimizer = optimizer.optimizer
    return optimizer


def _watched(optimizer: Any, model: Any, options: dict[str, Any]) -> list[Watch]:
    inner = inner_optimizer(optimizer)
    if isinstance(inner, torch.optim.Optimizer):
        return [watch(inner, model, **options)]
    print(f"adamscope: {type(inner).__name__} is no optimizer of torch, so nothing is recorded", file=sys.stderr)
    return []


def _close(watches: list[Watch]) -> None:
    while watches:
        watches.pop().close()
