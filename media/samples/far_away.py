"""A minimum that the run cannot reach. Adam moves a coordinate by about lr per step, so N steps move it by about lr * N:
here 0.5, but the minimum is at a distance of 40.

Look at the update chart: every step has length lr, and the gradient hardly changes. The finding reports this after a hundred
steps, long before the end.
"""

import torch


# adamscope: loss start=[0] optimizer=adam lr=0.001 steps=500
def far_away(theta: torch.Tensor) -> torch.Tensor:
    (x,) = theta
    return torch.sqrt(1 + (x - 40) ** 2)
