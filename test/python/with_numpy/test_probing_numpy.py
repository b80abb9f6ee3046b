"""Losses with numpy."""

from __future__ import annotations

import unittest
import warnings

import numpy as np

from adamscope_bridge.probing import stop_recording
from probed import Row, load_plain, load_probed, value_origin

NUMPY = "import numpy as np\n"
INF, NEGATIVE = "Infinity", "-Infinity"
P = np.array([0.5, 0.0, 2.0])


def row(name, text, at, expression, inputs=None, **more):  # type: ignore[no-untyped-def]
    result = Row(name, text, at, expression, inputs, **more)
    result.text = NUMPY + result.text
    return result


ROWS = [
    row("a logarithm of 0", "return -np.sum(np.log(x))", P, "np.log(x)", [0.0], result=NEGATIVE,
        cause={"kind": "logarithm-of-0", "underflow": None}),
    row("an element", "return np.log(x).sum()", np.array([1, 2, 3, -0.5]), "np.log(x)", [-0.5], result="NaN"),
    row("a broadcast operand", "return (np.ones((2, 3)) / x).sum()", P, "np.ones((2, 3)) / x", [1.0, 0.0], result=INF,
        cause={"kind": "division-by-0", "underflow": None}),
    row("an underflow of exp", "return np.log(np.exp(-1000 * x)).sum()", P + 1, "np.log(np.exp(-1000 * x))", [0.0],
        cause={"kind": "logarithm-of-0", "underflow": "exponential"}),
    row("an overflow of exp", "e = np.exp(1000 * x)\nreturn np.sum(e / e.sum())", P, "np.exp(1000 * x)", None,
        cause={"kind": "overflow", "of": "exponential"}),
    row("a sigmoid that saturates", "s = 1 / (1 + np.exp(-x))\nreturn -np.log(s).mean()", np.array([-800.0]), "np.exp(-x)", [800.0]),
    row("a mask of a softmax", "m = np.where(x > 0, x, -np.inf)\ne = np.exp(m)\nreturn np.sum(e) / (x[1] * 1.0)", P, "np.sum(e) / (x[1] * 1.0)"),
    row("a mask, then a logarithm elsewhere", "m = np.where(x > 0, x, -np.inf)\nw = np.exp(m - m.max())\nreturn w.sum() + np.log(x[1])", P, "np.log(x[1])", [0.0]),
    row("a guarded logarithm", "with np.errstate(all='ignore'):\n    y = np.where(x > 0, np.log(x), 0)\nreturn y.sum() + np.sqrt(-x[0])", P, "np.sqrt(-x[0])", [-0.5]),
    row("nan_to_num", "a = np.nan_to_num(np.log(x), neginf=0.0)\nreturn a.sum() + np.sqrt(x[2] - 3)", P, "np.sqrt(x[2] - 3)", [-1.0]),
    row("a mean of nothing", "return x[x > 5].mean()", P, "x[x > 5].mean()", ["[]"]),
    row("a deviation of one", "return x[:1].std(ddof=1)", P, "x[:1].std(ddof=1)", ["[0.5]"]),
    row("a norm of 0", "v = x - x\nreturn (v / np.linalg.norm(v)).sum()", P, "v / np.linalg.norm(v)", [0.0, 0.0], result="NaN"),
    row("a fractional power", "return ((x - 1) ** 0.5).sum()", P, "(x - 1) ** 0.5", [-0.5, 0.5]),
    row("in place", "y = x.copy()\ny /= x\nreturn y.sum()", P, "y /= x", [0.0, 0.0]),
    row("an element in place", "y = x.copy()\ny[2] *= 1e308\nreturn y.sum()", P, "y[2] *= 1e308", [2.0, 1e308]),
    row("stored in an array", "y = np.zeros(3)\ny[1] = np.log(x[1])\nreturn y.sum()", P, "np.log(x[1])"),
    row("a slice in place", "y = np.ones(3)\ny[0:2] /= x[0:2]\nreturn y.sum()", P, "y[0:2] /= x[0:2]", [1.0, 0.0]),
    row("an iteration", "t = 0\nfor v in np.log(x):\n    t += v\nreturn t", P, "np.log(x)"),
    row("a method", "class N:\n    def nll(self, p): return -np.log(p).mean()\ndef loss(x): return N().nll(x)", P, "np.log(p)", [0.0]),
    row("a matrix product", "A = np.full((3, 3), 1e308)\nreturn (A @ x).sum()", P + 1, "A @ x"),
    row("float32", "y = np.float32(1e38) * x.astype(np.float32)\nreturn y.sum()", P * 100, "np.float32(1e38) * x.astype(np.float32)"),
    row("arccos", "return np.arccos(x).sum()", P, "np.arccos(x)", [2.0]),
    row("converted", "return float(np.log(x[1]))", P, "np.log(x[1])", [0.0]),
    row("out", "y = x.copy()\nnp.log(y, out=y)\nreturn y.sum()", P, "np.log(y, out=y)", [0.0]),
    row("a column", "X = np.stack([x, x])\nreturn np.log(X[:, 1]).sum()", P, "np.log(X[:, 1])", [0.0]),
    row("vectorized", "f = np.vectorize(lambda v: np.log(v))\nreturn f(x).sum()", P, "np.log(v)", [0.0]),
    row("a row that a mask removes", "M = np.array([[1, 0, 1], [0, 0, 0]])\ns = np.where(M > 0, x, -np.inf)\ne = np.exp(s - s.max(axis=1, keepdims=True))\nreturn e.sum()", P,
        "s - s.max(axis=1, keepdims=True)", [NEGATIVE, NEGATIVE], result="NaN"),
    row("a divergence with a target of 0", "q = np.array([1.0, 0.0, 0.0])\nreturn (q * np.log(q / np.exp(x))).sum()", P, "np.log(q / np.exp(x))", [0.0]),
    row("a log-likelihood", "def nll(mu, s, y):\n    return 0.5 * ((y - mu) / s) ** 2 + np.log(s)\ndef loss(x): return nll(x[0], x[1], 3.0)", P, "(y - mu) / s", [2.5, 0.0]),
]  # fmt: skip

DATA = [
    row("a matrix", "X = np.array([[1.0, 2.0], [3.0, np.nan]])\ndef loss(x): return (X @ x).sum()", np.ones(2), "X @ x",
        datum="X[1, 1]", value="NaN", others=0, role="enters-in"),
    row("a row of a matrix", "X = np.array([[1.0, 2.0, 0], [np.inf, 3.0, np.nan]])\ndef loss(x): return sum(X[i] @ x for i in range(2))", P, "X[i] @ x",
        datum="X[1, 0]", others=1),
    row("a mini-batch", "X = np.array([1.0, 2.0, np.nan, 4.0])\nidx = np.array([3, 2])\ndef loss(x): return ((X[idx] - x[0]) ** 2).sum()", P, "X[idx] - x[0]",
        datum="X[2]"),
    row("an iteration over an array", "X = np.array([1.0, np.nan])\ndef loss(x):\n    t = 0.0\n    for v, w in zip(X, X):\n        t += (v - x[0]) * w\n    return t", P, "v - x[0]", datum="X[1]"),
    row("made at load", "raw = np.array([1.0, 0.0])\nlogs = np.log(raw)\ndef loss(x): return (logs * x[0]).sum()", P, "np.log(raw)", [0.0],
        datum="logs[1]", role="made-by", value="-∞"),
    row("a list that becomes an array", "rows = [[1.0, 2.0], [float('nan'), 4.0]]\ndef loss(x): return (np.array(rows) * x[:2]).sum()", P, "np.array(rows)",
        datum="rows[1][0]"),
]  # fmt: skip


class Numpy(unittest.TestCase):
    def test_origin_of_a_value(self) -> None:
        for one in [*ROWS, *DATA]:
            with self.subTest(one.name):
                one.check(self, value_origin(one.text, one.at))

    def test_values_and_warnings_stay_the_same(self) -> None:
        for one in ROWS:
            plain, (probed, table) = load_plain(one.text), load_probed(one.text)
            outcomes = []
            for module in (plain, probed):
                with warnings.catch_warnings(record=True) as seen:
                    warnings.simplefilter("always")
                    value = module.loss(one.at)
                outcomes.append((repr(value), [(str(w.message), w.lineno, "/loss/" in w.filename) for w in seen]))
            stop_recording(table)
            self.assertEqual(outcomes[0], outcomes[1], one.name)


if __name__ == "__main__":
    unittest.main()
