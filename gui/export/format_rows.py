"""The formats of an export: each with a box to tick, the name of its file, and in a sentence what it is for."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QStyle, QWidget

from core.export.exporters import EXPORTERS, Exporter
from gui.widgets.fields import TickField, hint_label
from gui.widgets.measures import scaled

_LINE, _GAP, _BEFORE_NAME = 2, 8, 16
"""Pixels between the lines of a row, between two rows, and between a box and the name of its file."""


class FormatRows(QWidget):
    """Rows of formats. `ticked` (an Exporter): the user has ticked it, or taken that back.

    `wanted` are the names of the formats that the user wants, of which some may not be possible now.
    """

    ticked = Signal(object)
    renamed = Signal()

    def __init__(self, wanted: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = {name for name in wanted if name in EXPORTERS}
        self.boxes = {name: TickField(exporter.label) for name, exporter in EXPORTERS.items()}
        self.names = {name: QLineEdit() for name in EXPORTERS}
        self.sentences = {name: hint_label() for name in EXPORTERS}
        self._reasons: Mapping[str, str] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(_LINE)
        style, metric = self.style(), QStyle.PixelMetric
        beside = style.pixelMetric(metric.PM_IndicatorWidth) + style.pixelMetric(metric.PM_CheckBoxLabelSpacing)
        widest = max(box.sizeHint().width() for box in self.boxes.values())
        grid.setColumnMinimumWidth(1, widest - beside + scaled(self, _BEFORE_NAME))
        grid.setColumnMinimumWidth(0, beside)  # sentences begin below the texts of the boxes
        grid.setColumnStretch(2, 1)
        for place, exporter in enumerate(EXPORTERS.values()):
            self._lay_out(grid, 3 * place, exporter)

    def _lay_out(self, grid: QGridLayout, line: int, exporter: Exporter) -> None:
        box, name = self.boxes[exporter.name], self.names[exporter.name]
        sentence = self.sentences[exporter.name]
        name.setAccessibleName(f"{exporter.label}, name of the file")
        sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        box.clicked.connect(lambda wanted: self._tick(exporter, wanted=wanted))
        name.textEdited.connect(lambda _text: self.renamed.emit())
        grid.addWidget(box, line, 0, 1, 2)
        grid.addWidget(name, line, 2)
        grid.addWidget(sentence, line + 1, 1, 1, 2)
        if line:
            grid.setRowMinimumHeight(line - 1, _GAP)

    def _tick(self, exporter: Exporter, *, wanted: bool) -> None:
        (self.wanted.add if wanted else self.wanted.discard)(exporter.name)
        self.ticked.emit(exporter)

    @property
    def chosen(self) -> list[Exporter]:
        """The formats that are wanted and possible."""
        return [exporter for name, exporter in EXPORTERS.items() if name in self.wanted and not self._reasons.get(name)]

    def show_state(self, reasons: Mapping[str, str], promises: Mapping[str, str], *, busy: bool) -> None:
        """Show what is chosen. `reasons` say why a format is not possible, `promises` what more is said of one."""
        self._reasons = reasons
        for name, exporter in EXPORTERS.items():
            reason = reasons.get(name, "")
            self.boxes[name].setChecked(name in self.wanted and not reason)
            self.boxes[name].setEnabled(not reason and not busy)
            self.names[name].setEnabled(exporter in self.chosen and not busy)
            said = reason or " ".join(filter(None, (exporter.help, promises.get(name))))
            self.sentences[name].say(said)
            self.boxes[name].setAccessibleDescription(said)

    def propose_names(self, names: Mapping[str, str]) -> None:
        """Propose names for the files, where the user has not written one."""
        for name, proposal in names.items():
            field = self.names[name]
            if not field.isModified() and field.text() != proposal:
                field.setText(proposal)
                field.setCursorPosition(0)  # so that a long name is seen from its beginning
