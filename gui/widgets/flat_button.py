"""Flat buttons, drawn in the theme's colours, that Enter presses wherever they stand."""

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from gui.widgets.icons import icon
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme

_ICON, _GAP, _CORNER = 18, 6, 4.0
_RING = 2.0
_PRESSED, _HOVERED = 112, 104
"""By how many per cent the surface is darker."""


class FlatButton(QPushButton):
    """A button with words and perhaps an icon; "&" marks a letter of the words.

    A filled one, of which there is at most one in a place, is what is most likely wanted.
    """

    tall, beside = 32, 14
    paints_focus = True

    def __init__(self, text: str, drawing: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._drawing = drawing
        self._filled = self._compact = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self._set_colours(theme.colours)
        theme.changed.connect(self._set_colours)

    @property
    def filled(self) -> bool:
        """Whether this is the button that is most likely wanted."""
        return self._filled

    @filled.setter
    def filled(self, filled: bool) -> None:
        if filled is not self._filled:
            self._filled = filled
            self._set_colours(self._colours)
            self.updateGeometry()

    @property
    def compact(self) -> bool:
        """Whether only the icon is shown, for want of room."""
        return self._compact

    @compact.setter
    def compact(self, compact: bool) -> None:
        if compact is not self._compact:
            self._compact = compact
            self.updateGeometry()

    def _set_colours(self, colours: Colours) -> None:
        self._colours = colours
        on_fill = replace(colours, text=colours.accent_text)
        self._picture = icon(self._drawing, on_fill if self._filled else colours) if self._drawing else QIcon()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    # Sizes

    def _letters(self, *, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setBold(bold)
        return font

    def _width(self, *, bold: bool) -> int:
        words = QFontMetrics(self._letters(bold=bold)).size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        return scaled(self, 2 * self.beside + (_ICON + _GAP if self._drawing else 0)) + words

    @property
    def width_with_words(self) -> int:
        """The width of the button when it is not compact."""
        return self._width(bold=self._filled)

    @property
    def width_when_filled(self) -> int:
        """The width that the button would have if it were filled: for those that are to be as wide as such a one."""
        return self._width(bold=True)

    def sizeHint(self) -> QSize:
        height = scaled(self, self.tall)
        return QSize(height if self._compact else self.width_with_words, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, edge, letters = self._shades()
        painter.setPen(edge)
        painter.setBrush(fill)
        painter.drawRoundedRect(self._inside(0.5), _CORNER, _CORNER)
        if self.hasFocus():
            self._paint_ring(painter)
        self._paint_content(painter, letters)

    def _inside(self, by: float) -> QRectF:
        return QRectF(self.rect()).adjusted(by, by, -by, -by)

    def _shades(self) -> tuple[QColor, QColor, QColor]:
        """Return the colours of the surface, of its edge and of the letters."""
        colours = self._colours
        if not self.isEnabled():
            return QColor(colours.raised), QColor(colours.border), QColor(colours.faint_text)
        surface = QColor(colours.accent if self._filled else colours.raised)
        edge = surface if self._filled else QColor(colours.border)
        letters = QColor(colours.accent_text if self._filled else colours.text)
        if self.isDown():
            surface = surface.darker(_PRESSED)
        elif self.underMouse():
            surface = surface.darker(_HOVERED)
        return surface, edge, letters

    def _paint_ring(self, painter: QPainter) -> None:
        """Show the focus: around the button, and on a filled one within it, in the colour of its letters."""
        filled = self._filled and self.isEnabled()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._colours.accent_text if filled else self._colours.accent), _RING))
        inset = 3.0 if filled else _RING / 2
        painter.drawRoundedRect(self._inside(inset), _CORNER - 1, _CORNER - 1)

    def _paint_content(self, painter: QPainter, colour: QColor) -> None:
        side = scaled(self, _ICON) if self._drawing else 0
        left = (self.width() - side) // 2 if self._compact else self._left()
        if side:
            place = QRect(left, (self.height() - side) // 2, side, side)
            mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
            self._picture.paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode)
            left += side + scaled(self, _GAP)
        if self._compact:
            return
        painter.setFont(self._letters(bold=self._filled))
        painter.setPen(colour)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        flags |= Qt.TextFlag.TextShowMnemonic if self._marks_letters() else Qt.TextFlag.TextHideMnemonic
        painter.drawText(QRect(left, 0, self.width() - left, self.height()), int(flags), self.text())

    def _left(self) -> int:
        """Return where icon and words begin."""
        return scaled(self, self.beside) + (self.width() - self.width_with_words) // 2

    def _marks_letters(self) -> bool:
        """Return whether the style underlines the letters that choose a button."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        return bool(self.style().styleHint(QStyle.StyleHint.SH_UnderlineShortcut, option, self))


class WideButton(FlatButton):
    """A button as wide as its column, with icon and words at its left."""

    tall = 36

    def __init__(self, text: str, drawing: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(text, drawing, theme, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _left(self) -> int:
        return scaled(self, self.beside)


class LinkButton(FlatButton):
    """Underlined words without a surface."""

    tall, beside = 24, 2

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(text, "", theme, parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _letters(self, *, bold: bool) -> QFont:
        font = super()._letters(bold=bold)
        font.setUnderline(True)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            self._paint_ring(painter)
        self._paint_content(painter, QColor(self._colours.text))
