"""The widgets of the window and their places, which are remembered from one start to the next."""

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QStackedWidget, QToolBar, QVBoxLayout, QWidget

from gui.plots.convergence import ConvergencePlot
from gui.plots.loss import LossPlot
from gui.plots.points import PointsPlot
from gui.program.messages import show_error
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.setup.form import SettingsForm
from gui.trials.table import TrialsTable
from gui.widgets.icons import app_icon
from gui.widgets.theme import Theme
from gui.window.headline import Headline
from gui.window.status_bar import StatusBar


class Layout:
    """Makes the widgets and places them in the window."""

    def __init__(self, window: QMainWindow, session: Session, theme: Theme, preferences: Preferences) -> None:
        self._window = window
        self._preferences = preferences
        self._uncovered: QByteArray | None = None
        """The places of docks and toolbar while a page covers them."""
        window.setWindowIcon(app_icon())
        window.setAcceptDrops(True)
        window.resize(1280, 800)
        self.form = SettingsForm(theme, preferences.presets_folder)
        self.headline = Headline(session, theme)
        self.loss_plot = LossPlot(session, theme)
        self.convergence_plot = ConvergencePlot(session, theme)
        self.points_plot = PointsPlot(session, theme)
        self.table = TrialsTable(session, theme)
        for plot in (self.loss_plot, self.convergence_plot, self.points_plot):
            plot.failed.connect(lambda sentence: show_error(window, "The image cannot be saved", sentence))
        window.setStatusBar(StatusBar(session))
        self._splitters = self._place_plots()
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.form_dock = self._dock("Setup", "setup", self.form, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.table_dock = self._dock("Trials", "trials", self.table, Qt.DockWidgetArea.BottomDockWidgetArea)
        window.resizeDocks([self.form_dock], [370], Qt.Orientation.Horizontal)
        window.resizeDocks([self.table_dock], [175], Qt.Orientation.Vertical)

    @property
    def dock_actions(self) -> list[QAction]:
        """The actions that show and hide the docks."""
        return [self.form_dock.toggleViewAction(), self.table_dock.toggleViewAction()]

    def _place_plots(self) -> dict[str, QSplitter]:
        lower = QSplitter(Qt.Orientation.Horizontal)
        lower.addWidget(self.convergence_plot)
        lower.addWidget(self.points_plot)
        plots = QSplitter(Qt.Orientation.Vertical)
        plots.addWidget(self.loss_plot)
        plots.addWidget(lower)
        for splitter in (lower, plots):
            splitter.setChildrenCollapsible(False)
            splitter.setSizes([500, 500])
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.headline)
        column.addWidget(plots, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(centre)
        self._window.setCentralWidget(self._pages)
        return {"plots": plots, "lower": lower}

    def _dock(self, title: str, name: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        dock.setWidget(widget)
        self._window.addDockWidget(area, dock)
        return dock

    # A page that covers all other parts

    def add_cover(self, page: QWidget) -> None:
        """Add the page that can take the place of all parts of the window but its menus and its status bar."""
        self._pages.addWidget(page)

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
            self._uncovered = self._window.saveState()
            for bar in bars:
                bar.hide()
        elif self._uncovered is not None:
            self._window.restoreState(self._uncovered)
            self._uncovered = None
        for bar in bars:
            bar.toggleViewAction().setEnabled(not covered)
        self._pages.setCurrentIndex(1 if covered else 0)

    def restore(self) -> None:
        """Restore the sizes and switches of the last run; call this after the toolbar is made."""
        remembered = self._preferences
        self._window.restoreGeometry(remembered.geometry)
        self._window.restoreState(remembered.layout("docks"))
        for name, splitter in self._splitters.items():
            splitter.restoreState(remembered.layout(name))
        self.loss_plot.log_loss = remembered.switch("log-loss")
        self.convergence_plot.log_objective = remembered.switch("log-objective")

    def remember(self) -> None:
        """Keep sizes and switches for the next start."""
        remembered = self._preferences
        remembered.geometry = self._window.saveGeometry()
        remembered.set_layout("docks", self._window.saveState() if self._uncovered is None else self._uncovered)
        for name, splitter in self._splitters.items():
            remembered.set_layout(name, splitter.saveState())
        remembered.set_switch("log-loss", self.loss_plot.log_loss)
        remembered.set_switch("log-objective", self.convergence_plot.log_objective)
        remembered.save()
