"""Whether a model file, which is not executed for that, may draw random numbers that its script does not repeat.

A script executes the file and builds the model as the study did, so it repeats what is drawn meanwhile. What layers and
steps draw by TensorFlow, NumPy or Python depends on how, and how often, TensorFlow has traced them.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from core.models.custom.syntax import syntax_tree

_USUAL = {"np": "numpy", "tf": "tensorflow"}
_LIBRARIES = ("numpy", "random", "tensorflow")
_DRAWING = re.compile(r"^(random|numpy\.random)\.|^tensorflow\.(?!keras\b).*(random|dropout|shuffle)")
_NOT_DRAWING = re.compile(r"\.(set_seed|seed|getstate|setstate|get_state|set_state)$|\bstateless_|initializer$")
_LASTING = re.compile(r"\.(default_rng|RandomState|Random|SystemRandom|Generator(\.\w+)?|get_global_generator)$")
"""What is made here can draw anywhere, and at any time."""
_WHILE_BUILDING = ("__init__", "build")
"""Methods that are called while a model is built."""


@lru_cache(maxsize=1)  # a large text takes seconds, and each look at an export asks twice
def may_draw_unrepeated(source: str, entry: str) -> bool:
    """Return whether the text draws by a library where a script need not repeat it; `entry` builds the model.

    It may say so of a file whose script repeats all: a function may be called while the model is built alone.
    """
    tree = syntax_tree(source)
    if tree is None:
        return False
    libraries = _USUAL | dict(_imported(tree))
    later = {id(node) for node in _not_while_building(tree, entry)}
    for node in ast.walk(tree):
        name = _full_name(node, libraries)
        if _DRAWING.search(name) and not _NOT_DRAWING.search(name) and (id(node) in later or _LASTING.search(name)):
            return True
    return "*" in libraries


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield names in the file, and what of the libraries they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (root, root)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in _LIBRARIES:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _full_name(node: ast.AST, libraries: dict[str, str]) -> str:
    """Return the name of an attribute or a name with its library; empty if it is of none."""
    match node:
        case ast.Name(id=name):
            return libraries.get(name, "")
        case ast.Attribute(value=value, attr=name):
            of = _full_name(value, libraries)
            return f"{of}.{name}" if of else ""
    return ""


def _not_while_building(tree: ast.Module, entry: str) -> Iterator[ast.AST]:
    """Yield the nodes of functions that may be called after the model was built."""
    for statement in tree.body:
        own = statement.body if isinstance(statement, ast.ClassDef) else [statement]
        names = _WHILE_BUILDING if isinstance(statement, ast.ClassDef) else (entry,)
        for part in own:
            if not isinstance(part, ast.FunctionDef):
                yield from _inside_functions(part)
            elif part.name in names or _takes_hp(part):
                for inner in part.body:
                    yield from _inside_functions(inner)
            else:
                yield from ast.walk(part)


def _inside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from ast.walk(inner)


def _takes_hp(function: ast.FunctionDef) -> bool:
    return any(argument.arg == "hp" for argument in function.args.args)
