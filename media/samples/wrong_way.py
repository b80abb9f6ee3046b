"""A convex problem on which Adam moves uphill (Reddi, Kale & Kumar 2018): every third step the slope is +4, at the others it
is -1, so on average the loss falls to the left. `step` is given to a loss that has a parameter of this name.

Look at x: it moves right, to the wall at +1. With beta1 = 0 and a small beta2, the rare large gradient is divided by its own
size and makes one step left, against two steps right. AMSGrad prevents this: add `amsgrad` to the optimizer.
"""

import jax
import jax.numpy as jnp


# adamscope: loss start=[0.2] optimizer=adam lr=0.01 beta1=0 beta2=0.1 steps=600
def wrong_way(theta: jax.Array, step: int) -> jax.Array:
    (x,) = theta
    slope = 4 if step % 3 == 1 else -1
    wall = 10 * jnp.maximum(0, jnp.abs(x) - 1) ** 2
    return slope * x + wall
