"""Training scripts with a fault each, and healthy ones: what is observed, and at which line.

The first line of a script is ``# observes: KIND`` or ``# healthy``; the comment ``# here`` marks the line.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
import unittest
from pathlib import Path
from typing import Any, NamedTuple, Optional

import pyarrow as pa

from adamscope.script import run_script

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "training"
#: Truths that are no fault: what the optimizer's defaults do.
_INFORMATION = {"decays-vectors"}


class Label(NamedTuple):
    kind: Optional[str]
    line: Optional[int]


def label_of(script: Path) -> Label:
    first, *rest = script.read_text().splitlines()
    lines = [i + 2 for i, line in enumerate(rest) if line.endswith("# here")]
    return Label(first.partition("# observes: ")[2] or None, lines[0] if lines else None)


def observed(script: Path) -> list[dict[str, Any]]:
    """Runs a script in a child process, which has torch already, and reads its recordings."""
    with tempfile.TemporaryDirectory() as folder:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                quiet = os.open(os.devnull, os.O_WRONLY)
                os.dup2(quiet, 1)
                run_script(str(script), [], is_module=False, folder=folder, every=1)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if status != 0:
            raise AssertionError(f"{script.name} ended with {status}")
        found = []
        for path in sorted(Path(folder).iterdir()):
            rows = pa.ipc.open_stream(str(path)).read_all()
            events = [json.loads(event) for event in rows["event"].drop_null().to_pylist()]
            found += [each["observed"] for each in events if "observed" in each]
            if rows["step"].drop_null().to_pylist() == []:
                raise AssertionError(f"{script.name}: no step was recorded")
        return found


class LabelledScripts(unittest.TestCase):
    def test_each_script(self) -> None:
        scripts = [each for each in sorted(FOLDER.glob("*.py")) if each.name != "common.py"]
        self.assertGreaterEqual(len(scripts), 40)
        for script in scripts:
            with self.subTest(script.name):
                label = label_of(script)
                found = observed(script)
                kinds = {each["kind"] for each in found}
                if label.kind is None:
                    self.assertEqual(kinds - _INFORMATION, set())
                    continue
                self.assertIn(label.kind, kinds)
                self.assertLessEqual(kinds, {label.kind} | _INFORMATION)
                first = next(each for each in found if each["kind"] == label.kind)
                self.assertEqual((first["place"]["line"], os.path.basename(first["place"]["file"])), (label.line, script.name))


if __name__ == "__main__":
    unittest.main()
