"""The scrolled part of the setup form: sections with headings, the card of folded lines, and bars at what differs."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QEvent, QPoint, QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from gui.setup.folded import FoldedCard
from gui.setup.heading import Heading
from gui.setup.parameters.row import ParameterRow
from gui.setup.section import Section
from gui.setup.sections import Sections
from gui.widgets.marks import ACCENT, BORDER, painter_of
from gui.widgets.measures import scaled

_LEFT, _RIGHT, _BOTTOM, _GAP, _UNDER_TITLE, _BEFORE_CARD = 12, 14, 4, 12, 3, 14
_BAR_LEFT, _BAR_WIDTH = 4, 3
_MAX_WIDTH = 560 - 10


def _headed(sections: Sections) -> Iterator[tuple[Section, Heading]]:
    """Yield the sections that are always open with their headings, from the top."""
    data, model, space, budget = sections.data, sections.model, sections.space, sections.budget
    yield data, Heading(data.title, data.dataset, data.fields["data.dataset"].help)
    yield model, Heading(model.title, model.family, model.fields["model.family"].help)
    yield space, Heading(space.title, space.entry, space.presets)
    yield budget, Heading(budget.title, budget.trials)


class FormContent(QWidget):
    """Places the sections."""

    def __init__(self, message: QWidget, sections: Sections, card: FoldedCard) -> None:
        super().__init__()
        self._marked: tuple[QWidget, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(_LEFT, 0, _RIGHT, _BOTTOM)
        column.setSpacing(0)
        column.addWidget(message)
        for section, heading in _headed(sections):
            column.addWidget(heading)
            column.addSpacing(0 if section.fields else _UNDER_TITLE)
            column.addWidget(section)
            column.addSpacing(_GAP)
        column.addSpacing(_BEFORE_CARD - _GAP)
        column.addWidget(card)
        column.addStretch()
        self._bound_width()

    def _bound_width(self) -> None:
        self.setMaximumWidth(scaled(self, _MAX_WIDTH))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, accent = painter_of(self), self.palette().color(ACCENT)
        for row in (row for row in self._marked if isValid(row) and row.isVisible()):
            top = row.mapTo(self, QPoint(0, 0)).y()
            painter.setPen(accent)
            painter.setBrush(accent)
            height = row.main_height if isinstance(row, ParameterRow) else row.height()
            painter.drawRoundedRect(QRectF(_BAR_LEFT + 0.5, top + 4, _BAR_WIDTH - 1, height - 8), 1, 1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._bound_width()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._update_bars()  # they move with their rows
        return done

    def show_bars(self, rows: Iterable[QWidget]) -> None:
        """Let a bar stand in the left margin beside each of these rows that can be seen."""
        marked = tuple(rows)
        if marked != self._marked:
            self._marked = marked
            self._update_bars()

    def _update_bars(self) -> None:
        """Paint the left margin anew."""
        self.update(0, 0, _LEFT, self.height())


class Edge(QWidget):
    """A hairline above what is scrolled away; hidden at first."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter_of(self).fillRect(self.rect(), self.palette().color(BORDER))
