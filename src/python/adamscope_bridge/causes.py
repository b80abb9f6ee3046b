"""Finds the expressions of a loss that cause what is wrong with it."""

from __future__ import annotations

import ast
from typing import Any, Optional

from .context import Context
from .deadline import TooLong, deadline
from .gradients.ways import method_of, preparation_of
from .ieee import ieee_operators, use_ieee_math
from .modules import Transform
from .output import silent
from .user_loss import UserLoss


def origin_of_non_finite(
    user: UserLoss, package: Optional[str], params: memoryview, context: Context, seconds: float
) -> Optional[dict[str, Any]]:
    """The expression that makes the loss not finite at a point, else the one that makes its gradient so; None if it is not found.

    ``package`` differentiates the loss; None if none does. The loss is loaded again with its expressions recorded.
    A search that takes longer than ``seconds`` is given up.
    """
    from .probing import SiteTable, find_gradient_origin, find_value_origin

    table = SiteTable()
    transform = recording_in(table)
    try:
        with silent(), deadline(seconds):
            # Numbers that overflow raise in Python, but are infinite in the run.
            recorded = user.loaded_again(lambda tree, path, text: ieee_operators(transform(tree, path, text)), use_ieee_math)
            recorded.modules.activate()

            def value() -> Any:
                return recorded.loss(recorded.arrays.vector(params), context)

            found = find_value_origin(table, value)
            if found is not None or package is None:
                return found
            recorded = user.loaded_again(transform, preparation_of(package))
            recorded.modules.activate()
            method = method_of(package, recorded.loss)

            def gradient() -> Any:
                return method.value_and_gradient(params, context)

            return find_gradient_origin(table, package, gradient)
    except TooLong:
        return None
    finally:
        user.modules.activate()


def recording_in(table: Any) -> Transform:
    """Makes the expressions of modules recorded."""
    from .probing import instrument

    def transform(tree: ast.Module, path: str, text: str) -> ast.Module:
        return instrument(tree, path, text, table)

    return transform
