"""What explains the differences: a bar for each parameter, and for the pairs that matter most."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from core.analysis.answers import ImportanceAnswer
from core.analysis.findings.explains_most import NOTHING
from core.figures.importance import Bar, ImportanceFigure, importance_figure
from core.figures.table import Table
from core.words import importance as words
from core.words.importance import Verdict
from gui.insight.analyst import Analyst
from gui.insight.painting.look import Look
from gui.insight.painting.marks import observed
from gui.insight.plot import InsightPlot
from gui.insight.spots import Spots
from gui.program.folders import Folders
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.announce import announce
from gui.widgets.empty_place import Words
from gui.widgets.theme import Theme

TITLE = "What explains the differences"
PROMISE = Words("What matters", "The share that each parameter has in how results vary over the ranges.")
_ROW, _LEAST_ROW, _BAR, _DOT = 25.0, 17.0, 12.0, 8.5
"""Pixels of the design: from row to row, the least of it where there are many, and how high marks are."""
_LEFT, _RIGHT, _TOP, _BOTTOM, _GAP = 8.0, 8.0, 8.0, 6.0, 8.0
_TICKS, _HEADING = 20.0, 22.0
_MOST_LABEL = 0.46
"""The most of the width that names take."""
_NEXT, _LAST = (Qt.Key.Key_Down, Qt.Key.Key_Right), (Qt.Key.Key_Up, Qt.Key.Key_Left)


@dataclass(frozen=True)
class _Row:
    """A bar and where it is."""

    bar: Bar
    area: QRectF


@dataclass(frozen=True)
class _Room:
    """How the height is divided: so many parameters, so many pairs, and pixels a row. `more` are left out."""

    parameters: int
    pairs: int
    row: float
    more: int


class ImportancePlot(InsightPlot):
    """Bars of the analyst's latest answer. `pair_chosen` (two names) when the user wants the map of a pair."""

    pair_chosen = Signal(str, str)

    def __init__(
        self, session: Session, theme: Theme, analyst: Analyst, folders: Folders, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, theme, TITLE, help=words.HELP, promise=PROMISE, folders=folders, parent=parent)
        self._analyst = analyst
        self.rows: list[_Row] = []
        self._at: int | None = None
        """The row at which the arrows are."""
        self._figure: ImportanceFigure | None = None
        self._answer: ImportanceAnswer | None = None
        """That of which the figure is."""
        self.say("● with others | alone")
        analyst.changed.connect(self._on_answer)
        session.changed.connect(self._on_trials)
        self._on_answer()  # it may be there before the page is first seen

    def _on_answer(self) -> None:
        progress, answer = self.session.progress, self._analyst.importance
        if progress is None or answer is None:
            self._figure = self._answer = self._at = None
            self.refresh()
        elif answer is not self._answer:
            self._answer, self._at = answer, None
            self._figure = importance_figure(answer, progress.settings)
            self.refresh()

    @Slot(object)
    def _on_trials(self, changes: Changes) -> None:
        """Say anew what is awaited, when a trial has ended before there is an answer."""
        if changes.replaced or (changes.in_rows and self._figure is None):
            self._on_answer()

    # What is painted

    def is_empty(self) -> str:
        if self._figure is not None and self._figure.parameters:
            return ""
        progress = self.session.progress
        if progress is None:
            return PROMISE.sentence
        if self._analyst.reason_of("importance"):
            return words.as_a_sentence(self._analyst.reason_of("importance"))
        return words.promised(progress, progress.results_after(self._analyst.after))

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> Spots:
        figure, rows = self._figure, []
        if figure is None:
            return Spots()
        room = _room_for(figure, area.height() - look.px(_TOP + _BOTTOM), look)
        top = area.top() + look.px(_TOP)
        shown = figure.parameters[: room.parameters]
        rows += self._paint_bars(painter, QRectF(area.left(), top, area.width(), 0), shown, figure.end, room, look)
        top += room.row * len(shown) + look.px(_TICKS)
        if room.more:
            left = figure.parameters[room.parameters :]
            self._write(painter, QPointF(area.left() + look.px(_LEFT), top), words.left_out(left), look)
            top += room.row
        if room.pairs:
            self._paint_heading(painter, QPointF(area.left() + look.px(_LEFT), top), look)
            top += look.px(_HEADING)
            pairs = figure.pairs[: room.pairs]
            rows += self._paint_bars(painter, QRectF(area.left(), top, area.width(), 0), pairs, figure.end, room, look)
        if not look.is_picture:
            self.rows = rows
        return Spots()

    def _paint_bars(
        self, painter: QPainter, place: QRectF, bars: Sequence[Bar], end: float, room: _Room, look: Look
    ) -> list[_Row]:
        """Paint rows from a place on, and return where they are."""
        bold, normal = QFontMetricsF(look.bold), QFontMetricsF(look.normal)
        named = max((bold.horizontalAdvance(bar.label) for bar in bars), default=0.0)
        left = place.left() + look.px(_LEFT)
        first = left + min(named, _MOST_LABEL * place.width()) + look.px(_GAP)
        shares = bold.horizontalAdvance("100 %") + look.px(5)
        numbers = shares + normal.horizontalAdvance("00–100 %")
        last = place.right() - look.px(_RIGHT) - numbers - look.px(_GAP)
        ground = QRectF(first, place.top(), max(last - first, 1.0), room.row * len(bars))
        is_pairs = any(bar.alone is None for bar in bars)
        paint_ground(painter, ground, end, look, ticks=not is_pairs)
        rows = []
        for number, bar in enumerate(bars):
            row = QRectF(left, place.top() + number * room.row, place.right() - look.px(_RIGHT) - left, room.row)
            rows.append(_Row(bar, row))
            font = look.bold if bar.verdict is Verdict.TOLD else look.normal
            name = QFontMetricsF(font).elidedText(bar.label, Qt.TextElideMode.ElideRight, first - left - look.px(4))
            _text(painter, QRectF(left, row.top(), first - left, room.row), name, font, look, "text")
            paint_bar(painter, bar, ground, row.center().y(), end, look)
            at = QRectF(last + look.px(_GAP), row.top(), shares - look.px(5), room.row)
            _text(painter, at, bar.said, look.bold, look, "text", Qt.AlignmentFlag.AlignRight)
            at = QRectF(at.right() + look.px(5), row.top(), numbers, room.row)
            _text(painter, at, bar.interval, look.normal, look, "faint_text")
        return rows

    def _paint_heading(self, painter: QPainter, at: QPointF, look: Look) -> None:
        width = QFontMetricsF(look.bold).horizontalAdvance("Pairs")
        height = QFontMetricsF(look.bold).height()
        _text(painter, QRectF(at.x(), at.y(), width + 2, height), "Pairs", look.bold, look, "text")
        rest = QRectF(at.x() + width, at.y(), 400, height)
        _text(painter, rest, ", beyond what each does alone", look.normal, look, "text")

    def _write(self, painter: QPainter, at: QPointF, text: str, look: Look) -> None:
        height = QFontMetricsF(look.small).height()
        _text(painter, QRectF(at.x(), at.y(), 600, height), text, look.small, look, "faint_text")

    def paint_over(self, painter: QPainter, area: QRectF, look: Look) -> None:
        if self._at is not None and self._at < len(self.rows):
            painter.setPen(QPen(look.colour("text"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rows[self._at].area.adjusted(-5, 1, 3, -1), 3, 3)

    # What is said

    def summary(self) -> str:
        return "" if self._figure is None else words.bars_read_out(self._figure.parameters, self._figure.pairs)

    def table(self) -> Table | None:
        if self._figure is None:
            return None
        pending = self._figure.is_pending
        rows = [
            (bar.label, bar.share, *((None, None) if pending else (bar.low, bar.high)), bar.alone, bar.verdict.value)
            for bar in (*self._figure.parameters, *self._figure.pairs)
        ]
        return Table(("parameter", "share", "low (90 %)", "high (90 %)", "share alone", "what can be told"), rows)

    # What the user does

    def _row_at(self, at: QPointF) -> int | None:
        return next((index for index, row in enumerate(self.rows) if row.area.contains(at)), None)

    def tip_at(self, at: QPointF) -> str:
        row = self._row_at(at)
        return "" if row is None else words.bar_in_words(self.rows[row].bar)

    def cursor_at(self, at: QPointF) -> Qt.CursorShape | None:
        row = self._row_at(at)
        is_pair = row is not None and self.rows[row].bar.alone is None
        return Qt.CursorShape.PointingHandCursor if is_pair else None

    def on_click(self, at: QPointF) -> bool:
        row = self._row_at(at)
        return row is not None and self._choose(self.rows[row].bar)

    def _choose(self, bar: Bar) -> bool:
        """Show the map of a pair; return whether the bar is one of a pair."""
        if len(bar.names) != 2:
            return False
        first, second = bar.names
        self._analyst.set_pair((first, second))
        self.pair_chosen.emit(first, second)
        return True

    def on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in (*_NEXT, *_LAST) and self.rows:
            step = 1 if key in _NEXT else -1
            start = -1 if step > 0 else len(self.rows)
            self._at = min(len(self.rows) - 1, max(0, (start if self._at is None else self._at) + step))
            announce(self.canvas, words.bar_in_words(self.rows[self._at].bar))
            self.canvas.update()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at is not None and self._at < len(self.rows):
            return self._choose(self.rows[self._at].bar)
        if key == Qt.Key.Key_Escape and self._at is not None:
            self._at = None
            self.canvas.update()
            return True
        return False


def _room_for(figure: ImportanceFigure, height: float, look: Look) -> _Room:
    """Return how much of the figure has room: rows become lower first, then pairs go, then the last parameters."""
    count, pairs = len(figure.parameters), len(figure.pairs)
    for shown in (pairs, min(pairs, 1), 0):
        rest = look.px(_TICKS) + (look.px(_HEADING) if shown else 0)
        row = (height - rest) / max(count + shown, 1)
        if row >= look.px(_LEAST_ROW):
            return _Room(count, shown, min(row, look.px(_ROW)), 0)
    row = look.px(_LEAST_ROW)
    fitting = max(1, int((height - look.px(_TICKS)) / row) - 1)
    return _Room(min(fitting, count), 0, row, max(0, count - fitting))


def paint_ground(painter: QPainter, ground: QRectF, end: float, look: Look, *, ticks: bool) -> None:
    """Paint the lines of 25 % each, the zone of what cannot be told from nothing, and what the lines stand for."""
    nothing = NOTHING / end * ground.width()
    painter.fillRect(QRectF(ground.left(), ground.top(), nothing, ground.height()), look.colour("window"))
    painter.setPen(QPen(look.on_base("grid", 0.4), 1))
    quarters = [quarter / 4 for quarter in range(int(4 * end + 1e-9) + 1)]
    every = 1 if ground.width() >= look.px(40) * (len(quarters) - 1) else 2
    height = QFontMetricsF(look.normal).height()
    for number, share in enumerate(quarters):
        x = round(ground.left() + share / end * ground.width()) + 0.5
        painter.setPen(QPen(look.on_base("grid", 0.4), 1))
        painter.drawLine(QLineF(x, ground.top(), x, ground.bottom()))
        if ticks and number % every == 0:
            at = QRectF(x - 40, ground.bottom() + look.px(2), 80, height)
            _text(
                painter, at, words.share_in_words(share), look.normal, look, "faint_text", Qt.AlignmentFlag.AlignHCenter
            )


def paint_bar(painter: QPainter, bar: Bar, ground: QRectF, y: float, end: float, look: Look) -> None:
    """Paint the interval as a bar, the share alone as a tick, and the share as a dot."""

    def at(share: float) -> float:
        return ground.left() + min(max(share, 0.0), end) / end * ground.width()

    half = look.px(_BAR) / 2
    told = bar.verdict is Verdict.TOLD
    if bar.verdict is not Verdict.PENDING:
        interval = QRectF(at(bar.low), y - half, max(at(bar.high) - at(bar.low), 2.0), 2 * half)
        style = Qt.PenStyle.DashLine if bar.verdict is Verdict.UNTOLD else Qt.PenStyle.SolidLine
        painter.setPen(QPen(look.colour("accent") if told else look.colour("faint_text"), 1, style))
        painter.setBrush(look.on_base("accent", 0.2) if told else look.on_base("grid", 0.14))
        painter.drawRoundedRect(interval, 3, 3)
    if bar.alone is not None:
        x = at(bar.alone)
        painter.setPen(QPen(look.colour("text"), 2))
        painter.drawLine(QLineF(x, y - half, x, y + half))
    pending = bar.verdict is Verdict.PENDING
    colour = "accent" if told or pending else "faint_text"
    observed(painter, QPointF(at(bar.share), y), look.px(_DOT), look.colour(colour), look.colour("base"))


def _text(
    painter: QPainter,
    room: QRectF,
    text: str,
    font: QFont,
    look: Look,
    colour: str,
    where: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(look.colour(colour))
    painter.drawText(room, int(where | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine), text)
