"""The order of the eye, in which Tab reaches the fields of a form, also those that were added later."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLayout, QSplitter, QWidget


def set_tab_order(content: QWidget) -> None:
    """Let Tab reach all widgets in `content` in the order of their layouts."""
    for before, after in pairwise(stops_in(content)):
        QWidget.setTabOrder(before, after)


def stops_in(content: QWidget) -> list[QWidget]:
    """Return all widgets in `content` that Tab can reach, those that are hidden now, too, in the order of the eye."""
    return [
        widget
        for widget in in_order_of_the_eye(content)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is content.window()
    ]


def in_order_of_the_eye(widget: QWidget) -> Iterator[QWidget]:
    """Yield the widget and all widgets in it, in the order of the layout, not in the order of their creation."""
    yield widget
    inside = [child for child in widget.children() if isinstance(child, QWidget)]
    if not inside:
        return
    if isinstance(widget, QSplitter):
        for part in filter(None, map(widget.widget, range(widget.count()))):
            yield from in_order_of_the_eye(part)
        return
    layout = widget.layout()
    yield from widget.findChildren(QWidget) if layout is None else _laid_out(layout, inside)


def _laid_out(layout: QLayout, inside: Sequence[QWidget]) -> Iterator[QWidget]:
    """Yield the widgets of `inside` that the layout places, and all widgets in them.

    Do not ask a layout for its items: PySide keeps its wrapper of an item after Qt has deleted the item, and crashes
    later.
    """
    parts: list[QWidget | QLayout] = [*inside, *(child for child in layout.children() if isinstance(child, QLayout))]
    placed = (part for part in parts if layout.indexOf(part) >= 0)
    for part in sorted(placed, key=lambda part: _place_in(layout, part)):
        yield from _laid_out(part, inside) if isinstance(part, QLayout) else in_order_of_the_eye(part)


def _place_in(layout: QLayout, part: QWidget | QLayout) -> tuple[int, int]:
    """Return a part's place in its layout, for sorting: a form layout numbers its items as they came, not by row."""
    if not isinstance(layout, QFormLayout):
        return layout.indexOf(part), 0
    # Qt returns row and role through pointers; PySide makes a pair of them.
    position: Any = layout.getLayoutPosition(part) if isinstance(part, QLayout) else layout.getWidgetPosition(part)
    row, role = position
    return row, role.value
