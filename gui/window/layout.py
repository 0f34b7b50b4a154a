"""The widgets of the window and their places, which are remembered from one start to the next."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, QMargins, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QStackedWidget, QToolBar, QWidget

from gui.pages.pages import Pages
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.widgets.font_size import font_size
from gui.widgets.icons import app_icon
from gui.widgets.measures import scaled
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton
from gui.widgets.title_line import TitleLine
from gui.window.actions import ENTRIES, TABLE_KEY, Actions
from gui.window.folding import FORM, TABLE, Folding
from gui.window.live_page import LivePage
from gui.window.menus import Menus
from gui.window.pages import COMMANDS
from gui.window.parts import Parts
from gui.window.sizes import (
    FORM_WIDTH,
    GAP,
    HELP_WIDTH,
    LEAST_FORM_WIDTH,
    LEAST_HELP_WIDTH,
    MOST_FORM_WIDTH,
    MOST_HELP_WIDTH,
    first_place,
    on_screen,
    table_height,
    table_height_over_a_page,
)
from gui.window.status_bar import StatusBar

_VERSION = 1
"""Of the remembered places of docks: those of another version are left alone."""
_BEYOND = {False: "trials-beyond", True: "trials-beyond-folding"}
"""What is remembered of the height of the trials, by whether the page folds."""
_FRAME = QMargins(1, 30, 1, 1)
"""What a system puts around a window, before it is known."""
_FORM_AREA, _TABLE_AREA = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea


class Layout:
    """Makes and places widgets, menus and toolbar of the window. The titles of parts have room for buttons.

    `help_dock` is hidden and empty until help is asked for.
    """

    def __init__(
        self, window: QMainWindow, session: Session, theme: Theme, preferences: Preferences, actions: Actions
    ) -> None:
        self._window = window
        self._preferences = preferences
        self._uncovered: QByteArray | None = None
        """The places of docks and toolbars while a page covers them."""
        self._was_reset = False
        """Whether the layout was reset meanwhile."""
        font_size().percent = preferences.font_size
        window.setWindowIcon(app_icon())
        window.setAcceptDrops(True)
        parts = self._parts = Parts(window, session, theme, preferences, actions)
        self.form, self.headline, self.plots, self.table = parts.form, parts.headline, parts.plots, parts.table
        self.centre, self.rail, self.table_card = parts.centre, parts.rail, parts.table_card
        self.analyst = parts.analyst
        self.form_title, self.table_title, self.help_title = parts.form_title, parts.table_title, parts.help_title
        window.setStatusBar(StatusBar(session))
        # Tab goes through them in the order in which they come into the window.
        self.form_dock = self._dock("setup", self.form_title, self.form, _FORM_AREA)
        self.help_dock = self._make_help_dock()
        self._place_centre()
        window.setCorner(Qt.Corner.BottomLeftCorner, _FORM_AREA)
        self.table_dock = self._dock("trials", self.table_title, parts.table_place, _TABLE_AREA)
        window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)
        docks = {FORM: self.form_dock, TABLE: self.table_dock}
        self.folding = Folding(window, docks, self.rail, self.centre, parts.table_place, preferences)
        self._beyond = {False: 0, True: 0}
        """By how many pixels the user made the trials higher than they are by themselves: on pages that fold, too."""
        self._folds = False
        """Whether what was shown when they were last made to fit is a page that folds."""
        self._own = 0
        """The height that the trials had by themselves when they were last made to fit; 0 if that is not known."""
        window.setGeometry(first_place(window.screen().availableGeometry(), _FRAME))
        self._bound_form()
        self._connect(actions)
        self.menus = Menus(window, actions, self.dock_actions, theme, preferences)

    def _connect(self, actions: Actions) -> None:
        self.folding.is_covered = lambda: self.covered
        self.rail.opened.connect(self._enter_form)
        self.centre.trials_line.clicked.connect(self._enter_table)
        for button, fold in zip(self.fold_buttons, (self.folding.fold_form, self.folding.fold_table), strict=True):
            button.clicked.connect(fold)
        self.pages.changed.connect(self._on_page)
        self.form_dock.toggleViewAction().setText("&Setup")
        self.table_dock.toggleViewAction().setText("&Trials")
        self.table_dock.toggleViewAction().setShortcut(TABLE_KEY)
        self.table_dock.toggleViewAction().triggered.connect(self._enter_or_leave_table)
        for place, name in enumerate(self.pages.names):
            self.pages.tabs.set_tip(place, actions[COMMANDS[name]].shortcut().toString())
        self.pages.keys = lambda: [*(actions[command] for command in ENTRIES), *self.dock_actions]

    @property
    def pages(self) -> Pages:
        """The pages of the centre."""
        return self.centre.pages

    @property
    def dock_actions(self) -> list[QAction]:
        """The actions that show and hide the docks."""
        return [self.form_dock.toggleViewAction(), self.table_dock.toggleViewAction()]

    @property
    def parts(self) -> list[QWidget]:
        """The parts of the window between which the focus goes, in the order of the eye."""
        pages = [page.widget for page in self.pages.all]
        head = [self.rail, self.form, self.help_dock, self.centre.head, self.pages.bar]
        return [*head, *pages, self.table_card, self.centre.trials_line]

    @property
    def first_stops(self) -> Mapping[QWidget, Callable[[], QWidget | None]]:
        """What gets the focus first in parts in which it is not the first widget: what keys are for there."""
        return {self.centre.head: self.headline.first_stop, self.plot_area: self.plots.first_stop}

    @property
    def fold_buttons(self) -> tuple[TitleButton, TitleButton]:
        """The buttons that fold form and table."""
        return self._parts.fold_form_button, self._parts.fold_table_button

    @property
    def plot_area(self) -> LivePage:
        """All live plots together."""
        return self._parts.live

    def _place_centre(self) -> None:
        live = self._parts.live
        self._splitters: dict[str, QSplitter] = {"plots": live, "lower": live.lower_plots}
        self._covers = QStackedWidget()
        self._covers.addWidget(self.centre)
        self._window.setCentralWidget(self._covers)

    def _dock(self, name: str, title: TitleLine, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title.title)
        dock.setObjectName(name)
        dock.setTitleBarWidget(title)
        dock.setWidget(widget)
        self._window.addDockWidget(area, dock)
        return dock

    def _make_help_dock(self) -> QDockWidget:
        dock = self._dock("help", self.help_title, QWidget(), _FORM_AREA)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.form_dock.visibilityChanged.connect(self._inset_help)
        dock.toggleViewAction().setVisible(False)  # F1 and Esc show and hide it
        dock.hide()
        dock.visibilityChanged.connect(self._keep_form_width)
        return dock

    def show_help(self) -> None:
        """Show the pane of help between form and plots, at its own width unless it is there already."""
        if self.help_dock.isVisible():
            return
        self._window.addDockWidget(_FORM_AREA, self.help_dock)  # the sizes of an earlier version know no place for it
        if not self.form_dock.isFloating():
            self._window.splitDockWidget(self.form_dock, self.help_dock, Qt.Orientation.Horizontal)
        beside = [self.form_dock] if self.form_dock.isVisible() and not self.form_dock.isFloating() else []
        widths = [dock.width() for dock in beside]
        self.help_dock.show()
        self._inset_help()
        wanted = scaled(self._window, HELP_WIDTH)
        self._window.resizeDocks([*beside, self.help_dock], [*widths, wanted], Qt.Orientation.Horizontal)

    def _keep_form_width(self) -> None:
        """Leave the room of the pane of help, which goes, to the plots: by itself the form would take it for good."""
        form = self.form_dock
        if self.help_dock.isHidden() and form.isVisible() and not form.isFloating():
            self._window.resizeDocks([form], [form.width()], Qt.Orientation.Horizontal)

    def _inset_help(self) -> None:
        """Keep the card of the help off the window's edge when the form is not beside it."""
        self.help_dock.widget().setContentsMargins(GAP if self.form_dock.isHidden() else 0, 0, 0, 0)

    # What is folded

    def _on_page(self) -> None:
        self.folding.follow_page()
        self.fit()

    def _enter_form(self) -> None:
        self.form.data.dataset.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter_or_leave_table(self, is_open: bool) -> None:
        """Follow with the focus what the user has opened or folded by its key."""
        if is_open:
            self._enter_table()
        elif self.centre.trials_line.isVisible():
            self.centre.trials_line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter_table(self) -> None:
        self.fit()
        shown = self.table.currentWidget()
        if shown is not None:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    # Sizes

    def follow_font(self) -> None:
        """Give the parts the sizes that suit the letters, which have changed."""
        self._bound_form()
        self.fit()

    def _bound_form(self) -> None:
        self.form_dock.setMinimumWidth(LEAST_FORM_WIDTH)  # with a larger type the form itself says what it needs
        self.form_dock.setMaximumWidth(scaled(self._window, MOST_FORM_WIDTH))
        self.help_dock.setMinimumWidth(LEAST_HELP_WIDTH)
        self.help_dock.setMaximumWidth(scaled(self._window, MOST_HELP_WIDTH))

    def fit(self) -> None:
        """Give the trials their share of the window's height, which has changed; what the user added to it stays."""
        dock, window, centre = self.table_dock, self._window, self.centre
        self._beyond[self._folds] = self._added()
        self._folds = self.pages.folds
        if dock.isHidden() or dock.isFloating() or window.dockWidgetArea(dock) is not _TABLE_AREA:
            self._own = 0
            return
        make = table_height_over_a_page if self._folds else table_height
        own = make(window.height(), scaled(window, 100) / 100)
        height = max(1, own + self._beyond[self._folds])
        window.resizeDocks([dock], [height], Qt.Orientation.Vertical)
        left = centre.height() + dock.height() - height
        self._own = own if left > centre.minimumSizeHint().height() else 0  # they get less

    def _added(self) -> int:
        """Return by how many pixels the trials are higher than by themselves; new if the user has resized them."""
        if not self._own or self.centre.height() <= self.centre.minimumSizeHint().height():
            return self._beyond[self._folds]
        return self.table_dock.height() - self._own

    def reset(self) -> None:
        """Put all parts of the window where they were at the first start; while a page covers them, as it goes."""
        self.folding.forget()
        self.pages.gather()
        self._parts.live.share_equally()
        if self._uncovered is not None:
            self._beyond, self._own = {False: 0, True: 0}, 0
            self._uncovered = self._first_state
            self._was_reset = True
            return
        self._put_back()
        self.folding.follow_page()
        self.fit()

    def _put_back(self) -> None:
        """Let docks and toolbars be where they were at the first start."""
        self._beyond, self._own = {False: 0, True: 0}, 0
        self._window.restoreState(self._first_state, _VERSION)
        self._window.resizeDocks([self.form_dock], [scaled(self._window, FORM_WIDTH)], Qt.Orientation.Horizontal)

    # A page that covers all other parts

    def add_cover(self, page: QWidget) -> None:
        """Add the page that can take the place of all parts of the window but its menus and its status bar."""
        self._covers.addWidget(page)

    @property
    def covered(self) -> bool:
        """Whether the page is shown."""
        return self._uncovered is not None

    def cover(self, *, covered: bool) -> None:
        """Show the page, or all other parts at the places that they had."""
        if covered is self.covered:
            return
        bars: list[QDockWidget | QToolBar] = [self.form_dock, self.table_dock]
        bars += self._window.findChildren(QToolBar)
        if covered:
            self._uncovered = self._window.saveState(_VERSION)
            for bar in bars:
                bar.hide()
        elif self._uncovered is not None:
            explains = self.help_dock.isVisible()
            self._window.restoreState(self._uncovered, _VERSION)
            self.help_dock.setVisible(explains)
            self._uncovered = None
            if self._was_reset:
                self.folding.follow_page()
            self._was_reset = False
            self.folding.show_folded()
        for bar in bars:
            bar.toggleViewAction().setEnabled(not covered)
        self._covers.setCurrentIndex(1 if covered else 0)
        self.fit()

    def close(self) -> None:
        """Let nothing be computed any more: the window closes."""
        self.analyst.close()

    # From one start to the next

    def restore(self) -> None:
        """Restore the sizes and switches of the last run."""
        remembered = self._preferences
        self._parts.live.share_equally()
        self._first_state = self._window.saveState(_VERSION)
        self._put_back()
        self.fit()
        self._first_state = self._window.saveState(_VERSION)  # with the sizes of now
        if self._window.restoreGeometry(remembered.geometry):
            self._bring_back()
        if self._window.restoreState(remembered.layout("docks"), _VERSION):
            self._beyond, self._own = {folds: remembered.number(key) for folds, key in _BEYOND.items()}, 0
            for name, splitter in self._splitters.items():
                splitter.restoreState(remembered.layout(name))
            self._restore_pages()
        self.help_dock.hide()  # no program begins with its help
        self.folding.show_folded()
        self.form.card.set_open(remembered.open_sections)
        self.plots.restore()

    def _restore_pages(self) -> None:
        remembered, pages = self._preferences, self.pages
        places = {name: remembered.place(name) for name in pages.names}
        pages.torn_places = {name: place for name, place in places.items() if place is not None}
        if remembered.page in pages.names:
            pages.choose(remembered.page)
        if remembered.page_beside in pages.names:
            pages.show_beside(remembered.page_beside)
            pages.splitter.restoreState(remembered.layout("beside"))

    def _remember_pages(self) -> None:
        remembered, pages = self._preferences, self.pages
        pages.take_all_back()
        remembered.page, remembered.page_beside = pages.current, pages.beside or ""
        remembered.set_layout("beside", pages.splitter.saveState())
        for name, place in pages.torn_places.items():
            remembered.set_place(name, place)

    def _bring_back(self) -> None:
        """Move the window onto the screen, and make it no larger than that: it may have been on a larger one."""
        window = self._window
        if not window.isMaximized() and not window.isFullScreen():
            window.setGeometry(on_screen(window.geometry(), window.screen().availableGeometry(), _FRAME))

    def remember(self) -> None:
        """Keep sizes and switches for the next start."""
        remembered = self._preferences
        self._remember_pages()
        self.help_dock.hide()  # no program begins with it, nor with parts that make room for it
        remembered.geometry = self._window.saveGeometry()
        places = self._window.saveState(_VERSION) if self._uncovered is None else self._uncovered
        remembered.set_layout("docks", places)
        self._beyond[self._folds] = self._added()
        for folds, key in _BEYOND.items():
            remembered.set_number(key, self._beyond[folds])
        for name, splitter in self._splitters.items():
            remembered.set_layout(name, splitter.saveState())
        remembered.open_sections = self.form.card.open
        self.plots.remember()
        remembered.save()
