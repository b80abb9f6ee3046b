"""The rounding of losses of torch tensors."""

from __future__ import annotations

import unittest

from probed import load_probed

from adamscope_bridge.probing import rounding_of, stop_recording

_TEXT = """
    import torch

    grid = torch.linspace(-1, 1, 30, dtype=torch.float64)

    def variance(x, dtype):
        r = 20000 + 3 * grid.to(dtype) - x.to(dtype) * grid.to(dtype)
        return float(torch.mean(r**2) - torch.mean(r) ** 2)

    def deviations(x, dtype):
        r = (3 - x.to(dtype)) * grid.to(dtype)
        return float(torch.mean((r - torch.mean(r)) ** 2))

    def in_place(x):
        r = torch.zeros(4)
        first = r[:1]
        first += 1
        r.view(2, 2)[1] = 2
        return float(r.sum() * x)
"""


class RoundingTest(unittest.TestCase):
    def setUp(self) -> None:
        import torch

        self.torch = torch
        self.module, self.table = load_probed(_TEXT)
        stop_recording(self.table)

    def rounding(self, name: str, *arguments: object) -> dict:
        found = rounding_of(self.table, lambda: getattr(self.module, name)(self.torch.tensor(0.5), *arguments))
        assert found is not None
        return found

    def test_cancellation_in_float32(self) -> None:
        found = self.rounding("variance", self.torch.float32)
        # Three roundings of 4e8, which is a multiple of 32 in float32.
        self.assertGreater(found["error"], 5)
        self.assertLess(found["error"], 60)
        self.assertEqual(found["bits"], 24)

    def test_the_same_in_float64(self) -> None:
        found = self.rounding("variance", self.torch.float64)
        self.assertLess(found["error"], 1e-6)
        self.assertEqual(found["bits"], 53)

    def test_without_cancellation(self) -> None:
        self.assertLess(self.rounding("deviations", self.torch.float32)["error"], 1e-5)

    def test_views_stay_views(self) -> None:
        self.assertLess(self.rounding("in_place")["error"], 1e-5)
        value = self.module.in_place(self.torch.tensor(0.5))
        self.assertEqual(value, 2.5)

    def test_nothing_is_known_of_a_loss_that_raises(self) -> None:
        self.assertIsNone(rounding_of(self.table, lambda: self.module.variance(None, self.torch.float32)))


if __name__ == "__main__":
    unittest.main()
