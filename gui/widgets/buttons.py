"""Buttons that Enter presses wherever they stand: a plain one, one that can be filled, a wide one with its text left."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from gui.widgets.icons import icon
from gui.widgets.theme import Colours, Theme
from gui.widgets.type_sizes import type_sizes

_ICON = 18
_CORNER = 4.0
_PRESSED, _HOVERED = 115, 108
"""Per cent by which the filled button is darker."""


class Button(QPushButton):
    """A button with an icon in the theme's colours. The text may have a mnemonic in it."""

    height_ = 32

    def __init__(self, theme: Theme, text: str, icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon_name = icon_name
        self.setIconSize(QSize(_ICON, _ICON))
        self.setAutoDefault(False)
        theme.changed.connect(self._on_theme_changed)
        type_sizes().changed.connect(self.updateGeometry)
        self._on_theme_changed(theme.colours)

    def _on_theme_changed(self, colours: Colours) -> None:
        if self._icon_name:
            self.setIcon(icon(self._icon_name, colours))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() + 8, type_sizes().pixels(self.height_))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class FilledButton(Button):
    """A button that can be filled with the accent: at most one at a time is, the one that the moment calls for."""

    def __init__(self, theme: Theme, text: str, icon_name: str = "", parent: QWidget | None = None) -> None:
        self._filled = False
        super().__init__(theme, text, icon_name, parent)

    @property
    def filled(self) -> bool:
        return self._filled

    def set_filled(self, filled: bool) -> None:
        """Fill the button, or let it be a plain one."""
        if filled != self._filled:
            self._filled = filled
            self._on_theme_changed(self._theme.colours)
            self.update()

    def _on_theme_changed(self, colours: Colours) -> None:
        self._bright = icon(self._icon_name, colours, colours.accent_text) if self._icon_name else QIcon()
        super()._on_theme_changed(colours)

    def sizeHint(self) -> QSize:
        font = self.font()
        font.setBold(True)  # filled or not, it is as wide
        more = QFontMetrics(font).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        return super().sizeHint() + QSize(max(0, more), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._filled or not self.isEnabled():
            super().paintEvent(event)
            return
        colours, option = self._theme.colours, QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        darker = _PRESSED if self.isDown() else _HOVERED if self.underMouse() else 100
        painter.setBrush(QColor(colours.accent).darker(darker))
        painter.drawRoundedRect(QRectF(self.rect()), _CORNER, _CORNER)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        _draw_content(painter, self, self._bright, QColor(colours.accent_text), option)
        if self.hasFocus():
            painter.setPen(QColor(colours.accent_text))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), _CORNER - 2, _CORNER - 2)


class WideButton(Button):
    """A button as wide as its column, with icon and text at its left."""

    height_ = 36

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        colour = self.palette().buttonText().color()
        _draw_content(painter, self, self.icon(), colour, option, left=13)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(self._theme.colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), _CORNER, _CORNER)


def _draw_content(
    painter: QStylePainter, button: Button, picture: QIcon, colour: QColor, option: QStyleOptionButton, left: int = -1
) -> None:
    """Draw icon and text side by side: in the middle of the button, or so many pixels from its left edge."""
    gap, height = 5, button.height()
    side = 0 if picture.isNull() else button.iconSize().width()
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextShowMnemonic
    width = painter.fontMetrics().boundingRect(QRect(0, 0, 2000, height), int(flags), button.text()).width()
    x = left if left >= 0 else (button.width() - side - gap - width) // 2
    if side:
        picture.paint(painter, QRect(x, (height - side) // 2, side, side))
        x += side + gap
    if not button.style().styleHint(QStyle.StyleHint.SH_UnderlineShortcut, option, button):
        flags |= Qt.TextFlag.TextHideMnemonic
    painter.setPen(colour)
    painter.drawText(QRect(x, 0, button.width() - x, height), int(flags), button.text())
