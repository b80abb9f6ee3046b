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
        self._place_of_scaled_clip: Optional[Place] = None
        self._is_pass_divided = False
        #: The tensors whose gradient was that of the mark, and not 0, before the pass.
        self._full: set[int] = set()
        self.begin()

    def begin(self) -> None:
        """A step has ended."""
        self._begin_sum()
        self._norm_before_unscale: Optional[torch.Tensor] = None
        self._clip_place = self._place_of_scaled_clip = None
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
        self._is_pass_divided = all(_is_divided(root.grad_fn) for root in roots)
        # Gradients that were set to 0 without torch's knowledge, through `.data`, are as good as new ones.
        self._full = set()
        for i, each in enumerate(self._tensors):
            mark, grad = self._marks[i], each.parameter.grad
            if mark is not None and grad is not None and is_unwritten(mark, grad) and bool(grad.detach().any()):
                self._full.add(i)

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
        self._place_of_scaled_clip = self._clip_place
        self._norm_before_unscale = self._norm()

    def check_step(self, are_equal: bool) -> None:
        """Called at a step that is not the first one. ``are_equal``: its sampled gradients are those of the step before."""
        if self._carried is not None:
            self._observe("gradients-not-zeroed", **self._carried)
        grads = [each.parameter.grad for each in self._tensors]
        if self.backwards == 0 and are_equal and all(map(is_unwritten, self._marks, grads)):
            self._observe("no-new-gradient")

    def check_recorded(self) -> None:
        """What needs values, which a device may still be computing."""
        before, now = self.norm, self._norm_before_unscale
        if self._place_of_scaled_clip is not None and before is not None and now is not None:
            a, b = float(before), float(now)
            if abs(a - b) > _SAME_NORM * abs(a):
                self._observe("clipped-before-unscale", norm=a, clipped=b, place=self._place_of_scaled_clip)
        lines = {(each["file"], each["line"]) for each in self._undivided if each is not None}
        if self.backwards > 1 and len(self._undivided) == self.backwards and len(lines) == 1:
            # Of one line, so the passes are those of micro-batches, not of several losses.
            self._observe("loss-not-divided", backwards=self.backwards, place=self._undivided[0])

    def _was_added_to(self, i: int) -> bool:
        """Whether the backward pass was added to the gradient before: one in-place write since then, so none that set it to 0."""
        was, now = self._marks[i], self._tensors[i].parameter.grad
        is_same = was is not None and now is not None and was.tensor() is now
        return is_same and i in self._full and now._version == was.version + 1

    def _norm(self) -> torch.Tensor:
        grads = [each.gradient for each in self._tensors]
        return torch.linalg.vector_norm(norms([each for each in grads if each is not None]))

    def _mark(self) -> None:
        self._marks = [mark_of(each.parameter.grad) for each in self._tensors]


#: Operations that leave a loss as it is.
_KEEPING = ("ToCopyBackward", "CloneBackward", "ViewBackward", "ReshapeBackward", "SqueezeBackward")


def _is_divided(node: Any) -> bool:
    """Whether the last operations of a loss divide it by a number, or multiply it by one below 1.

    True where this cannot be known: of a function that the script or a compiler wrote.
    """
    name = type(node).__name__
    if node is None or name.startswith("DivBackward"):
        return True
    if name.startswith("AddBackward"):
        return all(_is_divided(each) for each, _ in node.next_functions)
    if name.startswith("MulBackward"):
        # A scaler multiplies by its scale.
        return _is_below_1(node._saved_other) or _is_divided(node.next_functions[0][0])
    if name.startswith(_KEEPING):
        return _is_divided(node.next_functions[0][0])
    # torch numbers its own operations.
    return not name[-1:].isdigit()


def _is_below_1(factor: Any) -> bool:
    return isinstance(factor, torch.Tensor) and factor.numel() == 1 and abs(float(factor)) < 1
