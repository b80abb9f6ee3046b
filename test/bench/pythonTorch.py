"""The torch losses of python.bench.ts, and training loops with torch.optim.Adam: pythonTorch.py NAME STEPS prints seconds."""

import sys
import time

import torch

torch.manual_seed(0)
X = torch.randn(4000, 60, dtype=torch.float64)
Y = torch.sin(X[:, 0])
network_start = torch.randn(60 * 20 + 20, dtype=torch.float64) * 0.1


def network(theta: torch.Tensor):
    hidden = torch.tanh(X @ theta[:1200].reshape(60, 20))
    return ((hidden @ theta[1200:] - Y) ** 2).mean()


rows = torch.randn(60000, 20, dtype=torch.float64)
labels = (rows[:, 0] > 0).double()


def logistic(theta: torch.Tensor):
    return torch.nn.functional.binary_cross_entropy_with_logits(rows @ theta, labels)


logistic_start = torch.zeros(20, dtype=torch.float64)


def train(name, steps):
    loss, theta = globals()[name], globals()[f"{name}_start"].clone().requires_grad_()
    optimizer = torch.optim.Adam([theta], lr=0.001)
    begin = time.perf_counter()
    for _ in range(steps):
        optimizer.zero_grad()
        loss(theta).backward()
        optimizer.step()
    return time.perf_counter() - begin


if __name__ == "__main__":
    print(train(sys.argv[1], int(sys.argv[2])))
