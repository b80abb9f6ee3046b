"""Whether a tensor was written since a moment: by its identity, and torch's count of its in-place writes."""

from __future__ import annotations

from typing import NamedTuple, Optional
from weakref import ReferenceType, ref

import torch


class Mark(NamedTuple):
    """A tensor at a moment. It does not keep the tensor alive."""

    tensor: ReferenceType[torch.Tensor]
    version: int


def mark_of(tensor: Optional[torch.Tensor]) -> Optional[Mark]:
    return None if tensor is None else Mark(ref(tensor), tensor._version)


def is_unwritten(mark: Optional[Mark], tensor: Optional[torch.Tensor]) -> bool:
    """Whether this is the tensor of the mark, and torch counted no write since. Writes through ``.data`` are not counted."""
    if mark is None or tensor is None:
        return mark is None and tensor is None
    return mark.tensor() is tensor and mark.version == tensor._version
