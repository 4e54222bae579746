"""Every mutant of a Python module: one small change of its source, found in its syntax tree."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.GtE],  # the boundary, the opposite
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.MatMult: ast.Mult,
}
# Calls that convert or only wrap their argument: without them a test fails at once or never, for
# reasons of types or of speed, so that their mutants measure nothing.
CONVERSIONS = frozenset(
    "alias asarray ascontiguousarray bool bytes cast cast_to cache collect col copy dict"
    " enumerate fields float frozenset getattr int isinstance iter lazy len list lit map next open"
    " partial print range repr rows set_field str super to_dicts to_list to_numpy tolist tuple"
    " types_of validated zip".split()
)
# Calls that only tell a person how far a stage is; they change no result.
TELLING = frozenset("progress done report_step silent simplefilter setLevel".split())
# Arguments whose absence no test can show: checks that two lists are as long, orders that a small
# table keeps by chance, encodings that are the default of the machine that tests, documentation.
SILENT_ARGUMENTS = frozenset(
    "strict maintain_order encoding kind dtype return_dtype description".split()
)
# How a plot looks: a person judges that.
APPEARANCE = frozenset(
    "alpha bbox_inches color fontsize frameon linestyle linewidth linewidths loc marker markersize"
    " textcoords xytext".split()
)


@dataclass(frozen=True)
class Mutant:
    """One change: the bytes `begin` to `end` of `module` (a path from the root) become `after`."""

    module: str
    line: int
    begin: int
    end: int
    before: str
    after: str
    kind: str
    text: str  # the source line, stripped

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.kind}: {_short(self.before)} -> " + (
            _short(self.after)
        )

    def applied(self, source: bytes) -> bytes:
        """The module's source with the change."""
        return source[: self.begin] + self.after.encode() + source[self.end :]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 70 else f"{text[:50]} … {text[-17:]}"


def mutants(module: str, source: bytes) -> list[Mutant]:
    """All mutants of a module, in the order of its text; each parses."""
    finder = _Finder(module, source)
    finder.visit(ast.parse(source))
    return sorted(finder.found, key=lambda one: (one.begin, one.kind, one.after))


class _Finder(ast.NodeVisitor):
    """Collects the mutants of a tree. Annotations, docstrings and messages have none."""

    def __init__(self, module: str, source: bytes) -> None:
        self.module, self.source = module, source
        self.lines = source.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.imported: set[str] = set()
        self.first: list[str | None] = []  # the first argument of each function around
        self.found: list[Mutant] = []

    def add(self, node: ast.expr | ast.stmt, kind: str, after: ast.AST | str) -> None:
        """A mutant that writes `after` in the place of `node`."""
        begin = self.starts[node.lineno - 1] + node.col_offset
        end = self.starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        text = after if isinstance(after, str) else ast.unparse(after)
        if isinstance(after, ast.expr) and not isinstance(after, ast.Name | ast.Constant):
            text = f"({text})"
        changed = self.source[:begin] + text.encode() + self.source[end:]
        try:
            ast.parse(changed)
        except SyntaxError:
            return
        before = self.source[begin:end].decode()
        line = self.lines[node.lineno - 1].decode().strip()
        found = Mutant(self.module, node.lineno, begin, end, before, text, kind, line)
        self.found.append(found)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.imported |= {(name.asname or name.name).split(".")[0] for name in node.names}

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        arguments = [one.arg for one in [*node.args.posonlyargs, *node.args.args]]
        self.first.append(next((name for name in arguments if name not in ("self", "cls")), None))
        for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.visit(default)
        for statement in node.body:
            self.visit(statement)
        self.first.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Nothing: Python 3.11 does not say where the parts of such a string stand."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """Nothing."""

    def visit_Raise(self, node: ast.Raise) -> None:
        self.add(node, "raise dropped", "pass")

    def visit_Return(self, node: ast.Return) -> None:
        first = self.first[-1] if self.first else None
        if first and node.value and ast.unparse(node.value) != first:
            self.add(node, "first argument returned", f"return {first}")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call) and _name(node.value) not in TELLING:
            self.add(node, "call dropped", "pass")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for place, operator in enumerate(node.ops):
            for other in COMPARISONS[type(operator)]:
                changed = copy.deepcopy(node)
                changed.ops[place] = other()
                self.add(node, "comparison", changed)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self.add(node, "boolean", ast.BoolOp(other, node.values))
        for place in range(len(node.values)):
            rest = node.values[:place] + node.values[place + 1 :]
            after = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            self.add(node, "condition dropped", after)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.Invert | ast.USub):
            self.add(node, "negation dropped", node.operand)
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self._turn(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._turn(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._turn(test)
        self.generic_visit(node)

    def _turn(self, test: ast.expr) -> None:
        if not isinstance(test, ast.Compare | ast.UnaryOp):  # those have their own
            self.add(test, "condition turned", ast.UnaryOp(ast.Not(), test))

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in ARITHMETIC:
            other = ARITHMETIC[type(node.op)]()
            self.add(node, "arithmetic", ast.BinOp(node.left, other, node.right))
            self.add(node, "operand dropped", node.left)
            self.add(node, "operand dropped", node.right)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if type(node.op) in ARITHMETIC:
            other = ARITHMETIC[type(node.op)]()
            after = ast.unparse(ast.AugAssign(node.target, other, node.value))
            self.add(node, "arithmetic", after)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self.add(node, "constant", ast.Constant(not value))
        elif isinstance(value, int | float):
            near = [value + 1, value - 1, value * 2, type(value)(0)]
            if isinstance(value, float):
                near.append(value / 2)
            for other in dict.fromkeys(near):
                if other != value:
                    self.add(node, "constant", repr(other) if other >= 0 else f"({other!r})")

    def visit_List(self, node: ast.List | ast.Tuple | ast.Set) -> None:
        named = [isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.elts]
        if len(named) > 1 and all(named):
            for place in range(len(named)):
                rest = node.elts[:place] + node.elts[place + 1 :]
                self.add(node, "member dropped", ast.unparse(type(node)(**_with(node, rest))))
        self.generic_visit(node)

    visit_Tuple = visit_Set = visit_List

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node)
        if name in TELLING:
            return
        for place, keyword in enumerate(node.keywords):
            if keyword.arg and keyword.arg not in SILENT_ARGUMENTS | APPEARANCE:
                rest = node.keywords[:place] + node.keywords[place + 1 :]
                self.add(node, "argument dropped", ast.Call(node.func, node.args, rest))
        if name not in CONVERSIONS and not name[:1].isupper():
            if isinstance(node.func, ast.Attribute) and not self._is_module(node.func.value):
                self.add(node, "call unwrapped", node.func.value)
            elif node.args and not isinstance(node.args[0], ast.Starred):
                self.add(node, "call unwrapped", node.args[0])
        self.visit(node.func)
        silent = SILENT_ARGUMENTS | APPEARANCE
        for part in [*node.args, *(k.value for k in node.keywords if k.arg not in silent)]:
            self.visit(part)

    def _is_module(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.imported


def _with(node: ast.List | ast.Tuple | ast.Set, members: list[ast.expr]) -> dict[str, Any]:
    return {"elts": members} if isinstance(node, ast.Set) else {"elts": members, "ctx": node.ctx}


def _name(node: ast.Call) -> str:
    """The last name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def sites(found: list[Mutant]) -> Iterator[list[Mutant]]:
    """Mutants grouped by place and kind, so that a number with five variants counts once."""
    grouped: dict[tuple[int, int, str], list[Mutant]] = {}
    for one in found:
        grouped.setdefault((one.begin, one.end, one.kind), []).append(one)
    yield from grouped.values()
