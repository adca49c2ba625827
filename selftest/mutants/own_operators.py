"""Changes that the tool does not make: those that a login server gets wrong in practice.

A text that is another one, a condition that always or never holds, a statement, an argument, a member
or a call that is forgotten.  Each operator yields what to write in place of which node.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import chain, pairwise

from selftest.mutants.mutant import Change, has_docstring

# Lines from 1, and columns from 0 in bytes of UTF-8, as the syntax tree has them.
Place = tuple[int, int]
Node = ast.expr | ast.stmt | ast.keyword
Replacement = tuple[Place, Place, str]


def own_changes(source: str) -> Iterator[Change]:
    """Yield every change that an operator of ours makes of a source."""
    tree, lines = ast.parse(source), source.encode().splitlines(keepends=True)

    def offset(place: Place) -> int:
        return sum(map(len, lines[: place[0] - 1])) + place[1]

    for operator, replacements in OPERATORS.items():
        for occurrence, (start, end, text) in enumerate(replacements(tree)):
            pieces = b"".join(lines)[: offset(start)], text.encode(), b"".join(lines)[offset(end) :]
            yield Change(f"own/{operator}", occurrence, b"".join(pieces).decode())


def _start(node: Node) -> Place:
    return node.lineno, node.col_offset


def _end(node: Node) -> Place:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def _by(node: Node, text: str) -> Replacement:
    return _start(node), _end(node), text


def _other_text(tree: ast.Module) -> Iterator[Replacement]:
    """Write another text or other bytes."""
    skipped = {id(part) for node in ast.walk(tree) for part in _no_text(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in skipped:
            if isinstance(node.value, str):
                yield _by(node, repr(f"{node.value}X"))
            elif isinstance(node.value, bytes):
                yield _by(node, repr(node.value + b"X"))


def _no_text(node: ast.AST) -> Iterator[ast.AST]:
    if has_docstring(node):
        yield from ast.walk(node.body[0])
    if isinstance(node, ast.JoinedStr):
        yield from ast.walk(node)
    annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
    if isinstance(annotation, ast.AST):
        yield from ast.walk(annotation)


def _constant_condition(tree: ast.Module) -> Iterator[Replacement]:
    """Let a condition, or a function that tells, always or never hold; leave out a part of it."""
    for node in ast.walk(tree):
        conditions: list[ast.expr] = []
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            conditions = [node.test]
        elif isinstance(node, ast.comprehension):
            conditions = node.ifs
        elif isinstance(node, ast.FunctionDef) and _tells(node):
            returns = (each for each in ast.walk(node) if isinstance(each, ast.Return))
            conditions = [each.value for each in returns if each.value is not None]
        elif isinstance(node, ast.BoolOp):
            for part in node.values:
                rest = [f"({ast.unparse(one)})" for one in node.values if one is not part]
                joint = " and " if isinstance(node.op, ast.And) else " or "
                yield _by(node, joint.join(rest))
        for condition in conditions:
            yield _by(condition, "True")
            yield _by(condition, "False")


def _tells(node: ast.FunctionDef) -> bool:
    return isinstance(node.returns, ast.Name) and node.returns.id == "bool"


def _forgotten_statement(tree: ast.Module) -> Iterator[Replacement]:
    """Leave out a statement of a function, or the value of a return."""
    functions = (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    simple = ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Raise | ast.Delete
    for node in chain.from_iterable(ast.walk(function) for function in functions):
        if isinstance(node, simple) and not _is_text(node):
            yield _by(node, "pass")
        elif isinstance(node, ast.Return) and node.value is not None:
            yield _by(node, "return None")


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _forgotten_argument(tree: ast.Module) -> Iterator[Replacement]:
    """Leave out an argument that is given by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword, following in pairwise([*node.keywords, None]):
                if keyword is not None:
                    yield (
                        _start(keyword),
                        _end(keyword) if following is None else _start(following),
                        "",
                    )


def _forgotten_member(tree: ast.Module) -> Iterator[Replacement]:
    """Leave out a member of a dictionary, or an element of a tuple."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            members = [
                (key or value, value) for key, value in zip(node.keys, node.values, strict=True)
            ]
        elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
            members = [(element, element) for element in node.elts]
        else:
            continue
        if isinstance(node, ast.Tuple) and len(members) == 1:
            yield _by(node, "()")
            continue
        for member, following in pairwise([*members, None]):
            # The comma before the last one stays: it makes a tuple of what is left.
            if member is not None:
                end = _end(member[1]) if following is None else _start(following[0])
                yield _start(member[0]), end, ""


def _forgotten_call(tree: ast.Module) -> Iterator[Replacement]:
    """Take what a method is called on for what it returns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield _end(node.func.value), _end(node), ""


def _forgotten_handler(tree: ast.Module) -> Iterator[Replacement]:
    """Let an exception pass that is caught."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            yield _by(node.type, "()")


OPERATORS: dict[str, Callable[[ast.Module], Iterator[Replacement]]] = {
    "other-text": _other_text,
    "constant-condition": _constant_condition,
    "forgotten-statement": _forgotten_statement,
    "forgotten-argument": _forgotten_argument,
    "forgotten-member": _forgotten_member,
    "forgotten-call": _forgotten_call,
    "forgotten-handler": _forgotten_handler,
}
