"""The file of one recording: its head, its columns, and the events that are reported."""

from __future__ import annotations

import base64
import gzip
import json
import math
import os
import platform
import socket
import sys
import time
import zlib
from pathlib import Path
from typing import Any, BinaryIO, Callable, Optional

import numpy as np
import pyarrow as pa
import torch

from .observations import Observation, observation_of
from .quantities import Options, state_names
from .ranks import Rank, digest_type
from .statistics import largest_type, tensor_type
from .stream import Stream
from .tensors import WatchedTensor
from .version import VERSION

#: The version of the format of run files.
_FORMAT = 2
#: Coordinates whose exact values are in every row.
_MOST_COORDINATES = 64
_SCALARS = ("loss", "gradNorm", "clipFactor", "lr", "lossScale")


class Recording:
    """Rows of steps and events on their way to the file."""

    def __init__(
        self,
        file: BinaryIO,
        optimizer: torch.optim.Optimizer,
        tensors: list[WatchedTensor],
        place: Optional[dict[str, Any]],
        rank: Optional[Rank],
        buffers: list[str],
        on_error: Callable[[BaseException], None],
    ) -> None:
        self.path = Path(file.name)
        self._has_ended = False
        self.coordinates = _coordinates(tensors)
        self.state_names = state_names(optimizer, optimizer.param_groups[0])
        self._seen: dict[tuple[Any, ...], Observation] = {}
        head = _head(optimizer, tensors, self.coordinates, place, rank, buffers)
        texts = [[place["file"], _text(place["file"])]] if place else []
        packed = base64.b64encode(gzip.compress(json.dumps(texts).encode("utf-8"))).decode("ascii")
        metadata = {
            "adamscope": head,
            "adamscope.sources": packed,
            "adamscope.crc32": f"{zlib.crc32(packed.encode(), zlib.crc32(head.encode())):08x}",
        }
        self._stream = Stream(file, _schema(self.state_names, len(self.coordinates), metadata), on_error)

    def add(self, row: Callable[[], Optional[dict[str, Any]]], size: int) -> None:
        self._stream.add(row, size)

    def keyframe(self, encode: Callable[[], bytes], size: int) -> None:
        self._stream.add(lambda: {"keyframe": encode()}, size)

    def event(self, kind: str, step: int, **evidence: Any) -> None:
        """Reports an observation: the first one of a kind about its subject, then the 2nd, 4th, 8th and so on, with their number."""
        place = evidence.get("place") or {}
        subject = (kind, place.get("file"), place.get("line"))
        seen = self._seen.get(subject)
        seen = observation_of(kind, step, evidence) if seen is None else seen.again(evidence)
        self._seen[subject] = seen
        if seen.count & (seen.count - 1) == 0:
            text = _json({"step": step, "observed": {"kind": kind, "count": seen.count, **evidence}})
            self._stream.add(lambda: {"event": text}, len(text))

    @property
    def observations(self) -> list[Observation]:
        return list(self._seen.values())

    @property
    def waiting(self) -> int:
        return self._stream.waiting

    @property
    def seconds(self) -> float:
        return self._stream.seconds

    @property
    def size(self) -> int:
        return self._stream.size

    def ended(self, steps: int, failure: Optional[str] = None) -> None:
        """Says how the recording ended: the first call counts."""
        if self._has_ended:
            return
        self._has_ended = True
        end = {"steps": steps, "reason": "closed"} if failure is None else {"steps": steps, "reason": "failed", "message": failure}
        text = _json({"ended": end})
        self._stream.add(lambda: {"event": text}, len(text))

    def close(self) -> None:
        self._stream.close()


def _coordinates(tensors: list[WatchedTensor]) -> list[tuple[int, int]]:
    """Recorded coordinates as (tensor, position in its sample): of each tensor in turn, until there are enough."""
    found: list[tuple[int, int]] = []
    longest = max((len(tensor.sample) for tensor in tensors), default=0)
    for i in range(longest):
        for t, tensor in enumerate(tensors):
            if len(found) == _MOST_COORDINATES:
                return sorted(set(found))
            if i < len(tensor.sample):
                # Far from each other, because neighbours often behave alike.
                stride = max(1, len(tensor.sample) * len(tensors) // _MOST_COORDINATES)
                found.append((t, i * stride % len(tensor.sample)))
    return sorted(set(found))


def _schema(states: dict[str, str], coordinates: int, metadata: dict[str, str]) -> pa.Schema:
    values = pa.list_(pa.field("item", pa.float64(), nullable=False), coordinates)
    return pa.schema(
        [
            ("step", pa.int64()),
            *((name, pa.float64()) for name in _SCALARS),
            *((name, values) for name in ("params", "grad", "update", "effectiveLr", *states)),
            ("age", pa.int64()),
            ("seconds", pa.float64()),
            ("backwards", pa.int32()),
            ("skipped", pa.int32()),
            ("groupLr", pa.list_(pa.float64())),
            ("tensors", tensor_type),
            ("largest", largest_type),
            ("digests", digest_type),
            ("keyframe", pa.binary()),
            ("event", pa.string()),
        ],
        metadata=metadata,
    )


def _head(
    optimizer: torch.optim.Optimizer,
    tensors: list[WatchedTensor],
    coordinates: list[tuple[int, int]],
    place: Optional[dict[str, Any]],
    rank: Optional[Rank],
    buffers: list[str],
) -> str:
    first = 0
    described = []
    for tensor in tensors:
        described.append(
            {
                "name": tensor.name,
                "shape": list(tensor.shape),
                **({"globalShape": list(tensor.parameter.shape)} if tensor.is_sharded else {}),
                "dtype": tensor.dtype,
                "device": str(tensor.parameter.device),
                "group": tensor.group,
                "first": first,
                "sampled": len(tensor.sample),
            }
        )
        first += tensor.size
    starts = [each["first"] for each in described]
    recording = {
        "startedAt": int(time.time() * 1000),
        "optimizer": type(optimizer).__name__,
        "module": type(optimizer).__module__,
        "groups": [plain_options(group) for group in optimizer.param_groups],
        "dim": first,
        "tensors": described,
        "coordinates": [starts[t] + tensors[t].sample[i] for t, i in coordinates],
        "states": list(state_names(optimizer, optimizer.param_groups[0])),
        "place": place,
        "argv": sys.argv,
        "distributed": rank and {"rank": rank.rank, "worldSize": rank.world_size, "job": rank.job, "sharded": any(each.is_sharded for each in tensors)},
        "buffers": [{"name": name} for name in buffers],
        "process": {"pid": os.getpid(), "host": socket.gethostname()},
        "environment": {
            "interpreter": sys.executable,
            "version": platform.python_version(),
            "packages": {"torch": str(torch.__version__), "pyarrow": pa.__version__},
        },
    }
    return _json({"version": _FORMAT, "product": VERSION, "stride": 1, "recording": recording})


def plain_options(options: Options) -> Options:
    """Options of a group without its parameters; a tensor of one number is that number."""
    return {key: _plain(value) for key, value in options.items() if key not in ("params", "param_names")}


def _plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        return value.item()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value


def _json(value: Any) -> str:
    """JSON, in which numbers that are not finite are words, and objects that it does not have are their texts."""
    return json.dumps(_with_words(value), allow_nan=False, default=repr)


def _with_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_words(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_words(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
