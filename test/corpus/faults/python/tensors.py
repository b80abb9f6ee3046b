"""Small losses with torch."""

import torch

grid = torch.linspace(-1, 1, 30, dtype=torch.float64)
wave = torch.sin(2 * grid)


# Finds: non-finite-gradient at «torch.sqrt(x)»
# Silent: non-finite-loss
# Verdict: broken
# Because: torch.where selects 0 at x = 0, but the derivative of the root, which is infinite there, is multiplied by 0: the gradient is NaN.
#
# adamscope: loss start=[0, 2] optimizer=adam lr=0.05 steps=50
def where_trap(theta: torch.Tensor):
    x, y = theta
    root = torch.where(x > 0, torch.sqrt(x), torch.zeros_like(x))
    return (root - 1) ** 2 + (y - 1) ** 2


# Finds: nothing
# Silent: non-finite-gradient; non-finite-loss
# Verdict: converged
# Because: the root is computed of a number that is never 0, so nothing infinite is multiplied. The first step leads from 0.04 by 0.1·4 to 0.44;
#   from there the curvature is at most 1.7. At the minimum it is 0.5, so 0.95^300 = 2e-7 of the distance is left.
#
# adamscope: loss start=[0.04, 2] optimizer=sgd lr=0.1 steps=300
def where_safe(theta: torch.Tensor):
    x, y = theta
    positive = torch.where(x > 0, x, torch.ones_like(x))
    root = torch.where(x > 0, torch.sqrt(positive), torch.zeros_like(x))
    return (root - 1) ** 2 + (y - 1) ** 2


# Finds: gradient-mismatch at «scale.detach()»
# Silent: eps-dominates; plateau:lr-too-small; plateau:converged
# Because: detach() removes the scale from the graph, so torch's gradient is 0 along it, and that of the loss is 0.5: at the start, the mean of
#   2 (2 grid + 1 − wave)·grid.
#
# adamscope: loss start=[2, 1] optimizer=adam lr=0.05 steps=200
def detached(theta: torch.Tensor):
    scale, shift = theta
    return torch.mean((scale.detach() * grid + shift - wave) ** 2)


# Finds: gradient-mismatch at «penalty.item()»
# Silent: eps-dominates; plateau:converged
# Because: item() converts the tensor to a Python number, which torch does not differentiate: torch's gradient is 0 along the penalty, and
#   that of the loss is 6.
#
# adamscope: loss start=[0, 3] optimizer=sgd lr=0.1 steps=100
def as_item(theta: torch.Tensor):
    height, penalty = theta
    return (height - 1) ** 2 + penalty.item() ** 2


# Finds: zero-gradient at «limit» in «limit, offset = theta»
# Silent: plateau:saddle; eps-dominates
# Because: the start of 1.5 is outside the clamp to [0, 1], where its derivative is 0. With 0.4, the loss would be 0, and at 1 it is 0.36.
#
# adamscope: loss start=[1.5, 0] optimizer=adam lr=0.05 steps=200
def clamped(theta: torch.Tensor):
    limit, offset = theta
    return (torch.clamp(limit, 0, 1) - 0.4) ** 2 + (offset - 1) ** 2


# Finds: zero-gradient at «drift» in «[height, rate, drift]»
# Silent: eps-dominates; plateau:saddle
# Because: the loss does not use drift: its term is missing.
#
# adamscope: loss start=[1, 0.2, 0.5] names=[height, rate, drift] optimizer=adam lr=0.05 steps=200
def forgotten(theta: torch.Tensor):
    height = theta[0]
    rate = theta[1]
    return torch.mean((height * torch.exp(-rate * grid) - 2 * torch.exp(-0.5 * grid)) ** 2)


# Finds: plateau:eps-stall at «eps=1»
# Silent: plateau:converged; eps-dominates; plateau:lr-too-small
# Because: the gradients are at most 0.004, so eps = 1 is nearly the whole divisor and a step is 0.4 % of lr at most: 300 steps of 0.01·0.004 cover
#   0.012 of a distance of 2. With eps 1e-8 they would cover 3.
#
# adamscope: loss start=[0] optimizer=adam lr=0.01 eps=1 steps=300
def large_eps(theta: torch.Tensor):
    return 1e-3 * torch.sum((theta - 2) ** 2)


# Finds: precision-loss at «spread»
# Silent: plateau:converged; gradient-mismatch
# Because: in float32 the squares are near 4e8, where neighbouring numbers differ by 32. Their mean minus the square of the mean is 3 at the start,
#   and all digits of it are rounding errors; so are those of the gradient.
#
# adamscope: loss start=[0] dtype=float32 optimizer=adam lr=0.05 steps=200
def spread(theta: torch.Tensor):
    residual = (20000 + 3 * grid.float()) - theta[0] * grid.float()
    return torch.mean(residual**2) - torch.mean(residual) ** 2


# Finds: nothing
# Silent: precision-loss; gradient-mismatch; divergence; plateau:lr-too-small
# May: plateau:converged
# Verdict: converged
# Because: in float32, a loss of 3e-14 of its start is 0, and the digits of the gradient suffice: with lr 0.3 and curvatures of 2 and 0.7, the
#   distances shrink by 0.4 and 0.79 every step.
#
# adamscope: loss start=[0, 0] dtype=float32 optimizer=sgd lr=0.3 steps=150
def single(theta: torch.Tensor):
    slope, offset = theta
    return torch.mean((slope * grid.float() + offset - (1.5 * grid.float() - 0.5)) ** 2)


# Finds: schedule-mismatch at «t_max=30»
# Silent: divergence; plateau:lr-too-small
# Verdict: still-improving
# Because: half a period is 30 steps, and the run has 280: lr falls and rises again four times and is half of 0.004 on average. The parameters cover at
#   most 0.56 of the distances 2 and 3.
#
# adamscope: loss start=[0, 0] optimizer=adam lr=0.004 schedule=cosine t_max=30 steps=280
def scheduled(theta: torch.Tensor):
    target = torch.tensor([2.0, -3.0], dtype=torch.float64)
    return torch.sum((theta - target) ** 2)
