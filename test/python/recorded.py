"""Trains small models with and without a recording, and reads the file back."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Callable, Optional

import pyarrow as pa
import torch

import adamscope

Training = Callable[[torch.nn.Module, torch.optim.Optimizer], None]


def mlp() -> torch.nn.Module:
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Linear(6, 40), torch.nn.Tanh(), torch.nn.Linear(40, 40), torch.nn.Tanh(), torch.nn.Linear(40, 1))


def batch(i: int) -> tuple[torch.Tensor, torch.Tensor]:
    draw = torch.Generator().manual_seed(i)
    x = torch.randn(32, 6, generator=draw)
    return x, torch.sin(x.sum(1, keepdim=True))


def loss_of(model: torch.nn.Module, i: int) -> torch.Tensor:
    x, y = batch(i)
    return ((model(x) - y) ** 2).mean()


def plain_steps(count: int) -> Training:
    def train(model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
        for i in range(count):
            optimizer.zero_grad()
            loss_of(model, i).backward()
            optimizer.step()

    return train


class Recorded:
    """A recording that has ended."""

    def __init__(self, path: Path) -> None:
        stream = pa.ipc.open_stream(str(path))
        self.head: dict[str, Any] = json.loads(stream.schema.metadata[b"adamscope"])["recording"]
        rows = stream.read_all().to_pylist()
        self.steps = [row for row in rows if row["step"] is not None]
        events = [json.loads(row["event"]) for row in rows if row["event"] is not None]
        self.observed = [{"step": each["step"], **each["observed"]} for each in events if "observed" in each]
        self.keyframes = [row["keyframe"] for row in rows if row["keyframe"] is not None]
        self.ends = [each["ended"] for each in events if "ended" in each]

    @property
    def kinds(self) -> list[str]:
        return [each["kind"] for each in self.observed]


def record(
    optimizer_of: Callable[[torch.nn.Module], torch.optim.Optimizer],
    train: Training,
    model_of: Callable[[], torch.nn.Module] = mlp,
    every: Optional[int] = 1,
    **budgets: float,
) -> tuple[Recorded, torch.nn.Module, torch.optim.Optimizer]:
    """Trains a model while it is recorded. Returns the recording, the model and the optimizer at the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.adamscope"
        model = model_of()
        optimizer = optimizer_of(model)
        with adamscope.watch(optimizer, model, path=path, every=every, **budgets):
            train(model, optimizer)
        return Recorded(path), model, optimizer
