"""The row of findings: how many there are, as many as fit with badge and short form, and how many more."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from core.analysis.findings.finding import Badge
from gui.insight.finding_buttons import FindingButton, LineButton
from gui.widgets.elided_line import ElidedLine
from gui.widgets.marks import FAINT, draw_chevron, painter_of
from gui.widgets.measures import BODY, scaled, type_of
from gui.widgets.theme import Theme

_HEIGHT, _SIDE, _AFTER, _BETWEEN, _CHEVRON = 27, 13, 12, 16, 26
"""Pixels of the design: the row, its sides, after the number of findings, between findings, the button that opens."""


class FindingsRow(QWidget):
    """Signals: `chosen` (a place among the findings), `toggled`: open or close the one that was open last, `unhide`."""

    chosen = Signal(int)
    toggled = Signal()
    unhide = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._open: int | None = None
        self.count = ElidedLine(FAINT, self)
        self.buttons: list[FindingButton] = []
        self.more, self.hidden = LineButton(theme, self), LineButton(theme, self)
        self.chevron = _Chevron(theme, self)
        self.more.clicked.connect(self._on_more)
        self.hidden.clicked.connect(self.unhide)
        self.chevron.clicked.connect(self.toggled)
        self._first_left_out = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(0, scaled(self, _HEIGHT) - 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_findings(self, said: str, findings: Sequence[tuple[Badge, str]], hidden: int) -> None:
        """Show so many findings, each by badge and short form; `hidden` are not shown at the user's wish."""
        self.count.setText(said)
        self.count.setForegroundRole(self.foregroundRole() if findings else FAINT)
        self.count.setFont(type_of(self.font(), BODY, bold=bool(findings)))
        had_focus = next((place for place, button in enumerate(self.buttons) if button.hasFocus()), None)
        while len(self.buttons) > len(findings):
            button = self.buttons.pop()
            button.hide()
            button.deleteLater()
        for place, (badge, words) in enumerate(findings):
            if place == len(self.buttons):
                self.buttons.append(FindingButton(self._theme, badge, words, self))
                self.buttons[-1].clicked.connect(self._on_button)
            self.buttons[place].show_finding(badge, words)
        if self._open is not None and self._open >= len(findings):
            self._open = None
        self.hidden.say(f"Show {hidden} hidden")
        self.hidden.setVisible(hidden > 0)
        self._order_tabs()
        if had_focus is not None and self.buttons and had_focus >= len(self.buttons):
            self.buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)
        self.place()

    def show_open(self, place: int | None) -> None:
        """Mark the finding that is open, which is always to be seen."""
        self._open = place
        for number, button in enumerate(self.buttons):
            button.setChecked(number == place)
        self.chevron.turn(is_open=place is not None)
        self.place()

    def _order_tabs(self) -> None:
        stops: list[QWidget] = [*self.buttons, self.more, self.hidden, self.chevron]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    # Places

    def place(self) -> None:
        """Give each part its place, from the left as many findings as fit."""
        height, x = self.height(), scaled(self, _SIDE)
        right = self.width() - scaled(self, 6)
        self.chevron.setVisible(bool(self.buttons))
        if self.buttons:
            self.chevron.setGeometry(right - scaled(self, _CHEVRON), 0, scaled(self, _CHEVRON), height)
            right = self.chevron.x()
        if not self.hidden.isHidden():
            right = self._put(self.hidden, right - self.hidden.sizeHint().width())
        wide = min(self.count.sizeHint().width() + 2, max(0, right - x))
        self.count.setGeometry(x, 0, wide, height)
        shown = self._fitting(right - x - wide)
        x += wide + scaled(self, _AFTER)
        for number, button in enumerate(self.buttons):
            button.setVisible(number in shown)
            if number in shown:
                width = min(button.sizeHint().width(), max(0, right - x))
                button.setGeometry(x, 0, width, height)
                x += width + scaled(self, _BETWEEN)
        left_out = [number for number in range(len(self.buttons)) if number not in shown]
        self.more.setVisible(bool(left_out))
        if left_out:
            self._first_left_out = left_out[0]
            self.more.say(f"+ {len(left_out)} more")
            self._put(self.more, x - scaled(self, 6))

    def _put(self, button: LineButton, left: int) -> int:
        hint = button.sizeHint()
        button.setGeometry(left, (self.height() - hint.height()) // 2, hint.width(), hint.height())
        return left

    def _fitting(self, room: int) -> list[int]:
        """Return the findings that fit; the open one is among them, in place of the last if need be."""
        gap, widths = scaled(self, _BETWEEN), [button.sizeHint().width() for button in self.buttons]
        room -= scaled(self, _AFTER)
        for count in range(len(widths), 0, -1):
            shown = list(range(count))
            if self._open is not None and self._open not in shown:
                shown[-1] = self._open
            rest = 0 if count == len(widths) else self._width_of_more(len(widths) - count)
            if sum(widths[place] for place in shown) + gap * (count - 1) + rest <= room:
                return shown
        return [self._open or 0] if widths else []

    def _width_of_more(self, count: int) -> int:
        self.more.say(f"+ {count} more")
        return self.more.sizeHint().width() + scaled(self, _BETWEEN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self.place()

    # The user

    def _on_button(self) -> None:
        button = self.sender()
        if isinstance(button, FindingButton) and button in self.buttons:
            self.chosen.emit(self.buttons.index(button))

    def _on_more(self) -> None:
        self.chosen.emit(self._first_left_out)


class _Chevron(QAbstractButton):
    """Opens and closes the pane."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_open = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the findings beside it do the same for the keyboard
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.turn(is_open=False)

    def turn(self, *, is_open: bool) -> None:
        """Show which of both it does."""
        self._is_open = is_open
        self.setAccessibleName("Close the finding" if is_open else "Open the first finding")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_of(self)
        middle = QPointF(self.width() / 2, self.height() / 2)
        if self._is_open:
            painter.translate(middle)
            painter.rotate(180)
            middle = QPointF()
        draw_chevron(painter, middle, QColor(self._theme.colours.faint_text), down=True)
