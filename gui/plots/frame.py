"""What stands around a plot: its title, controls and menu, what is shown while it is empty, and images of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from core.export.table_csv import write_table_csv
from core.figures.figure import Figure
from core.figures.table import table_of
from gui.plots.saving import Saving
from gui.program.folders import Folders
from gui.session.session import Session
from gui.widgets.empty_place import EmptyPlace, Words
from gui.widgets.help_line import HelpLine
from gui.widgets.measures import TITLE, type_of
from gui.widgets.sketches import Sketch
from gui.widgets.tab_order import set_tab_order
from gui.widgets.theme import LIGHT, Colours, Theme
from gui.widgets.title_button import TitleButton
from gui.widgets.title_label import TitleLabel

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas

HEADER_HEIGHT = 28
"""Pixels, so that plots side by side line up whatever their controls are."""
_LEFT, _RIGHT, _SPACING = 12, 4, 6


@dataclass(frozen=True)
class Promise:
    """What a plot shows while it is empty.

    `first` ends a sentence on what comes, "the first curve begins", and `of_trial` one on what comes of a trial that is
    under way.
    """

    words: Words
    first: str
    sketch: Sketch | None = None
    of_trial: str = "its point comes when it has ended"


class Frame(QWidget):
    """The frame of a plot. `saved` and `failed` (a sentence) tell that a file was written, or could not be.

    A plot puts its controls into the header with `_add_control` and into the menu with `_add_to_menu`, and makes the
    canvas when there is something to draw. `promise` says until then what will be seen, `explanation` is what the "?"
    says of what is seen.
    """

    saved = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        theme: Theme,
        title: str,
        promise: Promise,
        explanation: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session, self.theme = session, theme
        self.title, self.promise = title, promise
        self.folders = Folders()
        self._canvas: Canvas | None = None
        self.is_picture = False
        """Whether it is drawn as a picture now, for others."""
        self._help_fits = True
        self._saving = Saving(self, session, lambda: self.title, self._content)
        self._saving.saved.connect(self.saved)
        self._saving.failed.connect(self.failed)
        self.help_line = HelpLine(theme, title, explanation)
        self._make_actions()
        self.empty_place = EmptyPlace(theme, promise.words, promise.sketch)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty_place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._make_header())
        layout.addWidget(self.help_line)
        layout.addWidget(self._stack, 1)
        self.setAccessibleName(self.title)
        self._measure_header()

    @property
    def canvas(self) -> "Canvas":
        """Where the plot is drawn. It is made when there is something to draw, or soon after the first picture."""
        if self._canvas is None:
            self._canvas = self._make_canvas()
            self._canvas.setAccessibleName(self.title)
            self._stack.addWidget(self._canvas)
            self._fill(self._canvas)
            set_tab_order(self)
        return self._canvas

    @property
    def stage(self) -> QWidget:
        """What is seen below the header: the canvas or, while the plot is empty, what says what comes."""
        return self._stack.currentWidget() or self.empty_place

    # Header and menu

    def _make_header(self) -> QGridLayout:
        self._title_label = TitleLabel(self.title)
        self._controls = QWidget()
        row = QHBoxLayout(self._controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        self._more = TitleButton(self.theme, "options", f"{self.title}: more", "What is shown, and images")
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.clicked.connect(self.show_menu)
        self._header = header = QGridLayout()
        header.setContentsMargins(_LEFT, 4, _RIGHT, 2)
        header.setSpacing(_SPACING)
        header.setVerticalSpacing(0)
        header.setRowMinimumHeight(0, HEADER_HEIGHT)
        header.setColumnStretch(1, 1)
        header.addWidget(self._title_label, 0, 0)
        self._controls_below = True
        self._place_controls(below=False)
        self._show_controls(shown=False)
        return header

    def _place_controls(self, *, below: bool) -> None:
        """Put the controls beside the title, or below it."""
        if below is self._controls_below:
            return
        self._controls_below = below
        buttons = self.help_line.button, self._more
        for widget in (self._controls, *buttons):
            self._header.removeWidget(widget)
        self._header.addWidget(self._controls, *((1, 0, 1, 5) if below else (0, 2, 1, 1)))
        for column, button in enumerate(buttons, 3):
            self._header.addWidget(button, 0, column)  # after them in any case, where Tab reaches it

    def _show_controls(self, *, shown: bool) -> None:
        for widget in (self._controls, self._more):
            widget.setVisible(shown)
        self.help_line.button.setVisible(shown and self._help_fits)
        if not shown:
            self.help_line.close_line()

    def _add_control(self, widget: QWidget) -> None:
        row = self._controls.layout()
        assert isinstance(row, QHBoxLayout)
        row.addWidget(widget)

    @property
    def room_for_controls(self) -> int:
        """The width that title and menu leave for controls and the "?"."""
        taken = self._title_label.sizeHint().width() + self._more.width() + _LEFT + _RIGHT + 4 * _SPACING
        return self.width() - taken

    @property
    def room_for_help(self) -> int:
        """The width that the "?" takes of that."""
        return self.help_line.button.width() + _SPACING

    def _let_help_fit(self, *, fits: bool) -> None:
        """Show the "?" in the header, or leave it to the menu where names need the room."""
        if fits is not self._help_fits:
            self._help_fits = fits
            self.help_line.button.setVisible(fits and self._more.isVisibleTo(self))

    def _add_to_menu(self, menu: QMenu) -> None:
        """Put a choice of what is shown before what concerns the view."""
        self.menu.insertMenu(self.reset_view_action, menu)

    def _show_title(self, title: str) -> None:
        """Let the plot be called otherwise, above it and where its name is read out."""
        self.title = title
        self._title_label.setText(title)
        self._more.setAccessibleName(f"{title}: more")
        self.help_line.name_part(title)
        self.menu.setAccessibleName(title)
        self.setAccessibleName(title)
        if self._canvas is not None:
            self._canvas.setAccessibleName(title)

    def _measure_header(self) -> None:
        self._title_label.setFont(type_of(self.font(), TITLE, bold=True))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure_header()

    def _make_actions(self) -> None:
        self.reset_view_action = QAction("Reset view", self, enabled=False)
        self.reset_view_action.setToolTip("Follow the study again (Home, or a double-click)")
        self.reset_view_action.triggered.connect(self.reset_view)
        self.save_action = QAction("Save as…", self)
        self.save_action.setToolTip("As an image (PNG, SVG), or what is drawn as a table (CSV)")
        self.save_action.triggered.connect(lambda: self._saving.ask_and_write(self.folders))
        self.copy_image_action = QAction("Copy image", self)
        self.copy_image_action.triggered.connect(self.copy_image)
        self.menu = QMenu(self)
        self.menu.setAccessibleName(self.title)
        self.menu.addAction(self.reset_view_action)
        self.menu.addSeparator()
        self.menu.addActions([self.copy_image_action, self.save_action])
        self.menu.addSeparator()
        self.menu.addActions([self.help_line.action])

    def show_menu(self) -> None:
        """Show the menu below its button, within the plot."""
        self._more.open_below(self.menu)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self._controls.isVisible():
            self.show_menu()

    # While there is nothing to show

    def _say_what_comes(self, sentence: str) -> None:
        """Say while the plot is empty why it still is; with an empty sentence what will be seen."""
        words = Words(self.promise.words.heading, sentence) if sentence else self.promise.words
        if words != self.empty_place.words:
            self.empty_place.say(words)

    def _show_summary(self, summary: str | None) -> None:
        """Show the canvas, which a sentence describes; without one what will be seen."""
        shown = self.empty_place if summary is None else self.canvas
        focused = QApplication.focusWidget() in (self.empty_place, self._canvas)
        self._stack.setCurrentWidget(shown)
        if focused:
            shown.setFocus()
        self._show_controls(shown=summary is not None)
        for action in (self.save_action, self.copy_image_action):
            action.setDisabled(summary is None)
        said = self.empty_place.accessibleName() if summary is None else summary
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
            self.canvas.setAccessibleDescription(said)

    # Images

    def save_image(self, path: Path) -> None:
        """Write the plot, on white, or its table, as the name of the file ends; raises OSError."""
        self._saving.write(path)

    def _content(self, suffix: str) -> bytes:
        """Return the plot as the content of a file with this suffix."""
        if suffix == ".csv":
            return write_table_csv(table_of(self._figure_for_others())).encode()
        from gui.plots.drawing import images

        svg = suffix == ".svg"
        with self._as_picture(drawing=svg):
            return images.to_svg(self.canvas.plotItem) if svg else images.to_png(self.canvas.plotItem)

    def copy_image(self) -> None:
        """Put an image of the plot, on white, into the clipboard."""
        from gui.plots.drawing import images

        with self._as_picture(drawing=False):
            QGuiApplication.clipboard().setImage(images.to_image(self.canvas.plotItem))

    @contextmanager
    def _as_picture(self, *, drawing: bool) -> Iterator[None]:
        """Draw on white, with a title and without what is selected, for those who do not see the window around it.

        A `drawing` has no pixels, to which the lines' widths would have to be fitted.
        """
        from gui.plots.drawing import images

        try:
            self.is_picture = True
            self.canvas.show_heading(self.title, self.session.study_name)
            self._paint_with(LIGHT, 1.0 if drawing else images.image_scale(self.canvas.plotItem))
            self.canvas.make_room()
            yield
        finally:
            self.is_picture = False
            self.canvas.show_heading("", "")
            self._paint_with(self.theme.colours, self.devicePixelRatioF())

    # What a plot does

    def _figure_for_others(self) -> Figure:
        """Return what is drawn, without what is selected."""
        raise NotImplementedError

    def _make_canvas(self) -> "Canvas":
        raise NotImplementedError

    def _fill(self, canvas: "Canvas") -> None:
        """Put the plot's curves and points into its canvas."""
        raise NotImplementedError

    def reset_view(self) -> None:
        """Show what the plot shows by itself, and follow the study again."""
        raise NotImplementedError

    def _paint_with(self, colours: Colours, line_scale: float) -> None:
        """Paint with these colours, and lines that are wider by this factor."""
        raise NotImplementedError
