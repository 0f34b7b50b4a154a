"""The header of a painted plot: title, what is shown in words, its controls, "?" and menu."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.widgets.elided_line import ElidedLine
from gui.widgets.help_line import HelpLine
from gui.widgets.marks import FAINT
from gui.widgets.measures import BODY, scaled, type_of
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton
from gui.widgets.title_label import TitleLabel

HEIGHT = 26
_LEFT, _SPACING, _BESIDE_TITLE = 8, 6, 8


class Header(QWidget):
    """One line: the subtitle gives way first, then the title ends in "…"."""

    def __init__(self, theme: Theme, title: str, help_line: HelpLine) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.title = TitleLabel()
        self.subtitle = ElidedLine(FAINT)
        self.controls = QWidget()
        self._last_control: QWidget | None = None
        self._control_row = QHBoxLayout(self.controls)
        self._control_row.setContentsMargins(0, 0, 0, 0)
        self._control_row.setSpacing(_SPACING)
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
        self._control_row.addWidget(widget)
        after = self._last_control or self.help_line.button
        QWidget.setTabOrder(after, widget)
        QWidget.setTabOrder(widget, self.help_line.button)  # which so stays within the order of the page
        self._last_control = widget

    def _measure(self) -> None:
        self.setFixedHeight(scaled(self, HEIGHT))
        self.title.setFont(type_of(self.font(), BODY, bold=True))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
