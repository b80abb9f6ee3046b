"""The user's functions in one load of the modules, and how they are called."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Callable, Optional, Union

from .arrays import Arrays, arrays_of
from .calls import Call, Plain, Structured, Vector
from .context import Context
from .gradients.torch_module import ModuleCall, ModuleVector
from .library import library_of
from .modules import OwnModules, Texts, Transform, member
from .output import silent
from .problems import Problem
from .results import number_of
from .seeds import may_draw
from .structure import Leaf, entries_of, leaves_of, numbers_of

LossCall = Union[Call, ModuleCall]


class UserLoss:
    """The loss of a request, with its gradient, its validation loss and its start."""

    def __init__(
        self,
        request: dict[str, Any],
        texts: Texts,
        transform: Optional[Transform] = None,
        prepare: Callable[[OwnModules], None] = lambda _: None,
    ) -> None:
        """Imports the modules, which `transform` rewrites before and `prepare` changes after it. Raises Problem, and what they raise."""
        self._request = request
        self.modules = OwnModules(request["file"], texts, transform)
        self._main: ModuleType = self.modules.main()
        prepare(self.modules)
        function = self._function(request["exportName"])
        self._structure = self._given(request["params"])
        self._module = None if request["module"] is None else ModuleVector(self._member(request["module"]))
        self.library: str = (
            "torch" if self._module else request["library"] or library_of(function, self.modules)
        )
        self.arrays = self._module.arrays if self._module else _arrays(self.library, request["dtype"])
        self._vector: Vector = (
            Structured(self._structure, request["params"])
            if self._structure is not None
            else Plain(request["vector"]["kind"], request["vector"]["names"])
        )
        #: Whether the functions may draw random numbers.
        self.may_draw = may_draw(self.modules)
        self.loss: LossCall = self._called(function, request["lossName"])
        self.gradient = self._optional(request["gradient"])
        self.validation = self._optional(request["validation"])

    @property
    def is_vector(self) -> bool:
        """Whether the coordinates are in one array, and not in a structure or a module."""
        return self._structure is None and self._module is None

    def asks_for(self, *names: str) -> bool:
        """Whether one of the functions asks for a part of the context."""
        functions = [each for each in (self.loss, self.gradient, self.validation) if each is not None]
        return any(name in each.asks for each in functions for name in names)

    def value(self, params: memoryview, context: Context) -> float:
        """The loss at float64 parameters, shape [dim]. Raises Problem if it is no number, and what the loss raises."""
        return number_of(self.loss(self.arrays.vector(params), context), self.loss.name)

    def shapes(self) -> list[tuple[int, ...]]:
        """The shapes of the tensors that hold the parameters, in order; empty for one vector."""
        leaves = self._module.leaves() if self._module else [] if self._structure is None else leaves_of(self._structure)
        return [leaf.shape for leaf in leaves]

    def start(self) -> Optional[dict[str, Any]]:
        """The start of the module with the names that its structure gives; None if the module defines none."""
        if self._module:
            return _start_of(self._module.leaves(), "theta", self._request["module"])
        source = self._request["startExport"] if self._structure is None else self._request["params"]
        given = self._given(source) if self._structure is None else self._structure
        if given is None:
            return None
        leaves = leaves_of(given, source)
        start = _start_of(leaves, self._request["parameterName"] or "theta", source)
        is_list_of_numbers = isinstance(given, (list, tuple)) and all(leaf.shape == () for leaf in leaves)
        return {**start, "names": None} if is_list_of_numbers else start

    def loaded_again(
        self, transform: Optional[Transform] = None, prepare: Callable[[OwnModules], None] = lambda _: None
    ) -> UserLoss:
        """The same functions in modules of their own. What they print is not shown again."""
        try:
            with silent():
                return UserLoss(self._request, self.modules.texts, transform, prepare)
        finally:
            self.modules.activate()

    def _called(self, function: Callable[..., Any], name: str) -> LossCall:
        if self._module is None:
            return Call(function, name, self._vector, self.arrays, self.may_draw)
        data = self._request["data"]
        return ModuleCall(function, name, self._module, None if data is None else self._member(data), self.may_draw)

    def _optional(self, name: Optional[str]) -> Optional[LossCall]:
        return None if name is None else self._called(self._function(name), name)

    def _given(self, name: Optional[str]) -> Any:
        """The value of a variable, or the result of a function without parameters; None without a name."""
        given = None if name is None else self._member(name)
        return given() if callable(given) and not hasattr(given, "shape") else given

    def _function(self, address: str) -> Callable[..., Any]:
        function = self._member(address)
        if callable(function):
            return function
        raise Problem(
            "missing-export",
            f"{address} is no function after the import of {self.modules.title}: its type is {type(function).__name__}"
            " (replaced by a decorator or a later assignment?)",
        )

    def _member(self, address: str) -> Any:
        try:
            return member(self._main, address)
        except AttributeError:
            raise Problem("missing-export", self.modules.has_no(address)) from None


def _start_of(leaves: list[Leaf], vector: str, given: str) -> dict[str, Any]:
    values = [value for leaf in leaves for value in numbers_of(leaf, given)]
    return {"values": values, "names": entries_of(leaves, vector)}


def _arrays(library: str, dtype: str) -> Arrays:
    try:
        return arrays_of(library, dtype)
    except ImportError as error:
        raise Problem(
            "import-threw", f"the loss takes its parameters from {library}, which cannot be imported: {error}"
        ) from error
