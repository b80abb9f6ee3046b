"""Expressions that round: what they get and give, and which coordinates they round."""

from __future__ import annotations

import unittest
from typing import Dict, List

from adamscope_bridge.probing import record_cuts, rounded_coordinates, slopes
from probed import load_probed

TEXT = """
import math

def loss(theta):
    a, b, c = theta
    whole = math.floor(2 * a + b)
    pairs = (10 * c) // 3
    same = float(b)
    return whole ** 2 + pairs + round(b) * 0 + same
"""


class Cuts(unittest.TestCase):
    def setUp(self) -> None:
        self.module, self.table = load_probed(TEXT)

    def records(self, *theta: float) -> List[object]:
        return record_cuts(self.table, lambda: self.module.loss(theta))

    def expressions(self, found: Dict[int, List[int]]) -> Dict[str, List[int]]:
        return {self.table.sites[site].expression: concerned for site, concerned in found.items()}

    def test_what_they_get_and_give(self) -> None:
        found = {self.table.sites[each.site].expression: (each.given, each.made) for each in self.records(1.2, 0.5, 1.0)}
        self.assertEqual(
            found,
            {
                "math.floor(2 * a + b)": ([2.9], [2.0]),
                "(10 * c) // 3": ([10.0], [3.0]),
                "round(b)": ([0.5], [0.0]),
            },
        )

    def test_the_coordinates_that_they_round(self) -> None:
        changed = {0: self.records(1.2001, 0.5, 1.0), 1: self.records(1.2, 0.5001, 1.0), 2: self.records(1.2, 0.5, 1.0001)}
        # 0.5001 is rounded to 1: b passes a jump of `round`.
        self.assertEqual(
            self.expressions(rounded_coordinates(self.records(1.2, 0.5, 1.0), changed)),
            {"math.floor(2 * a + b)": [0, 1], "(10 * c) // 3": [2]},
        )

    def test_other_branches_end_the_comparison(self) -> None:
        module, table = load_probed("def loss(x):\n    return round(x) if x > 1 else int(x) + round(x)\n")
        unchanged = record_cuts(table, lambda: module.loss(1.0))
        changed = record_cuts(table, lambda: module.loss(1.0001))
        self.assertEqual(rounded_coordinates(unchanged, {0: changed}), {})

    def test_the_slopes_of_what_they_get(self) -> None:
        step = 2.0**-20
        theta = [1.25, 0.5, 1.0]
        changed = {i: self.records(*[value + step * (i == k) for k, value in enumerate(theta)]) for i in range(3)}
        found = slopes(self.records(*theta), changed, {i: step for i in range(3)}, most=2, most_per_site=1)
        self.assertEqual(
            [(self.table.sites[each["site"]].expression, each["slope"]) for each in found],
            [("math.floor(2 * a + b)", {0: 2.0, 1: 1.0}), ("(10 * c) // 3", {2: 10.0})],
        )


if __name__ == "__main__":
    unittest.main()
