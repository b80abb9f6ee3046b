"""Losses with jax."""

from __future__ import annotations

import unittest

import jax
import jax.numpy as jnp

from probed import Row, gradient_origin, value_origin


def row(name, text, at, expression, inputs=None, **more):  # type: ignore[no-untyped-def]
    result = Row(name, text, at, expression, inputs, **more)
    result.text = "import jax\nimport jax.numpy as jnp\n" + result.text
    return result


VALUES = [
    row("a logarithm", "return -jnp.log(x).sum()", [0.5, 0.0], "jnp.log(x)", [0.0], cause={"kind": "logarithm-of-0", "underflow": None}),
    row("compiled", "@jax.jit\ndef loss(x): return jnp.sqrt(x - 1).sum()", [2.0, 0.5], "jnp.sqrt(x - 1)", [-0.5]),
    row("mapped", "def one(v): return 1 / v\ndef loss(x): return jax.vmap(one)(x).sum()", [1.0, 0.0], "1 / v", [1, 0.0]),
    row("an underflow", "return jnp.log(jnp.exp(-x)).sum()", [200.0], "jnp.log(jnp.exp(-x))", [0.0], cause={"kind": "logarithm-of-0", "underflow": "exponential"}),
    row("data", "X = jnp.array([1.0, float('nan')])\ndef loss(x): return (X * x).sum()", [1.0, 1.0], "X * x", datum="X[1]"),
]  # fmt: skip

GRADIENTS = [
    row("a root in a where", "return jnp.where(x > 0, jnp.sqrt(x), 0 * x).sum()", [1.0, 0.0, -1.0], "jnp.sqrt(x)", [0.0], result="NaN"),
    row("a norm of 0", "return jnp.linalg.norm(x)", [0.0, 0.0], "jnp.linalg.norm(x)", ["[0, 0]"]),
    row("compiled", "@jax.jit\ndef root(v): return v ** 0.5\ndef loss(x): return root(x).sum()", [0.0], "v ** 0.5", [0.0, 0.5]),
    row("mapped", "def loss(x): return jax.vmap(lambda v: jnp.sqrt(v))(x).sum()", [1.0, 0.0], "jnp.sqrt(v)", [0.0]),
    row("scanned", "def step(c, v): return c + jnp.sqrt(v), None\ndef loss(x): return jax.lax.scan(step, 0.0, x)[0]", [1.0, 0.0], "jnp.sqrt(v)", [0.0]),
    row("finite", "return (x * x).sum()", [1.0], None),
]  # fmt: skip


class Jax(unittest.TestCase):
    def test_origin_of_a_value(self) -> None:
        for one in VALUES:
            with self.subTest(one.name):
                one.check(self, value_origin(one.text, jnp.array(one.at)))

    def test_origin_of_a_gradient(self) -> None:
        for one in GRADIENTS:
            with self.subTest(one.name):
                at = jnp.array(one.at)
                one.check(self, gradient_origin(one.text, "jax", lambda loss: jax.value_and_grad(loss)(at)))


if __name__ == "__main__":
    unittest.main()
