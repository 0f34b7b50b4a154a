"""The parts of the window between which the keyboard's focus goes with one key; each remembers what had it."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from shiboken6 import isValid

from gui.widgets.tab_order import in_order_of_the_eye


class FocusCycle(QObject):
    """Leads the focus from part to part, those that are hidden left out, and round.

    `first_stops` return what gets the focus first in a part, where that is not the first widget in it; None: it is.
    """

    def __init__(
        self,
        window: QMainWindow,
        parts: Sequence[QWidget],
        first_stops: Mapping[QWidget, Callable[[], QWidget | None]],
    ) -> None:
        super().__init__(window)
        self._parts = parts
        self._first_stops = first_stops
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
            last = self._wanted_in(part) or _first_stop(part) or part
        last.activateWindow()  # it may float in one of its own
        last.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _wanted_in(self, part: QWidget) -> QWidget | None:
        find = self._first_stops.get(part)
        return None if find is None else find()


def _first_stop(part: QWidget) -> QWidget | None:
    """Return the first widget in a part that Tab reaches.

    Do not walk Qt's chain of the focus: PySide takes each widget of it for a child of the one before, and then for
    deleted as soon as that one is.
    """
    stops = (widget for widget in in_order_of_the_eye(part) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return next((widget for widget in stops if widget is not part and _can_take_focus(widget)), None)


def _can_take_focus(widget: QWidget) -> bool:
    usable = isValid(widget) and widget.isVisible() and widget.isEnabled()
    return usable and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus  # a text can have lost its links
