"""One loading of the user's loss, with everything that the job evaluates of it."""

from __future__ import annotations

import ast
from array import array
from types import ModuleType
from typing import Any, Callable, Optional

from .arrays import Arrays, arrays_of
from .calls import Call, Plain, Structured, Vector
from .channel import PROVIDED, VALIDATION, WITH_GRADIENT, Evaluation
from .context import Context
from .deadline import TooLong, deadline
from .exact import ExactGradient
from .gradients.method import Method
from .gradients.torch_module import ModuleCall, TorchModuleAutograd
from .library import library_of
from .modules import OwnModules, Texts, Transform, member
from .output import silent
from .problems import NotExact, Problem
from .results import gradient_of, number_of
from .seeds import may_draw, seed_of, set_seeds
from .structure import Leaf, entries_of, leaves_of, numbers_of


class Program:
    """A loss, loaded with the texts of the editor."""

    def __init__(self, request: dict[str, Any], texts: Texts) -> None:
        """Imports the modules. Raises Problem, and what they raise."""
        self._request = request
        self._name: str = request["lossName"]
        self._texts = texts
        self.modules = OwnModules(request["file"], texts)
        self._seed: int = request["seed"]
        main = self.modules.main()
        self._main = main
        structure = self._params()
        self.library: str = (
            "torch"
            if request["module"]
            else request["library"] or library_of(self._member(request["exportName"]), self.modules)
        )
        self._arrays = _arrays(self.library, request["dtype"])
        self._vector: Vector = (
            Structured(structure) if structure is not None else Plain(request["vector"]["kind"], request["vector"]["names"])
        )
        self._structure = structure
        self.loss = self._call_in(main)
        self._gradient = self._optional("gradient")
        self._validation = self._optional("validation")
        functions = [each for each in (self.loss, self._gradient, self._validation) if each is not None]
        self._asks_for_key = any(name in each.asks for each in functions for name in ("key", "context"))
        #: Whether the loss may draw random numbers, whose generators are then seeded for each evaluation.
        self.may_draw = may_draw(self.modules)
        self.notices: list[dict[str, Any]] = []
        self.exact = ExactGradient(self._ways(), self._method_changed)

    # The start.

    def start(self) -> Optional[dict[str, Any]]:
        """The start of the module with the names that its structure gives; None if the module defines none."""
        name = self._request["startExport"]
        if isinstance(self.loss, ModuleCall):
            return _start_of(self.loss.leaves(), "theta")
        given = self._structure if self._structure is not None else None if name is None else self._member(name)
        if given is None:
            return None
        if callable(given) and not hasattr(given, "shape"):
            given = given()
        leaves = leaves_of(given)
        is_list_of_numbers = isinstance(given, (list, tuple)) and all(leaf.shape == () for leaf in leaves)
        start = _start_of(leaves, self._request["parameterName"] or "theta")
        return {**start, "names": None} if is_list_of_numbers else start

    # Evaluations.

    def evaluate(self, request: Evaluation) -> tuple[float, Optional[memoryview]]:
        """The loss, and its gradient as float64 if it is asked for. Raises what the user's code raises, Problem and NotExact."""
        self.modules.activate()
        call = self._validation if request.flags & VALIDATION else self.loss
        assert call is not None
        context = self._context(request)
        if not request.flags & WITH_GRADIENT:
            self._seed_generators(context)
            return number_of(call(self._arrays.vector(request.params), context), call.name), None
        if request.flags & PROVIDED:
            return self._provided(request.params, context)
        loss, gradient = self.exact.value_and_gradient(request.params, context, self.loss, self._entering(context))
        return loss, gradient

    def _provided(self, params: memoryview, context: Context) -> tuple[float, memoryview]:
        assert self._gradient is not None
        self._seed_generators(context)
        loss = number_of(self.loss(self._arrays.vector(params), context), self._name)
        self._seed_generators(context)
        result = self._gradient(self._arrays.vector(params), context)
        names = self._request["vector"]["names"] or None
        return loss, gradient_of(result, len(params), self._gradient.name, names)

    def _context(self, request: Evaluation) -> Context:
        seed = seed_of(self._seed, request.step)
        indices = None if request.indices is None else self._arrays.indices(request.indices)
        key = None
        if self.library == "jax" and self._asks_for_key:
            key = _key(seed)
        return Context(indices, request.step, request.epoch, seed, key)

    def _entering(self, context: Context) -> Callable[[bool], None]:
        def entering(is_plain: bool) -> None:
            (self.modules if is_plain else self._exact_modules).activate()
            self._seed_generators(context)

        return entering

    def _seed_generators(self, context: Context) -> None:
        if self.may_draw:
            set_seeds(context.seed)

    def varies_by_step(self, start: Optional[list[float]]) -> bool:
        """Whether the loss differs between two steps at its start because of random numbers. Evaluates this load twice."""
        if not self.may_draw:
            return False
        given = start
        if given is None:
            own = self.start()
            given = own and own["values"]
        if given is None:
            return False
        params = memoryview(array("d", given))
        losses = []
        for step in (1, 2):
            request = Evaluation(0, 0, step, 0, None, params)
            try:
                losses.append(self.evaluate(request)[0])
            except Exception:
                # The loss may need samples, or fail here: the run will say so.
                return False
        return losses[0] != losses[1]

    # The ways to an exact gradient.

    _exact_modules: OwnModules

    def _ways(self) -> list[tuple[str, Callable[[], Method]]]:
        """In the order in which they are tried."""
        self._exact_modules = self.modules
        if self._request["gradientMode"] in ("finite-difference",):
            return []
        if isinstance(self.loss, ModuleCall):
            call = self.loss
            return [("torch autograd", lambda: TorchModuleAutograd(call))]
        if self.library == "torch":
            return [("torch autograd", self._torch)]
        if self.library == "jax":
            return [("jax.value_and_grad", self._jax)]
        if self.library == "numpy":
            return [("autograd", self._autograd), ("complex step", self._complex_step)]
        return [("reverse mode", self._tape)]

    def _torch(self) -> Method:
        return _method_of("torch", self.loss)

    def _jax(self) -> Method:
        return _method_of("jax", self.loss)

    def _autograd(self) -> Method:
        from .gradients.autograd_numpy import AutogradNumpy, use_autograd

        try:
            import autograd  # noqa: F401
        except ImportError:
            raise NotExact("the package autograd is not installed") from None
        return AutogradNumpy(self._exact_load(use_autograd))

    def _complex_step(self) -> Method:
        from .gradients.complex_step import ComplexStep

        if self._structure is not None:
            raise NotExact("the complex step needs the parameters as one vector")
        self._exact_modules = self.modules
        return ComplexStep(self.loss)

    def _tape(self) -> Method:
        from .gradients.plain_tape import PlainTape, use_tape

        return PlainTape(self._exact_load(use_tape))

    def _exact_load(self, prepare: Callable[[OwnModules], None]) -> Call:
        """The loss in modules of its own, which are prepared for a gradient."""
        modules, call = self._loaded_again(None, prepare)
        self._exact_modules = modules
        assert isinstance(call, Call)
        return call

    def _loaded_again(
        self, transform: Optional[Transform], prepare: Callable[[OwnModules], None] = lambda _: None
    ) -> tuple[OwnModules, Call | ModuleCall]:
        """Another load of the loss, whose modules are rewritten while they are loaded, and prepared afterwards."""
        modules = OwnModules(self._request["file"], self._texts, transform)
        try:
            with silent():
                main = modules.main()
                prepare(modules)
                return modules, self._call_in(main)
        finally:
            self.modules.activate()

    def _call_in(self, main: ModuleType) -> Call | ModuleCall:
        function = self._member(self._request["exportName"], main)
        module, data = self._request["module"], self._request["data"]
        if module is None:
            return Call(function, self._name, self._vector, self._arrays)
        return ModuleCall(
            function, self._name, self._member(module, main), None if data is None else self._member(data, main)
        )

    # Causes.

    def origin(self, request: dict[str, Any]) -> Optional[dict[str, Any]]:
        """The expression that makes the loss, or else its gradient, not finite; None if it is not found.

        A search that takes longer than the time of the request is given up.
        """
        from .probing import SiteTable, find_gradient_origin, find_value_origin, instrument

        indices = request["indices"]
        evaluation = Evaluation(
            0,
            0,
            request["step"],
            request["epoch"],
            None if indices is None else memoryview(array("i", indices)),
            memoryview(array("d", request["params"])),
        )
        table = SiteTable()

        def transform(tree: ast.Module, path: str, text: str) -> ast.Module:
            return instrument(tree, path, text, table)

        try:
            with silent(), deadline(request["seconds"]):
                modules, call = self._loaded_again(transform)
                modules.activate()
                context = self._context(evaluation)

                def value() -> Any:
                    self._seed_generators(context)
                    return call(call.arrays.vector(evaluation.params), context)

                found = find_value_origin(table, value)
                if found is not None or self.exact.words is None:
                    return found
                return self._gradient_origin(transform, table, evaluation.params, context, find_gradient_origin)
        except TooLong:
            return None
        finally:
            self.modules.activate()

    def _gradient_origin(
        self, transform: Transform, table: Any, params: memoryview, context: Context, find: Callable[..., Any]
    ) -> Optional[dict[str, Any]]:
        backends = {"torch autograd": "torch", "jax.value_and_grad": "jax", "autograd": "autograd"}
        backend = backends.get(self.exact.words or "")
        if backend is None:
            return None
        prepare: Callable[[OwnModules], None] = lambda _: None  # noqa: E731
        if backend == "autograd":
            from .gradients.autograd_numpy import use_autograd as prepare
        modules, call = self._loaded_again(transform, prepare)
        modules.activate()
        method = _method_of(backend, call)

        def gradient() -> Any:
            self._seed_generators(context)
            return method.value_and_gradient(params, context)

        return find(table, backend, gradient)

    def _method_changed(self) -> None:
        self.notices.append({"type": "method"})

    # The module.

    def _member(self, address: str, main: Optional[ModuleType] = None) -> Any:
        try:
            return member(main or self._main, address)
        except AttributeError:
            raise Problem("missing-export", f"{self.modules.name} has no {address} after its import") from None

    def _params(self) -> Any:
        name = self._request["params"]
        if name is None:
            return None
        given = self._member(name)
        return given() if callable(given) and not hasattr(given, "shape") else given

    def _optional(self, key: str) -> Optional[Call]:
        name = self._request[key]
        if name is None:
            return None
        return Call(self._member(name), name, self._vector, self._arrays)


def _method_of(backend: str, call: Call | ModuleCall) -> Method:
    if isinstance(call, ModuleCall):
        return TorchModuleAutograd(call)
    if backend == "torch":
        from .gradients.torch_autograd import TorchAutograd

        return TorchAutograd(call)
    if backend == "jax":
        from .gradients.jax_autodiff import JaxAutodiff

        return JaxAutodiff(call)
    from .gradients.autograd_numpy import AutogradNumpy

    return AutogradNumpy(call)


def _start_of(leaves: list[Leaf], vector: str) -> dict[str, Any]:
    values = [value for leaf in leaves for value in numbers_of(leaf)]
    return {"values": values, "names": entries_of(leaves, vector)}


def _arrays(library: str, dtype: str) -> Arrays:
    try:
        return arrays_of(library, dtype)
    except ImportError as error:
        raise Problem("import-threw", f"the loss takes its parameters from {library}, which cannot be imported: {error}") from None


def _key(seed: int) -> Any:
    import jax

    return jax.random.PRNGKey(seed)
