"""The syntax tree of a model file's text, which is not executed for that."""

import ast


def syntax_tree(source: str) -> ast.Module | None:
    """Return the tree of the text; None if Python cannot read it, so that it cannot be executed either."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
