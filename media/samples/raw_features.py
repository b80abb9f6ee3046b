"""A linear fit of prices to area and year, as the data come: the year is near 2000, the area near 1.

Look at the loss: Adam divides each coordinate by the size of its gradient, but the year and the intercept nearly cancel, and no
step of one coordinate alone can follow their valley. Then standardise the columns, `(X - X.mean(0)) / X.std(0)`, keep the
intercept at 1, and run it again.
"""

import numpy as np

i = np.arange(40)
area = 0.5 + (7 * i % 40) / 40
year = 1990 + (11 * i % 40) / 2
X = np.column_stack([area, year, np.ones(40)])
price = 3 * area + 0.2 * (year - 2000) + 1


# adamscope: loss start=[0, 0, 0] names=[area, year, intercept] optimizer=adam lr=0.05 steps=600
def raw_features(weights: np.ndarray) -> float:
    return np.mean((X @ weights - price) ** 2)
