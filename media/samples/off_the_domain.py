"""A run that leaves the domain of its loss: the logarithm needs x > 0, and the minimum is at 0.01, close to 0.

Look at the step where NaN first appears: numpy prints a warning there, and continues with NaN. One step before, x was still
positive. A smaller learning rate only delays this. The solution is to optimize u = log x, which can be any number.
"""

import numpy as np


# adamscope: loss start=[1] optimizer=adam lr=0.15 steps=200
def off_the_domain(theta: np.ndarray) -> float:
    x = theta[0]
    return 100 * x - np.log(x)
