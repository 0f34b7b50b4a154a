"""The parts of the window between which the keyboard's focus goes with one key; each remembers what had it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from shiboken6 import isValid


class FocusCycle(QObject):
    """Leads the focus from part to part, those that are hidden left out, and round."""

    def __init__(self, window: QMainWindow, parts: Sequence[QWidget]) -> None:
        super().__init__(window)
        self._parts = parts
        self._last: dict[QWidget, QWidget] = {}
        """What had the focus last in each part."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._note)

    def add(self, parts: Sequence[QWidget]) -> None:
        """Let there be more parts."""
        self._parts = [*self._parts, *parts]

    def _note(self, before: QWidget | None, _now: QWidget | None) -> None:
        if before is None or not isValid(before):
            return
        part = self._part_of(before)
        if part is not None:
            self._last[part] = before

    def _part_of(self, widget: QWidget | None) -> QWidget | None:
        while widget is not None and widget not in self._parts:
            widget = widget.parentWidget()
        return widget

    def go(self, step: int) -> None:
        """Give the focus to the part so many steps on."""
        seen = [part for part in self._parts if part.isVisible()]
        here = self._part_of(QApplication.focusWidget())
        at = seen.index(here) if here in seen else (-1 if step > 0 else 0)
        if seen:
            self._enter(seen[(at + step) % len(seen)])

    def _enter(self, part: QWidget) -> None:
        last = self._last.get(part)
        if last is None or not _can_take_focus(last):
            last = _first_stop(part) or part
        last.activateWindow()  # it may float in one of its own
        last.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _first_stop(part: QWidget) -> QWidget | None:
    """Return the first widget in a part that Tab would reach."""
    inside: QWidget | None = part.nextInFocusChain()
    while inside is not None and inside is not part:
        if inside.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isAncestorOf(inside) and _can_take_focus(inside):
            return inside
        inside = inside.nextInFocusChain()
    return None


def _can_take_focus(widget: QWidget) -> bool:
    return isValid(widget) and widget.isVisible() and widget.isEnabled()
