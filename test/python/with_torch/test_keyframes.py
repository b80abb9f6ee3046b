"""The training goes on from a keyframe with the same bits."""

from __future__ import annotations

import unittest
from typing import Any, Callable

import numpy as np
import torch

from recorded import Recorded, loss_of, mlp, plain_steps, record

Optimizer = torch.optim.Optimizer
optim = torch.optim

CASES: dict[str, Callable[[Any], Optimizer]] = {
    "adam": lambda p: optim.Adam(p, lr=0.01),
    "amsgrad": lambda p: optim.AdamW(p, lr=0.01, amsgrad=True),
    "nadam": lambda p: optim.NAdam(p, lr=0.01),
    "rmsprop": lambda p: optim.RMSprop(p, lr=0.01, momentum=0.9, centered=True),
    "adagrad": lambda p: optim.Adagrad(p, lr=0.01),
    "momentum": lambda p: optim.SGD(p, lr=0.01, momentum=0.9),
    "sgd": lambda p: optim.SGD(p, lr=0.01),
}


def parts_of(recorded: Recorded, keyframe: bytes) -> tuple[int, float, np.ndarray]:
    """t, the age, and the parameters and states, shape [1 + states, dim]."""
    t, age = np.frombuffer(keyframe, "<f8", 2)
    dim = recorded.head["dim"]
    rows = 1 + len(recorded.head["states"])
    kind = "<f4" if len(keyframe) == 16 + 4 * rows * dim else "<f8"
    return int(t), float(age), np.frombuffer(keyframe, kind, offset=16).reshape(rows, dim)


def split(vector: np.ndarray, recorded: Recorded) -> list[torch.Tensor]:
    """The tensors of a vector of all parameters."""
    whole = torch.from_numpy(vector.copy())
    return [whole[each["first"] :][: int(np.prod(each["shape"]))].reshape(each["shape"]) for each in recorded.head["tensors"]]


class Keyframes(unittest.TestCase):
    def test_the_training_goes_on_from_the_last_one(self) -> None:
        for name, make in CASES.items():
            with self.subTest(name):
                recorded, trained, _ = record(lambda m: make(m.parameters()), plain_steps(40))
                t, age, (params, *states) = parts_of(recorded, recorded.keyframes[-1])
                self.assertEqual(t, 32)
                names = {"m": "exp_avg", "v": "exp_avg_sq", "vMax": "max_exp_avg_sq", "sum": "sum", "gAvg": "grad_avg"}
                names["momentum"] = "momentum_buffer"
                if name == "rmsprop":
                    names["v"] = "square_avg"
                model = mlp()
                optimizer = make(model.parameters())
                # Makes the state.
                loss_of(model, 0).backward()
                optimizer.step()
                with torch.no_grad():
                    for parameter, value in zip(model.parameters(), split(params, recorded)):
                        parameter.copy_(value)
                        state = optimizer.state[parameter]
                        if "step" in state:
                            state["step"].fill_(age)
                    for ours, vector in zip(recorded.head["states"], states):
                        for parameter, value in zip(model.parameters(), split(vector, recorded)):
                            optimizer.state[parameter][names[ours]].copy_(value)
                if name == "nadam":
                    # Its product of momenta is a number of each tensor, which follows from the options and the age.
                    product = torch.tensor(1.0)
                    for i in range(1, t + 1):
                        product *= 0.9 * (1.0 - 0.5 * (0.96 ** (i * 0.004)))
                    for state in optimizer.state.values():
                        state["mu_product"].copy_(product)
                for i in range(t, 40):
                    optimizer.zero_grad()
                    loss_of(model, i).backward()
                    optimizer.step()
                for mine, theirs in zip(model.parameters(), trained.parameters()):
                    self.assertTrue(torch.equal(mine, theirs))

    def test_the_distance_grows_and_the_start_is_one(self) -> None:
        recorded, _, _ = record(lambda m: optim.SGD(m.parameters(), lr=0.001), plain_steps(330), megabytes_per_hour=200.0)
        steps = [parts_of(recorded, each)[0] for each in recorded.keyframes]
        self.assertEqual(steps[:4], [0, 16, 32, 48])
        self.assertGreater(steps[-1] - steps[-2], 16)

    def test_the_budget_of_bytes_holds_for_them(self) -> None:
        recorded, _, _ = record(lambda m: optim.Adam(m.parameters()), plain_steps(60), megabytes_per_hour=1.0)
        self.assertEqual(len(recorded.keyframes), 2)

    def test_a_large_model_has_none(self) -> None:
        large = lambda: torch.nn.Linear(6, 20_000)  # noqa: E731
        recorded, _, _ = record(lambda m: optim.Adam(m.parameters()), plain_steps(3), large)
        self.assertEqual(recorded.keyframes, [])

    def test_the_age_of_a_loaded_state(self) -> None:
        def load(model: torch.nn.Module, optimizer: Optimizer) -> None:
            other = mlp()
            old = optim.Adam(other.parameters())
            plain_steps(5)(other, old)
            optimizer.load_state_dict(old.state_dict())
            plain_steps(2)(model, optimizer)

        recorded, _, _ = record(lambda m: optim.Adam(m.parameters()), load)
        self.assertEqual([parts_of(recorded, each)[:2] for each in recorded.keyframes], [(0, 5.0)])


if __name__ == "__main__":
    unittest.main()
