"""A loss whose expressions are recorded, for any number of searches."""

from __future__ import annotations

from typing import Any, Callable, Optional, TypeVar

from .causes import recording_in
from .context import Context
from .deadline import TooLong, deadline
from .modules import OwnModules
from .output import silent
from .user_loss import UserLoss

Found = TypeVar("Found")


class RecordedLoss:
    """The loss of a program, loaded again with its expressions recorded. A search that takes longer than ``seconds`` finds nothing."""

    def __init__(self, user: UserLoss, seconds: float, prepare: Callable[[OwnModules], None] = lambda _: None) -> None:
        from .probing import SiteTable, stop_recording

        self._user = user
        self._seconds = seconds
        self.table = SiteTable()
        with silent():
            self._recorded = user.loaded_again(recording_in(self.table), prepare)
        stop_recording(self.table)

    @property
    def loss(self) -> Any:
        return self._recorded.loss

    def result(self, params: memoryview, context: Context) -> Any:
        """What the loss returns."""
        return self._recorded.loss(self._recorded.arrays.vector(params), context)

    def value(self, params: memoryview, context: Context) -> float:
        return self._recorded.value(params, context)

    def place(self, site: int) -> dict[str, Any]:
        found = self.table.sites[site]
        return {**found.location(), "expression": found.expression}

    def searched(self, search: Callable[[], Found]) -> Optional[Found]:
        """The result of a search; None if it took too long."""
        try:
            with silent(), deadline(self._seconds):
                self._recorded.modules.activate()
                return search()
        except TooLong:
            return None
        finally:
            self._user.modules.activate()
