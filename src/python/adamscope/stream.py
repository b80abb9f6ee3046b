"""The file of a recording: an Arrow stream that only grows, written by a thread of its own. See ``docs/run-format.md``."""

from __future__ import annotations

import os
import threading
import time
from typing import Any, BinaryIO, Callable, Optional

import pyarrow as pa

#: How long a row may wait. A process that is killed loses no more than these seconds.
_WRITE_SECONDS = 0.5
#: Rows that are written at once, so that they do not take much memory.
_MOST_ROWS = 16

#: Held while a thread works, and while the process forks: a child would wait forever for the locks that numpy or Arrow holds.
_working = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_working.acquire, after_in_parent=_working.release, after_in_child=_working.release)

Row = dict[str, Any]
RowMaker = Callable[[], Optional[Row]]


class Stream:
    """Takes rows at once, and writes them soon to a file without a buffer, which it closes. Its methods do not raise.

    ``on_error`` is called once, from the thread that writes, when the file can no longer be written; rows are dropped from then on.
    """

    def __init__(self, file: BinaryIO, schema: pa.Schema, on_error: Callable[[BaseException], None]) -> None:
        self._schema = schema
        self._on_error = on_error
        self._file = file
        self._written = 0
        self._put(schema.serialize())
        #: Rows that are to be made, with the bytes that each is expected to take, and rows that are made and not written.
        self._makers: list[tuple[RowMaker, int]] = []
        self._rows: list[Row] = []
        #: The bytes that both are expected to take, and of them those of the rows that are made.
        self._expected = 0
        self._made = 0
        self._seconds = 0.0
        self._write_at = time.monotonic() + _WRITE_SECONDS
        self._changed = threading.Condition()
        self._is_closing = False
        self._has_failed = False
        self._pid = os.getpid()
        self._thread = threading.Thread(target=self._write_until_closed, name="adamscope", daemon=True)
        self._thread.start()

    def add(self, row: RowMaker, size: int) -> None:
        """Adds a row of about ``size`` bytes: a function that makes it, which the writing thread calls, so that its work costs the
        training little."""
        # The last rows may cause events while the stream closes.
        is_late = self._is_closing and threading.current_thread() is not self._thread
        if self._has_failed or is_late or os.getpid() != self._pid:
            return
        with self._changed:
            self._makers.append((row, size))
            self._expected += size
            self._changed.notify()

    @property
    def waiting(self) -> int:
        """The number of rows that are not made yet."""
        return len(self._makers)

    @property
    def seconds(self) -> float:
        """The processor time of the thread."""
        return self._seconds

    @property
    def size(self) -> int:
        """Bytes of the file, with the rows that wait."""
        return self._written + self._expected

    def close(self) -> None:
        """Writes all rows. The stream has no end marker, so that rows could follow."""
        if self._is_closing or os.getpid() != self._pid:
            return
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        # A garbage collection may close it from the thread itself.
        if threading.current_thread() is not self._thread:
            self._thread.join()
            self._file.close()

    def _write_until_closed(self) -> None:
        try:
            while not self._is_closing:
                with self._changed:
                    if not self._makers and not self._is_closing:
                        self._changed.wait(max(0.0, self._write_at - time.monotonic()))
                with _working:
                    self._make()
                    if len(self._rows) >= _MOST_ROWS or time.monotonic() >= self._write_at:
                        self._write()
            with _working:
                self._make()
                self._write()
        except BaseException as error:  # noqa: BLE001  (training goes on)
            self._has_failed = True
            self._on_error(error)

    def _make(self) -> None:
        # A row may cause an event, which is a row.
        while self._makers:
            maker, size = self._makers[0]
            row = maker()
            with self._changed:
                del self._makers[0]
            self._made += size
            if row is not None:
                self._rows.append(row)
            self._seconds = time.thread_time()

    def _write(self) -> None:
        self._write_at = time.monotonic() + _WRITE_SECONDS
        if self._rows:
            # In one call, so that a process that is killed leaves whole batches.
            self._put(pa.RecordBatch.from_pylist(self._rows, schema=self._schema).serialize())
            self._rows = []
        with self._changed:
            self._expected -= self._made
        self._made = 0

    def _put(self, message: pa.Buffer) -> None:
        """In one call, unless the disk takes a part of it only."""
        rest = memoryview(message)
        while rest:
            count = self._file.write(rest)
            self._written += count
            rest = rest[count:]
