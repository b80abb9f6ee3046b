"""What every way to compute a gradient offers."""

from __future__ import annotations

from typing import Any, Protocol

from ..context import Context


class Method(Protocol):
    """Computes the loss and its exact gradient. Raises NotExact if it cannot, and what the user's code raises."""

    #: In words for the user: "torch autograd", "complex step".
    words: str
    #: Whether it runs the plain program itself, so that its values need no comparison.
    is_plain: bool

    def value_and_gradient(self, params: memoryview, context: Context) -> tuple[Any, memoryview]:
        """The result of the loss, and the gradient as float64, shape [dim]."""
