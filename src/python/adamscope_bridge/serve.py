"""Answers the requests of a job until it is gone."""

from __future__ import annotations

import ast
import errno
import faulthandler
import importlib
import importlib.metadata
import os
import platform
import sys
from typing import Any, Callable, Optional

from .channel import (
    EVALUATE,
    FAILED,
    JSON_REPLY,
    JSON_REQUEST,
    SILENT,
    Channel,
    Evaluation,
    evaluation,
    make_pipes,
    read_json,
)
from .guards import forbid_ending_the_process, leave, leave_if_child
from .modules import OwnModules, Texts, install, parsed, standard_names
from .notebooks import place_in_file, where_left_out
from .optimizers import OwnOptimizers
from .output import Output, silent
from .places import place_of, stack_of, words_of
from .problems import NotExact, Problem
from .program import Program


def main(folder: str, ready: int) -> None:
    """Makes the pipes in a folder, and writes a byte to the descriptor ``ready`` when the job can open them."""
    report = os.path.join(folder, "crash")
    crash_report = open(report, "w")  # noqa: SIM115  (open as long as the process)
    faulthandler.enable(crash_report)
    # Read by jax when it is imported.
    os.environ.setdefault("JAX_ENABLE_X64", "1")
    connect = make_pipes(folder)
    forbid_ending_the_process()
    os.write(ready, b".")
    os.close(ready)
    server = Server(connect())
    try:
        server.serve()
    except BaseException as error:
        # The user's code may have closed the descriptor of the first file.
        with open(report, "a") as file:
            file.write(f"Fatal Python error: {_why_serving_ended(error)}\n{stack_of(error, with_bridge=True)}\n")
        leave(1)
    leave(0)


def _why_serving_ended(error: BaseException) -> str:
    try:
        modules = OwnModules.active()
        if modules is not None and place_of(error, modules) is not None:
            return f"{words_of(error)}, raised after the loss had returned (such as by its handler of a signal)"
        if isinstance(error, OSError) and error.errno == errno.EBADF:
            return "the loss closed the descriptors of Adamscope's pipes (such as by os.closerange)"
        reason = f"Adamscope's part of it failed with {words_of(error)}"
    except BaseException:
        reason = "Adamscope's part of it failed"
    return f"{reason}; the loss may have replaced a member of builtins, sys or another module of Python"


class Server:
    """The programs of one job."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._programs: list[Program] = []
        self._optimizers: list[OwnOptimizers] = []
        self._notices: list[dict[str, Any]] = []
        self._output = Output(self._flooded)
        self._is_installed = False
        self._varies_by_step: Optional[bool] = None
        self._answers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "environment": self._environment,
            "prepare": self._prepare,
            "load": self._load,
            "origin": self._of_program(Program.origin),
            "cuts": self._of_program(Program.cuts),
            "cutResults": self._of_program(Program.cut_results),
            "cutSlopes": self._of_program(Program.cut_slopes),
            "cutPlace": self._of_program(Program.cut_place),
            "saturation": self._of_program(Program.saturation),
            "lostDerivative": self._of_program(Program.lost_derivative),
            "rounding": self._of_program(Program.rounding),
            "start": lambda request: self._programs[request["program"]].user.start(),
            "notices": self._take_notices,
            "loadOptimizer": self._load_optimizer,
            "makeOptimizer": lambda request: {"instance": self._optimizers[request["optimizer"]].make(request["params"])},
            "stepOptimizer": lambda request: self._optimizers[request["optimizer"]].step(
                request["instance"], request["params"], request["grad"], request["lr"]
            ),
        }

    def _of_program(self, search: Callable[[Program, dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        return lambda request: search(self._programs[request["program"]], request)

    def serve(self) -> None:
        while True:
            request = self._channel.receive()
            if request is None:
                return
            kind, payload = request
            try:
                if kind == EVALUATE:
                    self._evaluate(evaluation(payload))
                elif kind == JSON_REQUEST:
                    self._answer(payload)
            finally:
                leave_if_child()

    def _evaluate(self, request: Evaluation) -> None:
        program = self._programs[request.program]
        try:
            with silent(bool(request.flags & SILENT)):
                loss, gradient = program.evaluate(request)
        except BaseException as error:
            self._fail(error, program.user.modules)
            return
        finally:
            leave_if_child()
            self._output.flush()
        has_notices = bool(self._notices or program.notices)
        self._channel.send_numbers(loss, gradient, has_notices)

    def _answer(self, payload: bytearray) -> None:
        request = read_json(payload)
        try:
            with silent(request.get("isSilent", False)):
                answer = self._answers[request["type"]](request)
        except BaseException as error:
            self._fail(error, OwnModules.active())
            return
        finally:
            leave_if_child()
            self._output.flush()
        self._channel.send_json(JSON_REPLY, answer)

    def _fail(self, error: BaseException, modules: Any) -> None:
        place = None if modules is None else place_of(error, modules)
        is_ours = isinstance(error, (Problem, NotExact))
        failure: dict[str, Any] = {"place": place, "stack": "" if is_ours else stack_of(error)}
        if isinstance(error, Problem):
            failure.update(code=error.code, message=str(error), place=error.place or place)
            failure.update(missing=_missing(error.__cause__))
        elif isinstance(error, NotExact):
            failure.update(code="no-exact-gradient", message=str(error))
        elif isinstance(error, SystemExit):
            failure.update(code="forbidden-call", message="the loss called sys.exit; a loss must not end its process")
        elif isinstance(error, SyntaxError) and place is not None:
            failure.update(code="syntax", message=f"{error.msg}")
        else:
            failure.update(code=None, message=words_of(error) + _hint(error, modules))
            failure.update(missing=_missing(error))
        self._channel.send_json(FAILED, failure)

    # The requests.

    def _prepare(self, request: dict[str, Any]) -> None:
        """Imports the large packages that a file imports, which takes seconds and is not the user's code."""
        if self._is_installed:
            return
        self._is_installed = True
        install(request["file"])
        for name in _large_packages(request["file"], dict(request["texts"])):
            try:
                importlib.import_module(name)
            except BaseException:  # noqa: BLE001  (the import of the user's module reports it, at its line)
                continue

    def _environment(self, request: dict[str, Any]) -> dict[str, Any]:
        return {
            "version": platform.python_version(),
            "executable": sys.executable,
            "packages": _versions(),
            "device": _device(),
        }

    def _load(self, request: dict[str, Any]) -> dict[str, Any]:
        # A later load repeats what the first one printed.
        with silent(bool(self._programs)):
            program = Program(request, Texts(dict(request["texts"])))
        self._programs.append(program)
        return {
            "varies": program.user.may_draw and self._varies(request, program),
            "program": len(self._programs) - 1,
            "asks": list(program.user.loss.asks),
            "texts": list(program.user.modules.texts.all.items()),
            "method": program.exact.words,
        }

    def _varies(self, request: dict[str, Any], program: Program) -> bool:
        """Measured for the first load, in a load of its own, because a loss may remember its evaluations."""
        if self._varies_by_step is None:
            with silent():
                again = Program(request, program.user.modules.texts)
                self._varies_by_step = again.varies_by_step(request["start"])
            program.user.modules.activate()
        return self._varies_by_step

    def _load_optimizer(self, request: dict[str, Any]) -> dict[str, Any]:
        with silent(bool(self._optimizers)):
            shapes = self._programs[-1].user.shapes() if self._programs else None
            self._optimizers.append(OwnOptimizers(request, shapes))
        return {"optimizer": len(self._optimizers) - 1}

    def _take_notices(self, request: dict[str, Any]) -> dict[str, Any]:
        program = self._programs[request["program"]]
        notices = [*self._notices, *program.notices]
        self._notices, program.notices = [], []
        return {"notices": notices, "method": program.exact.words}

    def _flooded(self) -> None:
        modules = OwnModules.active()
        frame = sys._getframe()
        while frame is not None and not (modules and modules.owns(frame.f_code.co_filename)):
            frame = frame.f_back  # type: ignore[assignment]
        at = None if frame is None else {**place_in_file(frame.f_code.co_filename), "line": frame.f_lineno}
        self._notices.append({"type": "flood", "at": at})


def _hint(error: BaseException, modules: Any) -> str:
    """What words of an error leave out about a notebook."""
    name = getattr(error, "name", None)
    return where_left_out(name, modules.texts.cells) if modules and name and isinstance(error, NameError) else ""


def _missing(error: Optional[BaseException]) -> Optional[dict[str, str]]:
    """The module that an installation would add; None for other errors, and for a part of a module that is there or belongs to Python."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    root = error.name.partition(".")[0]
    if root in sys.modules or root in standard_names():
        return None
    return {"module": root, "executable": sys.executable}


_LARGE = frozenset("numpy scipy torch jax autograd pandas sklearn tensorflow keras".split())


def _large_packages(file: str, unsaved: dict[str, str]) -> list[str]:
    """The large packages among the imports of a file, and the modules of them that it imports."""
    try:
        tree = parsed(Texts(unsaved).read(file))
    except (OSError, SyntaxError):
        return []
    names: list[str] = []
    for node in [] if tree is None else ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # What is imported may be a module or a member of one.
            names += [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
    return sorted({name for name in names if name.partition(".")[0] in _LARGE})


def _versions() -> dict[str, str]:
    """The versions of the imported packages that compute."""
    versions = {}
    for name in ("numpy", "scipy", "torch", "jax", "autograd"):
        if name in sys.modules:
            try:
                versions[name] = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                versions[name] = str(getattr(sys.modules[name], "__version__", "of unknown version"))
    return versions


def _device() -> str:
    """Where tensors are by default: "cpu", "cuda:0"."""
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "get_default_device"):
        return str(torch.get_default_device())
    jax = sys.modules.get("jax")
    return str(jax.devices()[0]) if jax is not None else "cpu"
