"""``python -m adamscope run train.py args…``."""

from __future__ import annotations

import argparse
import sys

from .script import run_script


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m adamscope", description="Record what an optimizer of torch does.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a training script, and record each optimizer that it makes")
    run.add_argument("--out", metavar="FOLDER", help="the folder of the recordings (default: the current one)")
    run.add_argument("--every", type=int, metavar="N", help="record each N steps, instead of as many as the budgets allow")
    run.add_argument("-m", dest="is_module", action="store_true", help="SCRIPT is the name of a module")
    run.add_argument("script", metavar="SCRIPT")
    run.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT")
    options = parser.parse_args()
    run_script(options.script, options.arguments, options.is_module, options.out, options.every)


if __name__ == "__main__":
    sys.exit(main())
