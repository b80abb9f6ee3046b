"""Losses in plain Python."""

from math import exp, log

ages = [1, 2, 3, 5, 8]
weights = [2.1, 3.9, 6.2, 9.8, 16.1]


# Finds: plateau:saddle at «[0, 0]»
# Silent: plateau:converged; zero-gradient
# Verdict: stalled
# Because: the product of two factors that are both 0 has the gradient 0, and its curvature along first = second is negative: −2·mean(age·weight).
#
# adamscope: loss start=[0, 0] optimizer=adam lr=0.05 steps=200
def product(theta):
    first, second = theta
    return sum((first * second * age - weight) ** 2 for age, weight in zip(ages, weights)) / len(ages)


# Finds: unbounded-loss
# Silent: divergence; plateau:lr-too-small
# Verdict: unbounded
# Because: the sign of the logarithm is wrong: the negative log-likelihood of a rate is rate·age − log(rate), and this loss, 3.8·rate + log(rate) with
#   rate = exp(u), falls with u for ever.
#
# adamscope: loss start=[0] optimizer=adam lr=0.1 steps=300
def wrong_sign(theta):
    rate = exp(theta[0])
    return sum(rate * age + log(rate) for age in ages) / len(ages)


# Finds: nothing
# Silent: unbounded-loss; divergence; plateau:lr-too-small
# Verdict: converged
# Because: the likelihood of the rate with the right sign: its curvature in u is 1 at the minimum 1/3.8, and 3.8 at the start, so gradient descent
#   with 0.3 is stable and leaves 0.7 of the distance every step.
#
# adamscope: loss start=[0] optimizer=sgd lr=0.3 steps=100
def right_sign(theta):
    rate = exp(theta[0])
    return sum(rate * age - log(rate) for age in ages) / len(ages)
