"""The menus and the toolbar, made from the lists of their parts."""

from functools import partial
from typing import assert_never

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from gui.program.preferences import Preferences
from gui.session.run_state import Command
from gui.widgets.fields import describe_by_tip
from gui.widgets.measures import scaled
from gui.widgets.theme import Appearance, Theme
from gui.window.actions import FONT_MENU, MENUS, TOOLBAR, Actions, Item, Part

_APPEARANCES = {
    Appearance.SYSTEM: "As the &system",
    Appearance.LIGHT: "&Light",
    Appearance.DARK: "&Dark",
    Appearance.LIGHT_CONTRAST: "L&ight, high contrast",
    Appearance.DARK_CONTRAST: "D&ark, high contrast",
}
_ICON = 20


class Menus:
    """Fills the window's menu bar and toolbar. The listener of `recent` fills it with the studies opened last."""

    def __init__(
        self, window: QMainWindow, actions: Actions, docks: list[QAction], theme: Theme, preferences: Preferences
    ) -> None:
        self._actions = actions
        self._docks = docks
        self._theme = theme
        self._preferences = preferences
        self.recent = QMenu("Open &recent", window)
        self._appearance = QMenu("&Appearance", window)
        self._fill_appearance()
        self._font = QMenu("&Font size", window)
        self._fill(self._font, FONT_MENU)
        self.telling = self._make_telling(window)
        tools = _Toolbar()
        window.addToolBar(tools)
        self._fill(tools, TOOLBAR)
        tools.describe()
        for title, items in MENUS.items():
            self._fill(window.menuBar().addMenu(title), items)

    def _fill(self, bar: QMenu | QToolBar, items: tuple[Item, ...]) -> None:
        for item in items:
            match item:
                case Command():
                    bar.addAction(self._actions[item])
                case Part.LINE:
                    bar.addSeparator()
                case Part.RECENT:
                    bar.addAction(self.recent.menuAction())
                case Part.DOCKS:
                    bar.addActions(self._docks)
                case Part.FONT:
                    bar.addAction(self._font.menuAction())
                case Part.TELLING:
                    bar.addAction(self.telling)
                case Part.APPEARANCE:
                    bar.addAction(self._appearance.menuAction())
                case _:
                    assert_never(item)

    def _fill_appearance(self) -> None:
        group = QActionGroup(self._appearance)
        for appearance, text in _APPEARANCES.items():
            action = self._appearance.addAction(text)
            action.setCheckable(True)
            action.setChecked(self._theme.appearance is appearance)
            action.triggered.connect(lambda _checked=False, chosen=appearance: self._set_appearance(chosen))
            group.addAction(action)

    def _make_telling(self, window: QMainWindow) -> QAction:
        """Return the switch of the preference whether a user who is elsewhere is told of the end of a study."""
        action = QAction("Tell when a study is &done", window)
        action.setToolTip("When a study ends or needs you while you are elsewhere: an alert, the title and a message")
        action.setCheckable(True)
        action.setChecked(self._preferences.tells)
        action.toggled.connect(self._set_telling)
        return action

    def _set_telling(self, on: bool) -> None:
        self._preferences.tells = on

    def _set_appearance(self, appearance: Appearance) -> None:
        self._theme.set_appearance(appearance)
        self._preferences.appearance = appearance


class _Toolbar(QToolBar):
    """A row of icons with words, which are as large as the letters want them."""

    def __init__(self) -> None:
        super().__init__("Toolbar")
        self.setObjectName("toolbar")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setMovable(False)
        self._measure()

    def describe(self) -> None:
        """Let a reader hear what the actions' tool tips say, now and after each change."""
        for action in self.actions():
            button = self.widgetForAction(action)
            action.changed.connect(partial(describe_by_tip, button))
            describe_by_tip(button)

    def _measure(self) -> None:
        side = scaled(self, _ICON)
        self.setIconSize(QSize(side, side))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
