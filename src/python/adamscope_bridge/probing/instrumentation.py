"""Rewrites a syntax tree so that every expression that computes passes its operands and its value to a recorder."""

from __future__ import annotations

import ast
import operator
from typing import Any, Dict, List, Optional

from .site_table import Site, SiteTable, SourceText, Variable

# Operand numbers are the low digits of a key; further operands are not kept.
KEY_BASE = 64
_MOST_OPERANDS = KEY_BASE - 4

# Deeper expressions are left alone: the compiler limits the depth of a tree.
_DEEPEST = 60

_OPERATORS = {
    ast.Add: ("+", "iadd"),
    ast.Sub: ("-", "isub"),
    ast.Mult: ("*", "imul"),
    ast.Div: ("/", "itruediv"),
    ast.FloorDiv: ("//", "ifloordiv"),
    ast.Mod: ("%", "imod"),
    ast.Pow: ("**", "ipow"),
    ast.MatMult: ("@", "imatmul"),
}
IN_PLACE = {name: getattr(operator, name) for _, name in _OPERATORS.values()}

# Attributes whose value is another view of the same numbers.
_VIEWS = {"T", "mT", "H", "mH", "real", "imag", "data", "flat"}

# Their results are no numbers, or they look at the frame that calls them.
_UNRECORDED_CALLS = {
    "super", "locals", "globals", "vars", "dir", "eval", "exec", "print", "isinstance", "issubclass", "len", "range",
    "type", "hasattr", "callable", "id", "hash", "repr", "str", "open", "input", "breakpoint", "property", "__import__",
}  # fmt: skip

# Functions with these decorators are compiled from their bytecode.
_COMPILERS = {"numba"}


def rewrite(tree: ast.Module, path: str, text: str, table: SiteTable) -> ast.Module:
    """
    Returns the tree with recorded expressions. It evaluates the same, in the same order; all positions are kept.
    What cannot be recorded safely is left alone: annotations, decorators, patterns, f-strings, deep expressions, and
    expressions with `await` or `yield` among their operands.

    path: as given to `compile`.
    """
    source = SourceText(path, text)
    table.paths.add(path)
    table.variables[path] = _variables_of(tree, source)
    rewritten = _Rewriting(source, table, tree).visit(tree)
    return ast.fix_missing_locations(rewritten)


def _variables_of(tree: ast.Module, source: SourceText) -> Dict[str, Variable]:
    variables: Dict[str, Variable] = {}
    for statement in tree.body:
        for node in ast.walk(statement) if not isinstance(statement, (ast.FunctionDef, ast.ClassDef)) else ():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                variables.setdefault(node.id, Variable(source, node))
    return variables


class _Rewriting(ast.NodeTransformer):
    def __init__(self, source: SourceText, table: SiteTable, tree: ast.Module) -> None:
        self._source = source
        self._table = table
        self._depth = 0
        imports = table.imports_of(source.path)
        self._modules = imports.modules
        self._compilers = imports.compilers
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self._modules.add((alias.asname or alias.name).split(".")[0])
                    if alias.name.split(".")[0] in _COMPILERS:
                        self._compilers.add((alias.asname or alias.name).split(".")[0])
            elif isinstance(node, ast.ImportFrom):
                module = (node.module or "").split(".")[0]
                for alias in node.names:
                    if module in _COMPILERS:
                        self._compilers.add(alias.asname or alias.name)

    # What is left alone.

    def _leave(self, node: ast.AST) -> ast.AST:
        return node

    visit_Constant = visit_JoinedStr = visit_TemplateStr = visit_TypeAlias = _leave
    visit_Import = visit_ImportFrom = visit_Global = visit_Nonlocal = visit_Delete = _leave

    def visit_FunctionDef(self, node: Any) -> ast.AST:
        if not any(self._is_compiler(decorator) for decorator in node.decorator_list):
            node.body = self._statements(node.body)
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = self._statements(node.body)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        node.body = self.visit(node.body)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_match_case(self, node: Any) -> ast.AST:
        if node.guard is not None:
            node.guard = self.visit(node.guard)
        node.body = self._statements(node.body)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        node.value = self.visit(node.value)
        return node

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        if isinstance(node.ctx, ast.Load):
            node.value = self.visit(node.value)
        return node

    # What is recorded.

    def visit(self, node: ast.AST) -> Any:
        if not isinstance(node, ast.expr):
            return super().visit(node)
        if self._depth >= _DEEPEST:
            return node
        self._depth += 1
        try:
            return super().visit(node)
        finally:
            self._depth -= 1

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        found = _OPERATORS.get(type(node.op))
        is_constant = isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant)
        is_text = isinstance(node.left, ast.JoinedStr) or _is_text(node.left)
        if found is None or is_constant or is_text or _suspends(node.left, node.right):
            return self.generic_visit(node)
        place = self._copy(node)
        site = self._add(place, found[0], "", 2)
        node.left = self._keep(site, 0, node.left)
        node.right = self._keep(site, 1, node.right)
        return self._record(site, node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        is_negation = isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant)
        if not is_negation or _suspends(node.operand):
            return self.generic_visit(node)
        site = self._add(self._copy(node), "negation", "", 1)
        node.operand = self._keep(site, 0, node.operand)
        return self._record(site, node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if not isinstance(node.ctx, ast.Load) or _suspends(node.value, node.slice):
            return self.generic_visit(node)
        return self._part(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        is_view = isinstance(node.ctx, ast.Load) and node.attr in _VIEWS
        if not is_view or self._is_module(node.value) or _suspends(node.value):
            return self.generic_visit(node)
        return self._part(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        # `out` is a result.
        keywords = [keyword for keyword in node.keywords if keyword.arg != "out"]
        arguments = [*node.args, *(keyword.value for keyword in keywords)]
        is_unrecorded = isinstance(function, ast.Name) and name in _UNRECORDED_CALLS
        if is_unrecorded or len(arguments) > _MOST_OPERANDS or _suspends(node):
            return self.generic_visit(node)
        is_method = isinstance(function, ast.Attribute) and not self._is_module(function.value)
        calls_name = isinstance(function, ast.Name)
        first = 1 if is_method or calls_name else 0
        site = self._add(
            self._copy(node), "call", name, first + len(arguments), is_method=is_method, calls_name=calls_name
        )
        # The receiver of `x.add_(y)`, and `out`, which may be an operand, are changed by the call.
        has_out = len(keywords) < len(node.keywords)
        is_in_place = has_out or (is_method and name.endswith("_") and not name.endswith("__"))
        keep = "keep_copy" if is_in_place else "keep"
        if is_method:
            assert isinstance(function, ast.Attribute)
            function.value = self._keep(site, 0, function.value, keep)
        elif calls_name:
            node.func = self._keep(site, 0, function)
        elif not isinstance(function, ast.Attribute):
            node.func = self.visit(function)
        number = first
        for index, argument in enumerate(node.args):
            if isinstance(argument, ast.Starred):
                argument.value = self._keep(site, number, argument.value)
            else:
                node.args[index] = self._keep(site, number, argument, keep)
            number += 1
        for keyword in node.keywords:
            if keyword.arg == "out":
                keyword.value = self.visit(keyword.value)
                continue
            keyword.value = self._keep(site, number, keyword.value)
            number += 1
        return self._record(site, node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        found = _OPERATORS.get(type(node.op))
        if found is None or _suspends(node.target, node.value):
            node.value = self.visit(node.value)
            return node
        place = self._copy(node)
        if isinstance(node.target, ast.Name):
            site = self._add(place, found[0], "", 2)
            load = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
            left = self._call("keep_copy", node.target, ast.Constant(site * KEY_BASE), load)
            right = self._keep(site, 1, node.value)
            computed = ast.copy_location(self._call(found[1], node, left, right), node)
            return ast.copy_location(ast.Assign([node.target], self._record(site, computed)), node)
        node.value = self.visit(node.value)
        if not isinstance(node.target, (ast.Subscript, ast.Attribute)):
            return node
        # Container, index, right side, and the element before.
        site = self._add(place, found[0], "", 4)
        target = node.target
        target.value = self._keep(site, 0, target.value)
        if isinstance(target, ast.Subscript):
            target.slice = self._keep(site, 1, self._without_slices(target.slice))
        else:
            # The name takes the place of the index.
            keep_name = self._call("keep", node, ast.Constant(site * KEY_BASE + 1), ast.Constant(target.attr))
            target.value = self._call("first", node, target.value, keep_name)
        after = self._call("changed", node, ast.Constant(site))
        node.value = self._call("keep_change", node.value, ast.Constant(site * KEY_BASE + 2), node.value)
        return [node, ast.copy_location(ast.Expr(after), node)]

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        node.value = self.visit(node.value)
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Subscript) and not _suspends(target, node.value):
            node.value = self._call("store", node.value, node.value)
            target.value = self._call("into", target.value, self.visit(target.value))
            target.slice = self.visit(target.slice)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        node.iter = self._iterated(node.iter)
        node.body = self._statements(node.body)
        node.orelse = self._statements(node.orelse)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        node.iter = self.visit(node.iter) if node.is_async else self._iterated(node.iter)
        node.ifs = [self.visit(condition) for condition in node.ifs]
        return node

    # Parts of new trees.

    def _statements(self, statements: List[Any]) -> List[Any]:
        result: List[Any] = []
        for statement in statements:
            visited = self.visit(statement)
            result.extend(visited if isinstance(visited, list) else [visited])
        return result

    def _iterated(self, node: ast.expr) -> ast.expr:
        return node if _suspends(node) else self._call("iterate", node, self.visit(node))

    def _without_slices(self, node: ast.expr) -> ast.expr:
        """The same index, as an expression that can be an argument."""
        if isinstance(node, ast.Slice):
            parts = (node.lower, node.upper, node.step)
            return self._call("slice", node, *(part or ast.Constant(None) for part in parts))
        if isinstance(node, ast.Tuple):
            node.elts = [self._without_slices(element) for element in node.elts]
        return node

    def _part(self, node: Any) -> ast.AST:
        has_index = isinstance(node, ast.Subscript) and not _has_slices(node.slice)
        site = self._add(self._copy(node), "pass", "", 2 if has_index else 1)
        node.value = self._keep(site, 0, node.value)
        if has_index:
            node.slice = self._keep(site, 1, node.slice)
        elif isinstance(node, ast.Subscript):
            node.slice = self.visit(node.slice)
        return self._record(site, node)

    def _add(self, place: Any, operation: str, name: str, operands: int, **more: bool) -> int:
        return self._table.add(Site(self._source, place, operation, name, operands, **more))

    def _keep(self, site: int, index: int, node: ast.expr, function: str = "keep") -> ast.expr:
        return self._call(function, node, ast.Constant(site * KEY_BASE + index), self.visit(node))

    def _record(self, site: int, node: ast.expr) -> ast.expr:
        return self._call("record", node, ast.Constant(site), node)

    def _call(self, function: str, place: Any, *arguments: ast.expr) -> ast.Call:
        callee = ast.copy_location(ast.Name(self._table.name_of(function), ast.Load()), place)
        for argument in arguments:
            if not hasattr(argument, "lineno"):
                ast.copy_location(argument, place)
        return ast.copy_location(ast.Call(callee, list(arguments), []), place)

    @staticmethod
    def _copy(node: Any) -> Any:
        """Only the position; the node itself is changed."""
        return ast.copy_location(ast.Pass(), node)

    def _is_module(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self._modules

    def _is_compiler(self, decorator: ast.expr) -> bool:
        return any(isinstance(node, ast.Name) and node.id in self._compilers for node in ast.walk(decorator))


def _has_slices(node: ast.expr) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(part, (ast.Slice, ast.Starred)) for part in parts)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))


def _suspends(*nodes: Optional[ast.AST]) -> bool:
    """Whether the evaluation may be suspended between two operands."""
    rest: List[ast.AST] = [node for node in nodes if node is not None]
    while rest:
        node = rest.pop()
        if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(node, ast.comprehension) and node.is_async:
            return True
        if not isinstance(node, ast.Lambda):
            rest.extend(ast.iter_child_nodes(node))
    return False
