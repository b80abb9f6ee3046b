"""The two named pipes between the job and this process, and the messages on them.

A request is a header (kind, length of the payload in bytes) and a payload; so is the reply. Numbers are little-endian. The user's
code knows neither pipe: what it prints goes to the standard output, which is another one.
"""

from __future__ import annotations

import math
import os
import select
import struct
import sys

# By name, because the user's code may replace the members of these modules.
from json import dumps, loads
from os import write
from time import perf_counter
from typing import Any, Callable, NamedTuple, Optional

_HEADER = struct.Struct("<IxxxxQ")
_EVALUATION = struct.Struct("<IIiidd")
_LOSS = struct.Struct("<d")

# Kinds of requests.
JSON_REQUEST = 1
EVALUATE = 2
# Kinds of replies.
JSON_REPLY = 1
NUMBERS = 2
#: Numbers, and there are notices to fetch.
NUMBERS_AND_NOTICES = 3
FAILED = 4

# Flags of an evaluation.
WITH_GRADIENT = 1
SILENT = 2
VALIDATION = 4
#: The gradient by the function that the user named, instead of the exact one.
PROVIDED = 8
#: Not of the run itself: of a probe or a check, which may lead to any point.
BESIDE = 16

#: Linux's largest pipe for a user without privileges. A vector of many coordinates then takes fewer switches between the processes.
_PIPE_BYTES = 2**20
_F_SETPIPE_SZ = 1031
#: The time in which the next request of a run usually comes.
_SPIN_SECONDS = 2e-4
#: After an answer that took longer, this process sleeps at once: the threads of the user's library and the job need its processor.
_SOON_SECONDS = 3e-4


class Evaluation(NamedTuple):
    """A request to evaluate a program."""

    program: int
    flags: int
    #: 1-based.
    step: int
    #: 0-based.
    epoch: int
    #: The samples of the mini-batch as int32; None without samples.
    indices: Optional[memoryview]
    #: Float64, little-endian, shape [dim].
    params: memoryview


class Channel:
    """The ends of the pipes in this process."""

    def __init__(self, receiving: int, sending: int) -> None:
        self._in = os.fdopen(receiving, "rb", buffering=2**16)
        self._out = sending
        self._received = perf_counter()
        self._poll: Optional[Callable[[int], Any]] = None
        if hasattr(select, "poll"):
            poller = select.poll()
            poller.register(receiving, select.POLLIN)
            self._poll = poller.poll

    def receive(self) -> Optional[tuple[int, bytearray]]:
        """The next request: its kind and payload. None when the job is gone."""
        self._spin()
        header = self._in.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return None
        kind, length = _HEADER.unpack(header)
        payload = bytearray(length)
        view = memoryview(payload)
        read = 0
        while read < length:
            count = self._in.readinto(view[read:])
            if not count:
                return None
            read += count
        self._received = perf_counter()
        return kind, payload

    def _spin(self) -> None:
        """Looks for the next request for a short time. A process that sleeps takes longer to wake than a small loss to evaluate."""
        now = perf_counter()
        if self._poll is None or now - self._received > _SOON_SECONDS:
            return
        until = now + _SPIN_SECONDS
        while not self._poll(0) and perf_counter() < until:
            pass

    def send_json(self, kind: int, message: Any) -> None:
        try:
            text = dumps(message, allow_nan=False)
        except ValueError:
            text = dumps(_with_words(message))
        payload = text.encode("utf-8")
        self._send(_HEADER.pack(kind, len(payload)) + payload)

    def send_numbers(self, loss: float, gradient: Optional[memoryview], has_notices: bool) -> None:
        """Sends the loss and, as float64 in bytes, the gradient, if it was asked for."""
        kind = NUMBERS_AND_NOTICES if has_notices else NUMBERS
        length = _LOSS.size + (0 if gradient is None else gradient.nbytes)
        start = _HEADER.pack(kind, length) + _LOSS.pack(loss)
        if gradient is None:
            self._send(start)
        elif gradient.nbytes <= _PIPE_BYTES:
            self._send(b"".join((start, gradient)))
        else:
            # A copy would take as long as the pipe.
            self._send(start)
            self._send(gradient)

    def _send(self, message: Any) -> None:
        view = memoryview(message)
        while view:
            view = view[write(self._out, view) :]


def _with_words(message: Any) -> Any:
    """With numbers that are not finite as words, because JSON has none of them."""
    if isinstance(message, dict):
        return {key: _with_words(value) for key, value in message.items()}
    if isinstance(message, (list, tuple)):
        return [_with_words(value) for value in message]
    if isinstance(message, float) and not math.isfinite(message):
        return "NaN" if message != message else "Infinity" if message > 0 else "-Infinity"
    return message


def read_json(payload: bytearray) -> Any:
    return loads(payload)


def evaluation(payload: bytearray) -> Evaluation:
    """Reads the payload of ``EVALUATE``: fixed part, indices (padded to 8 bytes), parameters."""
    view = memoryview(payload)
    program, flags, count, _, step, epoch = _EVALUATION.unpack_from(view)
    at = _EVALUATION.size
    indices = None
    if count >= 0:
        indices = view[at : at + 4 * count].cast("i")
        at += (4 * count + 7) // 8 * 8
    return Evaluation(program, flags, int(step), int(epoch), indices, view[at:].cast("d"))


def make_pipes(folder: str) -> Callable[[], Channel]:
    """Makes the pipes in a folder that only this user can enter.

    The job can open them when this returns, and its open does not wait. Returns what waits until it has.
    """
    if sys.platform == "win32":
        return _make_on_windows(folder)
    requests, replies = os.path.join(folder, "requests"), os.path.join(folder, "replies")
    os.mkfifo(requests, 0o600)
    os.mkfifo(replies, 0o600)
    waiting = os.open(requests, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    sending = os.open(replies, os.O_RDWR | os.O_CLOEXEC)

    def connect() -> Channel:
        # Waits for the other side. A read before it has come would find the end of the requests.
        receiving = os.open(requests, os.O_RDONLY | os.O_CLOEXEC)
        os.close(waiting)
        for end in (receiving, sending):
            _enlarge(end)
        return Channel(receiving, sending)

    return connect


def _enlarge(pipe: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    import fcntl

    try:
        fcntl.fcntl(pipe, _F_SETPIPE_SZ, _PIPE_BYTES)
    except OSError:
        # The user's pipes together are limited. Smaller ones work too.
        pass


def _make_on_windows(folder: str) -> Callable[[], Channel]:
    """One duplex pipe in the name space of pipes; its name contains that of the folder, which nobody can guess."""
    import _winapi
    import msvcrt

    name = r"\\.\pipe\adamscope-" + os.path.basename(folder)
    duplex, first = 0x3, 0x80000
    handle = _winapi.CreateNamedPipe(
        name, duplex | first, _winapi.PIPE_WAIT, 1, _PIPE_BYTES, _PIPE_BYTES, 0, _winapi.NULL
    )

    def connect() -> Channel:
        _winapi.ConnectNamedPipe(handle)
        end = msvcrt.open_osfhandle(handle, os.O_BINARY)
        return Channel(end, end)

    return connect
