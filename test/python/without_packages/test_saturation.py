"""The expressions of losses of floats that are at their asymptotes."""

from __future__ import annotations

import math
import unittest
from typing import Any, Dict

from probed import load_probed

from adamscope_bridge.probing import loss_beyond, loss_with_values_of, record_bounded, stop_recording

_TEXT = """
    import math
    from math import exp, tanh

    def tanh_of(z):
        return (tanh(z) - 2) ** 2

    def logistic(z):
        return 3 / (1 + exp(-z))

    def share(z, other):
        parts = [exp(z), exp(other)]
        return parts[0] / (exp(z) + exp(other))

    def shares(z, other):
        up = exp(z)
        return up / (up + exp(other))

    def sigmoid(z):
        return z / 2

    def own(z):
        return sigmoid(z)

    def plain_quotient(z):
        return 1 / (1 + z * z)
"""


class SaturationTest(unittest.TestCase):
    def setUp(self) -> None:
        self.module, self.table = load_probed(_TEXT)
        stop_recording(self.table)

    def found(self, name: str, *arguments: float) -> Dict[str, Any]:
        found = record_bounded(self.table, lambda: getattr(self.module, name)(*arguments))
        return {self.table.sites[site].expression: bounded for (site, _), (bounded,) in found.items()}

    def test_functions_of_math(self) -> None:
        bounded = self.found("tanh_of", 5.0)["tanh(z)"]
        self.assertEqual((bounded.low, bounded.high), (-1, 1))
        self.assertEqual(bounded.values, [math.tanh(5)])
        self.assertEqual(bounded.depths, [10])
        self.assertTrue(bounded.is_saturated(bounded.values[0]))
        self.assertFalse(bounded.is_saturated(0.9))

    def test_logistic_functions_by_hand(self) -> None:
        bounded = self.found("logistic", 7.0)["3 / (1 + exp(-z))"]
        self.assertEqual((bounded.low, bounded.high, bounded.depths), (0, 3, [7]))

    def test_shares_of_exponentials(self) -> None:
        bounded = self.found("shares", 1.0, 9.0)["up / (up + exp(other))"]
        self.assertEqual((bounded.low, bounded.high), (0, 1))
        self.assertAlmostEqual(bounded.depths[0], 8, places=2)

    def test_nothing_else(self) -> None:
        self.assertEqual(self.found("own", 1.0), {})
        self.assertEqual(self.found("plain_quotient", 9.0), {})

    def test_values_moved_beyond_their_asymptote(self) -> None:
        (site, _) = next(iter(record_bounded(self.table, lambda: self.module.tanh_of(9.0))))
        self.assertEqual(loss_beyond(self.table, site, 0.5, lambda: self.module.tanh_of(9.0)), 0)
        self.assertEqual(loss_beyond(self.table, site, 0.5, lambda: self.module.tanh_of(-9.0)), 16)
        # Where it is not saturated, it stays.
        self.assertEqual(loss_beyond(self.table, site, 0.5, lambda: self.module.tanh_of(0.0)), 4)

    def test_values_of_an_earlier_evaluation(self) -> None:
        (site, _) = next(iter(record_bounded(self.table, lambda: self.module.tanh_of(9.0))))
        losses = loss_with_values_of(
            self.table, site, lambda: self.module.tanh_of(0.0), lambda: self.module.tanh_of(3.0) + 1
        )
        self.assertEqual(losses, (4, 5))


if __name__ == "__main__":
    unittest.main()
