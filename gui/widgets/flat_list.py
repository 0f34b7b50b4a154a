"""A list without a frame, for the titles of plots: its name in faint letters, what is chosen, and a small arrow."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from gui.widgets.fields import VALUE_FOR_NAME, wrapped_tip
from gui.widgets.marks import ACCENT, FAINT, draw_chevron, draw_focus, painter_of
from gui.widgets.measures import scaled

_HEIGHT, _PAD, _CHEVRON, _SHORT = 24, 4, 16, 40


class FlatList(QComboBox):
    """A choice that is as wide as what is chosen.

    Where there is less room its name goes first, unless `keeps_caption`, then what is chosen ends in "…"; the tool tip
    has all of it. The wheel never changes it.
    """

    keeps_caption = False
    paints_focus = True

    def __init__(self, caption: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = f"{caption} "
        self._name = name
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.currentTextChanged.connect(self._explain)
        self._explain("")

    def _explain(self, chosen: str) -> None:
        self.setToolTip(wrapped_tip(f"{self._name}: {chosen}" if chosen else self._name))
        self.setAccessibleDescription(self._name if VALUE_FOR_NAME else "")
        self.updateGeometry()

    # Sizes

    def _width_of(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    @property
    def _beside(self) -> int:
        """The width of what is no text."""
        return scaled(self, 2 * _PAD + _CHEVRON)

    def sizeHint(self) -> QSize:
        return QSize(self._width_of(self.caption + self.whole) + self._beside, scaled(self, _HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the arrow: titles come first, and the tool tip has the texts."""
        return QSize(self._beside, scaled(self, _HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.updateGeometry()

    def showPopup(self) -> None:
        self.view().setAccessibleName(self._name)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    # Painting

    @property
    def whole(self) -> str:
        """All that is to be said of what is chosen."""
        return self.currentText()

    @property
    def _room(self) -> int:
        """The width that there is for the texts."""
        return self.width() - self._beside

    @property
    def caption_shown(self) -> str:
        """The list's name, empty where there is no room for it."""
        fits = self._width_of(self.caption + self.whole) <= self._room + 1
        kept = self.keeps_caption and self._room > scaled(self, _SHORT)
        return self.caption if fits or kept else ""

    @property
    def text_shown(self) -> str:
        """What there is room for of what is chosen."""
        room = self._room - self._width_of(self.caption_shown) + 1
        return self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette, caption = painter_of(self), self.palette(), self.caption_shown
        room = QRectF(scaled(self, _PAD), 0, self.width(), self.height())
        self._draw(painter, room, caption, palette.color(FAINT))
        room.setLeft(room.left() + self._width_of(caption))
        text = palette.color(QPalette.ColorRole.WindowText)
        self._draw(painter, room, self.text_shown, text)
        colour = palette.color(ACCENT) if self.underMouse() else text
        middle = room.left() + self._width_of(self.text_shown) + scaled(self, _CHEVRON) / 2 + 2
        draw_chevron(painter, QPointF(middle, self.height() / 2 + 1), colour, down=True)
        if self.hasFocus():
            draw_focus(painter, self)

    def _draw(self, painter: QPainter, room: QRectF, text: str, colour: QColor) -> None:
        painter.setPen(colour)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
