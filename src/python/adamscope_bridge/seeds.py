"""Seeds of the generators that a loss may use, so that all evaluations of one step draw the same numbers."""

from __future__ import annotations

import ast
import random
import sys

from .modules import OwnModules, parsed


def seed_of(seed: int, step: int) -> int:
    """A seed for step t of a run, 32 bits."""
    mixed = (seed * 0x9E3779B1 + step * 0x85EBCA6B) & 0xFFFFFFFF
    return (mixed ^ (mixed >> 16)) & 0xFFFFFFFF


def may_draw(modules: OwnModules) -> bool:
    """Whether the own modules name anything random: seeding takes longer than a small loss."""
    return any(_names_random(text) for path, text in modules.texts.all.items() if path.endswith((".py", ".ipynb")))


def set_seeds(seed: int) -> None:
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed)
    torch = sys.modules.get("torch")
    if torch is not None:
        # `torch.manual_seed` also looks for devices, which takes ten times as long as a small loss.
        torch.default_generator.manual_seed(seed)
        if torch.cuda.is_initialized():
            torch.cuda.manual_seed_all(seed)


_words = ("rand", "shuffle", "dropout", "choice", "sample", "bernoulli", "multinomial", "normal_", "uniform_")


def _names_random(text: str) -> bool:
    lower = text.lower()
    if not any(word in lower for word in _words):
        return False
    tree = parsed(text)
    if tree is None:
        return True
    for node in ast.walk(tree):
        name = (
            node.attr if isinstance(node, ast.Attribute)
            else node.id if isinstance(node, ast.Name)
            else node.name if isinstance(node, ast.alias)
            else ""
        ).lower()
        if any(word in name for word in _words):
            return True
    return False
