"""Likelihoods with numpy, as they are written for a first classifier."""

import numpy as np

feature = np.array([-1.0, -0.5, 0.5, 1.0])
one_hot = np.array([[1, 0], [1, 0], [0, 1], [0, 1]])
counts = np.array([3, 5, 2, 4, 6])


# Finds: non-finite-loss at «np.log(p)»
# Silent: divergence; unbounded-loss
# Verdict: broken
# Because: the scores of the first sample are −500 and 500, so its second probability is e^1000 times the first, which is rounded to exactly 0.
#   log(0) is −inf, and 0·(−inf) is NaN. The log-softmax, z − log Σ exp(z), is finite there.
#
# adamscope: loss start=[-500, 500] optimizer=adam lr=0.1 steps=50
def cross_entropy(theta):
    scores = np.outer(feature, theta)
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    p = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)
    return -np.mean(np.sum(one_hot * np.log(p), axis=1))


# Finds: non-finite-loss at «np.exp(scores)»
# Silent: divergence; unbounded-loss
# Verdict: broken
# Because: e^1000 is infinite in float64, whose largest number is e^709.8. Without subtraction of the maximum, inf/inf is NaN at the start.
#
# adamscope: loss start=[0, 1000] optimizer=adam lr=0.1 steps=50
def softmax_bare(theta):
    scores = np.outer(feature, theta)
    powers = np.exp(scores)
    p = powers / np.sum(powers, axis=1, keepdims=True)
    return np.mean((p - one_hot) ** 2)


# Finds: non-finite-loss at «theta / np.linalg.norm(theta)»
# Verdict: broken
# Because: the start is the zero vector, so its direction is 0/0.
#
# adamscope: loss start=[0, 0, 0] optimizer=adam lr=0.05 steps=50
def cosine(theta):
    direction = theta / np.linalg.norm(theta)
    return 1 - direction @ np.array([0.6, 0.8, 0.0])


# Finds: non-finite-loss at «np.log(rate)»
# Silent: instability-at-start; divergence
# Verdict: broken
# Because: the gradient at 10 is 1 − 4/10 = 0.6, so the first step leads to 10 − 20·0.6 = −2, where the logarithm is NaN.
#
# adamscope: loss start=[10] optimizer=sgd lr=20 steps=100
def poisson(theta):
    rate = theta[0]
    return rate - np.mean(counts) * np.log(rate)


# Finds: nothing
# Silent: non-finite-loss; plateau:lr-too-small; divergence
# May: plateau:converged
# Verdict: converged
# Because: with the logarithm of the rate as the parameter, every value is in the domain. The curvature is the rate, 4 at the minimum and at most
#   4 on the way up from 0.5, so gradient descent with 0.2 is stable and shrinks the distance to a fifth every step.
#
# adamscope: loss start=[-0.7] optimizer=sgd lr=0.2 steps=100
def poisson_log_rate(theta):
    log_rate = theta[0]
    return np.exp(log_rate) - np.mean(counts) * log_rate
