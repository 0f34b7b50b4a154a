"""Helping: F1 opens the page on what has the focus, beside the form or beside a dialog; and the report of a problem."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenuBar, QWidget
from shiboken6 import isValid

from core.datasets.part_sizes import part_sizes
from gui.help.help_menu import HelpMenu
from gui.pages.places import TornPlace
from gui.program.messages import CrashReporter
from gui.program.preferences import Preferences
from gui.session.run_state import Command
from gui.session.session import Session
from gui.widgets.theme import Theme
from gui.window.actions import shortcuts_by_menu
from gui.window.explained import FIRST_STEPS, Explained
from gui.window.layout import Layout

if TYPE_CHECKING:
    from gui.help.pane import HelpPane
    from gui.help.view import HelpView

SHORTCUTS = "shortcuts"
_KEY, _NAME = QKeySequence(Qt.Key.Key_F1), "help"
"""The key in dialogs, and the name of its shortcut in each."""


class Helping(QObject):
    """Handles the menu Help. `menu` shows notes on data; `explained` knows the parts of the window.

    A dialog has help if its class names a page as `help_page`. Nothing is made before it is asked for.
    """

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        theme: Theme,
        layout: Layout,
        preferences: Preferences,
        crashes: CrashReporter,
        plots: Sequence[QWidget],
    ) -> None:
        super().__init__(window)
        self._window, self._theme, self._layout, self._crashes = window, theme, layout, crashes
        self.menu = HelpMenu(window, session, layout.form.settings, preferences.studies_folder)
        self.explained = Explained(layout, plots)
        self._pane: HelpPane | None = None
        self._last: QWidget | None = None
        """What had the focus last in the window, its menus left out."""
        self._back_to: QWidget | None = None
        """What gets the focus back when the pane closes."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._note_focus)

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """The handler of each command."""
        return {
            **self.menu.handlers,
            Command.HELP: self.explain,
            Command.FIRST_STEPS: lambda: self.open(FIRST_STEPS),
            Command.SHORTCUTS: lambda: self.open(SHORTCUTS),
            Command.REPORT: self.report,
        }

    # The pane

    @property
    def pane(self) -> "HelpPane":
        """The pane beside the form."""
        if self._pane is None:
            self._pane = self._make_pane()
        return self._pane

    def _make_pane(self) -> "HelpPane":
        from gui.help.pane import HelpButtons, HelpPane

        view = self._make_view(self.explained.leads_to)
        pane, buttons = HelpPane(self._theme, view), HelpButtons(self._theme, view)
        self._layout.help_title.add(buttons)
        self._layout.help_dock.setWidget(pane)
        view.part_asked.connect(self.explained.show)
        pane.close_asked.connect(self.close)
        buttons.close_button.clicked.connect(self.close)
        return pane

    def _make_view(self, leads_to: Callable[[str], bool]) -> "HelpView":
        from gui.help.pages import Pages
        from gui.help.view import HelpView

        return HelpView(Pages(shortcuts_by_menu(), self._facts), leads_to)

    def _facts(self) -> Mapping[str, str]:
        data = self._layout.form.data_settings()
        return {"training rows": "" if data is None else f"(here {part_sizes(data).train:,})"}

    def explain(self) -> None:
        """Open the page on what has the focus, also in the window of a page."""
        focused = QApplication.focusWidget()
        is_torn = focused is not None and isinstance(focused.window(), TornPlace)
        self.open(*self.explained.page_on(focused if is_torn else self._focused()))
        if is_torn:
            self._window.activateWindow()

    def open(self, page: str, heading: str = "") -> None:
        """Show a page in the pane, which gets the focus."""
        focused = self._focused()
        if focused is None or not self._layout.help_dock.isAncestorOf(focused):
            self._back_to = focused
        pane = self.pane
        self._layout.show_help()
        self._come_after_the_form(pane.view)
        pane.view.open(page, heading)
        pane.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _come_after_the_form(self, view: "HelpView") -> None:
        """Let Tab reach the page from the end of the form, though it was made last."""
        form = self._layout.form
        if form.window() is self._window:
            QWidget.setTabOrder(form.last_stop, view)

    def close(self) -> bool:
        """Close the pane, give the focus back to where it was, and return whether the pane was open."""
        dock = self._layout.help_dock
        if dock.isHidden():
            return False
        focused = self._focused()
        had_focus = focused is None or dock.isAncestorOf(focused)
        dock.hide()
        if had_focus:
            back = self._back_to
            known = back is not None and isValid(back) and back.isVisible()
            wanted = back if known and back is not None else self._layout.form.data.dataset
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _focused(self) -> QWidget | None:
        """Return what has the focus in the window or, while a menu has it, what had it before."""
        focused: QWidget | None = self._window.focusWidget()
        if focused is None or isinstance(focused, QMenuBar):
            focused = self._last
        return focused if focused is not None and isValid(focused) else None

    # Dialogs

    def _note_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or isinstance(now, QMenuBar):
            return
        window = now.window()
        if window is self._window:
            self._last = now
        elif isinstance(window, QDialog) and _page_on(window) and window.findChild(QShortcut, _NAME) is None:
            key = QShortcut(_KEY, window)
            key.setObjectName(_NAME)
            key.activated.connect(lambda: self._explain_dialog(window))

    def _explain_dialog(self, dialog: QDialog) -> None:
        """Show the page on a dialog beside it; from there nothing leads to the window behind."""
        from gui.help.help_dialog import HelpDialog

        shown = dialog.findChild(HelpDialog)
        if shown is None:
            shown = HelpDialog(self._theme, self._make_view(lambda _name: False), dialog)
        shown.view.open(_page_on(dialog))
        shown.show()
        shown.activateWindow()

    # A problem

    def report(self) -> None:
        """Show what helps to find a fault, for the user to copy."""
        from gui.help.report import report
        from gui.help.report_dialog import ReportDialog

        dialog = ReportDialog(report(self._window, self._theme, self._crashes.recent()), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _page_on(dialog: QDialog) -> str:
    """Return the name of the page on a dialog; empty if there is none."""
    return str(getattr(dialog, "help_page", None) or "")
