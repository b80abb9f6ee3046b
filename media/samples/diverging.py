"""A run that diverges: gradient descent with a learning rate above the stability limit of the sharpest direction.

Look at the finding on the line. A step multiplies x by 1 - 0.03 * 100 = -2, so the loss grows fourfold per step; below
lr = 2 / 100 it would decrease. The gradient of plain Python, without any package, is exact too.
"""


# adamscope: loss start=[1, 1] optimizer=sgd lr=0.03 steps=500
def diverging(theta):
    x, y = theta
    return 0.5 * (100 * x**2 + y**2)
