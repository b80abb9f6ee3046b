"""The value of a loss with the arithmetic of IEEE 754, where that of Python raises.

Python's floats raise where those of numpy, torch and JavaScript give an infinity: `math.exp(1000)`, `math.log(0.0)`, `1 / 0.0`. Beyond the
points of a run, such an exception is the limit of the numbers, and says nothing against the loss.
"""

from __future__ import annotations

import ast
import builtins
import math
from typing import Any, Callable, Optional

from .context import Context
from .gradients.substitutes import substitute
from .modules import OwnModules
from .output import silent
from .user_loss import UserLoss

#: What Python raises where IEEE arithmetic has a value. ValueError is that of `math`, beside the user's own ones.
RAISED = (ArithmeticError, ValueError)

_DIVISION = "__adamscope_ieee_division__"
_POWER = "__adamscope_ieee_power__"
_OPERATORS = {ast.Div: _DIVISION, ast.Pow: _POWER}


class IeeeLoss:
    """The loss of a program, loaded again with this arithmetic when it is first needed."""

    def __init__(self, user: UserLoss) -> None:
        self._user = user
        self._loaded: Optional[UserLoss] = None

    def value(self, params: memoryview, context: Context) -> Optional[float]:
        """The loss; None if it raises in this arithmetic, too. It is NaN outside of its domain."""
        try:
            with silent():
                if self._loaded is None:
                    self._loaded = self._user.loaded_again(lambda tree, *_: ieee_operators(tree), use_ieee_math)
                self._loaded.modules.activate()
                return self._loaded.value(params, context)
        except Exception:
            return None
        finally:
            self._user.modules.activate()


def ieee_operators(tree: ast.Module) -> ast.Module:
    """Gives the operators that raise the values of this arithmetic. The positions are kept."""
    setattr(builtins, _DIVISION, division)
    setattr(builtins, _POWER, power)
    return ast.fix_missing_locations(_Operators().visit(tree))


class _Operators(ast.NodeTransformer):
    """Replaces the operators that raise. Those with a target, `x /= y`, are kept for targets with more than a name."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return self._called(node, node.op, node.left, node.right)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name) or type(node.op) not in _OPERATORS:
            return node
        left = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        value = self._called(node.value, node.op, left, node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    @staticmethod
    def _called(node: ast.expr, op: ast.operator, left: ast.expr, right: ast.expr) -> ast.expr:
        name = _OPERATORS.get(type(op))
        if name is None:
            return node
        return ast.copy_location(ast.Call(ast.copy_location(ast.Name(name, ast.Load()), node), [left, right], []), node)


def division(a: Any, b: Any) -> Any:
    try:
        return a / b
    except ZeroDivisionError:
        if not (_is_real(a) and _is_real(b)):
            raise
        return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(a: Any, b: Any) -> Any:
    try:
        return a**b
    except (OverflowError, ZeroDivisionError):
        if not (_is_real(a) and _is_real(b)):
            raise
        is_odd = float(b).is_integer() and b % 2 == 1
        return math.copysign(math.inf, a) if is_odd else math.inf


def _is_real(value: Any) -> bool:
    return isinstance(value, (int, float))


def _log_limit(x: float, *_: Any) -> float:
    return -math.inf if x == 0 else math.nan


def _log1p_limit(x: float) -> float:
    return -math.inf if x == -1 else math.nan


def _atanh_limit(x: float) -> float:
    return math.copysign(math.inf, x) if abs(x) == 1 else math.nan


def _pow_limit(x: float, y: float) -> float:
    return power(float(x), float(y)) if x >= 0 or float(y).is_integer() else math.nan


def _gamma_limit(x: float) -> float:
    return math.inf if x > 0 else math.nan


#: The values of the functions of `math` where they raise.
_LIMITS: dict[str, Callable[..., float]] = {
    **dict.fromkeys(("exp", "exp2", "expm1", "cosh", "lgamma"), lambda _: math.inf),
    "sinh": lambda x: math.copysign(math.inf, x),
    "gamma": _gamma_limit,
    **dict.fromkeys(("log", "log2", "log10"), _log_limit),
    "log1p": _log1p_limit,
    "atanh": _atanh_limit,
    "pow": _pow_limit,
    **dict.fromkeys(("sqrt", "asin", "acos", "acosh", "sin", "cos", "tan"), lambda _: math.nan),
    **dict.fromkeys(("fmod", "remainder"), lambda *_: math.nan),
}


def _function(name: str) -> Callable[..., Any]:
    compute = getattr(math, name)

    def call(*arguments: Any) -> Any:
        try:
            return compute(*arguments)
        except RAISED:
            return _LIMITS[name](*(float(each) for each in arguments))

    return call


_functions = {name: _function(name) for name in _LIMITS if hasattr(math, name)}


class _IeeeMath:
    """Stands for the module math in the user's own modules."""

    def __getattr__(self, name: str) -> Any:
        return _functions.get(name) or getattr(math, name)


_math = _IeeeMath()


def _substitute_of(value: Any) -> Optional[Any]:
    if value is math:
        return _math
    name = getattr(value, "__name__", None)
    return _functions.get(name) if isinstance(name, str) and getattr(math, name, None) is value else None


def use_ieee_math(modules: OwnModules) -> None:
    """Puts a math with the values of this arithmetic into the own modules."""
    substitute(modules, _substitute_of, {})
