"""A button for an action of the window, which it follows: off when the action is, with the same reason."""

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from gui.widgets.fields import literal
from gui.widgets.icons import icon
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme

_HEIGHT, _BESIDE, _ICON, _GAP, _CORNER = 32, 14, 18, 6, 4.0
_RING = 2.0


class ActionButton(QPushButton):
    """A flat button. A filled one, of which there is at most one in a place, is what is most likely wanted."""

    def __init__(self, action: QAction, text: str, drawing: str, theme: Theme) -> None:
        super().__init__(literal(text))
        self._caption = text
        self._action = action
        self._drawing = drawing
        self._filled = self._compact = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self._set_colours(theme.colours)
        self._follow()
        theme.changed.connect(self._set_colours)
        action.changed.connect(self._follow)

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

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())

    def _set_colours(self, colours: Colours) -> None:
        self._colours = colours
        on_fill = replace(colours, text=colours.accent_text)
        self._picture = icon(self._drawing, on_fill if self._filled else colours)
        self.update()

    def _letters(self) -> QFont:
        font = QFont(self.font())
        font.setBold(self._filled)
        return font

    @property
    def width_with_words(self) -> int:
        """The width of the button when it is not compact."""
        words = QFontMetrics(self._letters()).horizontalAdvance(self._caption)
        return scaled(self, 2 * _BESIDE + _ICON + _GAP) + words

    def sizeHint(self) -> QSize:
        height = scaled(self, _HEIGHT)
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
        self._paint_words(painter, letters)

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
            surface = surface.darker(112)
        elif self.underMouse():
            surface = surface.darker(104)
        return surface, edge, letters

    def _paint_ring(self, painter: QPainter) -> None:
        """Show the focus: around the button, and on a filled one within it, in the colour of its letters."""
        filled = self._filled and self.isEnabled()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._colours.accent_text if filled else self._colours.accent), _RING))
        inset = 3.0 if filled else _RING / 2
        painter.drawRoundedRect(self._inside(inset), _CORNER - 1, _CORNER - 1)

    def _paint_words(self, painter: QPainter, colour: QColor) -> None:
        side, beside, gap = scaled(self, _ICON), scaled(self, _BESIDE), scaled(self, _GAP)
        left = (self.width() - side) // 2 if self._compact else beside
        picture = QRect(left, (self.height() - side) // 2, side, side)
        mode = self._picture.Mode.Normal if self.isEnabled() else self._picture.Mode.Disabled
        self._picture.paint(painter, picture, Qt.AlignmentFlag.AlignCenter, mode)
        if self._compact:
            return
        painter.setFont(self._letters())
        painter.setPen(colour)
        words = QRect(picture.right() + 1 + gap, 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._caption)
