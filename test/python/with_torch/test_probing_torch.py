"""Losses with torch."""

from __future__ import annotations

import unittest

import torch

from probed import Row, gradient_origin, value_origin


def row(name, text, at, expression, inputs=None, **more):  # type: ignore[no-untyped-def]
    result = Row(name, text, at, expression, inputs, **more)
    result.text = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n" + result.text
    return result


VALUES = [
    row("a logarithm", "return -torch.log(x).sum()", [0.5, 0.0], "torch.log(x)", [0.0], cause={"kind": "logarithm-of-0", "underflow": None}),
    row("a method", "return x.sqrt().mean()", [1.0, -1.0], "x.sqrt()", [-1.0], result="NaN"),
    row("a softmax that underflows", "return -torch.log(torch.softmax(x, 0))[1]", [0.0, -200.0], "torch.log(torch.softmax(x, 0))", [0.0],
        cause={"kind": "logarithm-of-0", "underflow": "exponential"}),
    row("an overflow", "return torch.exp(x * 100).sum()", [1.0, 2.0], "torch.exp(x * 100)", [100.0], cause={"kind": "overflow", "of": "exponential"}),
    row("a mask", "s = x.masked_fill(x < 0, float('-inf'))\np = torch.softmax(s, 0)\nreturn (p / (x[0] - x[0])).sum()", [1.0, -1.0], "p / (x[0] - x[0])"),
    row("in place", "y = x.clone()\ny.div_(x)\nreturn y.sum()", [1.0, 0.0], "y.div_(x)", [0.0, 0.0]),
    row("a module", "class M(nn.Module):\n    def forward(self, v): return (v / v.norm()).sum()\ndef loss(x): return M()(x)", [0.0, 0.0], "v / v.norm()", [0.0, 0.0]),
    row("a cross entropy", "return F.binary_cross_entropy(x, x) + torch.log(x - 1).sum()", [0.5, 0.5], "torch.log(x - 1)", [-0.5]),
    row("data", "X = torch.tensor([[1.0, 2.0], [float('nan'), 1.0]])\ndef loss(x): return (X @ x).sum()", [1.0, 1.0], "X @ x", datum="X[1, 0]"),
]  # fmt: skip

GRADIENTS = [
    row("a root in a where", "return torch.where(x > 0, torch.sqrt(x), 0 * x).sum()", [1.0, 0.0, -1.0], "torch.sqrt(x)", [0.0], result="NaN"),
    row("a norm of 0", "return torch.sqrt((x ** 2).sum())", [0.0, 0.0], "torch.sqrt((x ** 2).sum())", [0.0], result="Infinity"),
    row("a power", "return (x ** 0.5).sum()", [1.0, 0.0], "x ** 0.5", [0.0, 0.5]),
    row("a method", "return x.abs().sqrt().sum()", [4.0, 0.0], "x.abs().sqrt()", [0.0]),
    row("a quotient in a where", "return torch.where(x == 0, torch.ones_like(x), torch.sin(x) / x).sum()", [0.0, 1.0], "torch.sin(x) / x", [0.0, 0.0]),
    row("in a function", "def root(v): return v.sqrt()\ndef loss(x): return (root(x) * 2).sum()", [0.0], "v.sqrt()", [0.0]),
    row("acos", "return torch.acos(x).sum()", [1.0], "torch.acos(x)", [1.0]),
    row("a gradient that a mask removes", "y = torch.where(x > 0, x, 0 * x.detach())\nreturn (x + 1).sqrt().sum() + y.sqrt().sum()", [1.0, -1.0], "(x + 1).sqrt()", [0.0]),
    row("augmented", "y = x * 1\ny **= 0.5\nreturn y.sum()", [0.0], "y **= 0.5"),
    row("finite", "return (x * x).sum()", [1.0], None),
]  # fmt: skip


class Torch(unittest.TestCase):
    def test_origin_of_a_value(self) -> None:
        for one in VALUES:
            with self.subTest(one.name):
                one.check(self, value_origin(one.text, torch.tensor(one.at, requires_grad="in place" not in one.name)))

    def test_origin_of_a_gradient(self) -> None:
        for one in GRADIENTS:
            with self.subTest(one.name):
                x = torch.tensor(one.at, requires_grad=True)
                one.check(self, gradient_origin(one.text, "torch", lambda loss: loss(x).backward()))

    def test_operations_outside_the_program_are_not_blamed(self) -> None:
        w = torch.zeros(2, requires_grad=True)
        one = row("outside", "return (x * 2).sum()", None, None)
        one.check(self, gradient_origin(one.text, "torch", lambda loss: loss(torch.sqrt(w)).backward()))
        self.assertFalse(torch.isfinite(w.grad).any())


if __name__ == "__main__":
    unittest.main()
