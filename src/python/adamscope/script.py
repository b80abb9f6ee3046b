"""Runs a training script without a change of it, and watches each optimizer that it makes."""

from __future__ import annotations

import functools
import gc
import os
import runpy
import sys
from pathlib import Path
from typing import Any, Optional

import torch

from . import training
from .api import new_file, record
from .observations import sentence
from .reference import is_unseen
from .watch import Watch


def run_script(
    script: str, arguments: list[str], is_module: bool, folder: Optional[str], every: Optional[int]
) -> None:
    """As ``python script args…``: the same ``sys.argv``, ``sys.path`` and ``__main__``."""
    sys.argv = [script, *arguments]
    if not is_module:
        sys.path[0] = os.path.dirname(os.path.abspath(script))
    training.replace()
    made: list[Watch] = []
    out = Path(folder) if folder else Path.cwd()
    out.mkdir(parents=True, exist_ok=True)
    _watch_all(out, every, made)
    try:
        if is_module:
            runpy.run_module(script, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(script, run_name="__main__")
    finally:
        for each in made:
            each.close()
            if not each.steps:
                continue
            print(f"adamscope: watched {each.steps} steps of {each.optimizer_name} and recorded {each.recorded} in {each.path}", file=sys.stderr)
            for observation in each.observations:
                print(f"  {sentence(observation)}", file=sys.stderr)
        if not made:
            print("adamscope: the script made no optimizer of torch, so nothing was recorded", file=sys.stderr)


def _watch_all(folder: Path, every: Optional[int], made: list[Watch]) -> None:
    original = torch.optim.Optimizer.__init__

    @functools.wraps(original)
    def replacement(self: torch.optim.Optimizer, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if is_unseen():
            return
        made.append(record(self, lambda: model_of(self), lambda: new_file(folder), every=every))

    torch.optim.Optimizer.__init__ = replacement  # type: ignore[method-assign]


def model_of(optimizer: torch.optim.Optimizer) -> Optional[torch.nn.Module]:
    """The model that an optimizer trains: the module with the most parameters of the optimizer, and of those the one with the most
    parameters. None if no module has one of them."""
    own = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    best = (0, 0)
    found: Optional[torch.nn.Module] = None
    for each in gc.get_objects():
        if issubclass(type(each), torch.nn.Module):
            try:
                parameters = list(each.parameters())
            except Exception:  # noqa: BLE001  (a module whose constructor has not ended, or that is no ordinary one)
                continue
            shared = sum(id(parameter) in own for parameter in parameters)
            if shared and (shared, len(parameters)) > best:
                best, found = (shared, len(parameters)), each
    return found
