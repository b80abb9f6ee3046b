"""A loss in an unsuitable unit: in joules instead of attojoules, so its gradients are far below Adam's eps of 1e-8.

Look at the effective learning rate: it is constant, lr / eps. The square root of vHat has no influence, and the steps are
proportional to the gradients. Multiply the loss by 1e14, or eps by 1e-14: in both cases Adam is Adam again.
"""

import torch

JOULES = 1e-14


# adamscope: loss start=[-1.2, 1] optimizer=adam lr=0.02 steps=2000
def tiny_loss(theta: torch.Tensor) -> torch.Tensor:
    x, y = theta
    rosenbrock = 100 * (y - x**2) ** 2 + (1 - x) ** 2
    return JOULES * rosenbrock
