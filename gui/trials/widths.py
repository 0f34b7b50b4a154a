"""The widths of the columns: they fit what they hold, and the free width goes to what is cut off."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHeaderView

from gui.trials.cell_delegate import LEFT, MARK, RIGHT
from gui.trials.model import MARKED, TrialsModel
from gui.widgets.measures import scaled

_MOST = 170
"""Pixels that a column gets before the others have what they need."""
_NOTE = 110
"""Pixels that are left for the last column, which takes the rest."""
_AIR = 2


class Widths(QObject):
    """Gives the columns of a header their widths; a width that the user has given stays.

    The columns are fitted whenever what they hold, the letters or the room change: `fit` looks first.
    """

    def __init__(self, header: QHeaderView, model: TrialsModel, room: Callable[[], int]) -> None:
        super().__init__(header)
        self._header, self._model, self._room = header, model, room
        self._chosen: dict[str, int] = {}
        """The widths that the user has given, by the headers of the columns."""
        self._fitted: tuple[object, ...] = ()
        self._fitting = False
        header.sectionResized.connect(self._note)

    def fit(self) -> None:
        """Fit the columns, if anything has changed."""
        room, header = self._room(), self._header
        texts = tuple((column.header, self._model.samples(place)) for place, column in enumerate(self._model.columns))
        state = room, header.font().key(), texts
        if state == self._fitted or not texts:
            return
        self._fitted = state
        needed = [self._needed(place, title, samples) for place, (title, samples) in enumerate(texts[:-1])]
        most = scaled(header, _MOST)
        widths = [
            self._chosen.get(title, min(width, most)) for (title, _samples), width in zip(texts, needed, strict=False)
        ]
        free = room - sum(widths) - scaled(header, _NOTE)
        cut = [place for place, (title, _samples) in enumerate(texts[:-1]) if title not in self._chosen]
        for place in sorted(cut, key=lambda place: needed[place] - widths[place]):
            more = max(0, min(free, needed[place] - widths[place]))
            widths[place] += more
            free -= more
        with self.by_itself():
            self._give(widths)

    def _give(self, widths: list[int]) -> None:
        for place, width in enumerate(widths):
            self._header.resizeSection(place, width)
        self._header.resizeSection(len(widths), scaled(self._header, _NOTE))

    @contextmanager
    def by_itself(self) -> Iterator[None]:
        """Take no change of a width for the user's: of columns that are exchanged Qt changes some."""
        before, self._fitting = self._fitting, True
        try:
            yield
        finally:
            self._fitting = before

    def _needed(self, place: int, title: str, samples: Iterable[str]) -> int:
        """Return the width at which nothing of the column is cut off."""
        bold = QFont(self._header.font())  # as the best trial is written
        bold.setBold(True)
        advance = QFontMetrics(bold).horizontalAdvance
        mark = MARK if place in MARKED else 0
        texts = (text.split(" ", 1)[-1] if mark else text for text in samples)
        return max(advance(title), mark + max(map(advance, texts), default=0)) + LEFT + RIGHT + _AIR

    def _note(self, place: int, _before: int, width: int) -> None:
        if not self._fitting and place < len(self._model.columns) - 1:
            self._chosen[self._model.columns[place].header] = width

    def forget(self) -> None:
        """Fit all columns again, also those whose width the user has given."""
        self._chosen.clear()
        self._fitted = ()
        self.fit()
