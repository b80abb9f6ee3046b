"""Loads the user's own modules, as the editor shows them, any number of times.

The modules of the workspace are the user's own; installed packages are shared by all loads. Each load has module objects of its
own, so that what one load of a loss remembers does not reach another one.
"""

from __future__ import annotations

import __future__
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import site
import sys
import sysconfig
import warnings
from types import ModuleType
from typing import Any, Callable, Optional, Sequence

from .notebooks import cells_of, compiled_cell, is_notebook, show_lines

#: Rewrites the syntax tree of an own module before it is compiled: (tree, path, text) -> tree.
Transform = Callable[[ast.Module, str, str], ast.Module]

#: The folder of the bridge, which may lie in a project that contains the extension.
_BRIDGE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", ".git", ".vscode")


class Texts:
    """The texts of the user's files: unsaved buffers, else the files. Remembers what it read."""

    def __init__(self, unsaved: dict[str, str]) -> None:
        self._texts = dict(unsaved)
        self._cells: dict[str, str] = {}

    def read(self, path: str) -> str:
        """Raises OSError if there is no such file, SyntaxError if it cannot be decoded."""
        text = self._texts.get(path, self._cells.get(path))
        if text is None:
            with open(path, "rb") as file:
                text = _decoded(file.read(), path)
            self._texts[path] = text
        return text

    def parts(self, path: str) -> dict[str, str]:
        """What is compiled of a file: its text, or those of the cells of a notebook. Raises as ``read``."""
        text = self.read(path)
        if not is_notebook(path):
            return {path: text}
        self._cells = cells_of(path, text)
        return self._cells

    @property
    def cells(self) -> dict[str, str]:
        """The cells of the notebook that was loaded."""
        return self._cells

    def has(self, path: str) -> bool:
        return path in self._texts

    @property
    def all(self) -> dict[str, str]:
        return self._texts


def _decoded(data: bytes, path: str) -> str:
    """Raises SyntaxError at the place in the file."""
    try:
        text = importlib.util.decode_source(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        advice = "save the file as UTF-8, or name its encoding in a coding comment"
        message = f"byte 0x{data[error.start]:02x} is not {error.encoding}: {advice}"
        raise SyntaxError(message, (path, line, None, None)) from None
    except SyntaxError as error:
        raise SyntaxError(error.msg, (path, 1, None, None)) from None
    at = text.find("\0")
    if at >= 0:
        raise SyntaxError("the file contains a null character", (path, text.count("\n", 0, at) + 1, None, None))
    return text


def parsed(text: str) -> Optional[ast.Module]:
    """The syntax tree of a text; None if it cannot be parsed. Nothing is printed: the import of the text does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class OwnModules:
    """One load of the user's own modules."""

    #: The load whose modules are in ``sys.modules``.
    _active: Optional[OwnModules] = None

    def __init__(self, file: str, texts: Texts, transform: Optional[Transform] = None) -> None:
        self.file = file
        self.texts = texts
        self.transform = transform
        self.folder, self.name = _package_of(file)
        #: The module in messages.
        self.title = os.path.basename(file) if is_notebook(file) else self.name
        self.project = _project_of(self.folder)
        #: The own modules by name, also of modules that were replaced.
        self.loaded: dict[str, ModuleType] = {}

    def main(self) -> ModuleType:
        """The module of the loss. It is never `__main__`, so what a script guards does not run."""
        self.activate()
        name = self.name
        taken = sys.modules.get(name)
        if name in standard_names() or (taken is not None and name not in self.loaded):
            # The file has the name of a library that it may use itself.
            name = f"adamscope_{name}"
        known = self.loaded.get(name)
        if known is not None:
            return known
        package, _, stem = name.rpartition(".")
        if package:
            if os.path.basename(self.file) in ("__init__.py", f"{stem}.py"):
                return importlib.import_module(name)
            importlib.import_module(package)
        is_package = os.path.basename(self.file) == "__init__.py"
        spec = _own_spec(self, name, self.file, [os.path.dirname(self.file)] if is_package else None)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)  # type: ignore[union-attr]
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return sys.modules.get(name, module)

    def has_no(self, address: str) -> str:
        """The message about an address that is missing."""
        why = "; cells below that of the loss do not run" if is_notebook(self.file) else ""
        return f"{self.title} has no {address} after its import{why}"

    def activate(self) -> None:
        """Puts the own modules of this load into ``sys.modules``, instead of those of another one."""
        active = OwnModules._active
        if active is self:
            return
        if active is not None:
            for name in active.loaded:
                active.loaded[name] = sys.modules.pop(name, active.loaded[name])
        sys.modules.update(self.loaded)
        OwnModules._active = self

    def owns(self, path: str) -> bool:
        """Whether a file is the user's own: below the project, and not installed there."""
        if path.startswith(_BRIDGE):
            return False
        if self.texts.has(path):
            return True
        inside = any(path.startswith(root + os.sep) for root in {self.project, self.folder})
        return inside and not any(path.startswith(root) for root in _installed_roots())

    @staticmethod
    def active() -> Optional[OwnModules]:
        return OwnModules._active


def install(file: str) -> None:
    """Prepares the imports of this process as if it had been started for a file: its folder and its project can be imported."""
    folder, _ = _package_of(file)
    project = _project_of(folder)
    source = os.path.join(project, "src")
    wanted = [folder, project, *([source] if os.path.isdir(source) else [])]
    sys.path[:0] = [each for each in dict.fromkeys(wanted) if each not in sys.path]
    sys.argv = [file]
    # As Jupyter does.
    os.chdir(folder if is_notebook(file) else project)
    sys.meta_path.insert(0, _OwnFinder())


class _OwnFinder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        modules = OwnModules.active()
        if modules is None:
            return None
        for folder in sys.path if path is None else path:
            unsaved = os.path.join(folder, name.rpartition(".")[2] + ".py")
            if modules.texts.has(unsaved):
                return _own_spec(modules, name, unsaved)
        found = importlib.machinery.PathFinder.find_spec(name, path, target)
        if found is None or found.origin is None or not found.origin.endswith(".py"):
            return found
        origin = os.path.abspath(found.origin)
        if not modules.owns(origin):
            return found
        return _own_spec(modules, name, origin, found.submodule_search_locations)


def _own_spec(
    modules: OwnModules, name: str, file: str, folders: Optional[Sequence[str]] = None
) -> importlib.machinery.ModuleSpec:
    spec = importlib.util.spec_from_file_location(
        name, file, loader=_OwnLoader(modules, file), submodule_search_locations=folders and list(folders)
    )
    assert spec is not None
    return spec


_FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


class _OwnLoader(importlib.abc.Loader):
    def __init__(self, modules: OwnModules, file: str) -> None:
        self._modules = modules
        self._file = file

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        self._modules.loaded[module.__name__] = module
        flags = 0
        for path, text in self._modules.texts.parts(self._file).items():
            tree = compile(text, path, "exec", ast.PyCF_ONLY_AST | flags, dont_inherit=True)
            if self._modules.transform is not None:
                tree = self._modules.transform(tree, path, text)
            if path == self._file:
                code = compile(tree, path, "exec", dont_inherit=True)
            else:
                code = compiled_cell(tree, path, flags)
                show_lines(path, text)
            # What a cell imports from `__future__` holds in those below it.
            flags |= code.co_flags & _FUTURE
            exec(code, module.__dict__)

    def get_source(self, name: str) -> str:
        """For ``inspect`` and ``linecache``, as torch.compile and tracebacks use them."""
        return self._modules.texts.read(self._file)


def member(module: ModuleType, address: str) -> Any:
    """The value at a dotted address of a module. Raises AttributeError if there is none."""
    value: Any = module
    for part in address.split("."):
        value = getattr(value, part)
    return value


def _package_of(file: str) -> tuple[str, str]:
    """The folder from which a file is imported, and its dotted name there."""
    folder = os.path.dirname(file)
    if is_notebook(file):
        # In Jupyter it is the program, and a module beside it may have its name.
        return folder, os.path.basename(file).replace(".", "_")
    # A dot would be that of a package.
    name = os.path.splitext(os.path.basename(file))[0].replace(".", "_")
    parts = [] if name == "__init__" else [name]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        parts.insert(0, os.path.basename(folder))
        folder = os.path.dirname(folder)
    return folder, ".".join(parts)


def _project_of(folder: str) -> str:
    """The nearest folder around that contains a file of a project; the folder itself if there is none."""
    at = folder
    while True:
        if any(os.path.exists(os.path.join(at, name)) for name in _PROJECT_FILES):
            return at
        above = os.path.dirname(at)
        if above == at:
            return folder
        at = above


def _installed_roots() -> list[str]:
    roots = [sysconfig.get_path(key) for key in ("stdlib", "platstdlib", "purelib", "platlib")]
    roots += [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    # An environment inside the project.
    roots += [sys.prefix] if sys.prefix != sys.base_prefix else []
    return [root + os.sep for root in roots if root]


def standard_names() -> frozenset[str]:
    return getattr(sys, "stdlib_module_names", frozenset(sys.builtin_module_names))
