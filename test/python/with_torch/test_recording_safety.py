"""A recording never breaks the training: full disks, killed processes, errors of the recorder, bad arguments."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest
from pathlib import Path
from unittest import mock
from weakref import ref

import pyarrow as pa
import torch

import adamscope
from adamscope.pace import Pace
from adamscope.stream import Stream
from recorded import Recorded, loss_of, mlp, plain_steps, record


class Safety(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_a_full_disk_ends_the_recording_only(self) -> None:
        expected, trained = mlp(), mlp()
        plain_steps(30)(expected, torch.optim.Adam(expected.parameters(), lr=0.01))
        optimizer = torch.optim.Adam(trained.parameters(), lr=0.01)
        told = io.StringIO()
        with contextlib.redirect_stderr(told), adamscope.watch(optimizer, trained, path=self.folder / "a", every=1) as watch:
            # A descriptor whose writes fail as those on a full disk.
            full = os.open("/dev/full", os.O_WRONLY)
            os.dup2(full, watch._recording._stream._file.fileno())
            os.close(full)
            for i in range(30):
                optimizer.zero_grad()
                loss_of(trained, i).backward()
                optimizer.step()
                if i == 10:
                    time.sleep(1.2)
        self.assertIn("the training goes on. Its file cannot be written: No space left on device", told.getvalue())
        self.assertEqual(told.getvalue().count("adamscope:"), 1)
        for mine, theirs in zip(expected.parameters(), trained.parameters()):
            self.assertTrue(torch.equal(mine, theirs))

    def test_an_error_of_the_recorder_ends_the_recording_only(self) -> None:
        told = io.StringIO()
        with contextlib.redirect_stderr(told), mock.patch("adamscope.watch.norms", side_effect=RuntimeError("broken")):
            recorded, model, optimizer = record(lambda m: torch.optim.Adam(m.parameters()), plain_steps(5))
        self.assertEqual(recorded.steps, [])
        [end] = recorded.ends
        self.assertEqual((end["steps"], end["reason"]), (1, "failed"))
        self.assertIn(end["message"], told.getvalue())
        self.assertEqual(told.getvalue().count("broken"), 2)  # the sentence and the traceback
        self.assertEqual(float(optimizer.state[next(model.parameters())]["step"]), 5)

    def test_an_error_of_the_script_stays_the_script_s(self) -> None:
        model = mlp()
        optimizer = torch.optim.Adam(model.parameters())

        def closure() -> float:
            raise KeyError("mine")

        with adamscope.watch(optimizer, model, path=self.folder / "a"), self.assertRaises(KeyError):
            optimizer.step(closure)

    def test_what_a_killed_process_wrote_can_be_read(self) -> None:
        path = self.folder / "killed.adamscope"
        script = f"""
            import sys, time, torch, adamscope
            model = torch.nn.Linear(4, 1)
            optimizer = torch.optim.Adam(model.parameters())
            adamscope.watch(optimizer, model, path={str(path)!r}, every=1)
            for i in range(10**6):
                optimizer.zero_grad()
                model(torch.ones(4)).sum().backward()
                optimizer.step()
                time.sleep(0.01)
                print(i, flush=True)
        """
        with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            begun = None
            for line in child.stdout:
                begun = begun or time.monotonic()
                if time.monotonic() - begun > 3:
                    break
            child.send_signal(signal.SIGKILL)
            last = int(line)
            child.wait()
        rows = pa.ipc.open_stream(str(path)).read_all()
        # A keyframe has a row of its own, without a step.
        steps = [each for each in rows["step"].to_pylist() if each is not None]
        self.assertEqual(rows["event"].null_count, len(rows), "a killed process says nothing about its end")
        # Steps are at least 0.01 s apart, so the last second has at most 100.
        self.assertGreaterEqual(steps[-1], last - 100)
        self.assertEqual(steps, list(range(1, len(steps) + 1)))

    def test_the_file_tells_the_end_and_the_age_of_the_state(self) -> None:
        model = mlp()
        optimizer = torch.optim.Adam(model.parameters())
        plain_steps(7)(model, optimizer)
        path = self.folder / "resumed"
        with adamscope.watch(optimizer, model, path=path, every=1):
            plain_steps(3)(model, optimizer)
        recorded = Recorded(path)
        self.assertEqual(recorded.ends, [{"steps": 3, "reason": "closed"}])
        self.assertEqual([(row["step"], row["age"]) for row in recorded.steps], [(1, 8), (2, 9), (3, 10)])
        self.assertEqual(recorded.head["process"]["pid"], os.getpid())

    def test_groups_that_are_added_later_are_named_once(self) -> None:
        model, more = mlp(), torch.nn.Linear(1, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        told = io.StringIO()
        with contextlib.redirect_stderr(told), adamscope.watch(optimizer, model, path=self.folder / "groups", every=1):
            for i in range(4):
                if i == 2:
                    optimizer.add_param_group({"params": more.parameters()})
                optimizer.zero_grad()
                (loss_of(model, i) + more(torch.ones(1)).sum()).backward()
                optimizer.step()
        self.assertEqual(told.getvalue().count("2 parameters were added to SGD after its first step"), 1)
        self.assertEqual(len(Recorded(self.folder / "groups").steps), 4)

    def test_recordings_of_the_same_second_have_files_of_their_own(self) -> None:
        script = """
            import sys, time, adamscope, torch
            from unittest import mock
            sys.argv = ["train.py"]
            with mock.patch("time.strftime", return_value="20300101-000000"):
                model = torch.nn.Linear(4, 1)
                optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
                watch = adamscope.watch(optimizer, model)
                model(torch.ones(4)).sum().backward()
                optimizer.step()
                watch.close()
        """
        children = [subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], cwd=self.folder) for _ in range(3)]
        self.assertEqual([child.wait() for child in children], [0, 0, 0])
        stems = sorted(path.stem for path in self.folder.iterdir())
        self.assertEqual(stems, ["train-20300101-000000", "train-20300101-000000-2", "train-20300101-000000-3"])
        for path in self.folder.iterdir():
            self.assertEqual(len(Recorded(path).steps), 1)

    def test_the_functions_of_torch_are_its_own_again(self) -> None:
        def functions() -> list[object]:
            return [torch.autograd.backward, torch.optim.lr_scheduler.LRScheduler.step, torch.nn.utils.clip_grad_norm_,
                    torch.amp.GradScaler.step, torch.utils.data.DataLoader.__iter__]  # fmt: skip

        before = functions()
        optimizer = torch.optim.Adam(mlp().parameters())
        with adamscope.watch(optimizer, path=self.folder / "a"):
            self.assertNotEqual(functions(), before)
        self.assertEqual(functions(), before)

    def test_an_optimizer_that_is_not_used_any_more_is_let_go(self) -> None:
        model = mlp()
        optimizer = torch.optim.Adam(model.parameters())
        adamscope.watch(optimizer, model, path=self.folder / "a", every=1)
        plain_steps(3)(model, optimizer)
        gone = ref(optimizer), ref(next(model.parameters()))
        del model, optimizer
        gc.collect()
        self.assertEqual([each() for each in gone], [None, None])
        steps = pa.ipc.open_stream(str(self.folder / "a")).read_all()["step"].drop_null().to_pylist()
        self.assertEqual(steps, [1, 2, 3])

    def test_a_hook_of_the_script_after_a_failure(self) -> None:
        model = mlp()
        optimizer = torch.optim.Adam(model.parameters())
        with adamscope.watch(optimizer, model, path=self.folder / "a", every=1):
            optimizer.register_step_pre_hook(lambda *_: None)
            optimizer.register_step_post_hook(lambda *_: None)
            with contextlib.redirect_stderr(io.StringIO()), mock.patch("adamscope.watch.norms", side_effect=RuntimeError("broken")):
                plain_steps(3)(model, optimizer)
        self.assertEqual(float(optimizer.state[next(model.parameters())]["step"]), 3)

    def test_arguments_by_name_and_second_derivatives(self) -> None:
        def train(model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
            for i in range(6):
                optimizer.zero_grad()
                torch.autograd.backward(tensors=(each for each in [loss_of(model, i)]), create_graph=True)
                optimizer.step()

        recorded, _, _ = record(lambda m: torch.optim.Adam(m.parameters(), lr=0.01), train)
        self.assertEqual(len(recorded.steps), 6)
        self.assertEqual(recorded.observed, [])

    def test_the_scale_of_a_scaler_is_divided_out(self) -> None:
        for fused in (False, True):
            with self.subTest(fused=fused):

                def train(model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
                    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
                    for i in range(4):
                        optimizer.zero_grad()
                        scaler.scale(loss_of(model, i)).backward()
                        scaler.step(optimizer)
                        scaler.update()

                def make(model: torch.nn.Module) -> torch.optim.Optimizer:
                    return torch.optim.Adam(model.parameters(), lr=0.01, fused=fused)

                scaled, _, _ = record(make, train)
                plain, _, _ = record(make, plain_steps(4))
                for one, two in zip(scaled.steps, plain.steps):
                    # Powers of 2 change no digit.
                    for column in ("loss", "gradNorm", "grad"):
                        self.assertEqual(one[column], two[column], column)
                    self.assertAlmostEqual(one["clipFactor"], 1, places=6)
                    self.assertEqual(one["lossScale"], 1024)

    def test_bad_arguments(self) -> None:
        optimizer = torch.optim.Adam(mlp().parameters())
        (self.folder / "there").touch()
        with self.assertRaisesRegex(TypeError, "needs an optimizer of torch, not Linear"):
            adamscope.watch(torch.nn.Linear(1, 1))  # type: ignore[arg-type]
        with self.assertRaisesRegex(ValueError, "every must be at least 1, not 0"):
            adamscope.watch(optimizer, every=0)
        with self.assertRaisesRegex(ValueError, "time_share must be above 0 and at most 1, not 2"):
            adamscope.watch(optimizer, time_share=2)
        backward = torch.autograd.backward
        with self.assertRaises(FileExistsError):
            adamscope.watch(optimizer, path=self.folder / "there")
        self.assertIs(torch.autograd.backward, backward)

    def test_the_free_seconds_are_spread_and_are_not_earned_later(self) -> None:
        now = 0.0
        pace = Pace(0.02, 20 * 2**20, None, lambda: now)
        due = []
        spent = 0.0
        for step in range(1, 10_001):
            if pace.is_due(step, 0, 0.0):
                due.append(step)
                pace.spent(0.01)
                spent += 0.01
                now += 0.01
            now += 0.02
        self.assertEqual(due[:10], [1, 2, 3, 4, 5, 6, 7, 8, 10, 12])
        self.assertLess(max(b - a for a, b in zip(due, due[1:]) if b <= 400), 51)
        # At 2 % of the time, a row of 0.01 s is earned in 0.5 s, which are 25 steps of 0.02 s.
        late = [b - a for a, b in zip(due, due[1:]) if a > 5000]
        self.assertTrue(all(24 <= each <= 26 for each in late), late[:5])
        self.assertLess(spent, 0.02 * now + 0.8 + 0.02)

    def test_the_budget_of_bytes_thins_the_rows(self) -> None:
        path = self.folder / "a"
        model = mlp()
        optimizer = torch.optim.Adam(model.parameters())
        # A tenth at once, and 0.9 of it in an hour.
        with adamscope.watch(optimizer, model, path=path, time_share=1, megabytes_per_hour=1):
            plain_steps(300)(model, optimizer)
        self.assertGreater(path.stat().st_size, 0.1 * 2**20)
        # Beyond it: a keyframe, which is parameters, m and v in float32; a row of 4 kB; and the heads of three batches of 6 kB each: of
        # two that wait, and of the one that tells the end.
        keyframe = 3 * 4 * sum(each.numel() for each in model.parameters())
        self.assertLess(path.stat().st_size, 0.1 * 2**20 + keyframe + 4_000 + 3 * 6_200)

    def test_rows_that_wait_count_as_bytes_of_the_file(self) -> None:
        may_go_on, has_begun = threading.Event(), threading.Event()

        class SlowFile(io.RawIOBase):
            written = 0

            def write(self, data: memoryview) -> int:  # type: ignore[override]
                if self.written > 0:
                    has_begun.set()
                    may_go_on.wait(10)
                self.written += len(data)
                return len(data)

        file = SlowFile()
        stream = Stream(file, pa.schema([pa.field("step", pa.int64())]), lambda error: self.fail(str(error)))  # type: ignore[arg-type]
        for _ in range(16):
            stream.add(lambda: {"step": 1}, 1000)
        self.assertTrue(has_begun.wait(10))
        stream.add(lambda: {"step": 2}, 50_000)
        may_go_on.set()
        while file.written < 300:
            time.sleep(0.001)
        time.sleep(0.05)
        self.assertGreaterEqual(stream.size, file.written + 50_000)
        stream.close()
        self.assertEqual(stream.size, file.written)


if __name__ == "__main__":
    unittest.main()
