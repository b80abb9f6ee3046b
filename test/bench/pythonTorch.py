"""The torch loss of python.bench.ts, and a training loop with torch.optim.Adam: pythonTorch.py STEPS prints seconds."""

import sys
import time

import torch

torch.manual_seed(0)
X = torch.randn(4000, 60, dtype=torch.float64)
Y = torch.sin(X[:, 0])
start = torch.randn(60 * 20 + 20, dtype=torch.float64) * 0.1


def network(theta: torch.Tensor):
    hidden = torch.tanh(X @ theta[:1200].reshape(60, 20))
    return ((hidden @ theta[1200:] - Y) ** 2).mean()


network_start = start


def train(steps):
    theta = start.clone().requires_grad_()
    optimizer = torch.optim.Adam([theta], lr=0.001)
    begin = time.perf_counter()
    for _ in range(steps):
        optimizer.zero_grad()
        network(theta).backward()
        optimizer.step()
    return time.perf_counter() - begin


if __name__ == "__main__":
    print(train(int(sys.argv[1])))
