"""The header of a painted plot: title, what is shown in words, its controls, "?" and menu."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.insight.menu_twins import FOLDING
from gui.widgets.elided_line import ElidedLine
from gui.widgets.help_line import HelpLine
from gui.widgets.marks import FAINT
from gui.widgets.measures import BODY, scaled, type_of
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton
from gui.widgets.title_label import TitleLabel

HEIGHT = 26
_LEFT, _SPACING, _BESIDE_TITLE = 8, 6, 8


class _Subtitle(ElidedLine):
    """A line that ends with a whole word, and outside of brackets; without room for one it is empty."""

    @property
    def shown(self) -> str:
        text, metrics = self.text(), self.fontMetrics()
        if metrics.horizontalAdvance(text) <= self.width():
            return text
        words = text.split(" ")
        for count in range(len(words) - 1, 0, -1):
            begin = " ".join(words[:count])
            if begin.count("(") == begin.count(")") and metrics.horizontalAdvance(f"{begin} …") <= self.width():
                return f"{begin.rstrip(',;')} …"
        return ""


class Header(QWidget):
    """One line: the subtitle gives way first, then boxes and lists go into the menu, then the title ends in "…"."""

    def __init__(self, theme: Theme, title: str, help_line: HelpLine) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.title = TitleLabel()
        self.subtitle = _Subtitle(FAINT)
        self.controls = QWidget()
        self._last_control: QWidget | None = None
        self._control_row = QHBoxLayout(self.controls)
        self._control_row.setContentsMargins(0, 0, 0, 0)
        self._control_row.setSpacing(_SPACING)
        self._foldable = QWidget()
        self._foldable_row = QHBoxLayout(self._foldable)
        self._foldable_row.setContentsMargins(0, 0, 0, 0)
        self._foldable_row.setSpacing(_SPACING)
        self._control_row.addWidget(self._foldable)
        self._controls: list[QWidget] = []
        """Those that can be in the menu."""
        self.more = TitleButton(theme, "options", "", "View, copy and save")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.help_line = help_line
        row = QHBoxLayout(self)
        row.setContentsMargins(_LEFT, 0, 0, 0)
        row.setSpacing(_SPACING)
        row.addWidget(self.title)
        row.addSpacing(_BESIDE_TITLE - _SPACING)
        row.addWidget(self.subtitle, 1)
        row.addWidget(self.controls)
        row.addWidget(help_line.button)
        row.addWidget(self.more)
        self.name(title)
        self._measure()

    def name(self, title: str) -> None:
        """Write another title."""
        self.title.setText(title)
        self.more.setAccessibleName(f"{title}: more")
        self.help_line.name_part(title)

    def add_control(self, widget: QWidget) -> None:
        """Put a control at the right of those that are there; Tab reaches it after them."""
        if isinstance(widget, FOLDING):
            self._foldable_row.addWidget(widget)
            self._controls.append(widget)
        else:
            self._control_row.insertWidget(self._control_row.count() - 1, widget)
        after = self._last_control or self.help_line.button
        QWidget.setTabOrder(after, widget)
        QWidget.setTabOrder(widget, self.help_line.button)  # which so stays within the order of the page
        self._last_control = widget

    @property
    def folded(self) -> list[QWidget]:
        """The controls that are in the menu now, because there is no room for them beside the title."""
        return [control for control in self._controls if not control.isHidden()] if self._foldable.isHidden() else []

    def _fold(self) -> None:
        """Let the title be seen whole: controls that would cut it are in the menu."""
        left, buttons = self.title.sizeHint().width() + _LEFT, (self.help_line.button, self.more)
        right = sum(button.sizeHint().width() + _SPACING for button in buttons)
        own = self._foldable.sizeHint().width()
        others = self.controls.sizeHint().width() - (0 if self._foldable.isHidden() else own)
        has_room = left + _BESIDE_TITLE + others + own + _SPACING + right <= self.width()
        if has_room is self._foldable.isHidden():
            self._foldable.setVisible(has_room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fold()
        return super().event(event)

    def _measure(self) -> None:
        self.setFixedHeight(scaled(self, HEIGHT))
        self.title.setFont(type_of(self.font(), BODY, bold=True))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
