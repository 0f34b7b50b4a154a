"""The menu of a painted plot: reset the view, copy the picture, save it or the table of what is drawn."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from core.export.table_csv import write_table_csv
from core.figures.table import Table
from gui.insight.menu_twins import fill
from gui.insight.painting.look import Look
from gui.insight.pictures import Picture, to_image, to_png, to_svg
from gui.plots.saving import Saving
from gui.widgets.announce import announce
from gui.widgets.theme import LIGHT

if TYPE_CHECKING:
    from gui.insight.plot import InsightPlot


class PlotMenu(QMenu):
    """What is chosen of a plot comes first, with `add_choice`."""

    def __init__(self, plot: "InsightPlot") -> None:
        super().__init__(plot)
        self._plot = plot
        self.saving = Saving(plot, plot.session, lambda: plot.title, self.content)
        self.reset_view_action = QAction("Reset view", self)
        self.reset_view_action.setToolTip("Show what the plot shows by itself (Home, or a double-click)")
        self.reset_view_action.triggered.connect(plot.reset_view)
        self.copy_image_action = QAction("Copy image", self)
        self.copy_image_action.triggered.connect(self.copy_image)
        self.save_action = QAction("Save as…", self)
        self.save_action.setToolTip("As an image (PNG, SVG), or what is drawn as a table (CSV)")
        self.save_action.triggered.connect(lambda: self.saving.ask_and_write(plot.folders))
        self.addActions([self.reset_view_action])
        self.addSeparator()
        self.addActions([self.copy_image_action, self.save_action])
        self.addSeparator()
        self.addActions([plot.help_line.action])
        self._twins: list[QAction] = []
        self.aboutToShow.connect(self._take_in_controls)

    def _take_in_controls(self) -> None:
        """Offer first what there is no room for in the header."""
        for twin in self._twins:
            self.removeAction(twin)
        self._twins = fill(self, self._plot.header.folded, self.actions()[0])

    def add_choice(self, choice: QAction | QMenu) -> None:
        """Put an action, or a menu, before what concerns the view."""
        if isinstance(choice, QMenu):
            self.insertMenu(self.reset_view_action, choice)
        else:
            self.insertAction(self.reset_view_action, choice)

    def copy_image(self) -> None:
        """Put an image of the plot, on white, into the clipboard."""
        QGuiApplication.clipboard().setImage(to_image(self._picture()))
        self._plot.paint_again()
        announce(self._plot, "Image copied")

    def content(self, suffix: str) -> bytes:
        """Return the plot as the content of a file with this suffix."""
        if suffix == ".csv":
            return write_table_csv(self._plot.table() or Table((), ())).encode()
        made = to_svg(self._picture()) if suffix == ".svg" else to_png(self._picture())
        self._plot.paint_again()
        return made

    def _picture(self) -> Picture:
        plot = self._plot
        look = Look.of(LIGHT, plot.font(), is_picture=True)
        size = QSizeF(plot.canvas.size())
        return Picture(plot.paint, size, look, plot.title, plot.subtitle, plot.session.study_name)
