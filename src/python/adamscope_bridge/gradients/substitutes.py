"""Puts other functions in the place of a library's, in the globals of the user's own modules only.

`sys.modules` and the library itself stay as they are, so no other code is concerned.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from ..modules import OwnModules

#: The substitute of a global value; None if it has none.
Substitute = Callable[[Any], Optional[Any]]


def substitute(modules: OwnModules, substitute_of: Substitute, added: dict[str, Any]) -> None:
    """Replaces the globals of the loaded own modules. `added` names builtins that get a substitute where no global hides them."""
    for module in list(modules.loaded.values()):
        namespace = module.__dict__
        for name, value in list(namespace.items()):
            if name.startswith("__"):
                continue
            replacement = substitute_of(value)
            if replacement is not None:
                namespace[name] = replacement
        for name, value in added.items():
            namespace.setdefault(name, value)
