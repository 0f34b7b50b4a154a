"""The tabs of the pages: the current one in bold over a line in the accent's colour."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMargins, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QTabBar

from gui.widgets.fields import literal, plain_tip
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme

HEIGHT = 32
_BESIDE, _LINE, _RING, _CORNER = 16, 3, 2.0, 4.0
"""Pixels beside a title, the height of the line below it, and the ring of the focus."""
_OUT = 24
"""Pixels beyond the bar from which on a tab that is dragged leaves it."""
_AWAY = " ↗"
"""The mark of a page that has a window of its own."""


class PageTabs(QTabBar):
    """Signals: `menu_wanted` (a tab's number and a global place), `dragged_out` (likewise).

    `show_places` says which pages are shown beside the current one, and which have windows of their own.
    """

    menu_wanted = Signal(int, QPoint)
    dragged_out = Signal(int, QPoint)

    def __init__(self, theme: Theme, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = titles
        self._beside: frozenset[int] = frozenset()
        self._away: frozenset[int] = frozenset()
        self._dragged = -1
        """The tab on which the mouse was pressed."""
        self.setAccessibleName("Pages")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        for title in titles:
            self.addTab(literal(title))
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)
        self.show_places(frozenset(), frozenset())

    def _set_colours(self, colours: Colours) -> None:
        self._colours = colours
        self.update()

    def set_tip(self, place: int, keys: str) -> None:
        """Say which keys lead to a page."""
        self.setTabToolTip(place, plain_tip(f"{self._titles[place]} ({keys})" if keys else self._titles[place]))

    def show_places(self, beside: frozenset[int], away: frozenset[int]) -> None:
        """Mark the pages that are shown beside the current one, and those in windows of their own."""
        self._beside, self._away = beside, away
        for place, title in enumerate(self._titles):
            where = ", shown beside" if place in beside else ", in a window of its own" if place in away else ""
            self.setTabText(place, literal(f"{title}{_AWAY if place in away else ''}"))
            self.setAccessibleTabName(place, f"{title}{where}")
        self.update()

    # Sizes

    def _letters(self, *, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setBold(bold)
        return font

    def tabSizeHint(self, index: int) -> QSize:
        """Return the size of a tab, whose title has room for being bold: then nothing moves."""
        words = QFontMetrics(self._letters(bold=True)).horizontalAdvance(self._text(index))
        return QSize(words + 2 * scaled(self, _BESIDE), scaled(self, HEIGHT))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def _text(self, index: int) -> str:
        return f"{self._titles[index]}{_AWAY if index in self._away else ''}"

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        under = self.mapFromGlobal(self.cursor().pos()) if self.underMouse() else QPoint(-1, -1)
        for index in range(self.count()):
            self._paint_tab(painter, index, self.tabRect(index), hovered=self.tabRect(index).contains(under))

    def _paint_tab(self, painter: QPainter, index: int, place: QRect, *, hovered: bool) -> None:
        colours, current = self._colours, index == self.currentIndex()
        painter.setFont(self._letters(bold=current))
        painter.setPen(QColor(colours.text if current or hovered else colours.faint_text))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), self._text(index))
        if current or index in self._beside:
            height = scaled(self, _LINE)
            line = QRect(place.left(), place.bottom() + 1 - height, place.width(), height)
            painter.fillRect(line.marginsRemoved(self._inset()), QColor(colours.accent))
        if current and self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), _RING))
            painter.drawRoundedRect(QRectF(place).adjusted(2, 2, -2, -_LINE - 2), _CORNER, _CORNER)

    def _inset(self) -> QMargins:
        side = scaled(self, _BESIDE / 2)
        return QMargins(side, 0, side, 0)

    # The user

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Shift+F10 for the menu of the current tab, as the Menu key is taken by Qt."""
        if event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self._open_menu(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._open_menu(self.currentIndex())
        elif (index := self.tabAt(event.pos())) >= 0:
            self.menu_wanted.emit(index, event.globalPos())

    def _open_menu(self, index: int) -> None:
        self.menu_wanted.emit(index, self.mapToGlobal(self.tabRect(index).bottomLeft()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        self._dragged = self.tabAt(event.position().toPoint()) if left else -1
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.update()
        if self._dragged >= 0 and event.buttons() & Qt.MouseButton.LeftButton:
            is_out = self._is_out(event.position().toPoint())
            self.setCursor(Qt.CursorShape.DragMoveCursor if is_out else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.unsetCursor()
        dragged, self._dragged = self._dragged, -1
        if dragged >= 0 and self._is_out(event.position().toPoint()):
            self.dragged_out.emit(dragged, event.globalPosition().toPoint())

    def _is_out(self, place: QPoint) -> bool:
        return not self.rect().adjusted(-_OUT, -_OUT, _OUT, _OUT).contains(place)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverLeave, QEvent.Type.Leave):
            self.update()
        return super().event(event)
