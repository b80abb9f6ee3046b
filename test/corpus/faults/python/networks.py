"""Small networks with torch."""

import torch

x = torch.linspace(-1, 1, 20, dtype=torch.float64)
y = 1.2 + 0.8 * x


# Finds: zero-gradient
# Silent: plateau:converged; plateau:lr-too-small
# Because: with a bias of −4 the unit is off for all samples, 0.5·x − 4 < 0, so the loss is the mean of y², 1.68, and no gradient is left.
#
# adamscope: loss start=[0.5, -4] optimizer=adam lr=0.05 steps=200
def dead_unit(theta: torch.Tensor):
    weight, bias = theta
    return torch.mean((torch.relu(weight * x + bias) - y) ** 2)


# Finds: saturation at «torch.sigmoid(weight * x + bias)»
# Silent: plateau:converged; plateau:saddle; zero-gradient
# Verdict: stalled
# Because: the sigmoid of 31 and more has a derivative of at most 3e-14, so gradient descent does not move; the target 0.2 is reached at −1.4.
#
# adamscope: loss start=[1, 32] optimizer=sgd lr=0.5 steps=200
def saturated(theta: torch.Tensor):
    weight, bias = theta
    return torch.mean((torch.sigmoid(weight * x + bias) - 0.2) ** 2)


torch.manual_seed(0)
NETWORK_START = {
    "hidden": 0.5 * torch.randn(6, 2, dtype=torch.float64),
    "out": 0.5 * torch.randn(7, dtype=torch.float64),
}
sine = torch.sin(2 * x)


# Finds: nothing
# Silent: zero-gradient; saturation; plateau:saddle; divergence; non-deterministic-loss
# Because: six tanh units fit a smooth curve; the loss falls in nearly every one of 300 steps of 0.02.
#
# adamscope: loss params=NETWORK_START optimizer=adam lr=0.02 steps=300
def fit_sine(params):
    hidden = torch.tanh(torch.outer(x, params["hidden"][:, 0]) + params["hidden"][:, 1])
    return torch.mean((hidden @ params["out"][:6] + params["out"][6] - sine) ** 2)
