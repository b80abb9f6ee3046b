"""Losses without a package."""

from __future__ import annotations

import time
import unittest

from adamscope_bridge.probing import find_value_origin
from probed import Row, load_probed, value_origin

INF, NEGATIVE = "Infinity", "-Infinity"

ROWS = [
    Row("overflow of a product", "y = x * 1e200\nreturn y * y", 1e200, "x * 1e200", [1e200, 1e200], result=INF,
        cause={"kind": "overflow", "of": "product"}),
    Row("overflow of a sum", "big = x * 1e308\nreturn big + big + 1", 1.5, "big + big", cause={"kind": "overflow", "of": "sum"}),
    Row("overflow after many squares", "for i in range(12):\n    x *= x\nreturn x", 2.0, "x *= x", [2.0**512, 2.0**512]),
    Row("infinity minus infinity", "a = x * 1e300\nb = x * 1e301\nreturn a - b", 1e10, "x * 1e300"),
    Row("in a function", "def ratio(a, b):\n    return a * b\ndef loss(x):\n    return ratio(x, 2.0) - ratio(x, x)", 1e200, "a * b", [1e200, 1e200]),
    Row("in a method", "class M:\n    def __init__(self, s): self.s = s\n    def f(self, x): return self.s * x\ndef loss(x): return M(1e200).f(x)", 1e200, "self.s * x", [1e200, 1e200]),
    Row("in a generator", "return sum(x * k for k in (1.0, 1e200))", 1e200, "x * k", [1e200, 1e200]),
    Row("in a lambda", "f = lambda v: v * v\nreturn f(x) + 1", 1e200, "v * v"),
    Row("in a comprehension", "ys = [v * 1e300 for v in (1.0, x)]\nreturn max(ys)", 1e10, "v * 1e300", [1e10, 1e300]),
    Row("an element of a list", "ys = [1.0, 2.0]\nys[1] *= x\nys[1] *= x\nreturn sum(ys)", 1e200, "ys[1] *= x", [2e200, 1e200]),
    Row("an attribute", "class A: pass\ndef loss(x):\n    a = A()\n    a.v = x\n    a.v *= x\n    return a.v", 1e200, "a.v *= x", [1e200, 1e200]),
    Row("a loop with a harmless infinity", "best = float('inf')\nfor v in (1.0, 2.0):\n    best = min(best, v)\nreturn best + x * x", 1e200, "x * x"),
    Row("a harmless overflow first", "big = x * x\nk = 1 if big > 3 else 0\nreturn k + x * 1e250", 1e200, "x * 1e250"),
    Row("a harmless overflow in a quotient", "w = 1 / (x * x)\nreturn w + x * 1e150", 1e200, "x * 1e150"),
    Row("appended", "ys = []\nys.append(x * x)\nys.append(1.0)\nreturn sum(ys)", 1e200, "x * x"),
    Row("appended to a deque", "from collections import deque\ndef loss(x):\n    ys = deque()\n    ys.append(x * x)\n    ys.append(1.0)\n    return sum(ys)", 1e200, "x * x"),
    Row("a dictionary", "d = {'a': x * x}\nreturn d['a'] + 1", 1e200, "x * x"),
    Row("a tuple", "def two(v): return v * v, 1.0\ndef loss(x):\n    a, b = two(x)\n    return a - b", 1e200, "v * v"),
    Row("NaN from an infinite constant", "big = float('inf')\nreturn (big - x) * 0", 1.0, "(big - x) * 0", [INF, 0]),
    Row("fsum", "import math\ndef loss(x): return math.prod([x, x])", 1e200, "math.prod([x, x])", ["[1e+200, 1e+200]"], cause={"kind": "overflow", "of": "product"}),
    Row("code units before a column", "s = '𝔘é'; return [s, x * x][1]", 1e200, "x * x", column=27, endColumn=32),
    Row("several lines", "return (\n    x\n    * x\n)", 1e200, "x\n        * x"),
    Row("a conditional", "return x * x if x > 0 else 0.0", 1e200, "x * x"),
    Row("try and finally", "try:\n    return x * x\nfinally:\n    x = 0", 1e200, "x * x"),
    Row("a decorated function", "import functools\n@functools.lru_cache\ndef f(v): return v * v\ndef loss(x): return f(x)", 1e200, "v * v"),
    Row("a reduction", "import functools\ndef loss(x): return functools.reduce(lambda a, b: a * b, [x, x, 2.0])", 1e200, "a * b"),
    Row("finite", "return x + 1", 1.0, None),
    Row("an exception", "return 1 / x", 0.0, None),
]  # fmt: skip

DATA = [
    Row("a list", "data = [1.0, float('nan'), 3.0, float('nan')]\ndef loss(x): return sum((v - x) ** 2 for v in data)", 1.0, "v - x",
        datum="data[1]", value="NaN", others=1, role="enters-in"),
    Row("a row", "rows = [{'price': 1.0}, {'price': 1e999}]\ndef loss(x): return sum(r['price'] * x for r in rows)", 1.0, "r['price'] * x",
        datum='rows[1]["price"]', value="∞", others=0),
    Row("a long list", "data = [float(i) for i in range(1000)]\ndata[777] = float('nan')\ndef loss(x): return sum(data) * x", 1.0, "sum(data)", datum="data[777]"),
    Row("a number", "scale = float('nan')\ndef loss(x): return x * scale", 1.0, "x * scale", datum="scale"),
    Row("made at load", "raw = [1e200, 2.0]\nsquares = [v * v for v in raw]\ndef loss(x): return sum(s * x for s in squares)", 1.0, "v * v",
        [1e200, 1e200], role="made-by", datum="squares[0]", value="∞"),
    Row("an unused datum", "data = [float('nan')]\ndef loss(x): return x * x", 1e200, "x * x", kind="non-finite-value"),
]  # fmt: skip


class Plain(unittest.TestCase):
    def test_origin_of_a_value(self) -> None:
        for row in ROWS:
            with self.subTest(row.name):
                row.check(self, value_origin(row.text, row.at))

    def test_origin_in_data(self) -> None:
        for row in DATA:
            with self.subTest(row.name):
                origin = value_origin(row.text, row.at)
                row.check(self, origin)

    def test_a_hundred_thousand_operations_take_less_than_half_a_second(self) -> None:
        text = "def loss(x):\n    s = 0.0\n    for i in range(50_000):\n        s = s + x * 1e-9\n    return s * x\n"
        for at in (1e200, 1.0, float("nan")):
            module, table = load_probed(text)
            start = time.process_time()
            find_value_origin(table, lambda: module.loss(at))
            self.assertLess(time.process_time() - start, 0.5)


if __name__ == "__main__":
    unittest.main()
