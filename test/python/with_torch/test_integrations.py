"""The callbacks, on doubles of the packages: the classes that they derive from, and the order of calls of a training loop."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import types
import unittest
from pathlib import Path
from typing import Any, Iterator
from unittest import mock

import torch

# Imported by torch on first use, which must not happen while `sys.modules` is replaced.
import torch._dynamo  # noqa: F401
from adamscope import integrations
from recorded import Recorded, loss_of, mlp


class Wrapper(torch.optim.Optimizer):
    """As accelerate's: an optimizer that passes its steps on."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self.optimizer = optimizer

    def step(self, closure: Any = None) -> Any:
        return self.optimizer.step(closure)

    def zero_grad(self, set_to_none: bool = True) -> None:
        self.optimizer.zero_grad(set_to_none)


@contextlib.contextmanager
def double(**modules: types.ModuleType) -> Iterator[Path]:
    """Runs in an empty folder, where these modules can be imported."""
    before = os.getcwd()
    named = {name.replace("__", "."): module for name, module in modules.items()}
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(sys.modules, named):
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


class Integrations(unittest.TestCase):
    def test_transformers(self) -> None:
        module = types.ModuleType("transformers")
        module.TrainerCallback = type("TrainerCallback", (), {})  # type: ignore[attr-defined]
        with double(transformers=module) as folder:
            callback = integrations.transformers_callback(every=1)
            self.assertIsInstance(callback, module.TrainerCallback)
            model = mlp()
            optimizer = Wrapper(torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0))
            of_trainer = {"model": model, "optimizer": optimizer, "lr_scheduler": None, "train_dataloader": None}
            callback.on_train_begin(None, None, None, **of_trainer)
            for i in range(10):
                # As `Trainer` does: the gradients are cleared after the step.
                loss_of(model, i).backward()
                optimizer.step()
                model.zero_grad()
            callback.on_train_end(None, None, None, **of_trainer)
            [file] = folder.iterdir()
            recorded = Recorded(file)
            self.assertEqual([row["step"] for row in recorded.steps], list(range(1, 11)))
            self.assertEqual(recorded.observed, [])
            self.assertEqual(recorded.head["tensors"][0]["name"], "0.weight")

    def test_lightning(self) -> None:
        module = types.ModuleType("lightning.pytorch")
        module.Callback = type("Callback", (), {"__init__": lambda self: None})  # type: ignore[attr-defined]
        with double(lightning=types.ModuleType("lightning"), lightning__pytorch=module) as folder:
            callback = integrations.lightning_callback(every=1)
            model = mlp()
            optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
            trainer = types.SimpleNamespace(optimizers=[Wrapper(optimizer)])
            callback.on_train_start(trainer, model)
            for i in range(10):

                def closure() -> torch.Tensor:
                    # As Lightning's closure: the step first, then the gradients, then the backward pass.
                    loss = loss_of(model, i)
                    optimizer.zero_grad()
                    loss.backward()
                    return loss

                trainer.optimizers[0].step(closure)
            callback.on_exception(trainer, model, KeyboardInterrupt())
            [file] = folder.iterdir()
            recorded = Recorded(file)
            self.assertEqual(len(recorded.steps), 10)
            self.assertEqual(recorded.observed, [])
            self.assertTrue(all(row["loss"] > 0 for row in recorded.steps))

    def test_without_the_packages(self) -> None:
        absent = dict.fromkeys(("transformers", "lightning", "lightning.pytorch", "pytorch_lightning"))
        with mock.patch.dict(sys.modules, absent):
            for make in (integrations.transformers_callback, integrations.lightning_callback):
                with self.assertRaises(ModuleNotFoundError):
                    make()


if __name__ == "__main__":
    unittest.main()
