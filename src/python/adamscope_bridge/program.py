"""One loading of the user's loss, with everything that the job evaluates of it."""

from __future__ import annotations

from array import array
from typing import Any, Callable, Optional

from .arrays import Arrays, arrays_of
from .calls import Call, Plain, Structured, Vector
from .channel import PROVIDED, VALIDATION, WITH_GRADIENT, Evaluation
from .context import Context
from .exact import ExactGradient
from .gradients.method import Method
from .gradients.torch_module import ModuleCall, TorchModuleAutograd
from .library import library_of
from .modules import OwnModules, Texts, member
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
        function = self._member(request["exportName"])
        structure = self._params()
        self.library: str = "torch" if request["module"] else request["library"] or library_of(function, self.modules)
        self._arrays = _arrays(self.library, request["dtype"])
        self._vector: Vector = (
            Structured(structure) if structure is not None else Plain(request["vector"]["kind"], request["vector"]["names"])
        )
        self._structure = structure
        self.loss: Call | ModuleCall = (
            self._module_call(function) if request["module"] else Call(function, self._name, self._vector, self._arrays)
        )
        self._gradient = self._optional("gradient")
        self._validation = self._optional("validation")
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
        if "key" in self.loss.asks or "context" in self.loss.asks:
            key = _key(seed) if self.library == "jax" else None
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
        from .gradients.torch_autograd import TorchAutograd

        return TorchAutograd(self.loss)

    def _jax(self) -> Method:
        from .gradients.jax_autodiff import JaxAutodiff

        return JaxAutodiff(self.loss)

    def _autograd(self) -> Method:
        from .gradients.autograd_numpy import AutogradNumpy, use_autograd

        try:
            import autograd  # noqa: F401
        except ImportError:
            raise NotExact("the package autograd is not installed") from None
        return AutogradNumpy(self._second_load(use_autograd))

    def _complex_step(self) -> Method:
        from .gradients.complex_step import ComplexStep

        if self._structure is not None:
            raise NotExact("the complex step needs the parameters as one vector")
        self._exact_modules = self.modules
        return ComplexStep(self.loss)

    def _tape(self) -> Method:
        from .gradients.plain_tape import PlainTape, use_tape

        return PlainTape(self._second_load(use_tape))

    def _second_load(self, prepare: Callable[[OwnModules], None]) -> Call:
        """The loss in modules of its own, which are prepared for a gradient."""
        modules = OwnModules(self._request["file"], self._texts)
        try:
            with silent():
                main = modules.main()
            prepare(modules)
            function = member(main, self._request["exportName"])
        finally:
            self.modules.activate()
        self._exact_modules = modules
        return Call(function, self._name, self._vector, self._arrays)

    def _method_changed(self) -> None:
        self.notices.append({"type": "method"})

    # The module.

    def _module_call(self, function: Any) -> ModuleCall:
        data = self._request["data"]
        return ModuleCall(
            function, self._name, self._member(self._request["module"]), None if data is None else self._member(data)
        )

    def _member(self, address: str) -> Any:
        try:
            return member(self._main, address)
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
