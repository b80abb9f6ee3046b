"""The value of a loss with IEEE arithmetic, where that of Python raises."""

from __future__ import annotations

import math
import os
import tempfile
import unittest
from array import array
from typing import Optional

from adamscope_bridge.context import Context
from adamscope_bridge.ieee import IeeeLoss
from adamscope_bridge.modules import Texts
from adamscope_bridge.user_loss import UserLoss

_TEXT = """
import math
from math import exp, log as logarithm

def logarithm_of_underflow(w):
    return logarithm(exp(w[0])) + w[1]

def exponential(w):
    return exp(w[0]) + w[1]

def power(w):
    return (-w[0]) ** 3 + w[1]

def divided(w):
    return -w[1] / exp(w[0])

def divided_in_place(w):
    result = w[1]
    result /= exp(w[0])
    return result

def negative_power(w):
    return exp(w[0]) ** -1

def root(w):
    return math.sqrt(w[0])

def own_error(w):
    if w[0] < 0:
        raise ValueError("the rate must be positive")
    return w[0]

def index(w):
    return 1 / [][0]

def text(w):
    return logarithm("0")
"""


class IeeeTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "losses.py")

    def value(self, name: str, *params: float) -> Optional[float]:
        request = {
            "file": self.file,
            "exportName": name,
            "lossName": name,
            "params": None,
            "module": None,
            "data": None,
            "library": "python",
            "dtype": "float64",
            "vector": {"kind": "array", "names": []},
            "gradient": None,
            "validation": None,
        }
        user = UserLoss(request, Texts({self.file: _TEXT}))
        return IeeeLoss(user).value(memoryview(array("d", params)), Context(None, 1, 0, 0, None))

    def test_is_infinite_where_python_raises(self) -> None:
        self.assertEqual(self.value("logarithm_of_underflow", -1000, 2), -math.inf)
        self.assertEqual(self.value("exponential", 1000, 2), math.inf)
        self.assertEqual(self.value("power", 1e200, 2), -math.inf)
        self.assertEqual(self.value("divided", -1000, 2), -math.inf)
        self.assertEqual(self.value("divided_in_place", -1000, -2), -math.inf)
        self.assertEqual(self.value("negative_power", -1000, 0), math.inf)

    def test_is_the_plain_value_elsewhere(self) -> None:
        self.assertEqual(self.value("divided_in_place", 1.5, 2), 2 / math.exp(1.5))
        self.assertEqual(self.value("power", 1.5, 2), (-1.5) ** 3 + 2)

    def test_is_nan_outside_of_a_domain(self) -> None:
        value = self.value("root", -1, 0)
        self.assertTrue(value is not None and math.isnan(value))

    def test_is_not_known_where_the_loss_raises_by_itself(self) -> None:
        self.assertIsNone(self.value("own_error", -1, 0))
        self.assertIsNone(self.value("index", 1, 0))
        self.assertIsNone(self.value("text", 1, 0))


if __name__ == "__main__":
    unittest.main()
