"""The package, installed by pip from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3] / "src" / "python"


class Installed(unittest.TestCase):
    def test_pip_installs_it(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            # pip builds inside the folder.
            source, target = Path(name) / "source", Path(name) / "target"
            shutil.copytree(CHECKOUT, source, ignore=shutil.ignore_patterns("__pycache__"))
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
            subprocess.run([*pip, "--target", str(target), str(source)], check=True)
            self.assertEqual(sorted(each.name for each in target.iterdir() if each.suffix != ".dist-info"), ["adamscope"])
            shown = subprocess.run(
                [sys.executable, "-m", "adamscope", "--help"],
                env={**os.environ, "PYTHONPATH": str(target)},
                capture_output=True,
                text=True,
                check=True,
            )
            self.assertIn("run a training script, and record each optimizer that it makes", " ".join(shown.stdout.split()))


if __name__ == "__main__":
    unittest.main()
