"""Audits of checkpoints: each way to lose a part of the state is found, and a right resume has no difference."""

from __future__ import annotations

import copy
import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Callable

import torch

from adamscope.audit import audit, compare, next_updates
from recorded import mlp, plain_steps


def trained() -> dict[str, Any]:
    model = mlp()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 100)
    plain_steps(10)(model, optimizer)
    for _ in range(3):
        scheduler.step()
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    return copy.deepcopy(
        {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict(),
            "scaler": scaler.state_dict(),
        }
    )


def changed(change: Callable[[dict[str, Any]], Any]) -> list[tuple[str, str]]:
    before = trained()
    after = copy.deepcopy(before)
    change(after)
    return [(each.kind, each.where) for each in audit(before, after)]


class Audits(unittest.TestCase):
    def test_a_right_resume(self) -> None:
        before = trained()
        model = mlp()
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 100)
        optimizer.load_state_dict(before["optimizer"])
        scheduler.load_state_dict(before["scheduler"])
        after = {**before, "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}
        self.assertEqual(audit(before, after), [])

    def test_each_loss(self) -> None:
        def reorder(c: dict[str, Any]) -> None:
            state = c["optimizer"]["state"]
            state[1], state[3] = state[3], state[1]

        def cast(c: dict[str, Any]) -> None:
            state = c["optimizer"]["state"][0]
            state["exp_avg_sq"] = state["exp_avg_sq"].bfloat16()

        self.assertEqual(changed(lambda c: c["optimizer"]["state"].pop(2)), [("lost", "optimizer.state[2]")])
        self.assertEqual(changed(lambda c: c["optimizer"]["state"][0].pop("exp_avg")), [("lost", "optimizer.state[0].exp_avg")])
        self.assertEqual(changed(lambda c: c["optimizer"]["state"][0]["step"].zero_()), [("changed", "optimizer.state[0].step")])
        self.assertEqual(changed(cast), [("cast", "optimizer.state[0].exp_avg_sq")])
        self.assertEqual(
            changed(reorder), [("reordered", "optimizer.state[1]"), ("reordered", "optimizer.state[3]")]
        )
        self.assertEqual(
            changed(lambda c: c["optimizer"]["param_groups"][0].update(lr=0.01)), [("changed", "optimizer.param_groups[0].lr")]
        )
        self.assertEqual(changed(lambda c: c["scheduler"].update(last_epoch=0)), [("changed", "scheduler.last_epoch")])
        self.assertEqual(changed(lambda c: c["scaler"].update(scale=65536.0)), [("changed", "scaler.scale")])
        lost = changed(lambda c: c.pop("scheduler"))
        self.assertIn(("lost", "scheduler.last_epoch"), lost)
        self.assertEqual(changed(lambda c: c.pop("optimizer")), [("lost", "optimizer")])

    def test_the_next_update(self) -> None:
        before = trained()["optimizer"]
        same = next_updates(before, before)
        assert same is not None
        self.assertEqual(same.before, same.after)
        self.assertAlmostEqual(same.cosine, 1, places=14)
        # The update of torch itself, if the gradient is the first moment.
        model = mlp()
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0)
        optimizer.load_state_dict(copy.deepcopy(before))
        optimizer.param_groups[0]["weight_decay"] = 0
        start = [each.detach().clone() for each in model.parameters()]
        for each in model.parameters():
            each.grad = optimizer.state[each]["exp_avg"].clone()
        optimizer.step()
        moved = [(a.detach() - b).double().reshape(-1) for a, b in zip(model.parameters(), start)]
        # The change of a float32 parameter of size 1 is rounded to 6e-8, which is 1e-5 of an update of 0.005.
        self.assertLess(abs(float(torch.cat(moved).norm()) / same.before - 1), 1e-5)
        empty = {"state": {}, "param_groups": before["param_groups"]}
        lost = next_updates(before, empty)
        assert lost is not None
        self.assertEqual(lost.after, 0)
        self.assertTrue(math.isnan(lost.cosine))

    def test_a_cast_by_torch_itself(self) -> None:
        before = trained()["optimizer"]
        model = mlp().bfloat16()
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        optimizer.load_state_dict(copy.deepcopy(before))
        found = compare(before, optimizer.state_dict())
        self.assertEqual({each.kind for each in found}, {"cast"})
        self.assertIn("bfloat16 (numbers were rounded)", found[0].after)

    def test_the_command(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            before = trained()
            after = copy.deepcopy(before)
            after["optimizer"]["state"].clear()
            torch.save(before, folder / "before.pt")
            torch.save(after, folder / "after.pt")
            (folder / "text.pt").write_text("no checkpoint")

            def run(*names: str) -> "subprocess.CompletedProcess[str]":
                command = [sys.executable, "-m", "adamscope", "audit", *(str(folder / each) for each in names)]
                return subprocess.run(command, capture_output=True, text=True, check=False)

            same = run("before.pt", "before.pt")
            self.assertEqual((same.returncode, same.stdout), (0, "No difference: optimizers, schedulers and scalers are as they were.\n"))
            lost = run("before.pt", "after.pt")
            self.assertEqual(lost.returncode, 1)
            self.assertIn("lost: optimizer.state[0]: step, exp_avg, exp_avg_sq -> nothing\n", lost.stdout)
            self.assertIn("the next update has norm 0 instead of", lost.stdout)
            for bad, words in (("missing.pt", "cannot be read: No such file"), ("text.pt", "is no checkpoint that torch reads")):
                failed = run("before.pt", bad)
                self.assertEqual((failed.returncode, failed.stdout), (2, ""))
                self.assertIn(words, failed.stderr)
                self.assertEqual(failed.stderr.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
