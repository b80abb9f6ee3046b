"""The line of the script that a call came from."""

from __future__ import annotations

import os
import sys
import sysconfig
from types import FrameType
from typing import Any, Optional

#: ``{"file", "line", "function"}``.
Place = dict[str, Any]
_OWN = os.path.dirname(os.path.abspath(__file__))
_STANDARD = tuple(os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib"))
#: Folders of installed packages: of an environment, of a user, of Debian.
_INSTALLED = frozenset(("site-packages", "dist-packages"))


def calling_line() -> Optional[Place]:
    """The innermost line of the call stack that is neither installed nor the recorder's.

    None if there is none.
    """
    frame: Optional[FrameType] = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith("<") and _is_own(file):
            return {"file": os.path.abspath(file), "line": frame.f_lineno, "function": frame.f_code.co_name}
        frame = frame.f_back
    return None


_known: dict[str, bool] = {}


def _is_own(file: str) -> bool:
    """Whether a file is the user's."""
    if file not in _known:
        path = os.path.realpath(file)
        is_installed = not _INSTALLED.isdisjoint(path.split(os.sep)) or path.startswith(tuple(each + os.sep for each in _STANDARD))
        _known[file] = not is_installed and not path.startswith(_OWN + os.sep)
    return _known[file]
