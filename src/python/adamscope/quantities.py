"""The state of torch's optimizers by the names that Adamscope uses, and quantities that follow from it."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple, Optional

import numpy as np

Vector = np.ndarray
Options = dict[str, Any]

#: Of each optimizer, the arrays of ``optimizer.state`` that have the shape of the parameter.
_ADAM = {"m": "exp_avg", "v": "exp_avg_sq"}
STATE_NAMES: dict[str, dict[str, str]] = {
    "Adam": {**_ADAM, "vMax": "max_exp_avg_sq"},
    "AdamW": {**_ADAM, "vMax": "max_exp_avg_sq"},
    "NAdam": _ADAM,
    "RAdam": _ADAM,
    "Adamax": {"m": "exp_avg", "u": "exp_inf"},
    "RMSprop": {"v": "square_avg", "momentum": "momentum_buffer", "gAvg": "grad_avg"},
    "Adagrad": {"sum": "sum"},
    "SGD": {"momentum": "momentum_buffer"},
}


class Divisor(NamedTuple):
    """The divisor P of a step, by coordinate: the effective learning rate is ``lr / P``."""

    #: Without eps; shape [coordinates].
    root: Vector
    #: The part of eps, in the unit of ``root``.
    eps: float
    #: The learning rate that is divided, which may contain a correction.
    lr: float


def state_names(optimizer: Any, options: Options) -> dict[str, str]:
    """The state arrays that this optimizer keeps with these options: Adamscope's name -> torch's name."""
    names = STATE_NAMES.get(type(optimizer).__name__, {})
    absent = set()
    if not options.get("amsgrad"):
        absent.add("vMax")
    if not options.get("momentum"):
        absent.add("momentum")
    if not options.get("centered"):
        absent.add("gAvg")
    return {ours: theirs for ours, theirs in names.items() if ours not in absent}


def divisor_of(optimizer: str, options: Options, state: dict[str, Vector], t: float) -> Optional[Divisor]:
    """The divisor of step ``t`` (from 1) from the state after it. None for an optimizer without a formula here.

    Sources: the documentation of each optimizer of torch; the formulas are those of ``src/core/optimizers``.
    """
    formula = _DIVISORS.get(optimizer)
    if formula is None:
        return None
    # Each of several operations rounds, and RAdam's rectification cancels: the extended precision of most processors hides that.
    wide = {name: each.astype(np.longdouble) for name, each in state.items()}
    return formula(options, wide, np.longdouble(t))


def effective_lr(divisor: Divisor) -> Vector:
    """The learning rate of each coordinate, within 2 units in the last place: ``lr / (root + eps)``; float64, shape [coordinates]."""
    return (divisor.lr / (divisor.root + divisor.eps)).astype(np.float64)


def bias_correction(beta: float, t: float) -> float:
    """``1 - beta^t``, without the cancellation of that difference where beta is near 1."""
    return -np.expm1(t * np.log(np.longdouble(beta))) if beta else 1.0


def _adam(options: Options, state: dict[str, Vector], t: float) -> Divisor:
    v = state["vMax"] if options.get("amsgrad") else state["v"]
    return Divisor(np.sqrt(v / bias_correction(options["betas"][1], t)), options["eps"], options["lr"])


def _radam(options: Options, state: dict[str, Vector], t: float) -> Divisor:
    beta2 = np.longdouble(options["betas"][1])
    correction = bias_correction(beta2, t)
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * t * beta2**t / correction
    if length <= 5:
        return Divisor(np.ones_like(state["v"]), 0.0, options["lr"])
    rect = ((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)) ** 0.5
    root = np.sqrt(correction)
    return Divisor(np.sqrt(state["v"]) / root, options["eps"] / root, options["lr"] * rect)


def _adamax(options: Options, state: dict[str, Vector], t: float) -> Divisor:
    # torch adds eps before the maximum, so u contains it.
    return Divisor(state["u"], 0.0, options["lr"])


def _rmsprop(options: Options, state: dict[str, Vector], t: float) -> Divisor:
    v = state["v"] - state["gAvg"] ** 2 if options.get("centered") else state["v"]
    return Divisor(np.sqrt(v), options["eps"], options["lr"])


def _adagrad(options: Options, state: dict[str, Vector], t: float) -> Divisor:
    return Divisor(np.sqrt(state["sum"]), options["eps"], options["lr"] / (1 + (t - 1) * options["lr_decay"]))


_DIVISORS: dict[str, Callable[[Options, dict[str, Vector], float], Divisor]] = {
    "Adam": _adam,
    "AdamW": _adam,
    "NAdam": _adam,
    "RAdam": _radam,
    "Adamax": _adamax,
    "RMSprop": _rmsprop,
    "Adagrad": _adagrad,
}


def corrected_m(options: Options, m: Vector, t: float) -> Vector:
    """mHat of the Adam family: ``m / (1 - beta1^t)``."""
    return m / bias_correction(options["betas"][0], t)
