"""Recordings of every optimizer of torch: nothing changes, nothing is left unexplained, and what is recorded is the state itself."""

from __future__ import annotations

import math
import unittest
from typing import Any, Callable

import mpmath
import torch
from mpmath import mpf, sqrt

from recorded import loss_of, mlp, plain_steps, record

mpmath.mp.dps = 50
Optimizer = torch.optim.Optimizer
optim = torch.optim

CASES: dict[str, Callable[[Any], Optimizer]] = {
    "adam": lambda p: optim.Adam(p, lr=0.01),
    "adam foreach": lambda p: optim.Adam(p, lr=0.01, foreach=True),
    "adam fused": lambda p: optim.Adam(p, lr=0.01, fused=True),
    "adam differentiable": lambda p: optim.Adam(p, lr=0.01, differentiable=False),
    "adam amsgrad": lambda p: optim.Adam(p, lr=0.01, amsgrad=True, weight_decay=0.1),
    "adam maximize": lambda p: optim.Adam(p, lr=1e-4, maximize=True),
    "adam tensor lr": lambda p: optim.Adam(p, lr=torch.tensor(0.01)),
    "adamw": lambda p: optim.AdamW(p, lr=0.01),
    "adamw foreach": lambda p: optim.AdamW(p, lr=0.01, foreach=True),
    "adamw fused": lambda p: optim.AdamW(p, lr=0.01, fused=True),
    "nadam": lambda p: optim.NAdam(p, lr=0.01),
    "nadam decoupled": lambda p: optim.NAdam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True),
    "radam": lambda p: optim.RAdam(p, lr=0.01),
    "adamax": lambda p: optim.Adamax(p, lr=0.01),
    "adadelta": lambda p: optim.Adadelta(p),
    "adagrad": lambda p: optim.Adagrad(p, lr=0.01, lr_decay=0.01),
    "adagrad fused": lambda p: optim.Adagrad(p, lr=0.01, fused=True),
    "rmsprop": lambda p: optim.RMSprop(p, lr=0.001, momentum=0.9, centered=True),
    "rmsprop foreach": lambda p: optim.RMSprop(p, lr=0.001, foreach=True),
    "rprop": lambda p: optim.Rprop(p, lr=0.001),
    "asgd": lambda p: optim.ASGD(p, lr=0.01),
    "sgd": lambda p: optim.SGD(p, lr=0.01),
    "sgd momentum": lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.01),
    "sgd fused": lambda p: optim.SGD(p, lr=0.01, momentum=0.9, fused=True),
    "adafactor": lambda p: optim.Adafactor(p, lr=0.01),
    "lbfgs": lambda p: optim.LBFGS(p, lr=0.1, max_iter=4),
    "muon": lambda p: optim.Muon([each for each in p if each.dim() == 2 or each.requires_grad_(False) is None], lr=0.01),
}
#: Options or optimizers that older versions of torch lack.
CASES = {name: make for name, make in CASES.items() if name not in ("adafactor", "muon") or hasattr(optim, name.capitalize())}


def closure_steps(model: torch.nn.Module, optimizer: Optimizer) -> None:
    for i in range(12):

        def closure() -> torch.Tensor:
            optimizer.zero_grad()
            loss = loss_of(model, i)
            loss.backward()
            return loss

        optimizer.step(closure)


class RecordedOptimizers(unittest.TestCase):
    def test_nothing_changes(self) -> None:
        for name, make in CASES.items():
            for train in (closure_steps,) if name == "lbfgs" else (plain_steps(20), closure_steps):
                with self.subTest(name, train=train.__name__):
                    model = mlp()
                    optimizer = make(list(model.parameters()))
                    train(model, optimizer)
                    drawn = torch.rand(3)
                    _, watched, again = record(lambda m: make(list(m.parameters())), train)
                    self.assertTrue(torch.equal(torch.rand(3), drawn))
                    for mine, theirs in zip(model.parameters(), watched.parameters()):
                        self.assertTrue(torch.equal(mine, theirs))
                    self.assertEqual(_state_bytes(optimizer), _state_bytes(again))

    def test_every_step_is_explained(self) -> None:
        for name, make in CASES.items():
            for train in (closure_steps,) if name == "lbfgs" else (plain_steps(20), closure_steps):
                with self.subTest(name, train=train.__name__):
                    recorded, _, _ = record(lambda m: make(list(m.parameters())), train)
                    # A default of AdamW, which is no fault.
                    self.assertEqual([each for each in recorded.observed if each["kind"] != "decays-vectors"], [])
                    self.assertEqual(len(recorded.steps), 20 if train is not closure_steps else 12)

    def test_the_moments_are_the_state(self) -> None:
        for name in ("adam", "adamw fused", "adam amsgrad", "nadam", "radam", "adamax", "rmsprop", "adagrad", "sgd momentum"):
            with self.subTest(name):
                recorded, model, optimizer = record(lambda m: CASES[name](list(m.parameters())), plain_steps(20))
                theirs = {
                    "m": "exp_avg", "v": "exp_avg_sq", "vMax": "max_exp_avg_sq", "u": "exp_inf", "sum": "sum",
                    "momentum": "momentum_buffer", "gAvg": "grad_avg",
                }  # fmt: skip
                if name == "rmsprop":
                    theirs["v"] = "square_avg"
                last = recorded.steps[-1]
                self.assertGreaterEqual(len(recorded.head["states"]), 1)
                for ours in ["params", *recorded.head["states"]]:
                    flat = torch.cat([
                        (p if ours == "params" else optimizer.state[p][theirs[ours]]).detach().reshape(-1).double()
                        for p in model.parameters()
                    ])  # fmt: skip
                    self.assertEqual(last[ours], flat[recorded.head["coordinates"]].tolist(), ours)

    def test_effective_learning_rates(self) -> None:
        for name in ("adam", "adam amsgrad", "radam", "adamax", "rmsprop", "adagrad"):
            with self.subTest(name):
                recorded, _, _ = record(lambda m: CASES[name](list(m.parameters())), plain_steps(12))
                for row in recorded.steps:
                    for i, found in enumerate(row["effectiveLr"]):
                        state = {each: mpf(row[each][i]) for each in recorded.head["states"]}
                        wanted = float(_effective_lr(name, recorded.head["groups"][0], state, row["step"]))
                        self.assertLessEqual(abs(found - wanted), 2 * math.ulp(wanted), (row["step"], i))


def _effective_lr(name: str, options: dict[str, Any], state: dict[str, mpf], t: int) -> mpf:
    """In 50 digits, from the papers' formulas."""
    lr, eps = mpf(options["lr"]), mpf(options.get("eps", 0))
    if name == "adamax":
        return lr / state["u"]
    if name == "rmsprop":
        return lr / (mpf(sqrt(state["v"] - state["gAvg"] ** 2)) + eps)
    if name == "adagrad":
        return lr / (1 + (t - 1) * mpf(options["lr_decay"])) / (sqrt(state["sum"]) + eps)
    beta2 = mpf(options["betas"][1])
    correction = 1 - beta2**t
    if name != "radam":
        return lr / (sqrt(state.get("vMax", state["v"]) / correction) + eps)
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * t * beta2**t / correction
    if length <= 5:
        return lr
    rect = sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
    return lr * rect * sqrt(correction) / (sqrt(state["v"]) + eps)


def _state_bytes(optimizer: Optimizer) -> list[Any]:
    """The state as plain values, for a comparison bit for bit."""
    found: list[Any] = []
    for state in optimizer.state_dict()["state"].values():
        for key, value in state.items():
            is_tensor = isinstance(value, torch.Tensor)
            found.append((key, value.tolist() if is_tensor else repr(value)))
    return found


if __name__ == "__main__":
    unittest.main()
