"""Where the gradients of a step come from: how many backward passes, what they were added to, and who changed them afterwards."""

from __future__ import annotations

from typing import Any, Callable, Optional

import torch

from .marks import Mark, is_unwritten, mark_of
from .places import Place, calling_line
from .statistics import norms
from .tensors import WatchedTensor

Observe = Callable[..., None]
#: Relative; norms in float32 of many numbers may differ by so much.
_SAME_NORM = 1e-4


class GradientWatch:
    """The gradients from one step to the next."""

    def __init__(self, tensors: list[WatchedTensor], observe: Observe) -> None:
        self._tensors = tensors
        self._observe = observe
        self._marks: list[Optional[Mark]] = [None] * len(tensors)
        self._clip_place: Optional[Place] = None
        self._is_pass_divided = False
        self.begin()

    def begin(self) -> None:
        """A step has ended."""
        self._begin_sum()
        self._norm_before_unscale: Optional[torch.Tensor] = None
        self._clip_place = None
        self._mark()

    def _begin_sum(self) -> None:
        #: Backward passes that were added up, and reached a tensor of this optimizer.
        self.backwards = 0
        #: The sum of the numbers that they were called on.
        self.loss: Optional[torch.Tensor] = None
        #: The norm of the gradients after the last of them.
        self.norm: Optional[torch.Tensor] = None
        self._undivided: list[Optional[Place]] = []
        #: The gradients of the last step that the first pass was added to.
        self._carried: Optional[dict[str, Any]] = None

    def before_backward(self, roots: tuple[torch.Tensor, ...]) -> None:
        # The pass frees what this looks at.
        self._is_pass_divided = all(_is_divided(root) for root in roots)

    def after_backward(self, roots: tuple[torch.Tensor, ...]) -> None:
        reached = [i for i, each in enumerate(self._tensors) if not is_unwritten(self._marks[i], each.parameter.grad)]
        if not reached:
            # The gradients of another optimizer.
            return
        added = [self._tensors[i].name for i in reached if self._was_added_to(i)]
        if not added:
            self._begin_sum()
        elif self.backwards == 0:
            self._carried = {"tensors": added, "place": calling_line()}
        self.backwards += 1
        for root in roots:
            if root.numel() == 1:
                loss = root.detach().double()
                self.loss = loss if self.loss is None else self.loss + loss
        if not self._is_pass_divided:
            self._undivided.append(calling_line())
        self.norm = self._norm()
        self._mark()

    def after_clip(self) -> None:
        self._clip_place = calling_line()

    def before_unscale(self) -> None:
        self._norm_before_unscale = self._norm()

    def check_step(self) -> None:
        """Called at a step that is not the first one."""
        if self._carried is not None:
            self._observe("gradients-not-zeroed", **self._carried)
        grads = [each.parameter.grad for each in self._tensors]
        has_gradient = any(each is not None for each in grads)
        if self.backwards == 0 and has_gradient and all(map(is_unwritten, self._marks, grads)):
            self._observe("no-new-gradient")

    def check_recorded(self) -> None:
        """What needs values, which a device may still be computing."""
        before, now = self.norm, self._norm_before_unscale
        if before is not None and now is not None:
            a, b = float(before), float(now)
            if abs(a - b) > _SAME_NORM * abs(a):
                place = {"place": self._clip_place} if self._clip_place else {}
                self._observe("clipped-before-unscale", norm=a, clipped=b, **place)
        lines = {(each["file"], each["line"]) for each in self._undivided if each is not None}
        if self.backwards > 1 and len(self._undivided) == self.backwards and len(lines) == 1:
            # Of one line, so the passes are those of micro-batches, not of several losses.
            self._observe("loss-not-divided", backwards=self.backwards, place=self._undivided[0])

    def _was_added_to(self, i: int) -> bool:
        """Whether the backward pass was added to the gradient before: one in-place write since then, so none that set it to 0."""
        was, now = self._marks[i], self._tensors[i].parameter.grad
        return was is not None and now is not None and was.tensor() is now and now._version == was.version + 1

    def _norm(self) -> torch.Tensor:
        grads = [each.parameter.grad for each in self._tensors]
        return torch.linalg.vector_norm(norms([each for each in grads if each is not None and each.layout is torch.strided]))

    def _mark(self) -> None:
        self._marks = [mark_of(each.parameter.grad) for each in self._tensors]


def _is_divided(root: torch.Tensor) -> bool:
    """Whether the last operations of a loss divide it by a number, or multiply it by one below 1."""
    node: Any = root.grad_fn
    for _ in range(3):
        name = type(node).__name__
        if name.startswith("DivBackward"):
            return True
        if not name.startswith("MulBackward"):
            return False
        factor = getattr(node, "_saved_other", None)
        if isinstance(factor, (int, float)) and abs(factor) < 1:
            return True
        # A scaler multiplies by its scale.
        node = node.next_functions[0][0]
    return False
