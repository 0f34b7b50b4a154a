"""The structure of the code: how long a file, how branched a function and how connected a module may be."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path.relative_to(ROOT) for room in ("core", "gui") for path in (ROOT / room).rglob("*.py"))
MAX_LINES, MAX_LINES_OF_THE_WINDOW = 450, 300
MAX_IMPORTS = 20
MAX_COMPLEXITY = 12
BRANCHES = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.match_case, ast.comprehension, ast.IfExp)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree_of(source: Path) -> ast.Module:
    return ast.parse((ROOT / source).read_text(encoding="utf-8"))


def functions_of(tree: ast.AST) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def inside(function: ast.AST) -> Iterator[ast.AST]:
    """Yield all that stands in a function, without the functions that are defined in it: they count by themselves."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(child, Function):
            yield from inside(child)


def complexity(function: Function) -> int:
    """Return 1, and 1 for each branch, loop, handler, case, comprehension, and each further operand of and/or."""
    nodes = list(inside(function))
    operands = sum(len(node.values) - 1 for node in nodes if isinstance(node, ast.BoolOp))
    return 1 + sum(isinstance(node, BRANCHES) for node in nodes) + operands


def imports_of(tree: ast.AST) -> set[str]:
    """Return the modules of ours that are imported, those within functions too."""
    found = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    found |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return {module for module in found if module.split(".")[0] in ("core", "gui")}


def test_that_a_maze_of_conditions_counts() -> None:
    code = "def f(a, b):\n    return [x for x in a if x and b and x > 1] if a or b else [y for y in b]"
    (maze,) = functions_of(ast.parse(code))
    assert complexity(maze) == 7  # 1, two comprehensions, one conditional expression, two for "and", one for "or"


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_that_files_are_short_functions_are_simple_and_modules_know_few_others(source: Path) -> None:
    tree = tree_of(source)
    assert len((ROOT / source).read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    assert len(imports_of(tree)) <= MAX_IMPORTS
    mazes = {function.name: complexity(function) for function in functions_of(tree)}
    assert {name: count for name, count in mazes.items() if count > MAX_COMPLEXITY} == {}


def test_that_the_main_window_only_places_and_connects() -> None:
    lines = (ROOT / "gui" / "window" / "main_window.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MAX_LINES_OF_THE_WINDOW


def test_that_each_room_says_what_it_is_for() -> None:
    rooms = [source for source in SOURCES if source.name == "__init__.py"]
    assert {str(room) for room in rooms if not ast.get_docstring(tree_of(room))} == set()
