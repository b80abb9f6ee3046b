"""Which ways to an exact gradient are tried for a loss, in order."""

from __future__ import annotations

from typing import Callable, NamedTuple, Optional

from ..modules import OwnModules
from ..problems import NotExact
from ..user_loss import LossCall, UserLoss
from .method import Method
from .torch_module import ModuleCall, TorchModuleAutograd


class Way(NamedTuple):
    """A way to an exact gradient, which is made when it is tried."""

    #: The name of the package that differentiates; None for our own ways.
    package: Optional[str]
    #: Raises NotExact or ImportError if the way cannot be used.
    make: Callable[[], tuple[Method, UserLoss]]


def ways_for(user: UserLoss) -> list[Way]:
    """The methods come with the load that they evaluate, which may be another one than that of the plain program."""
    if user.library == "numpy":
        return [
            Way("autograd", lambda: _loaded_with(user, "autograd")),
            Way(None, lambda: (_complex_step(user), user)),
        ]
    if user.library == "python":
        return [Way(None, lambda: _tape(user))]
    return [Way(user.library, lambda: (method_of(user.library, user.loss), user))]


def preparation_of(package: str) -> Callable[[OwnModules], None]:
    """What a package needs of the modules of a load."""
    if package != "autograd":
        return lambda _: None
    try:
        import autograd  # noqa: F401
    except ImportError:
        raise NotExact("the package autograd is not installed") from None
    from .autograd_numpy import use_autograd

    return use_autograd


def method_of(package: str, call: LossCall) -> Method:
    """The method of a package, for a loss whose modules are prepared for it."""
    if isinstance(call, ModuleCall):
        return TorchModuleAutograd(call)
    if package == "torch":
        from .torch_autograd import TorchAutograd

        return TorchAutograd(call)
    if package == "jax":
        from .jax_autodiff import JaxAutodiff

        return JaxAutodiff(call)
    from .autograd_numpy import AutogradNumpy

    return AutogradNumpy(call)


def _loaded_with(user: UserLoss, package: str) -> tuple[Method, UserLoss]:
    again = user.loaded_again(prepare=preparation_of(package))
    return method_of(package, again.loss), again


def _complex_step(user: UserLoss) -> Method:
    from .complex_step import ComplexStep

    if not user.is_vector or isinstance(user.loss, ModuleCall):
        raise NotExact("the complex step needs the parameters as one vector")
    return ComplexStep(user.loss)


def _tape(user: UserLoss) -> tuple[Method, UserLoss]:
    from .plain_tape import PlainTape, use_tape

    again = user.loaded_again(prepare=use_tape)
    assert not isinstance(again.loss, ModuleCall)
    return PlainTape(again.loss), again
