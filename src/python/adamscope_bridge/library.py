"""The packages in whose arrays a loss takes its parameters."""

from __future__ import annotations

import dis
import functools
import types
from typing import Any, Optional

from .modules import OwnModules

LIBRARIES = ("torch", "jax", "numpy", "python")

#: Words in the annotation of a parameter, and the library whose type they name; the first that occurs counts.
_annotations = (
    ("torch", "torch"),
    ("Tensor", "torch"),
    ("jax", "jax"),
    ("jnp", "jax"),
    ("chex", "jax"),
    ("ndarray", "numpy"),
    ("NDArray", "numpy"),
    ("numpy", "numpy"),
    ("np.", "numpy"),
    ("ArrayLike", "numpy"),
    ("list", "python"),
    ("List", "python"),
    ("Sequence", "python"),
    ("tuple", "python"),
    ("Tuple", "python"),
    ("dict", "python"),
    ("Dict", "python"),
    ("float", "python"),
)

_roots = {"torch": "torch", "jax": "jax", "numpy": "numpy", "scipy": "numpy", "autograd": "numpy"}
#: Methods and attributes of arrays, which lists do not have.
_array_members = frozenset("shape T dot sum mean reshape ravel flatten ndim size astype transpose std var max min prod copy".split())
_deepest = 3


def library_of(loss: Any, modules: OwnModules) -> str:
    """Found from the annotation of the first parameter, else from the packages that the function and the own functions that it
    calls use, else, if it uses members of arrays, from what its module has imported."""
    function, given = _function(loss)
    if function is None:
        return "numpy"
    annotated = _by_annotation(function, given)
    if annotated is not None:
        return annotated
    used, members = _used_by(function, modules, _deepest, set())
    for library in LIBRARIES:
        if library in used:
            return library
    return _of_globals(function) if members & _array_members else "python"


def _of_globals(function: types.FunctionType) -> str:
    """The library of the arrays whose members a function uses: the only one that its module has imported, else numpy."""
    modules = [value for value in function.__globals__.values() if isinstance(value, types.ModuleType)]
    imported = {_roots.get(module.__name__.partition(".")[0]) for module in modules} - {None}
    return imported.pop() or "numpy" if len(imported) == 1 else "numpy"


def _function(value: Any) -> tuple[Optional[types.FunctionType], int]:
    """The plain function behind a method, a partial or a decorated function, and how many of its arguments partials have given."""
    given = 0
    for _ in range(10):
        if isinstance(value, types.FunctionType):
            inner = getattr(value, "__wrapped__", None)
            if inner is None:
                return value, given
            value = inner
        elif isinstance(value, types.MethodType):
            value = value.__func__
        elif hasattr(value, "func"):
            given += len(value.args) if isinstance(value, functools.partial) else 0
            value = value.func
        elif hasattr(value, "__wrapped__"):
            value = value.__wrapped__
        elif hasattr(value, "__call__") and not isinstance(value, type):
            value = type(value).__call__
        else:
            break
    return None, given


def _by_annotation(function: types.FunctionType, given: int) -> Optional[str]:
    code = function.__code__
    names = [name for name in code.co_varnames[: code.co_argcount] if name not in ("self", "cls")]
    annotation = function.__annotations__.get(names[given]) if len(names) > given else None
    if annotation is None:
        return None
    text = annotation if isinstance(annotation, str) else _type_text(annotation)
    # In a string, the name may come from any package.
    if isinstance(annotation, str) and annotation in function.__globals__:
        text = f"{text} {_type_text(function.__globals__[annotation])}"
    return next((library for word, library in _annotations if word in text), None)


def _type_text(annotation: Any) -> str:
    if isinstance(annotation, type) and annotation.__module__ != "builtins":
        return f"{annotation.__module__}.{annotation.__qualname__}"
    return str(annotation) if not isinstance(annotation, type) else annotation.__name__


def _used_by(
    function: types.FunctionType, modules: OwnModules, depth: int, seen: set[int]
) -> tuple[set[str], set[str]]:
    """The libraries that a function uses, and the names of the attributes in it."""
    if id(function) in seen:
        return set(), set()
    seen.add(id(function))
    names, members = _names_in(function.__code__)
    libraries: set[str] = set()
    for name in names:
        value = function.__globals__.get(name)
        if value is None:
            continue
        root = (value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)) or ""
        library = _roots.get(str(root).partition(".")[0])
        # An array that the module holds says only that the loss uses its library.
        library = library or _roots.get(type(value).__module__.partition(".")[0])
        if library is not None:
            libraries.add(library)
        elif isinstance(value, types.FunctionType) and depth > 0 and modules.owns(value.__code__.co_filename):
            inner_libraries, inner_members = _used_by(value, modules, depth - 1, seen)
            libraries |= inner_libraries
            members |= inner_members
        elif value.__class__.__module__ in modules.loaded and depth > 0:
            call = getattr(type(value), "__call__", None)
            if isinstance(call, types.FunctionType):
                libraries |= _used_by(call, modules, depth - 1, seen)[0]
    return libraries, members


def _names_in(code: types.CodeType) -> tuple[set[str], set[str]]:
    """The global names and the names of attributes in a function and the functions within it."""
    names: set[str] = set()
    members: set[str] = set()
    for instruction in dis.get_instructions(code):
        if isinstance(instruction.argval, str):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                names.add(instruction.argval)
            elif instruction.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                members.add(instruction.argval)
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            inner_names, inner_members = _names_in(each)
            names |= inner_names
            members |= inner_members
    return names, members
