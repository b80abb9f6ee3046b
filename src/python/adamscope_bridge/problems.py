"""Problems with the user's code that are no exceptions of it."""

from __future__ import annotations

from typing import Any, Optional


class Problem(Exception):
    """A problem that is reported to the user.

    ``code`` is one of the problem codes of Adamscope. Without a place, it is shown at the name of the loss.
    """

    def __init__(self, code: str, message: str, place: Optional[dict[str, Any]] = None) -> None:
        super().__init__(message)
        self.code = code
        self.place = place


class NotExact(Exception):
    """The exact gradient cannot be computed in this way. The message is a clause: "round() has no derivative"."""
