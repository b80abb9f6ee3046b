"""What recording leaves as it is."""

from __future__ import annotations

import asyncio
import builtins
import unittest

from adamscope_bridge.probing import find_gradient_origin, find_value_origin, stop_recording
from probed import load_probed, value_origin


class Semantics(unittest.TestCase):
    def test_namespaces_stay_as_they_are(self) -> None:
        module, _ = load_probed("x = 2 * 3\nx += 1\nclass A:\n    y = x * 2\n    z = [v * y for v in (1,)] if False else 0\n")
        names = [name for name in vars(module) if not name.startswith("__")]
        self.assertEqual(names, ["x", "A"])
        self.assertEqual([name for name in vars(module.A) if not name.startswith("_")], ["y", "z"])

    def test_identity_of_operands_and_values(self) -> None:
        module, table = load_probed(
            "class N:\n    def __mul__(self, o): return self\n    def __imul__(self, o): return self\n"
            "def loss(n):\n    m = n * 2\n    m *= 3\n    return m is n and [m][0] is n and (lambda q: q)(m) is n\n"
        )
        found = []
        find_value_origin(table, lambda: found.append(module.loss(module.N())))
        self.assertEqual(found, [True])

    def test_asynchronous_code(self) -> None:
        text = """
            import asyncio
            async def later(v):
                await asyncio.sleep(0)
                return v * v
            async def both(x):
                return sum([await later(k) + await later(x) for k in (1.0, 2.0)]) + sum(await asyncio.gather(later(x), later(1.0)))
        """
        module, table = load_probed(text)
        origin = find_value_origin(table, lambda: asyncio.run(module.both(1e200)))
        assert origin is not None
        self.assertEqual(origin["expression"], "v * v")
        self.assertEqual(asyncio.run(module.both(2.0)), 18)

    def test_operands_of_a_failed_expression_do_not_remain(self) -> None:
        text = """
            def fail(v):
                raise ValueError
            def attempt(v):
                try:
                    return v * fail(v)
                except ValueError:
                    return 1e200
            def loss(x):
                for i in range(10):
                    attempt(7.0)
                return (x * 1.0) * attempt(3.0)
        """
        origin = value_origin(text, 1e200)
        assert origin is not None
        self.assertEqual(origin["inputs"], [1e200, 1e200])

    def test_recursion_has_the_same_depth(self) -> None:
        text = "def depth(n):\n    return 0 if n == 0 else 1 + depth(n - 1)\n"
        module, table = load_probed(text)
        self.assertEqual(module.depth(800), 800)
        stop_recording(table)
        self.assertEqual(module.depth(800), 800)

    def test_long_sums_compile(self) -> None:
        module, _ = load_probed("def loss(x):\n    return " + " + ".join(["x"] * 500) + "\n")
        self.assertEqual(module.loss(1.0), 500)

    def test_no_names_of_one_program_reach_another(self) -> None:
        (one, first), (two, second) = load_probed("loss = lambda x: x * x"), load_probed("loss = lambda x: x * x * 1.0")
        self.assertNotEqual(first.number, second.number)
        self.assertIsNone(find_value_origin(first, lambda: two.loss(1e200) and 1.0))
        self.assertTrue(hasattr(builtins, first.name_of("keep")))

    def test_an_unknown_package_has_no_gradient(self) -> None:
        _, table = load_probed("loss = lambda x: x * x")
        self.assertIsNone(find_gradient_origin(table, "plain", lambda: None))


if __name__ == "__main__":
    unittest.main()
