"""The functions that a training script calls."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import BinaryIO, Callable, Optional, Union
from weakref import finalize

import torch

from .places import calling_line
from .tensors import is_lazy, is_sharded
from .watch import Watch


def watch(
    optimizer: torch.optim.Optimizer,
    model: Optional[torch.nn.Module] = None,
    *,
    path: Union[str, "os.PathLike[str]", None] = None,
    seed: int = 0,
    time_share: float = 0.02,
    megabytes_per_hour: float = 20.0,
    every: Optional[int] = None,
) -> Watch:
    """Records an optimizer while it trains. Neither the training nor its random numbers change.

    optimizer           an optimizer of ``torch.optim``, or a subclass; its parameters of any shape and device
    model               gives the parameters their names
    path                the file, which must not exist; ``SCRIPT-TIME.adamscope`` in the current folder otherwise
    seed                chooses the coordinates that are looked at
    time_share          the share of the time of training that recording may take, in (0, 1]
    megabytes_per_hour  what the file may grow by, a tenth of it at once
    every               record each so many steps, instead of as many as the two budgets allow

    Raises ValueError for a budget that is none, TypeError for an object that is no optimizer, FileExistsError and OSError for a
    file that cannot be made.
    """
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(f"adamscope.watch needs an optimizer of torch, not {type(optimizer).__name__}")
    if not 0 < time_share <= 1:
        raise ValueError(f"time_share must be above 0 and at most 1, not {time_share}")
    if not megabytes_per_hour > 0:
        raise ValueError(f"megabytes_per_hour must be above 0, not {megabytes_per_hour}")
    if every is not None and every < 1:
        raise ValueError(f"every must be at least 1, not {every}")
    made = record(
        optimizer,
        lambda: model,
        lambda: new_file() if path is None else open(path, "xb", buffering=0),
        seed=seed,
        time_share=time_share,
        megabytes_per_hour=megabytes_per_hour,
        every=every,
    )
    try:
        if not is_lazy(optimizer):
            made.open()
    except BaseException:
        made.close()
        raise
    return made


def record(
    optimizer: torch.optim.Optimizer,
    model: Callable[[], Optional[torch.nn.Module]],
    file: Callable[[], BinaryIO],
    *,
    seed: int = 0,
    time_share: float = 0.02,
    megabytes_per_hour: float = 20.0,
    every: Optional[int] = None,
) -> Watch:
    """As ``watch``; the file is made, and the model is asked for, when the training begins."""
    made = Watch(
        optimizer,
        model,
        file,
        calling_line(),
        seed=seed,
        time_share=time_share,
        megabytes_per_hour=megabytes_per_hour,
        every=every,
    )
    if any(is_sharded(each) for each in made.parameters()):
        # The model has these tensors now, and others while its layers are computed.
        made.open()
    # At the end of the process, or when the script does not need the optimizer any more.
    finalize(optimizer, made.close)
    return made


def new_file(folder: Optional[Path] = None) -> BinaryIO:
    """Makes a file named after the script, the time, and the rank of a distributed training. It never replaces one, also if two
    processes begin in the same second."""
    script = Path(sys.argv[0]).stem or "training"
    rank = os.environ.get("RANK")
    stem = f"{script}-{time.strftime('%Y%m%d-%H%M%S')}{'' if rank is None else f'-rank{rank}'}"
    for i in range(1, 1000):
        try:
            return open((folder or Path.cwd()) / f"{stem}{f'-{i}' if i > 1 else ''}.adamscope", "xb", buffering=0)
        except FileExistsError:
            continue
    raise FileExistsError(f"{stem}.adamscope and 998 others exist")
