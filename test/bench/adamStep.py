# torch's Adam for comparison, with one thread, float64 and default settings. Reads the same lines as adamStep.c.
import sys
import time

import torch

torch.set_num_threads(1)

for line in sys.stdin:
    command, number = line.split()
    if command == "new":
        index = torch.arange(int(number), dtype=torch.float64)
        params = (index % 7 / 7).requires_grad_()
        params.grad = index % 101 / 101 - 0.25
        optimizer = torch.optim.Adam([params], lr=1e-3)
        for _ in range(3):
            optimizer.step()
        print(params[-1].item(), flush=True)
    else:
        steps = int(number)
        start = time.perf_counter()
        for _ in range(steps):
            optimizer.step()
        print((time.perf_counter() - start) * 1e9, flush=True)
