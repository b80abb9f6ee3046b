"""The tape of plain floats: the values of Python's own operations, and their derivatives."""

from __future__ import annotations

import math
import operator
import random
import unittest
from typing import Any, Callable, Sequence

from adamscope_bridge.gradients.tape import Tape, Traced, functions, plain, traced_sum
from adamscope_bridge.problems import NotExact

Function = Callable[..., Any]

#: Points inside the domain of each function, away from its kinks.
POINTS: dict[str, Sequence[Sequence[float]]] = {
    **{name: [(-0.7,), (0.3,), (1.9,)] for name in ("exp", "expm1", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh")},
    **{name: [(-0.7,), (0.3,)] for name in ("asinh", "erf", "erfc", "fabs", "degrees", "radians")},
    **{name: [(0.3,), (2.5,)] for name in ("log", "log1p", "log2", "log10", "sqrt")},
    **{name: [(-0.6,), (0.4,)] for name in ("asin", "acos", "atanh")},
    "acosh": [(1.7,)],
    "pow": [(1.3, 2.2), (0.4, -1.5)],
    "atan2": [(1.3, 2.2), (-0.4, 1.5), (0.4, -1.5)],
    "fmod": [(7.3, 2.2)],
    "copysign": [(1.3, -2.2), (-1.3, -2.2)],
    "hypot": [(1.3, 2.2, -0.5)],
}

OPERATORS: dict[str, tuple[Function, Sequence[Sequence[float]]]] = {
    "+": (operator.add, [(1.3, 2.2)]),
    "-": (operator.sub, [(1.3, 2.2)]),
    "*": (operator.mul, [(1.3, 2.2), (0.0, 2.2)]),
    "/": (operator.truediv, [(1.3, 2.2), (0.0, -2.2)]),
    "**": (operator.pow, [(1.3, 2.2), (0.5, -3.0)]),
    "%": (operator.mod, [(7.3, 2.2), (-7.3, 2.2)]),
    "neg": (operator.neg, [(1.3,)]),
    "abs": (abs, [(1.3,), (-1.3,)]),
}


def gradient(function: Function, point: Sequence[float]) -> tuple[float, list[float]]:
    tape = Tape()
    result = function(*[tape.parameter(value) for value in point])
    return plain(result), tape.gradient(result, len(point))


class Derivatives(unittest.TestCase):
    def check(self, function: Function, compute: Function, point: Sequence[float]) -> None:
        value, found = gradient(function, point)
        self.assertEqual(value, compute(*point))
        for i, slope in enumerate(found):
            # The error of a central difference with this step is about eps^(2/3), and larger derivatives are below 20.
            step = 1e-5
            above, below = ([*point], [*point])
            above[i] += step
            below[i] -= step
            difference = (compute(*above) - compute(*below)) / (above[i] - below[i])
            self.assertAlmostEqual(slope, difference, delta=2e-8 * max(1, abs(slope)))

    def test_functions_of_math(self) -> None:
        for name, points in POINTS.items():
            for point in points:
                with self.subTest(name, point=point):
                    self.check(functions[name], getattr(math, name), point)

    def test_operators(self) -> None:
        for name, (compute, points) in OPERATORS.items():
            for point in points:
                with self.subTest(name, point=point):
                    self.check(compute, compute, point)

    def test_operators_with_a_plain_number(self) -> None:
        for name, (compute, points) in OPERATORS.items():
            for point in points:
                if len(point) < 2:
                    continue
                a, b = point
                with self.subTest(name, plain="right"):
                    self.check(lambda x: compute(x, b), lambda x: compute(x, b), [a])
                with self.subTest(name, plain="left"):
                    self.check(lambda y: compute(a, y), lambda y: compute(a, y), [b])

    def test_every_function_of_math_is_known_or_refused(self) -> None:
        for name in dir(math):
            compute = getattr(math, name)
            if not callable(compute) or name.startswith("_") or name in POINTS:
                continue
            with self.subTest(name):
                self.assertIn(name, functions)

    def test_programs_have_the_values_of_floats(self) -> None:
        generator = random.Random(7)

        def program(values: Sequence[Any], math_: dict[str, Function], total: Function) -> Any:
            pool = list(values)
            for _ in range(12):
                a, b = generator.choice(pool), generator.choice(pool)
                pool.append(
                    generator.choice(
                        [
                            lambda: a * b + 0.5,
                            lambda: a - 3 * b,
                            lambda: math_["sin"](a) / (2 + math_["cos"](b)),
                            lambda: math_["sqrt"](1 + a * a),
                            lambda: total([a, b, 0.1, a]),
                            lambda: max(a, b) - min(a, 0.2),
                        ]
                    )()
                )
            return pool[-1] + pool[-2]

        plain_math = {name: getattr(math, name) for name in ("sin", "cos", "sqrt")}
        for seed in range(200):
            generator.seed(seed)
            point = [generator.uniform(-2, 2) for _ in range(3)]
            state = generator.getstate()
            expected = program(point, plain_math, sum)
            generator.setstate(state)
            tape = Tape()
            found = program([tape.parameter(value) for value in point], functions, traced_sum)
            self.assertEqual(plain(found), expected)


class Refusals(unittest.TestCase):
    def test_what_would_lose_the_tape(self) -> None:
        x = Tape().parameter(1.5)
        for name, use in {
            "float": lambda: float(x),
            "int": lambda: int(x),
            "round": lambda: round(x, 1),
            "floor": lambda: math.floor(x),
            "//": lambda: x // 2,
            "index": lambda: [1, 2][x],
            "a function of math that is not replaced": lambda: math.exp(x),
            "gamma": lambda: functions["gamma"](x),
            "a member": lambda: x.hex(),
        }.items():
            with self.subTest(name), self.assertRaises(NotExact):
                use()

    def test_what_keeps_its_value(self) -> None:
        x = Tape().parameter(1.5)
        self.assertEqual(f"{x:.2f} {x}", "1.50 1.5")
        self.assertTrue(1 < x < 2 and x == 1.5 and x != 2)
        self.assertTrue(functions["isfinite"](x) and bool(x))
        self.assertIsInstance(+x, Traced)

    def test_a_result_that_does_not_depend_on_a_parameter(self) -> None:
        _, found = gradient(lambda x, y: x * 2, [1.0, 2.0])
        self.assertEqual(found, [2.0, 0.0])

    def test_a_parameter_of_several_operations(self) -> None:
        # Each of them has one input.
        self.assertEqual(gradient(lambda x: x * 3 + x / 2 - 5 * x, [4.0]), (-6.0, [-1.5]))
        self.assertEqual(gradient(lambda x, y: x * y + x * x + y * 2, [4.0, 3.0]), (34.0, [11.0, 6.0]))

    def test_limits_at_the_border_of_a_domain(self) -> None:
        self.assertEqual(gradient(functions["sqrt"], [0.0]), (0.0, [math.inf]))
        self.assertEqual(gradient(lambda x: x**0.5, [0.0]), (0.0, [math.inf]))
        self.assertEqual(gradient(functions["hypot"], [0.0, 0.0]), (0.0, [0.0, 0.0]))


if __name__ == "__main__":
    unittest.main()
