"""Losses with the package autograd."""

from __future__ import annotations

import unittest

import autograd
import numpy

from probed import Row, gradient_origin, value_origin


def row(name, text, at, expression, inputs=None, **more):  # type: ignore[no-untyped-def]
    result = Row(name, text, at, expression, inputs, **more)
    result.text = "import autograd.numpy as np\n" + result.text
    return result


GRADIENTS = [
    row("a root in a where", "return np.sum(np.where(x > 0, np.sqrt(x), 0 * x))", [1.0, 0.0, -1.0], "np.sqrt(x)", [0.0], result="NaN"),
    row("a power", "return np.sum(x ** 0.5)", [1.0, 0.0], "x ** 0.5", [0.0, 0.5]),
    row("in a function", "def root(v): return np.sqrt(v)\ndef loss(x): return np.sum(2 * root(x))", [0.0], "np.sqrt(v)", [0.0]),
    row("a norm of 0", "return np.sqrt(np.sum(x * x))", [0.0, 0.0], "np.sqrt(np.sum(x * x))", [0.0]),
    row("finite", "return np.sum(x * x)", [1.0], None),
]  # fmt: skip


class Autograd(unittest.TestCase):
    def test_origin_of_a_value(self) -> None:
        one = row("a logarithm", "return -np.sum(np.log(x))", numpy.array([0.5, 0.0]), "np.log(x)", [0.0])
        one.check(self, value_origin(one.text, one.at))

    def test_origin_of_a_gradient(self) -> None:
        for one in GRADIENTS:
            with self.subTest(one.name):
                at = numpy.array(one.at)
                one.check(self, gradient_origin(one.text, "autograd", lambda loss: autograd.value_and_grad(loss)(at)))


if __name__ == "__main__":
    unittest.main()
