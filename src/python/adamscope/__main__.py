"""``python -m adamscope run train.py args…`` and ``python -m adamscope audit before.pt after.pt``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .audit import CheckpointError, audit, load, next_updates, optimizers_of
from .script import run_script

#: Exit codes: nothing was found, something was found, the input cannot be used.
_FOUND = 1
_BAD_INPUT = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m adamscope", description="Record what an optimizer of torch does.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a training script, and record each optimizer that it makes")
    run.add_argument("--out", metavar="FOLDER", help="the folder of the recordings (default: the current one)")
    run.add_argument("--every", type=_positive, metavar="N", help="record each N steps, instead of as many as the budgets allow")
    run.add_argument("-m", dest="is_module", action="store_true", help="SCRIPT is the name of a module")
    run.add_argument("script", metavar="SCRIPT")
    run.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT")
    compared = commands.add_parser("audit", help="compare the optimizers, schedulers and scalers of two checkpoints")
    compared.add_argument("before", type=Path, help="the checkpoint as it was saved")
    compared.add_argument("after", type=Path, help="a checkpoint that was saved after the first one had been loaded")
    options = parser.parse_args()
    if options.command == "audit":
        return _audit(options.before, options.after)
    run_script(options.script, options.arguments, options.is_module, options.out, options.every)
    return 0


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {value}")
    return value


def _audit(before: Path, after: Path) -> int:
    try:
        one, two = load(before), load(after)
        differences = audit(one, two)
    except CheckpointError as error:
        print(f"adamscope: {error}", file=sys.stderr)
        return _BAD_INPUT
    for each in differences:
        print(f"{each.kind}: {each.where}: {each.before} -> {each.after}")
    now = optimizers_of(two)
    for place, state in optimizers_of(one).items():
        update = next_updates(state, now.get(place, {"state": {}, "param_groups": []}))
        if update is not None and differences:
            print(
                f"{place}: with the remembered gradient, the next update has norm {update.after:.4g} instead of {update.before:.4g}"
                f" (cosine {update.cosine:.4f})"
            )
    if not differences:
        print("No difference: optimizers, schedulers and scalers are as they were.")
    return _FOUND if differences else 0


if __name__ == "__main__":
    sys.exit(main())
