"""Random directions of checks, which use no generator of the user's."""

from __future__ import annotations

import random


def random_direction(dim: int, seed: int) -> list[float]:
    """A vector of length 1, shape [dim]."""
    generator = random.Random(seed)
    values = [generator.gauss(0.0, 1.0) for _ in range(dim)]
    norm = sum(value * value for value in values) ** 0.5 or 1.0
    return [value / norm for value in values]
