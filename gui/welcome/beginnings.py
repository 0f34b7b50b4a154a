"""The left column of the welcome page: what Afina is, the ways to begin, and the tutorial by one click."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core import APP_NAME
from gui.welcome.column import Column
from gui.welcome.sketch import Sketch
from gui.widgets.buttons import Button, WideButton
from gui.widgets.card import Card
from gui.widgets.fields import hint_label, plain_label
from gui.widgets.icons import app_icon
from gui.widgets.theme import Theme
from gui.widgets.type_sizes import Type, type_sizes

WIDTH = 280
_ICON = 40
_WHAT = "Finds good settings for Keras models"
_TUTORIAL = (
    "Boston Housing, a linear model, 20 trials: learning rate and batch size found while you watch, "
    "in some ten seconds."
)


class Beginnings(Column):
    """The ways to begin. Each button has a signal of its name."""

    new_clicked = Signal()
    import_clicked = Signal()
    open_clicked = Signal()
    tutorial_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.new_button = WideButton(theme, "&New study", "new")
        self.import_button = WideButton(theme, "&Import a table…", "import")
        self.open_button = WideButton(theme, "&Open a study…", "open")
        self.tutorial_button = Button(theme, "Start the &tutorial", "start")
        self.new_button.clicked.connect(self.new_clicked)
        self.import_button.clicked.connect(self.import_clicked)
        self.open_button.clicked.connect(self.open_clicked)
        self.tutorial_button.clicked.connect(self.tutorial_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._make_title())
        column.addSpacing(18)
        for button in (self.new_button, self.import_button, self.open_button):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            column.addWidget(button)
        drop = hint_label("or drop a table or a study anywhere here")
        type_sizes().give(drop, Type.SMALL)
        column.addWidget(drop)
        column.addSpacing(14)
        column.addWidget(self._make_card(theme))
        column.addStretch()
        self._set_width()
        type_sizes().changed.connect(self._set_width)

    def _set_width(self) -> None:
        self.setFixedWidth(type_sizes().pixels(WIDTH))

    def _make_title(self) -> QHBoxLayout:
        self._icon = plain_label()
        self._icon.setFixedSize(QSize(_ICON, _ICON))
        self._show_icon()
        name, what = plain_label(APP_NAME), hint_label(_WHAT)
        type_sizes().give(name, Type.RESULT, bold=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(what)
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(self._icon)
        title.addLayout(words, 1)
        return title

    def _show_icon(self) -> None:
        self._icon.setPixmap(app_icon().pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF()))

    def _make_card(self, theme: Theme) -> Card:
        card = Card(theme)
        title, words = plain_label("New here? Run the tutorial"), hint_label(_TUTORIAL)
        type_sizes().give(title, Type.TITLE, bold=True)
        self.tutorial_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 13, 16, 13)
        column.setSpacing(6)
        column.addWidget(title)
        column.addWidget(words)
        column.addSpacing(6)
        column.addWidget(Sketch(theme))
        column.addSpacing(9)
        column.addWidget(self.tutorial_button)
        return card
