"""The small changes that can be made to a file: each leaves one expression or statement other than
it was."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
"""Off by one, and the opposite."""
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
}
EXCHANGED = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One change: the line and the function it stands in ("" for none), what stood there and what
    stands there now."""

    line: int
    inside: str
    before: str
    after: str
    number: int
    other: ast.AST

    @property
    def key(self) -> tuple[str, str, str]:
        """What names this change whatever moves around it."""
        return self.inside, self.before, self.after

    def tree(self, source: str) -> ast.Module:
        """The file with this change made."""
        tree = ast.parse(source)
        changed: ast.Module = _Put(list(ast.walk(tree))[self.number], self.other).visit(tree)
        return ast.fix_missing_locations(changed)


class _Put(ast.NodeTransformer):
    """Puts ``other`` in the place of one node."""

    def __init__(self, node: ast.AST, other: ast.AST) -> None:
        self.node, self.other = node, ast.copy_location(other, node)

    def visit(self, node: ast.AST) -> ast.AST:
        return self.other if node is self.node else self.generic_visit(node)


def unchanged(source: str) -> Mutant:
    """No change at all: what the tests must pass on."""
    return Mutant(0, "", "", "", 0, ast.parse(source))


def mutants(source: str) -> tuple[Mutant, ...]:
    """Every change to a file, in the order of its lines. Annotations and text stay as they are:
    the type checker and the catalogues look after those."""
    tree = ast.parse(source)
    number = {node: n for n, node in enumerate(ast.walk(tree))}
    return tuple(
        Mutant(node.lineno, inside, _text(node), _text(other), number[node], other)
        for node, inside in _places(tree, "")
        for other in _others(node)
    )


def _places(node: ast.AST, inside: str) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Every expression and statement that runs, and the function it stands in."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        inside = f"{inside}.{node.name}".lstrip(".")
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.expr | ast.stmt):
                yield child, inside
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                yield from _places(child, inside)


def _others(node: ast.expr | ast.stmt) -> Iterator[ast.expr | ast.stmt]:
    """What could stand in a node's place."""
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BinOp(left, op, right) if type(op) in COUNTED:
            yield ast.BinOp(left, COUNTED[type(op)](), right)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Call() if not _makes_a_value(node):
            yield from _called(node)
        case ast.If(test, body, orelse) if not isinstance(test, ast.Compare | ast.UnaryOp):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Return(value) if value and not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Raise() | ast.AugAssign() | ast.Expr(ast.Call()):
            yield ast.Pass()


def _compared(node: ast.Compare) -> Iterator[ast.expr]:
    for n, op in enumerate(node.ops):
        for other in COMPARED[type(op)]:
            yield ast.Compare(
                node.left, [*node.ops[:n], other(), *node.ops[n + 1 :]], node.comparators
            )


def _called(node: ast.Call) -> Iterator[ast.expr]:
    """The call without itself (its first argument alone, or its object), with its first two
    arguments exchanged, and with the opposite function."""
    if node.args and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp):
        yield node.args[0]
    elif not node.args and isinstance(node.func, ast.Attribute):
        yield node.func.value
    if isinstance(node.func, ast.Name) and node.func.id in EXCHANGED:
        yield ast.Call(ast.Name(EXCHANGED[node.func.id], ast.Load()), node.args, node.keywords)
        return
    if len(node.args) > 1:
        first, second, *rest = node.args
        yield ast.Call(node.func, [second, first, *rest], node.keywords)


def _makes_a_value(node: ast.Call) -> bool:
    """Whether a class is called: anything else in its place would not pass the type checker."""
    return ast.unparse(node.func).rpartition(".")[2][0].isupper()


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _text(node: ast.AST) -> str:
    """The first line of a node's source: of a statement with a body, its head."""
    return ast.unparse(node).partition("\n")[0]
