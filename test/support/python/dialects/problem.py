"""The loss of a case: a noisy quadratic, computed in Python's floats, so that the other side can repeat it bit for bit."""


class Problem:
    def __init__(self, case):
        self.start = case["start"]
        self.steps = len(case["noise"])
        self.maximize = bool(case["config"]["maximize"])
        self._curvature = case["curvature"]
        self._noise = case["noise"]

    def loss(self, step, params):
        """What is minimized or maximized; step is 0-based."""
        terms = [(0.5 * h * x + c) * x for h, x, c in zip(self._curvature, params, self._noise[step]) if c is not None]
        return self._turned(sum(terms))

    def gradient(self, step, params):
        return [
            0.0 if c is None else self._turned(h * x + c)
            for h, x, c in zip(self._curvature, params, self._noise[step])
        ]

    def _turned(self, value):
        return 0.0 - value if self.maximize else value


def snake(name):
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)
