"""The left column of the welcome page: what Afina is, the ways to begin, and the tutorial by one click."""

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core import APP_NAME
from gui.session.run_state import Command
from gui.welcome.column import Column
from gui.welcome.sketch import Sketch
from gui.widgets.card import Card
from gui.widgets.fields import hint_label, plain_label
from gui.widgets.flat_button import FlatButton, LinkButton, WideButton
from gui.widgets.icons import app_icon
from gui.widgets.measures import RESULT, SMALL, TITLE, scaled, type_of
from gui.widgets.theme import Theme

WIDTH = 280
_ICON = 40
_LINKS = {Command.STUDIES_FOLDER: "Studies folder", Command.ABOUT: f"About {APP_NAME}"}
_WHAT = "Finds good settings for Keras models"
_TUTORIAL = (
    "Boston Housing, a linear model, 20 trials: learning rate and batch size found while you watch, "
    "in some ten seconds."
)


class Beginnings(Column):
    """The ways to begin. `asked` (a Command): the user wants that; `tutorial_asked`: the tutorial, by one click."""

    asked = Signal(object)
    tutorial_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.new_button = WideButton("&New study", "new", theme)
        self.import_button = WideButton("&Import a table…", "import", theme)
        self.open_button = WideButton("&Open a study…", "open", theme)
        self.tutorial_button = FlatButton("Start the &tutorial", "start", theme)
        self.links = [LinkButton(text, theme) for text in _LINKS.values()]
        commands = (Command.NEW, Command.IMPORT_DATA, Command.OPEN, *_LINKS)
        ways = (self.new_button, self.import_button, self.open_button, *self.links)
        for button, command in zip(ways, commands, strict=True):
            button.clicked.connect(lambda _checked=False, command=command: self.asked.emit(command))
        self.tutorial_button.clicked.connect(self.tutorial_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._make_title())
        column.addSpacing(18)
        for button in (self.new_button, self.import_button, self.open_button):
            column.addWidget(button)
        self._drop = hint_label("or drop a table or a study anywhere here")
        column.addWidget(self._drop)
        column.addSpacing(14)
        column.addWidget(self._make_card(theme))
        column.addSpacing(8)
        column.addLayout(self._make_links())
        column.addStretch()
        self._measure()

    def _measure(self) -> None:
        font = self.font()
        self._name.setFont(type_of(font, RESULT, bold=True))
        self._tutorial.setFont(type_of(font, TITLE, bold=True))
        self._drop.setFont(type_of(font, SMALL))
        self.setFixedWidth(scaled(self, WIDTH))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_icon()  # as sharp as this screen is

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _make_title(self) -> QHBoxLayout:
        self._icon = plain_label()
        self._icon.setFixedSize(QSize(_ICON, _ICON))
        self._name = plain_label(APP_NAME)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(hint_label(_WHAT))
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(self._icon)
        title.addLayout(words, 1)
        return title

    def _show_icon(self) -> None:
        self._icon.setPixmap(app_icon().pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF()))

    def _make_links(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        for link in self.links:
            row.addWidget(link)
        row.addStretch()
        return row

    def _make_card(self, theme: Theme) -> Card:
        card = Card(theme)
        self._tutorial = plain_label("New here? Run the tutorial")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 13, 16, 13)
        column.setSpacing(6)
        column.addWidget(self._tutorial)
        column.addWidget(hint_label(_TUTORIAL))
        column.addSpacing(6)
        column.addWidget(Sketch(theme))
        column.addSpacing(9)
        column.addWidget(self.tutorial_button)
        return card
