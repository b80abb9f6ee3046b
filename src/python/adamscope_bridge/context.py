"""The context of an evaluation, which a loss may ask for by the names of its parameters."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple, Optional

#: A loss gets these as keyword arguments if it has parameters of these names after its vector.
NAMES = ("indices", "step", "epoch", "seed", "key", "context")


class Context(NamedTuple):
    """The same for all evaluations of one step."""

    #: The samples of the mini-batch, in the arrays of the library; None without samples.
    indices: Any
    #: 1-based.
    step: int
    #: 0-based.
    epoch: int
    #: Of this step; 32 bits.
    seed: int
    #: `jax.random.PRNGKey(seed)`; None for other libraries.
    key: Any

    def of(self, name: str) -> Any:
        return self if name == "context" else getattr(self, name)


def names_asked_for(function: Any, vector_parameters: Optional[int]) -> tuple[str, ...]:
    """The names of the context among the parameters of a function.

    ``vector_parameters`` is the number of parameters that take the vector; None if they take all positional ones.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return ()
    after = [each for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    positional_only = sum(each.kind is each.POSITIONAL_ONLY for each in parameters)
    if vector_parameters is None:
        after = [each for each in after if each.kind is each.KEYWORD_ONLY]
    else:
        after = after[max(0, vector_parameters - positional_only) :]
    return tuple(each.name for each in after if each.name in NAMES)
