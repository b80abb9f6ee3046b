"""Losses with jax."""

import jax
import jax.numpy as jnp

hours = jnp.array([1.0, 2.0, 3.0, 5.0, 6.0, 7.0])
passed = jnp.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
mixed = jnp.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0])


# Finds: non-finite-gradient at «jnp.sqrt(r2)»
# Silent: non-finite-loss
# Verdict: broken
# Because: jnp.where selects 0 for the point at the origin, but the derivative of the root, which is infinite there, is multiplied by 0.
#
# adamscope: loss start=[0, 0] optimizer=adam lr=0.05 steps=50
def where_trap(theta: jax.Array):
    r2 = jnp.sum(theta**2)
    r = jnp.where(r2 > 0, jnp.sqrt(r2), 0.0)
    return (r - 1) ** 2 + (theta[0] - 1) ** 2


# Finds: no-finite-minimum
# Silent: unbounded-loss; plateau:flat-valley; plateau:lr-too-small; saturation
# May: ill-conditioned
# Verdict: still-improving
# Because: every hour above 4 passed and none below, so the weights can grow for ever: the loss is positive and falls towards 0.
#
# adamscope: loss start=[0, 0] optimizer=adam lr=0.3 steps=300
def separable(theta: jax.Array):
    weight, bias = theta
    z = weight * (hours - 4) + bias
    return jnp.mean(jnp.logaddexp(0, z) - passed * z)


# Finds: nothing
# Silent: no-finite-minimum; unbounded-loss; plateau:lr-too-small
# May: plateau:converged
# Verdict: converged
# Because: the classes overlap, so there is a finite minimum; the curvatures at the start are 4.7/4 and 1/4, and lr 0.5 is stable. 0.5·0.2 = 0.1 per step
#   in the flatter direction leaves 1e-13 of the distance after 300 steps.
#
# adamscope: loss start=[0, 0] optimizer=sgd lr=0.5 steps=300
def overlapping(theta: jax.Array):
    weight, bias = theta
    z = weight * (hours - 4) + bias
    return jnp.mean(jnp.logaddexp(0, z) - mixed * z)


# Finds: non-finite-loss at «jnp.log(1 - p)»
# Silent: divergence; unbounded-loss
# Verdict: broken
# Because: the sigmoid of 40·3 is rounded to exactly 1, so log(1 − p) is −inf, and 0·(−inf) is NaN for the samples that passed.
#
# adamscope: loss start=[40, 0] optimizer=adam lr=0.1 steps=50
def bare_entropy(theta: jax.Array):
    weight, bias = theta
    p = jax.nn.sigmoid(weight * (hours - 4) + bias)
    return -jnp.mean(passed * jnp.log(p) + (1 - passed) * jnp.log(1 - p))


# Finds: piecewise-constant at «jnp.round(theta[0])»
# Silent: divergence; plateau:saddle
# Verdict: unstable
# Because: the rounding has no derivative, so only 0.1 (width − 1)² is minimized: it gains 1.6 from 5 to 1, while the rounded term grows from 0 to 16.
#
# adamscope: loss start=[5] optimizer=adam lr=0.05 steps=200
def rounded(theta: jax.Array):
    whole = jnp.round(theta[0])
    return (whole - 5) ** 2 + 0.1 * (theta[0] - 1) ** 2


# Finds: cyclic-gradient at «beta2=0.1»
# Silent: non-deterministic-loss; divergence
# Because: at every third step the slope is +4, at the others −1, so the mean slope is +2/3 and the minimum is on the left. With beta2 = 0.1 the rare gradient
#   is divided by its own size: two steps right for one step left, so x goes to the wall on the right.
#
# adamscope: loss start=[0.2] optimizer=adam lr=0.01 beta1=0 beta2=0.1 steps=300
def rare_slope(theta: jax.Array, step: int):
    x = theta[0]
    slope = jnp.where(step % 3 == 1, 4.0, -1.0)
    return slope * x + 10 * jnp.maximum(0, jnp.abs(x) - 1) ** 2
