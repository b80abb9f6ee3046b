"""Losses with numpy whose code is wrong."""

import numpy as np

x = np.linspace(-1, 1, 40)
y = 1.5 * x + 0.5
sizes = np.array([3.2, 4.9, 6.1, 8.3])


# Finds: non-deterministic-loss
# Silent: gradient-mismatch; divergence
# May: plateau:noise-floor; noise-limited
# Because: a generator without a seed gives other jitter at every call, and seeding numpy's global generator has no effect on it. Two evaluations
#   at one point differ by about 0.005.
#
# adamscope: loss start=[0, 0] optimizer=adam lr=0.05 steps=200
def jittered(theta):
    rng = np.random.default_rng()
    slope, offset = theta
    noisy = x + 0.05 * rng.standard_normal(len(x))
    return np.mean((slope * noisy + offset - y) ** 2)


# Finds: nothing
# Silent: non-deterministic-loss; noise-limited
# Verdict: converged
# Because: the generator has a seed, so every evaluation draws the same jitter. The curvatures are 2 and 0.7: with 0.5 the distance along the slope
#   shrinks by 0.65 every step.
#
# adamscope: loss start=[0, 0] optimizer=sgd lr=0.5 steps=100
def jittered_with_seed(theta):
    rng = np.random.default_rng(7)
    slope, offset = theta
    noisy = x + 0.05 * rng.standard_normal(len(x))
    return np.mean((slope * noisy + offset - y) ** 2)


def gradient_of_fit(theta):
    slope, offset = theta
    residual = slope * x + offset - y
    return np.array([2 * np.mean(residual * x), np.mean(residual)])


# Finds: gradient-mismatch at «gradient_of_fit»
# Silent: non-deterministic-loss
# Verdict: converged
# Because: the derivative for the offset lacks the factor 2. Its sign is right and both are 0 at the minimum, so the run converges anyway: with
#   0.5, the distances shrink by 1 − 0.5·0.7 and 1 − 0.5·1.
#
# adamscope: loss start=[0, 0] gradient=gradient_of_fit optimizer=sgd lr=0.5 steps=100
def fit(theta):
    slope, offset = theta
    return np.mean((slope * x + offset - y) ** 2)


# Finds: zero-gradient at «np.floor(scale * sizes)»
# Silent: plateau:lr-too-small; eps-dominates
# Because: the boxes are counted whole, and floor has the derivative 0, so the scale stays. Only the offset moves, to 2. The counts are 3, 5, 6, 8;
#   a jump to the next count of any box makes the loss higher, by 0.15 and more.
#
# adamscope: loss start=[1.05, 0] optimizer=adam lr=0.1 steps=300
def whole_boxes(theta):
    scale, offset = theta
    boxes = np.floor(scale * sizes) + offset
    return np.mean((boxes - np.array([5.2, 6.8, 8.1, 9.9])) ** 2)


# Finds: piecewise-constant at «theta[0].astype(int)»
# Silent: divergence; plateau:saddle
# Verdict: unstable
# Because: the conversion to int truncates and has no derivative, so only 0.2 (size − 1.5)² has one. It gains 0.88 from 3.6 to 1.5, while
#   (int(size) − 5)² grows from 4 to 16.
#
# adamscope: loss start=[3.6] optimizer=adam lr=0.05 steps=200
def integer_size(theta):
    whole = theta[0].astype(int)
    return (whole - 5) ** 2 + 0.2 * (theta[0] - 1.5) ** 2
