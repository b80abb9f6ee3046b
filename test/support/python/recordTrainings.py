"""Records training scripts: recordTrainings.py FOLDER SCRIPT... makes FOLDER/STEM/*.adamscope, each step recorded.

Each script runs in a child of this process, which has torch already.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import torch  # noqa: F401  (imported once for all)
from adamscope.script import run_script


def record(script: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            # The recorder also prints what it observed.
            os.dup2(os.open(folder / "stderr", os.O_WRONLY | os.O_CREAT), 2)
            run_script(str(script), [], is_module=False, folder=str(folder), every=1)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if status != 0:
        sys.exit(f"{script.name} ended with {status}:\n{(folder / 'stderr').read_text()}")


def main() -> None:
    folder = Path(sys.argv[1])
    for script in map(Path, sys.argv[2:]):
        record(script, folder / script.stem)


main()
