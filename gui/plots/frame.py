"""What stands around a plot: its title, controls and menu, the sentence while it is empty, and images of it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from core.files import proper_stem, write_file
from gui.widgets.empty_text import EmptyText
from gui.widgets.fields import PlainLabel
from gui.widgets.theme import LIGHT, Colours, Theme

if TYPE_CHECKING:
    from gui.plots.drawing.canvas import Canvas

HEADER_HEIGHT = 28
"""Pixels, so that plots side by side line up whatever their controls are."""
_LEAST_TITLE = 6
"""Letters of a title that are always to be seen."""
PNG_FILTER = "PNG image (*.png)"
SVG_FILTER = "SVG drawing (*.svg)"


class Frame(QWidget):
    """The frame of a plot. `failed` (a sentence) tells that an image could not be written.

    A plot puts its controls into the header with `_add_control`, and makes the canvas when there is something to draw.
    `empty_text` is the sentence until then.
    """

    failed = Signal(str)

    def __init__(self, theme: Theme, title: str, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.title, self.empty_text = title, empty_text
        self._canvas: Canvas | None = None
        self._make_actions()
        self._empty_label = self._make_empty_label()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._make_header())
        layout.addWidget(self._stack, 1)
        self.setAccessibleName(self.title)

    @property
    def canvas(self) -> "Canvas":
        """Where the plot is drawn. It is made when there is something to draw, or soon after the first picture."""
        if self._canvas is None:
            self._canvas = self._make_canvas()
            self._canvas.setAccessibleName(self.title)
            self._stack.addWidget(self._canvas)
            self._fill(self._canvas)
        return self._canvas

    # Header and menu

    def _make_header(self) -> QHBoxLayout:
        self._title_label = _Title(self.title)
        font = self._title_label.font()
        font.setBold(True)
        self._title_label.setFont(font)
        self._controls = QHBoxLayout()
        self._controls.setSpacing(6)
        self._more = more = QToolButton()
        more.setText("⋯")
        more.setAutoRaise(True)
        more.setToolTip("Reset view, save or copy the image")
        more.setAccessibleName(f"{self.title}: more")
        more.clicked.connect(lambda: self.menu.popup(more.mapToGlobal(QPoint(0, more.height()))))
        header = QHBoxLayout()
        header.setContentsMargins(8, 4, 4, 4)
        header.setSpacing(6)
        header.addStrut(HEADER_HEIGHT)
        header.addWidget(self._title_label)
        header.addStretch(1)
        header.addLayout(self._controls)
        header.addWidget(more)
        return header

    def _add_control(self, widget: QWidget) -> None:
        self._controls.addWidget(widget)

    def _show_title(self, title: str) -> None:
        """Let the plot be called otherwise, above it and where its name is read out."""
        self.title = title
        self._title_label.setText(title)
        self._more.setAccessibleName(f"{title}: more")
        self.setAccessibleName(title)
        if self._canvas is not None:
            self._canvas.setAccessibleName(title)

    def _make_actions(self) -> None:
        self.reset_view_action = QAction("Reset view", self, enabled=False)
        self.reset_view_action.setToolTip("Show everything, and follow the study again (double-click)")
        self.reset_view_action.triggered.connect(self.reset_view)
        self.save_image_action = QAction("Save as image…", self)
        self.save_image_action.triggered.connect(self._ask_and_save)
        self.copy_image_action = QAction("Copy image", self)
        self.copy_image_action.triggered.connect(self.copy_image)
        self.menu = QMenu(self)
        self.menu.addAction(self.reset_view_action)
        self.menu.addSeparator()
        self.menu.addActions([self.save_image_action, self.copy_image_action])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu.popup(self.mapToGlobal(self.rect().center()))

    # While there is nothing to show

    def _make_empty_label(self) -> QLabel:
        label = EmptyText(self.empty_text)
        label.setAutoFillBackground(True)
        return label

    def _colour_label(self, colours: Colours) -> None:
        palette = self._empty_label.palette()
        palette.setColor(QPalette.ColorRole.Window, colours.base)
        palette.setColor(QPalette.ColorRole.WindowText, colours.faint_text)
        self._empty_label.setPalette(palette)

    def _show_summary(self, summary: str | None) -> None:
        """Show the canvas, which a sentence describes; without one the sentence on what will appear."""
        self._stack.setCurrentWidget(self._empty_label if summary is None else self.canvas)
        for action in (self.save_image_action, self.copy_image_action):
            action.setDisabled(summary is None)
        said = self.empty_text if summary is None else summary
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
            self.canvas.setAccessibleDescription(said)

    # Images

    def save_image(self, path: Path) -> None:
        """Write the plot into a PNG or SVG file, as its name ends, on white; raises OSError."""
        from gui.plots.drawing import images

        svg = path.suffix.lower() == ".svg"
        with self._on_white(1.0 if svg else images.image_scale(self.canvas.plotItem)):
            content = images.to_svg(self.canvas.plotItem) if svg else images.to_png(self.canvas.plotItem)
        write_file(path, content, through_link=True, kept=self._kept_files())

    def copy_image(self) -> None:
        """Put an image of the plot, on white, into the clipboard."""
        from gui.plots.drawing import images

        with self._on_white(images.image_scale(self.canvas.plotItem)):
            QGuiApplication.clipboard().setImage(images.to_image(self.canvas.plotItem))

    @contextmanager
    def _on_white(self, line_scale: float) -> Iterator[None]:
        try:
            self._paint_with(LIGHT, line_scale)
            yield
        finally:
            self._paint_with(self.theme.colours, self.devicePixelRatioF())

    def _ask_and_save(self) -> None:
        name, kind = QFileDialog.getSaveFileName(
            self, "Save as image", f"{proper_stem(self.title)}.png", f"{PNG_FILTER};;{SVG_FILTER}"
        )
        if not name:
            return
        path = Path(name)
        if path.suffix.lower() not in (".png", ".svg"):
            path = path.with_name(path.name + (".svg" if kind == SVG_FILTER else ".png"))
        try:
            self.save_image(path)
        except OSError as error:
            self.failed.emit(f"The image could not be saved: {error.strerror or error}")

    # What a plot does

    def _kept_files(self) -> Iterable[Path]:
        """Return the files over which no image is written."""
        raise NotImplementedError

    def _make_canvas(self) -> "Canvas":
        raise NotImplementedError

    def _fill(self, canvas: "Canvas") -> None:
        """Put the plot's curves and points into its canvas."""
        raise NotImplementedError

    def reset_view(self) -> None:
        """Show everything, and follow the study again."""
        raise NotImplementedError

    def _paint_with(self, colours: Colours, line_scale: float) -> None:
        """Paint with these colours, and lines that are wider by this factor."""
        raise NotImplementedError


class _Title(PlainLabel):
    """A title that ends in "…" where large letters leave no room for it beside the controls."""

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * _LEAST_TITLE, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
