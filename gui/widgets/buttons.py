"""Flat buttons that Enter presses wherever they stand: plain, filled with the accent, or wide with the text left."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QWidget

from gui.widgets.icons import icon
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme

_CORNER = 4.0
_GAP = 5
"""Pixels between icon and text."""
_PRESSED, _HOVERED = 112, 104
"""By how many per cent a button is darker."""


class Button(QPushButton):
    """A button with an icon in the theme's colours; "&" in its text marks a letter. Sizes are those of small letters.

    At most one button at a time is `filled`: the one that the moment calls for.
    """

    tall, pad = 32, 13

    def __init__(self, theme: Theme, text: str, icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon_name = icon_name
        self._filled = False
        self.setAutoDefault(False)
        self.setIconSize(QSize(18, 18))
        theme.changed.connect(self._show_icon)
        self._show_icon(theme.colours)

    @property
    def filled(self) -> bool:
        return self._filled

    def set_filled(self, filled: bool) -> None:
        """Fill the button, or let it be a plain one."""
        if filled != self._filled:
            self._filled = filled
            self._show_icon(self._theme.colours)

    def _show_icon(self, colours: Colours) -> None:
        if self._icon_name:
            self.setIcon(icon(self._icon_name, colours, colours.accent_text if self._filled else ""))
        self.update()

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(_bold(self.font())).size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        side = 0 if self.icon().isNull() else self.iconSize().width() + _GAP
        return QSize(wide + side + 2 * scaled(self, self.pad), scaled(self, self.tall))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = self._theme.colours, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        filled = self._filled and self.isEnabled()
        self._draw_surface(painter, colours, filled=filled)
        painter.setFont(_bold(self.font()) if filled else self.font())
        plain = self.palette().buttonText().color()
        self._draw_content(painter, QColor(colours.accent_text) if filled else plain)

    def _draw_surface(self, painter: QPainter, colours: Colours, *, filled: bool) -> None:
        darker = _PRESSED if self.isDown() else _HOVERED if self.underMouse() and self.isEnabled() else 100
        edge = colours.accent if filled else colours.border
        painter.setBrush(QColor(colours.accent if filled else colours.raised).darker(darker))
        painter.setPen(QColor(edge))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
        if self.hasFocus():
            inside = 3.0 if filled else 1.0
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent_text if filled else colours.accent), 1.5 if filled else 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inside, inside, -inside, -inside), _CORNER, _CORNER)

    def _draw_content(self, painter: QPainter, colour: QColor) -> None:
        """Draw icon and text side by side."""
        picture, side = self.icon(), 0 if self.icon().isNull() else self.iconSize().width()
        wide = painter.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        x = self._begin(side + _GAP * bool(side) + wide)
        if side:
            mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
            place = QRect(x, (self.height() - side) // 2, side, side)
            picture.paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode)
            x += side + _GAP
        option = QStyleOptionButton()
        self.initStyleOption(option)
        marked = self.style().styleHint(QStyle.StyleHint.SH_UnderlineShortcut, option, self)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        flags |= Qt.TextFlag.TextShowMnemonic if marked else Qt.TextFlag.TextHideMnemonic
        painter.setPen(colour)
        painter.drawText(QRect(x, 0, self.width() - x, self.height()), int(flags), self.text())

    def _begin(self, wide: int) -> int:
        """Return where icon and text begin, which are so wide."""
        return (self.width() - wide) // 2


class WideButton(Button):
    """A button as wide as its column, with icon and text at its left."""

    tall = 36

    def _begin(self, wide: int) -> int:
        return scaled(self, self.pad)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
