"""What must hold from one step of an optimizer to the next: nobody else writes to parameters and state, and each gradient is new."""

from __future__ import annotations

from typing import Any, Callable

import torch

from .audit import compare
from .ledger import are_same, kind_of_change, state_lost
from .reference import Snapshot
from .tensors import WatchedTensor

#: An event lists so many differences of an audit, and so many loads, and states their number.
_MOST_DIFFERENCES = 8


class Continuity:
    """Compares the moment before a step with that after the step before."""

    def __init__(self, tensors: list[WatchedTensor], observe: Callable[..., None]) -> None:
        self._tensors = tensors
        self._observe = observe
        #: Sampled coordinates after the last step; empty if the next one is not recorded.
        self._after: list[Snapshot] = []
        #: By tensor: the values before the last write, to which a swap returns.
        self._replaced: dict[int, torch.Tensor] = {}
        self._versions: list[int] = []
        #: Calls of ``load_state_dict`` since the last step.
        self._loaded: list[str] = []

    def after_step(self, snapshots: list[Snapshot]) -> None:
        """``snapshots``: of this moment, if the next step is recorded."""
        self._after = snapshots
        self._loaded = []
        self._versions = [tensor.version for tensor in self._tensors]

    def after_load(self, target: Any, given: Any, optimizer: torch.optim.Optimizer) -> None:
        if len(self._loaded) < _MOST_DIFFERENCES:
            self._loaded.append(f"{type(target).__name__}.load_state_dict")
        # Comparing tensors that are split over the ranks would wait for the other ranks.
        is_whole = not any(each.is_sharded for each in self._tensors)
        if target is optimizer and isinstance(given, dict) and is_whole:
            differences = compare(given, optimizer.state_dict())
            if differences:
                found = [each._asdict() for each in differences[:_MOST_DIFFERENCES]]
                self._observe("load-changed-state", differences=found, number=len(differences))

    def check_versions(self) -> None:
        """In-place writes to parameters since the last step, by torch's count of them: at steps whose values are not compared."""
        versions = zip(self._tensors, self._versions)
        written = [tensor.name for tensor, version in versions if tensor.version != version]
        if written:
            self._observe("written-unseen", tensors=written, loaded=self._loaded)

    def has_same_gradients(self, before: list[Snapshot]) -> bool:
        last = {each.tensor: each.grad for each in self._after}
        now = {each.tensor: each.grad for each in before}
        return bool(now) and now.keys() == last.keys() and all(are_same(last[i], now[i]) for i in now)

    def check(self, before: list[Snapshot]) -> None:
        """The parameters and the state must be those after the last step."""
        last = {each.tensor: each for each in self._after}
        written = []
        for now in before:
            was = last.get(now.tensor)
            if was is None or was.params.shape != now.params.shape:
                continue
            if state_lost(was.state, now.state):
                self._observe("state-lost", tensors=[self._tensors[now.tensor].name], loaded=self._loaded)
            if not are_same(was.params, now.params):
                written.append((was, now))
        if not written:
            return
        was, now = written[0]
        change = kind_of_change(was.params, now.params, self._replaced.get(now.tensor))
        self._observe(
            "written-between",
            tensors=[self._tensors[each.tensor].name for _, each in written],
            how=change.kind,
            values=change.values,
            loaded=self._loaded,
        )
        self._replaced = {each.tensor: each.params for each, _ in written}

    def forget(self) -> None:
        """Lets all copies go."""
        self._after = []
        self._replaced = {}
