"""A scroll area whose bar stands in its right margin, over the content: nothing moves when it comes."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QStyle, QStyleOptionSlider, QWidget

from gui.widgets.marks import FAINT, has_high_contrast, painter_of

BAR_WIDTH = 10
_REST, _HELD = 110, 190  # of 255, how opaque the handle is


class SlimScrollArea(QScrollArea):
    """Scrolls a widget from top to bottom, with a slim bar that takes no width from it."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        hidden = self.verticalScrollBar()
        self.bar = SlimBar(self)
        self.bar.valueChanged.connect(hidden.setValue)
        hidden.valueChanged.connect(self.bar.setValue)
        hidden.rangeChanged.connect(self._follow_range)
        self._follow_range()

    def _follow_range(self) -> None:
        hidden = self.verticalScrollBar()
        self.bar.setRange(hidden.minimum(), hidden.maximum())
        self.bar.setPageStep(hidden.pageStep())
        self.bar.setSingleStep(hidden.singleStep())
        self.bar.setValue(hidden.value())
        self.bar.setVisible(hidden.maximum() > hidden.minimum())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.setGeometry(self.width() - BAR_WIDTH - 2, 0, BAR_WIDTH, self.height())


class SlimBar(QScrollBar):
    """A handle without a groove or arrows."""

    def __init__(self, parent: QWidget, orientation: Qt.Orientation = Qt.Orientation.Vertical) -> None:
        super().__init__(orientation, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self.orientation() is Qt.Orientation.Vertical:
            return QSize(BAR_WIDTH, hint.height())
        return QSize(hint.width(), BAR_WIDTH)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self.update()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ScrollBar, QStyle.SubControl.SC_ScrollBarSlider
        handle = QRectF(self.style().subControlRect(control, option, part, self)).adjusted(1, 1, -1, -1)
        colour = QColor(self.palette().color(FAINT))
        if not has_high_contrast(self.palette()):
            colour.setAlpha(_HELD if self.isSliderDown() or self.underMouse() else _REST)
        painter = painter_of(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        corner = min(handle.width(), handle.height()) / 2
        painter.drawRoundedRect(handle, corner, corner)
