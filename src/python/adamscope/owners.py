"""Which optimizer had a parameter last, also when that optimizer is gone."""

from __future__ import annotations

from typing import Callable, Optional

import torch
from torch.utils.weak import WeakIdKeyDictionary


class Owner:
    """An optimizer that is or was watched."""

    def __init__(self, kind: type, close: Callable[[], None]) -> None:
        self.kind = kind
        #: Ends its recording.
        self.close = close
        #: Its steps so far, and whether they left a state.
        self.steps = 0
        self.has_state = False


_owners = WeakIdKeyDictionary()


def own(parameters: list[torch.Tensor], owner: Owner) -> Optional[Owner]:
    """Makes an optimizer the owner of parameters. Returns the one that owned all of them before; None if there was none."""
    before = {_owners.get(each) for each in parameters}
    for each in parameters:
        _owners[each] = owner
    return before.pop() if len(before) == 1 else None
