"""What makes the recordings of the ranks of a distributed training comparable: checksums at the same steps, without communication."""

from __future__ import annotations

import os
import sys
import zlib
from typing import Any, NamedTuple, Optional
from weakref import ref

import pyarrow as pa
import torch

from .reference import Snapshot

digest_type = pa.list_(pa.struct([("of", pa.string()), ("tensor", pa.int32()), ("digest", pa.int64())]))

#: Steps that all ranks record: powers of two up to this one, then each multiple of it.
_EVERY = 64
#: Numbers of a buffer that are compared.
_MOST_OF_BUFFER = 4096


class Rank(NamedTuple):
    """This process among those that train together."""

    rank: int
    world_size: int
    #: Equal on all ranks. Two jobs of one script with the same address, one after the other, differ by the time in their heads only.
    job: str


def this_rank() -> Optional[Rank]:
    """None for a training in one process."""
    distributed = torch.distributed
    if not distributed.is_available() or not distributed.is_initialized() or distributed.get_world_size() < 2:
        return None
    parts = [os.environ.get(name, "") for name in ("TORCHELASTIC_RUN_ID", "MASTER_ADDR", "MASTER_PORT")]
    return Rank(distributed.get_rank(), distributed.get_world_size(), " ".join([*parts, os.path.basename(sys.argv[0])]))


def is_compared(step: int) -> bool:
    """Whether all ranks record this step, whatever their pace."""
    return step % _EVERY == 0 or (step < _EVERY and step & (step - 1) == 0)


class Buffers:
    """The buffers of a model that are equal on all ranks. Running statistics are not: each rank updates them with its own data,
    except ``SyncBatchNorm``."""

    def __init__(self, model: Optional[torch.nn.Module]) -> None:
        self._model = None if model is None else ref(model)
        self.names = list(self._now())

    def copies(self) -> dict[int, torch.Tensor]:
        """Copies of at most ``_MOST_OF_BUFFER`` numbers of each that still exists, by its position in ``names``."""
        now = self._now()
        return {i: _sample(now[name]) for i, name in enumerate(self.names) if name in now}

    def _now(self) -> dict[str, torch.Tensor]:
        model = None if self._model is None else self._model()
        if model is None:
            return {}
        own = [
            module
            for module in model.modules()
            if isinstance(module, torch.nn.modules.batchnorm._NormBase) and not isinstance(module, torch.nn.SyncBatchNorm)
        ]
        running = {id(each) for module in own for each in module.buffers(False)}
        return {name: each for name, each in model.named_buffers() if id(each) not in running}


def digests(snapshots: list[Snapshot], buffers: dict[int, torch.Tensor]) -> list[dict[str, Any]]:
    """Checksums of the sampled coordinates after a step, of their state, and of buffers; bit for bit."""
    found = []
    for each in snapshots:
        arrays = {"parameter": each.params, **{name: value for name, value in each.state.items() if isinstance(value, torch.Tensor)}}
        found += [{"of": of, "tensor": each.tensor, "digest": _digest(value)} for of, value in arrays.items()]
    return found + [{"of": "buffer", "tensor": i, "digest": _digest(value)} for i, value in buffers.items()]


def _sample(values: torch.Tensor) -> torch.Tensor:
    flat = values.detach().reshape(-1)
    stride = -(-flat.numel() // _MOST_OF_BUFFER) or 1
    return flat[::stride].clone()


def _digest(values: torch.Tensor) -> int:
    # Of bytes, because numpy does not have all types of torch.
    return zlib.crc32(values.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy())
