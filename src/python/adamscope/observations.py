"""What is observed of a training, in words."""

from __future__ import annotations

import os
from typing import Any, NamedTuple, Optional

from .places import Place

WORDS = {
    "unexplained-update": "the step is not what the optimizer's formula makes of the parameters, gradients and state",
    "written-between": "parameters were written after the step before",
    "written-unseen": "parameters may have been written after the step before; their values were not compared",
    "no-new-gradient": "the step uses the gradient of the step before again",
    "gradients-not-zeroed": "gradients are added to those of the step before",
    "loss-not-divided": "several backward passes are added up, and no loss is divided by their number",
    "clipped-before-unscale": "gradients are clipped while they are scaled",
    "decays-vectors": "the weight decay includes biases and norms",
    "eps-vanishes": "eps is 0 in the type of the parameters",
    "update-below-spacing": "most parameters do not move, because updates are smaller than the spacing of their numbers",
    "never-reached": "parameters of the optimizer have no gradient",
    "not-in-optimizer": "parameters of the model are in no optimizer that is watched",
    "not-in-model": "parameters of the optimizer are not in the model",
    "optimizer-remade": "a new optimizer takes over parameters without the state of the one before",
    "state-lost": "the optimizer's state is gone, or counts fewer steps than before",
    "load-changed-state": "load_state_dict lost, reordered or rounded a part of the state",
    "schedule-before-step": "the scheduler steps before the first step of the optimizer",
    "schedule-after-skip": "the scheduler steps although the scaler skipped the step",
    "schedule-per-batch": "the schedule ends within an epoch, because the scheduler steps at each batch",
}
#: More names than these are counted.
_MOST_NAMES = 3


class Observation(NamedTuple):
    """The first one of its kind at its place, and how many followed."""

    kind: str
    step: int
    place: Optional[Place]
    tensors: list[str]
    count: int

    def again(self, evidence: dict[str, Any]) -> Observation:
        """It happened once more, perhaps to other tensors."""
        return self._replace(count=self.count + 1, tensors=list(dict.fromkeys([*self.tensors, *evidence.get("tensors", [])])))


def sentence(observation: Observation) -> str:
    """One line of text: place, what happened, the tensors, how often."""
    place = observation.place
    at = f"{os.path.relpath(place['file'])}:{place['line']}: " if place else ""
    names = observation.tensors[:_MOST_NAMES]
    more = len(observation.tensors) - len(names)
    tensors = f" ({', '.join(names)}{f' and {more} more' if more else ''})" if names else ""
    often = f", {observation.count} times" if observation.count > 1 else ""
    return f"{at}{WORDS[observation.kind]}{tensors} [{observation.kind}, step {observation.step}{often}]"


def observation_of(kind: str, step: int, evidence: dict[str, Any]) -> Observation:
    return Observation(kind, step, evidence.get("place"), list(evidence.get("tensors", [])), 1)
