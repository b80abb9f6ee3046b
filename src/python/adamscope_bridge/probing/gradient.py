"""Finds the expression whose derivative is not finite, by watching the backward pass of a package."""

from __future__ import annotations

import itertools
import sys
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence

from .backward import OUTSIDE, BackwardPass, Operation
from .instrumentation import KEY_BASE
from .origin import described, eagerly
from .recorder import INACTIVE, Recorder
from .site_table import SiteTable
from .values import faults, is_box, is_tensor, is_tracer

_METADATA = "adamscope"

# An identity of jax takes a millisecond or two.
_MOST_IDENTITIES = 6000


def gradient_origin(table: SiteTable, backend: str, evaluate: Callable[[], Any]) -> Optional[Dict[str, Any]]:
    """See `adamscope_bridge.probing.find_gradient_origin`."""
    recorders = {"torch": _TorchRecorder, "autograd": _AutogradRecorder, "jax": _JaxRecorder}
    kind = recorders.get(backend)
    if kind is None or backend not in sys.modules:
        return None
    recorder = kind(table)
    try:
        with eagerly():
            table.bind(recorder.functions())
            evaluate()
    except Exception:
        # The loss raises, or uses a derivative for which the recording has no rule.
        return None
    finally:
        table.bind(INACTIVE)
    origin = recorder.backward.origin
    return origin and described("non-finite-derivative", origin.site, origin.inputs, origin.result)


class _BackwardRecorder(Recorder):
    def __init__(self, table: SiteTable) -> None:
        super().__init__(table)
        self.backward = BackwardPass()
        # 0 is OUTSIDE.
        self.numbers = itertools.count(1)


class _TorchRecorder(_BackwardRecorder):
    """
    Each node of torch's graph belongs to the innermost expression that made it. A hook on the node gets its gradients, so
    the tensors themselves stay as they are.
    """

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        tensors = [tensor for tensor in _flat(value) if is_tensor(tensor) and tensor.requires_grad]
        if tensors:
            for operand in _flat(operands):
                if is_tensor(operand):
                    self._own(operand.grad_fn, None)
            operation = Operation(self.table.sites[site], value, operands)
            for tensor in tensors:
                self._own(tensor.grad_fn, operation)
        return value

    def _own(self, node: Any, operation: Optional[Operation]) -> None:
        """Gives all nodes from here on that have no owner to an operation; None: to what is not recorded."""
        rest = [node]
        while rest:
            node = rest.pop()
            if node is None or _METADATA in node.metadata or hasattr(node, "variable"):
                continue
            number = next(self.numbers) if operation else OUTSIDE
            node.metadata[_METADATA] = number
            rest.extend(before for before, _ in node.next_functions)
            if operation:
                node.register_hook(self._hook(operation, number, node.next_functions))

    def _hook(self, operation: Operation, number: int, before: Any) -> Callable[[Any, Any], None]:
        # The nodes are kept as the graph keeps them: by those after them.
        nodes = [node for node, _ in before]

        def received(inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
            try:
                is_finite = not any(faults(gradient) for gradient in outputs if gradient is not None)
                for node, gradient in zip(nodes, inputs):
                    if gradient is not None:
                        target = node.metadata.get(_METADATA, OUTSIDE) if node is not None else OUTSIDE
                        self.backward.passed(operation, number, is_finite, target, gradient)
            except Exception:
                pass

        return received


class _AutogradRecorder(_BackwardRecorder):
    """As with torch, on the nodes of the package autograd."""

    def __init__(self, table: SiteTable) -> None:
        super().__init__(table)
        # Identity of a node to its number, with the node so that the identity is not used again.
        self._numbered: Dict[int, Any] = {}

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        boxes = [box for box in _flat(value) if is_box(box)]
        if boxes:
            for operand in _flat(operands):
                if is_box(operand):
                    self._own(operand._node, None)
            operation = Operation(self.table.sites[site], value, operands)
            for box in boxes:
                self._own(box._node, operation)
        return value

    def number_of(self, node: Any) -> int:
        return self._numbered.get(id(node), (OUTSIDE, None))[0]

    def _own(self, node: Any, operation: Optional[Operation]) -> None:
        rest = [node]
        while rest:
            node = rest.pop()
            if id(node) in self._numbered or not hasattr(node, "vjp"):
                continue
            is_outside = operation is None or not node.parents
            number = OUTSIDE if is_outside else next(self.numbers)
            self._numbered[id(node)] = (number, node)
            rest.extend(node.parents)
            if operation is not None and not is_outside:
                node.vjp = self._watched(node.vjp, node.parents, operation, number)

    def _watched(
        self, vjp: Callable[[Any], Any], parents: Sequence[Any], operation: Operation, number: int
    ) -> Callable[[Any], Any]:
        def watched(gradient: Any) -> Any:
            passed = tuple(vjp(gradient))
            try:
                is_finite = not faults(gradient)
                for parent, to_parent in zip(parents, passed):
                    self.backward.passed(operation, number, is_finite, self.number_of(parent), to_parent)
            except Exception:
                pass
            return passed

        return watched


class _JaxRecorder(_BackwardRecorder):
    """
    jax has no graph that could be watched. Operands and values pass through identities whose backward pass reports what it
    receives. They have no rule for forward mode.
    """

    def __init__(self, table: SiteTable) -> None:
        super().__init__(table)
        self._identity = _jax_identity()
        self._left = _MOST_IDENTITIES
        # Identity of a value to its number, with the value.
        self._numbered: Dict[int, Any] = {}

    def functions(self) -> Dict[str, Callable[..., Any]]:
        functions = super().functions()
        keep_value = functions["keep"]
        sites = self.table.sites

        def keep(key: int, value: Any) -> Any:
            if not is_tracer(value) or self._left <= 0 or sites[key // KEY_BASE].operation == "pass":
                return keep_value(key, value)
            edge = _Edge(self, value)
            passed = self._passed(edge, value)
            keep_value(key, edge)
            return passed

        return {**functions, "keep": keep, "keep_copy": keep}

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        edges = [operand for operand in operands if isinstance(operand, _Edge)]
        if not edges:
            return value
        given = [operand.value if isinstance(operand, _Edge) else operand for operand in operands]
        result = _Result(Operation(self.table.sites[site], value, given), next(self.numbers))
        for edge in edges:
            edge.result = result
        if is_tracer(value):
            return self._numbered_value(result, value)
        if type(value) is tuple:
            return tuple(self._numbered_value(result, one) if is_tracer(one) else one for one in value)
        return value

    def target_of(self, value: Any) -> int:
        return self._numbered.get(id(value), (OUTSIDE, None))[0]

    def _numbered_value(self, result: _Result, value: Any) -> Any:
        passed = self._passed(result, value)
        self._numbered[id(passed)] = (result.number, passed)
        return passed

    def _passed(self, watcher: Any, value: Any) -> Any:
        jax = sys.modules["jax"]
        if self._left <= 0 or not jax.numpy.issubdtype(value.dtype, jax.numpy.floating):
            return value
        self._left -= 1
        return self._identity(watcher, value)


class _Result:
    """Receives the gradient of an expression's value."""

    def __init__(self, operation: Operation, number: int) -> None:
        self.operation = operation
        self.number = number
        self.is_finite = True

    def receive(self, gradient: Any) -> None:
        if faults(gradient):
            self.is_finite = False


class _Edge:
    """Receives the gradient that an expression gives to one of its operands."""

    def __init__(self, recorder: _JaxRecorder, value: Any) -> None:
        self._recorder = recorder
        self.value = value
        # Unset where the expression raised.
        self.result: Optional[_Result] = None

    def receive(self, gradient: Any) -> None:
        if self.result is not None:
            result = self.result
            target = self._recorder.target_of(self.value)
            self._recorder.backward.passed(result.operation, result.number, result.is_finite, target, gradient)


def _jax_identity() -> Callable[[Any, Any], Any]:
    jax = sys.modules["jax"]

    def identity(watcher: Any, value: Any) -> Any:
        return value

    def forward(watcher: Any, value: Any) -> Any:
        return value, None

    def backward(watcher: Any, _: Any, gradient: Any) -> Any:
        try:
            watcher.receive(gradient)
        except Exception:
            pass
        return (gradient,)

    function = jax.custom_vjp(identity, nondiff_argnums=(0,))
    function.defvjp(forward, backward)
    return function


def _flat(value: Any, depth: int = 2) -> Iterator[Any]:
    if isinstance(value, (list, tuple)) and depth:
        for element in value:
            yield from _flat(element, depth - 1)
    elif isinstance(value, dict) and depth:
        for element in value.values():
            yield from _flat(element, depth - 1)
    else:
        yield value
