"""The cost of recording: recordedTraining.py MODEL FOLDER prints JSON.

Two equal models train in turns, one of them watched with the default budgets: the share of time that the recording adds, the memory of
its tensors over that of the optimizer's state, and the bytes of its file.
"""

import gc
import json
import statistics
import sys
import time
from pathlib import Path

import adamscope
import torch
from torch import nn

ROUNDS, STEPS = 24, 25


class Transformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(256, 128)
        layer = nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 4)
        self.head = nn.Linear(128, 256)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.head(self.layers(self.embedding(tokens)))


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, 448), nn.ReLU(), nn.Linear(448, 10))


def loss_of(name: str, model: nn.Module, i: int) -> torch.Tensor:
    draw = torch.Generator().manual_seed(i)
    if name == "mlp":
        x = torch.randn(256, 512, generator=draw)
        return nn.functional.cross_entropy(model(x), (x[:, 0] > 0).long())
    tokens = torch.randint(0, 256, (8, 64), generator=draw)
    return nn.functional.cross_entropy(model(tokens).flatten(0, 1), tokens.roll(1, 1).flatten())


def train(name: str, model: nn.Module, optimizer: torch.optim.Optimizer, first: int) -> float:
    begun = time.perf_counter()
    for i in range(first, first + STEPS):
        optimizer.zero_grad()
        loss_of(name, model, i).backward()
        optimizer.step()
    return time.perf_counter() - begun


def tensor_bytes() -> int:
    return sum(each.nbytes for each in gc.get_objects() if type(each) in (torch.Tensor, nn.Parameter))


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    make = mlp if name == "mlp" else Transformer
    torch.manual_seed(0)
    plain, watched = make(), make()
    watched.load_state_dict(plain.state_dict())
    optimizers = [torch.optim.Adam(each.parameters(), lr=1e-4) for each in (plain, watched)]
    for model, optimizer in zip((plain, watched), optimizers):
        train(name, model, optimizer, 0)
    gc.collect()
    before = tensor_bytes()
    path = folder / f"{name}.adamscope"
    watch = adamscope.watch(optimizers[1], watched, path=path)
    # The 0.8 seconds that recording may take at the start, once, however long the training.
    for r in range(ROUNDS, 2 * ROUNDS):
        seconds = [train(name, model, optimizer, r * STEPS) for model, optimizer in zip((plain, watched), optimizers)]
        if seconds[1] < 1.1 * seconds[0]:
            break
    shares, most = [], 0
    whole = [0.0, 0.0]
    for r in range(ROUNDS):
        seconds = [train(name, model, optimizer, r * STEPS) for model, optimizer in zip((plain, watched), optimizers)]
        whole = [a + b for a, b in zip(whole, seconds)]
        shares.append(seconds[1] / seconds[0] - 1)
        most = max(most, tensor_bytes() - before)
    watch.close()
    state = sum(each.nbytes for per in optimizers[1].state.values() for each in per.values())
    print(
        json.dumps(
            {
                "share": whole[1] / whole[0] - 1,
                "median": statistics.median(shares),
                "memory": most / state,
                "bytes": path.stat().st_size,
                "step": whole[0] / ROUNDS / STEPS,
                "parameters": sum(each.numel() for each in plain.parameters()),
            }
        )
    )


if __name__ == "__main__":
    main()
