"""Two processes of a distributed training: one file a rank, the same parameters with and without it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from recorded import Recorded

SCRIPTS = Path(__file__).resolve().parents[2] / "fixtures" / "training" / "distributed"


def checksums(before: list[str], script: str = "two_ranks.py", **variables: str) -> list[str]:
    """Runs the script as two ranks, after the given words of a command."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shared = {**os.environ, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2", "OMP_NUM_THREADS": "1", **variables}
    children = [
        subprocess.Popen(
            [sys.executable, *before, str(SCRIPTS / script)], env={**shared, "RANK": str(rank)}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        for rank in range(2)
    ]
    found = []
    for child in children:
        out, err = child.communicate(timeout=240)
        if child.returncode != 0:
            raise AssertionError(err)
        found.append(out.strip())
    return found


class RecordedRanks(unittest.TestCase):
    def test_two_ranks(self) -> None:
        for variables in ({}, {"VIEWS": "1"}):
            with self.subTest(str(variables)), tempfile.TemporaryDirectory() as folder:
                plain = checksums([], **variables)
                self.assertEqual(len(set(plain)), 1)
                self.assertEqual(checksums(["-m", "adamscope", "run", "--every", "1", "--out", folder], **variables), plain)
                files = sorted(Path(folder).iterdir())
                self.assertEqual([file.stem.rpartition("-")[2] for file in files], ["rank0", "rank1"])
                one, two = (Recorded(file) for file in files)
                for recorded in (one, two):
                    self.assertEqual(recorded.observed, [])
                    self.assertEqual([row["backwards"] for row in recorded.steps], [1] * 20)
                self.assertEqual([row["params"] for row in one.steps], [row["params"] for row in two.steps])
                self.assertNotEqual([row["loss"] for row in one.steps], [row["loss"] for row in two.steps])

    def test_ranks_that_hold_a_part_of_each_parameter(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            plain = checksums([], "fully_sharded.py")
            self.assertEqual(len(set(plain)), 2)
            self.assertEqual(checksums(["-m", "adamscope", "run", "--every", "1", "--out", folder], "fully_sharded.py"), plain)
            for rank, file in enumerate(sorted(Path(folder).iterdir(), key=lambda each: each.stem[-1])):
                recorded = Recorded(file)
                self.assertEqual(recorded.observed, [])
                self.assertEqual(len(recorded.steps), 20)
                self.assertEqual((recorded.head["distributed"]["rank"], recorded.head["distributed"]["sharded"]), (rank, True))
                shapes = {each["name"]: (each["shape"], each["globalShape"]) for each in recorded.head["tensors"]}
                self.assertEqual(shapes["0.weight"], ([16, 6], [32, 6]))
                # One row cannot be split: the second rank has none of it.
                self.assertEqual(shapes["2.weight"], ([1 - rank, 32], [1, 32]))


if __name__ == "__main__":
    unittest.main()
