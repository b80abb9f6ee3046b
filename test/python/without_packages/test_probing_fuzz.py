"""Instrumented programs compute what the plain ones compute."""

from __future__ import annotations

import random
import sys
import traceback
import unittest
from typing import Any, List, Tuple

from adamscope_bridge.probing import find_value_origin, stop_recording
from probed import load_plain, load_probed

PROGRAMS = 80


class Writer:
    """Writes random programs. Every call of `t` is logged, so the order of evaluation is compared."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: List[str] = []
        self.names = 0

    def program(self) -> str:
        self.lines = [
            "log = []",
            "def t(x):",
            "    log.append(repr(x))",
            "    if len(log) > 500: raise ValueError('enough')",
            "    return x",
            "def pair(*args, k=1, **more):",
            "    return sum(args) + k + sum(more.values())",
            "class Base:",
            "    base = 2 * 3",
            "    def __init__(self, v): self.v = v",
            "    def f(self, x): return self.v * x + Base.base",
            "class Derived(Base):",
            "    scale: float = t(1.5) + 1",
            "    def f(self, x): return super().f(x) * self.scale",
            "    @property",
            "    def twice(self): return self.v * 2",
            "    def __add__(self, other): return Derived(self.v + 1) if t(other) else NotImplemented",
            "    def __iadd__(self, other):",
            "        self.v += other",
            "        return self",
            "total = 0",
        ]
        for number in range(3):
            self.function(f"f{number}", number)
        self.lines += ["def loss(a, b):", f"    return [f0(a, b), f1(b, a), f2(a, 2)]"]
        return "\n".join(self.lines) + "\n"

    def function(self, name: str, callable_until: int) -> None:
        self.callable_until = callable_until
        self.lines.append(f"def {name}(a, b=2, *rest, c=3):")
        self.lines.append("    global total")
        self.lines.append("    xs = [1.5, a, b]; d = {'k': 2.0}; o = Derived(a); s = 0")
        self.block("    ", 3)
        self.lines.append("    return (s, a, b, xs, d, o.v, sorted(k for k in locals() if len(k) < 3))")

    def block(self, indent: str, depth: int) -> None:
        for _ in range(self.random.randint(1, 4)):
            self.statement(indent, depth)

    def statement(self, indent: str, depth: int) -> None:
        r, line = self.random, lambda text: self.lines.append(indent + text)
        choice = r.randint(0, 19) if depth > 0 else r.randint(0, 8)
        e = self.expression
        if choice <= 1:
            line(f"{r.choice('abs')} = {e(3)}")
        elif choice == 2:
            line(f"{r.choice('abs')} {r.choice(['+=', '-=', '*=', '/=', '//=', '%='])} {e(2)}")
        elif choice == 3:
            line(f"xs[{r.choice(['0', '-1', 't(1)', 'int(t(0))'])}] {r.choice(['=', '+=', '*='])} {e(2)}")
        elif choice == 4:
            line(f"d[{r.choice(['t(%r)' % 'k', repr('k')])}] {r.choice(['=', '-=', '+='])} {e(2)}")
        elif choice == 5:
            line(f"o.v {r.choice(['=', '+=', '*='])} {e(2)}")
        elif choice == 6:
            line(r.choice([f"xs[0:2] += [{e(1)}]", f"xs.append({e(2)})", f"total += {e(1)}", f"o += {e(1)}"]))
        elif choice == 7:
            line(r.choice([f"a, b = {e(1)}, {e(1)}", f"a, *q = [{e(1)}, {e(1)}]", f"assert {e(1)} is not None, {e(1)}"]))
        elif choice == 8:
            line(f"s = {e(3)}  # é𝔘")
        elif choice <= 10:
            line("t(0)")
            line(f"for i{depth} in {r.choice(['range(3)', 'xs[:2]', '(1, 2.5)', 'zip(xs[:2], xs)'])}:")
            self.block(indent + "    ", depth - 1)
            if r.random() < 0.3:
                line(f"    if t({e(1)}): {r.choice(['break', 'continue'])}")
        elif choice == 11:
            line(f"while t(len(xs)) < {r.randint(3, 6)}:")
            line(f"    xs.append({e(1)})")
        elif choice <= 13:
            line(f"if {self.condition()}:")
            self.block(indent + "    ", depth - 1)
            line("else:")
            self.block(indent + "    ", depth - 1)
        elif choice <= 15:
            line("try:")
            self.block(indent + "    ", depth - 1)
            if r.random() < 0.5:
                line(f"    s = {e(1)} + (1 / 0)")
            line("except (ZeroDivisionError, OverflowError) as error:")
            line("    t(str(error))")
            if r.random() < 0.5:
                line("finally:")
                line(f"    t({e(1)})")
        elif choice == 16:
            self.names += 1
            name = f"inner{self.names}"
            line(f"def {name}(z, w={e(1)}):")
            line(f"    return z * w + {r.choice(['s', 'a', 'b', 'c'])}")
            line(f"s = {name}({e(1)}, *[{e(1)}]) - {name}(z={e(1)})")
        elif choice == 17:
            self.names += 1
            name = f"gen{self.names}"
            line(f"def {name}(n):")
            line("    got = 0")
            line("    for g in range(3):")
            line(f"        got = (n + g) * ((yield g + {r.choice(['1', 'n', 't(2)'])}) or 1) + t(got)")
            line("    return got")
            line(f"def outer{self.names}(n):")
            line(f"    r = 1 + (yield from {name}(n + 1)) * 2")
            line("    yield r")
            line(f"s = sum(p * q for p, q in zip(outer{self.names}({e(1)}), {name}(2)))")
        elif choice == 18:
            self.names += 1
            name = f"co{self.names}"
            line(f"async def {name}(n):")
            line("    return n * 2 + 1")
            line(f"async def main{self.names}(n):")
            line(f"    return n + await {name}(n) * (await {name}(t(n) + 1))")
            line(f"c{self.names} = main{self.names}({e(1)})")
            line("try:")
            line(f"    c{self.names}.send(None)")
            line("except StopIteration as stop:")
            line("    s = stop.value")
        elif sys.version_info >= (3, 10):
            line(f"match {e(1)}, t(1):")
            line("    case (-1 | 0, _):")
            line(f"        s = {e(1)}")
            line(f"    case (v, 1) if v > {e(1)}:")
            line(f"        s = v + {e(1)}")
            line("    case _:")
            line(f"        s = {e(1)}")

    def condition(self) -> str:
        r, e = self.random, self.expression
        return r.choice(
            [
                f"{e(1)} < {e(1)} <= {e(1)}",
                f"{e(1)} > 1 and t({e(1)}) or not {e(1)}",
                f"(y := {e(1)}) > 2 or y * y < 1",
                f"a in xs or {e(1)} != {e(1)}",
            ]
        )

    def expression(self, depth: int) -> str:
        r, e = self.random, lambda: self.expression(depth - 1)
        if depth <= 0:
            return r.choice(["a", "b", "c", "s", "1", "2.5", "-3", "xs[0]", "d['k']", "o.v", "t(a)", "o.twice", "0"])
        choice = r.randint(0, 19)
        if choice <= 4:
            return f"({e()} {r.choice('+-*')} {e()})"
        if choice == 5:
            return f"({e()} {r.choice(['/', '//', '%'])} (abs({e()}) + 1))"
        if choice == 6:
            return f"-{e()}" if r.random() < 0.5 else f"(abs({e()}) + 1) ** 0.5"
        if choice == 7:
            return f"({e()} if {self.condition()} else {e()})"
        if choice == 8:
            return f"sum([v * {e()} for v in xs if t(v) < 9])"
        if choice == 9:
            return f"sum(v + w for v in xs for w in (1, {e()}))"
        if choice == 10:
            return f"max({e()}, {e()}, key=lambda q: -q * {r.choice(['1', 'a'])})"
        if choice == 11:
            return f"pair({e()}, *[{e()}, {e()}], k={e()}, **{{'z': {e()}}})"
        if choice == 12:
            return f"o.f({e()})"
        if choice == 13:
            return f"(w{depth} := {e()})"
        if choice == 14:
            return f"len(f'{{{r.choice(['a + t(b)', '-s * 2', 'max(a, c)'])}!r:>30}} {{xs[0] + 1!r}}')"
        if choice == 15:
            return f"(lambda q, u={e()}: q * u)({e()})"
        if choice == 16:
            return f"xs[{r.choice(['0', '-1', 'len(xs) - 1', 'slice(0, 1)][0', '0:2][-1'])}]"
        if choice == 17:
            return f"sum({{k: v * {e()} for k, v in d.items()}}.values())"
        if choice == 18 and self.callable_until:
            return f"f{r.randrange(self.callable_until)}({e()}, c=1)[1]"
        return f"{e()} * t({e()})"


def outcome(module: Any, call: Any) -> Tuple[Any, ...]:
    """Value or exception with the lines of its traceback, and the order of the calls."""
    module.log.clear()
    try:
        result = repr(call())
    except Exception as error:
        lines = [(frame.lineno, frame.name) for frame in traceback.extract_tb(error.__traceback__) if "/loss/" in frame.filename]
        foreign = [frame.filename for frame in traceback.extract_tb(error.__traceback__) if "probing" in frame.filename and "test_" not in frame.filename]
        result = (type(error).__name__, str(error), tuple(lines), tuple(foreign))
    return result, tuple(module.log), module.total


class Fuzz(unittest.TestCase):
    def test_values_order_and_exceptions_stay_the_same(self) -> None:
        raised = invalid = 0
        for seed in range(PROGRAMS):
            text = Writer(seed).program()
            try:
                plain = load_plain(text)
            except SyntaxError:
                # Such as a walrus in what a comprehension iterates over.
                invalid += 1
                continue
            probed, table = load_probed(text)
            for a, b in ((1.0, 2), (-2.5, 0), (3, 1e3)):
                expected = outcome(plain, lambda: plain.loss(a, b))
                raised += isinstance(expected[0], tuple)
                self.assertEqual(outcome(probed, lambda: probed.loss(a, b)), expected, f"seed {seed}\n{text}")
            found: List[Any] = []
            find_value_origin(table, lambda: found.append(outcome(probed, lambda: probed.loss(1.0, 2))))
            stop_recording(table)
            for actual in (found[0], outcome(probed, lambda: probed.loss(1.0, 2))):
                self.assertEqual(actual, outcome(plain, lambda: plain.loss(1.0, 2)), f"seed {seed}\n{text}")
        self.assertLess(invalid, PROGRAMS // 2)
        # Programs with and without exceptions are compared.
        self.assertGreater(raised, PROGRAMS // 20)
        self.assertLess(raised, PROGRAMS * 3 * 9 // 10)


if __name__ == "__main__":
    unittest.main()
