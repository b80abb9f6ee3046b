"""The ledger finds one number that somebody else wrote during a step, and does not find rounding."""

from __future__ import annotations

import unittest
from typing import Any, Callable

import torch

from adamscope.ledger import kind_of_change
from recorded import mlp, plain_steps, record

optim = torch.optim
OPTIMIZERS: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
    "adam": lambda p: optim.Adam(p, lr=0.01),
    "adamw fused": lambda p: optim.AdamW(p, lr=0.01, fused=True),
    "sgd foreach": lambda p: optim.SGD(p, lr=0.01, momentum=0.9, foreach=True),
    "adafactor": lambda p: optim.Adafactor(p, lr=0.01),
}


class Ledger(unittest.TestCase):
    def test_one_number_written_in_a_step(self) -> None:
        for name, make in OPTIMIZERS.items():
            for part in ("params", "state"):
                with self.subTest(name, part=part):

                    def writing(model: torch.nn.Module) -> torch.optim.Optimizer:
                        optimizer = make(list(model.parameters()))
                        calls = 0

                        def write(*_: object) -> None:
                            nonlocal calls
                            calls += 1
                            if calls < 6:
                                return
                            state = optimizer.state[model[0].weight]  # type: ignore[index]
                            arrays = [each for each in state.values() if each.dim() > 0]
                            target = model[0].weight if part == "params" else arrays[0]  # type: ignore[index]
                            with torch.no_grad():
                                # A thousandth of a typical update, far above the rounding of a float32.
                                target.view(-1)[5] += 1e-5

                        optimizer.register_step_post_hook(write)
                        return optimizer

                    recorded, _, _ = record(writing, plain_steps(30), model_of=mlp)
                    unexplained = next(each for each in recorded.observed if each["kind"] == "unexplained-update")
                    self.assertGreaterEqual(unexplained["step"], 6)
                    self.assertLessEqual(unexplained["step"], 12)
                    worst = unexplained["worst"][0]
                    self.assertEqual((worst["tensor"], worst["differing"], worst["coordinates"]), ("0.weight", 1, [5]))
                    self.assertEqual(worst["of"] == "params", part == "params")
                    self.assertAlmostEqual(worst["found"][0] - worst["expected"][0], 1e-5, delta=1e-7)

    def test_kinds_of_changes(self) -> None:
        before = torch.tensor([-0.5, -0.1, 0.2, 0.4])
        self.assertEqual(kind_of_change(before, before.clamp(-0.3, 0.3), None).kind, "clamp")
        self.assertEqual(kind_of_change(before, before * 0.7, None).kind, "scale")
        self.assertEqual(kind_of_change(before, before.flip(0), None).kind, "other")
        self.assertEqual(kind_of_change(before, before.flip(0), before.flip(0)).kind, "swap-back")


if __name__ == "__main__":
    unittest.main()
