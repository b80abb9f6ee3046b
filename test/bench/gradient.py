"""
The losses of gradientLosses.ts in torch, vectorized. Answers `new <name>` with the value of a loss, and `run <n>` with
the nanoseconds that n evaluations took.
"""
import math
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def point(dim):
    return torch.tensor(
        [0.8 * (k % 3) + 0.9 * math.sin(3.7 * k + 0.4) + 0.35 * (k // 3) for k in range(dim)], requires_grad=True
    )


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def cross_entropy(z, y):
    return (torch.clamp(z, min=0) - y * z + torch.log(1 + torch.exp(-torch.abs(z)))).mean()


rows = torch.tensor([[math.sin(1.3 * i + 0.7 * j * j + 1) for j in range(10)] for i in range(2000)])
labels = torch.tensor([1.0 if math.sin(2.1 * i) > 0 else 0.0 for i in range(2000)])
inputs = torch.tensor([[math.sin(1.7 * i), math.sin(0.9 * i + 1)] for i in range(200)])
classes = torch.tensor([float(i % 2) for i in range(200)])


def logistic(w):
    return cross_entropy(rows @ w[:10] + w[10], labels)


def network(p):
    units = p[:64].view(16, 4)
    return cross_entropy(torch.tanh(inputs @ units[:, :2].T + units[:, 2]) @ units[:, 3] + p[64], classes)


first, second = torch.tril_indices(13, 13, -1)


def lennard_jones(p):
    atoms = p.view(13, 3)
    s6 = ((atoms[first] - atoms[second]) ** 2).sum(1) ** -3
    return (4 * (s6 * s6 - s6)).sum()


losses = {
    "Rosenbrock 2": (rosenbrock, 2),
    "Rosenbrock 10": (rosenbrock, 10),
    "Rosenbrock 100": (rosenbrock, 100),
    "logistic 2000 x 10": (logistic, 11),
    "MLP 2-16-1 x 200": (network, 65),
    "Lennard-Jones 13": (lennard_jones, 39),
}

loss, params = None, None
for line in sys.stdin:
    command, argument = line.strip().split(" ", 1)
    if command == "new":
        loss, dim = losses[argument]
        params = point(dim)
        print(loss(params).item(), flush=True)
    else:
        start = time.perf_counter_ns()
        for _ in range(int(argument)):
            params.grad = None
            loss(params).backward()
        print(time.perf_counter_ns() - start, flush=True)
