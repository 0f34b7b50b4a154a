"""Whether a model file, which is not executed for that, may have recurrent layers with dropout.

Keras draws their masks in every call of the model, not only in training.
"""

import ast
from functools import lru_cache

from core.models.custom.syntax import syntax_tree

_RECURRENT = frozenset(
    {
        "LSTM",
        "GRU",
        "SimpleRNN",
        "ConvLSTM1D",
        "ConvLSTM2D",
        "ConvLSTM3D",
        "LSTMCell",
        "GRUCell",
        "SimpleRNNCell",
    }
)
_RATES = frozenset({"dropout", "recurrent_dropout"})


@lru_cache(maxsize=1)  # a large text takes seconds, and each look at an export asks
def may_drop_in_every_call(source: str) -> bool:
    """Return whether the text names a recurrent layer, and a rate of dropout anywhere that need not be zero.

    It may say so of a file that has none: a rate can come from anywhere, and belong to another layer.
    """
    if not any(name in source for name in _RECURRENT):
        return False
    tree = syntax_tree(source)
    if tree is None:
        return False
    nodes = list(ast.walk(tree))
    return any(map(_is_recurrent, nodes)) and any(map(_has_rate, nodes))


def _is_recurrent(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) | ast.Constant(value=str(name)):
            return name in _RECURRENT
    return False


def _has_rate(node: ast.AST) -> bool:
    match node:
        case ast.keyword(arg=name, value=value) if name in _RATES:
            return not (isinstance(value, ast.Constant) and not value.value)
        case ast.Call(func=func, keywords=keywords) if _is_recurrent(func):
            return any(keyword.arg is None for keyword in keywords)
        case ast.Dict(keys=keys):
            return any(isinstance(key, ast.Constant) and key.value in _RATES for key in keys)
    return False
