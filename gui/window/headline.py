"""The headline over the plots: one sentence on the plan, the current activity or the result."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from core.events import Change
from core.settings import StudySettings
from core.words.going_on import CHANGED_SINCE, Told, going_on_in_words, ready_in_words
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.fields import breakable, plain_tip
from gui.widgets.icons import icon
from gui.widgets.theme import Colours, Theme

_MIN_WIDTH = 200  # a long name of a file must not widen the window


class Headline(QFrame):
    """A sentence, and the one button that the user may need now.

    `start_clicked`, `export_clicked`: the user pressed it.
    """

    start_clicked = Signal()
    export_clicked = Signal()

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._plan: StudySettings | None = None
        self._problem = self._doubt = ""
        self.setObjectName("headline")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setAccessibleName("Headline")
        self._text.setMinimumWidth(_MIN_WIDTH)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.start_button = QPushButton("Start")
        self.export_button = QPushButton("Export…")
        for button in (self.start_button, self.export_button):
            button.setIconSize(QSize(18, 18))
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.start_button.clicked.connect(self.start_clicked)
        self.export_button.clicked.connect(self.export_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 10, 8)
        layout.setSpacing(12)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.export_button)
        layout.addWidget(self.start_button)
        session.changed.connect(self._on_changed)
        session.run_state_changed.connect(self._show)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed(theme.colours)
        layout.addStrut(self.start_button.sizeHint().height())  # or all plots change size when a button is hidden

    @property
    def text(self) -> str:
        return self._text.text()

    def set_plan(self, settings: StudySettings | None, problem: str, doubt: str = "") -> None:
        """Set the content of the form: valid settings, perhaps with a doubt about them, or the problem with them."""
        self._plan, self._problem, self._doubt = settings, problem, doubt
        self._show()

    def _on_theme_changed(self, colours: Colours) -> None:
        self.setStyleSheet(
            f"#headline {{ background: {colours.raised}; border: 1px solid {colours.border}; border-radius: 6px; }}"
        )
        self.start_button.setIcon(icon("start", colours))
        self.export_button.setIcon(icon("export", colours))
        self._show()

    def _on_changed(self, changes: Changes) -> None:
        if changes.in_rows or changes.tested is not None or Change.DATA in changes.what:
            self._show()

    def _show(self) -> None:
        progress = self._session.progress
        idle = self._session.job is None
        empty = idle and progress is None
        self.start_button.setVisible(empty)
        self.start_button.setEnabled(self._plan is not None)
        self.start_button.setToolTip(plain_tip(self._problem))
        self.export_button.setVisible(idle and progress is not None and progress.best is not None)
        text = self._in_colour(self._told())
        if idle and progress is not None and self._plan is not None and self._plan != progress.settings:
            text += CHANGED_SINCE
        text = breakable(text)
        if text != self._text.text():
            self._text.setText(text)

    def _told(self) -> Told:
        session = self._session
        if session.job is None and session.progress is None:
            return ready_in_words(self._plan, self._problem, self._doubt)
        return going_on_in_words(session.job, session.phase, session.progress, session.trouble)

    def _in_colour(self, told: Told) -> str:
        if not told.warning:
            return told.text
        return f'<span style="color: {self._theme.colours.warning}">{told.warning}</span>{told.text}'
