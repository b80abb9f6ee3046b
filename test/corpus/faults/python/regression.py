"""Fits by least squares with numpy."""

import numpy as np

x = np.linspace(0, 4, 20)
powers = np.column_stack([np.ones_like(x), x, x**2])
heights = 1 + 0.5 * x - 0.2 * x**2

t = np.linspace(-1, 1, 200)
line = 2 * t - 1

seconds = np.arange(1, 11) * 1e-5
volts = 5 * np.exp(-seconds / (1e4 * 4.7e-9))

broken = line.copy()
broken[150] = np.nan
measured = np.array([1.1, 2.9, np.nan, 7.2, 8.8])


# Finds: divergence at «lr=0.05»
# Verdict: diverged
# Because: the columns 1, x and x² are not scaled. The mean of x⁴ is 55, so the largest curvature is 122, and gradient descent is stable
#   below 2/122 = 0.016. With 0.05 the distance grows fivefold every step.
#
# adamscope: loss start=[0, 0, 0] optimizer=sgd lr=0.05 steps=150
def parabola(theta):
    return np.mean((powers @ theta - heights) ** 2)


# Finds: divergence at «lr=0.1»
# Silent: poor-scaling
# Verdict: diverged
# Because: the sum over 200 samples has 200 times the curvature of the mean: 400 along the intercept. Stable below 2/400 = 0.005; 0.1 would
#   suit the mean, whose curvature is 2.
#
# adamscope: loss start=[0, 0] optimizer=sgd lr=0.1 steps=100
def summed(theta):
    slope, intercept = theta
    return np.sum((slope * t + intercept - line) ** 2)


# Finds: plateau:lr-too-small at «lr=1e-4»
# Silent: plateau:converged; divergence
# Verdict: still-improving
# Because: 300 steps of Adam of at most 1e-4 cover 0.03 of the distances 2 and 1. The loss falls from 2.3 by 3 %.
#
# adamscope: loss start=[0, 0] optimizer=adam lr=1e-4 steps=300
def tiny_steps(theta):
    slope, intercept = theta
    return np.mean((slope * t + intercept - line) ** 2)


# Finds: poor-scaling at «capacitance» in «voltage, capacitance = theta»; instability-at-start at «lr=0.01»
# Silent: divergence; plateau:converged
# Because: the capacitance is 2e-9 farad at the start, and the first step of Adam makes it 0.01: five million times as much. There the discharge
#   takes 100 s, so the curve is constant for all measured times, and the gradient is too small to lead back. The loss jumps from
#   1.7 to 5.8 in that step, and returns below 1.7 when the voltage has fallen, after 178 steps.
#
# adamscope: loss start=[4, 2e-9] optimizer=adam lr=0.01 steps=300
def discharge(theta):
    voltage, capacitance = theta
    curve = voltage * np.exp(-seconds / (1e4 * capacitance))
    return np.mean((curve - volts) ** 2)


# Finds: weight-decay-dominates at «weight_decay=2»
# Silent: plateau:lr-too-small; plateau:converged
# Verdict: stalled
# Because: the curvature of the penalty, 2, is as large as that of the loss along the intercept and three times that along the slope (0.67):
#   they end at −0.5 of −1 and 0.5 of 2, at a loss of 1.0 where 0 can be reached.
#
# adamscope: loss start=[0, 0] optimizer=sgd lr=0.1 weight_decay=2 steps=300
def shrunk(theta):
    slope, intercept = theta
    return np.mean((slope * t + intercept - line) ** 2)


# Finds: non-finite-loss at «slope * np.arange(5) + offset - measured»
# Verdict: broken
# Because: the third measurement is NaN, so the mean is NaN at every point.
#
# adamscope: loss start=[1, 0] optimizer=adam lr=0.05 steps=50
def one_missing(theta):
    slope, offset = theta
    residual = slope * np.arange(5) + offset - measured
    return np.mean(residual**2)


# Finds: nothing
# Silent: non-finite-loss; divergence; plateau:lr-too-small
# Verdict: converged
# Because: nanmean leaves out the NaN. The curvatures are 14.3 and 0.7, so 0.05 is below 2/14.3, and 0.965^300 = 2e-5 of the distance is left:
#   less than 1e-9 of the decrease.
#
# adamscope: loss start=[1, 0] optimizer=sgd lr=0.05 steps=300
def without_missing(theta):
    slope, offset = theta
    residual = slope * np.arange(5) + offset - measured
    return np.nanmean(residual**2)


# Finds: non-finite-loss at «slope * t[indices] + intercept - broken[indices]»
# Silent: divergence; instability-at-start
# Verdict: broken
# Because: one of 200 samples is NaN, so the loss of the one batch in ten that contains it is NaN, in the first epoch.
#
# adamscope: loss start=[0, 0] optimizer=adam lr=0.05 samples=200 batch=20 steps=60
def one_bad_sample(theta, indices):
    slope, intercept = theta
    residual = slope * t[indices] + intercept - broken[indices]
    return np.mean(residual**2)
