"""The file of a recording: an Arrow stream that only grows, written by a thread of its own. See ``docs/run-format.md``."""

from __future__ import annotations

import os
import threading
from typing import Any, Callable, Optional

import pyarrow as pa

#: How long a row may wait. A process that is killed loses no more than these seconds.
_WRITE_SECONDS = 0.5


class Stream:
    """Takes rows at once, and writes them soon. Its methods do not raise.

    ``on_error`` is called once, from the thread that writes, when the file can no longer be written; rows are dropped from then on.
    """

    def __init__(self, path: str, schema: pa.Schema, on_error: Callable[[BaseException], None]) -> None:
        self._schema = schema
        self._on_error = on_error
        self._file = open(path, "xb", buffering=0)  # noqa: SIM115  (open as long as the recording)
        self._file.write(schema.serialize())
        self._waiting: list[Callable[[], Optional[dict[str, Any]]]] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._is_closing = False
        self._has_failed = False
        self._pid = os.getpid()
        self._thread = threading.Thread(target=self._write_until_closed, name="adamscope", daemon=True)
        self._thread.start()

    def add(self, row: Callable[[], Optional[dict[str, Any]]]) -> None:
        """Adds a row: a function that makes it, which the writing thread calls, so that its work costs the training no time."""
        if self._has_failed or self._is_closing or os.getpid() != self._pid:
            return
        with self._lock:
            self._waiting.append(row)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def close(self) -> None:
        """Writes all rows. The stream has no end marker, so that rows could follow."""
        if self._is_closing or os.getpid() != self._pid:
            return
        self._is_closing = True
        self._wake.set()
        self._thread.join()
        self._file.close()

    def _write_until_closed(self) -> None:
        try:
            while not self._wake.wait(_WRITE_SECONDS):
                self._write_waiting()
            self._write_waiting()
        except BaseException as error:  # noqa: BLE001  (training goes on)
            self._has_failed = True
            self._on_error(error)

    def _write_waiting(self) -> None:
        with self._lock:
            makers, self._waiting = self._waiting, []
        rows = [row for row in (make() for make in makers) if row is not None]
        # Events that the rows caused.
        with self._lock:
            makers, self._waiting = self._waiting, []
        rows += [row for row in (make() for make in makers) if row is not None]
        if rows:
            # In one call, so that a process that is killed leaves whole batches.
            self._file.write(pa.RecordBatch.from_pylist(rows, schema=self._schema).serialize())
