"""The evaluation of a loss of plain floats on a tape."""

from __future__ import annotations

import gc
import unittest
from array import array
from typing import Any, Callable

from adamscope_bridge.gradients.plain_tape import PlainTape
from adamscope_bridge.problems import NotExact


def evaluated(loss: Callable[[Any], Any]) -> Any:
    tape = PlainTape(lambda vector, context: loss(vector))  # type: ignore[arg-type]
    return tape.value_and_gradient(memoryview(array("d", [3.0, 2.0])), None)  # type: ignore[arg-type]


class CollectionsOfGarbage(unittest.TestCase):
    def setUp(self) -> None:
        before = gc.get_threshold()
        self.addCleanup(lambda: gc.set_threshold(*before))
        gc.set_threshold(700, 10, 10)

    def test_are_fewer_during_an_evaluation_only(self) -> None:
        during = []

        def loss(w: Any) -> Any:
            during.append(gc.get_threshold())
            return w[0] * w[1]

        value, gradient = evaluated(loss)
        self.assertEqual((value, gradient.cast("d").tolist()), (6.0, [2.0, 3.0]))
        self.assertGreater(during[0][0], 10_000)
        self.assertEqual(gc.get_threshold(), (700, 10, 10))

    def test_are_as_before_after_a_failure(self) -> None:
        with self.assertRaises(NotExact):
            evaluated(lambda w: w[0] + "text")
        with self.assertRaises(ZeroDivisionError):
            evaluated(lambda w: 1 / 0)
        self.assertEqual(gc.get_threshold(), (700, 10, 10))

    def test_stay_off_if_the_user_has_switched_them_off(self) -> None:
        gc.set_threshold(0, 10, 10)
        during = []
        evaluated(lambda w: during.append(gc.get_threshold()) or w[0])
        self.assertEqual(during, [(0, 10, 10)])


if __name__ == "__main__":
    unittest.main()
