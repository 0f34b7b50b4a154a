"""The card of an unfinished study: what it is, why it stands still, how far it is, its best trial, and Resume."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtGui import QColor, QContextMenuEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from core.study.catalogue import Listed
from core.words.studies import (
    RUNNING_ELSEWHERE,
    best_in_words,
    data_in_words,
    done_in_words,
    model_in_words,
    name_in_words,
    standstill_in_words,
)
from gui.welcome.study_menu import StudyActions, study_menu
from gui.widgets.card import Card
from gui.widgets.elided_line import ElidedLine
from gui.widgets.fields import give_tip, plain_label
from gui.widgets.flat_button import FlatButton
from gui.widgets.measures import RESULT, SMALL, TITLE, scaled, type_of
from gui.widgets.theme import Colours, Theme
from gui.widgets.thin_bar import ThinBar

_FAINT = QPalette.ColorRole.PlaceholderText
_NAME, _PROGRESS, _BEST = 140, 120, 124
"""The widths of the columns; that of the name is the least."""
_MARGINS, _GAP, _BETWEEN_BUTTONS = (16, 13, 14, 13), 20, 8
_PROGRESS_STEPS, _THICKNESS = 1000, 6


class StudyCard(Card):
    """Shows a study that is not at its end; hidden until it has one."""

    def __init__(self, theme: Theme, actions: StudyActions, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._actions = actions
        self._listed: Listed | None = None
        self.name, self.about, self.why = ElidedLine(), ElidedLine(_FAINT), ElidedLine(_FAINT)
        self.done = plain_label()
        self.bar = ThinBar(_THICKNESS, _PROGRESS_STEPS)
        self.best, self.of_what = plain_label(), ElidedLine(_FAINT)
        self.open_button = FlatButton("Open", "", theme)
        self.resume_button = FlatButton("Resume", "resume", theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(*_MARGINS)
        row.setSpacing(_GAP)
        row.addLayout(_column(self.name, self.about, self.why, spacing=3), 1)
        self._columns = {_PROGRESS: QWidget(), _BEST: QWidget()}
        self._columns[_PROGRESS].setLayout(_column(self.done, self.bar, spacing=8))
        self._columns[_BEST].setLayout(_column(self.best, self.of_what, spacing=2))
        for column in self._columns.values():
            row.addWidget(column)
        buttons = QHBoxLayout()
        buttons.setSpacing(_BETWEEN_BUTTONS)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.resume_button)
        row.addLayout(buttons)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.open_button.clicked.connect(lambda: self._do(actions.open))
        self.resume_button.clicked.connect(lambda: self._do(actions.resume))
        self._on_theme_changed(theme.colours)
        self._measure()
        self.hide()

    def _measure(self) -> None:
        font = self.font()
        self.name.setFont(type_of(font, TITLE, bold=True))
        self.best.setFont(type_of(font, RESULT, bold=True))
        self.of_what.setFont(type_of(font, SMALL))
        self.resume_button.setFixedWidth(self.resume_button.width_when_filled)
        for width, column in self._columns.items():
            column.setFixedWidth(scaled(self, width))
        self.name.setMinimumWidth(scaled(self, _NAME))
        self._fit()
        self.updateGeometry()

    @property
    def _least_width(self) -> int:
        """The width of the name and of Resume."""
        return _MARGINS[0] + scaled(self, _NAME) + _GAP + self.resume_button.width_when_filled + _MARGINS[2]

    def _fit(self) -> None:
        """Show beside the name and Resume what there is room for: Open first, then the best trial, then progress."""
        room = self.width() - self._least_width
        for widget, needed in (
            (self.open_button, self.open_button.sizeHint().width() + _BETWEEN_BUTTONS),
            (self._columns[_BEST], scaled(self, _BEST) + _GAP),
            (self._columns[_PROGRESS], scaled(self, _PROGRESS) + _GAP),
        ):
            room -= needed
            widget.setVisible(room >= 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least_width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    @property
    def listed(self) -> Listed | None:
        """The study that the card shows."""
        return self._listed

    def show_study(self, listed: Listed | None, now: datetime) -> None:
        """Show the study; None hides the card."""
        self._listed = listed
        self.setVisible(listed is not None)
        if listed is None or listed.glance is None:
            return
        glance, running = listed.glance, listed.running
        name = name_in_words(glance.name, listed.path.stem)
        self.name.setText(name)
        self.about.setText(f"{data_in_words(glance.settings)}, {model_in_words(glance.settings)}")
        self.why.setText(standstill_in_words(glance, listed.when, now, running=running))
        self.done.setText(done_in_words(glance))
        self.bar.show_share(min(1.0, glance.ended / glance.budget))
        self.bar.setAccessibleName(f"{name}: {done_in_words(glance)}")
        best, metric = best_in_words(glance)
        self.best.setText(best)
        self.best.setVisible(bool(best))  # or it would push "no result yet" below the bar
        self.best.setAccessibleDescription("Best so far" if best else "")
        self.of_what.setText(metric or "no result yet")
        self.open_button.setAccessibleName(f"Open {name}")
        self.resume_button.setAccessibleName(f"Resume {name}")
        self.resume_button.setEnabled(not running)
        give_tip(self.resume_button, RUNNING_ELSEWHERE if running else "", wrapped=False)
        self.setAccessibleName(name)

    def _do(self, action: Callable[[Path], object]) -> None:
        if self._listed is not None:
            action(self._listed.path)

    def _on_theme_changed(self, colours: Colours) -> None:
        super()._on_theme_changed(colours)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours.best))
        self.best.setPalette(palette)

    def menu(self) -> QMenu | None:
        """Return the menu of the study."""
        return None if self._listed is None else study_menu(self._listed, self._actions, self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key, menu = event.reason() == QContextMenuEvent.Reason.Keyboard, self.menu()
        if menu is not None:
            menu.popup(self.mapToGlobal(QPoint(16, self.height() // 2)) if by_key else event.globalPos())


def _column(*widgets: QWidget, spacing: int) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    column.addStretch()
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    return column
