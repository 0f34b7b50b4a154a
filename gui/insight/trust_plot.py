"""The plot of trust: each result beside its prediction without it, and in words how much the belief explains."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from core.figures.figure import Axis
from core.figures.scales import AxisScale
from core.figures.table import Table
from core.figures.trust import TrustFigure, figure
from core.words.trusted import no_trust_yet
from gui.insight.analyst import Analyst
from gui.insight.believing import Shades, crowded
from gui.insight.kept import Kept
from gui.insight.painting import marks
from gui.insight.painting.axes import Pane, draw_upright
from gui.insight.painting.look import Look
from gui.insight.painting.ticks import AxisTicks
from gui.insight.plot import InsightPlot
from gui.insight.spots import Spot
from gui.program.folders import Folders
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.theme import Theme

_HELP = (
    "Each result is predicted from all others: on the dashed line the prediction was right. R² is the share of the "
    "differences that is foretold so. It falls when the search stays among good trials, whose differences are small."
)
_PROMISE = Words("Nothing to judge yet", "")
_LEFT, _TOP, _BOTTOM, _GAP = 70.0, 8.0, 40.0, 18.0
_RIMLESS = 0.7
"""Points that are smaller than this share have no rims, which would be most of them."""
_WIDEST = 0.46
"""The most of the width that the axes have; the words have the rest."""


class TrustPlot(InsightPlot):
    """Shows how far the analyst's belief can be trusted."""

    def __init__(self, session: Session, theme: Theme, analyst: Analyst, folders: Folders) -> None:
        super().__init__(session, theme, "Can it be trusted?", help=_HELP, promise=_PROMISE, folders=folders)
        self._analyst = analyst
        self._kept: Kept[TrustFigure] = Kept()
        analyst.changed.connect(self._on_answer)

    @property
    def figure(self) -> TrustFigure | None:
        """What is drawn, made anew when something of it has changed."""
        progress, analyst, belief = self.session.progress, self._analyst, self._analyst.belief
        if progress is None or analyst.trust is None:
            return None
        trust, (cut, noise) = analyst.trust, (None, None) if belief is None else (belief.cut, belief.noise)
        return self._kept.get(
            (progress, trust, belief),
            (analyst.moment, len(progress.finished)),
            lambda: figure(progress, trust, cut, noise, after=analyst.moment),
        )

    def _on_answer(self) -> None:
        self.refresh()

    def is_empty(self) -> str:
        progress, analyst = self.session.progress, self._analyst
        if progress is None:
            return "Each result is predicted from the others, and this place says how well."
        if analyst.trust is not None:
            return ""
        return analyst.reason_of("trust") or no_trust_yet(progress, progress.results_after(analyst.moment))

    def summary(self) -> str:
        return "" if self.figure is None else self.figure.summary

    def table(self) -> Table | None:
        return None if self.figure is None else self.figure.table

    # Painting

    def paint(self, painter: QPainter, area: QRectF, look: Look) -> list[Spot]:
        drawn = self.figure
        if drawn is None:
            return []
        height = area.height() - look.px(_TOP + _BOTTOM)
        width = min(1.15 * height, _WIDEST * area.width() - look.px(_LEFT))
        rect = QRectF(area.left() + look.px(_LEFT), area.top() + look.px(_TOP), max(20.0, width), height)
        name = AxisScale("Observed")
        pane = Pane(rect, Axis(name, (0.0, 1.0)), Axis(AxisScale("Predicted without it"), (0.0, 1.0)))
        across = drawn.ticks(rect.width(), look.px(38))
        up = drawn.ticks(rect.height(), look.px(17))
        pane.draw_grid(painter, look, AxisTicks(across), AxisTicks(up))
        painter.setPen(QPen(look.colour("faint_text"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(pane.at(0.0, 0.0), pane.at(1.0, 1.0)))
        spots = self._paint_results(painter, pane, drawn, look)
        pane.draw_frame(painter, look)
        pane.draw_ticks_x(painter, look, across, title="Observed")
        pane.draw_ticks_y(painter, look, up)
        middle = QPointF(area.left() + look.px(10), rect.center().y())
        draw_upright(painter, middle, "Predicted without it", look, rect.height() + look.px(20))
        left = rect.right() + look.px(_GAP)
        self._write(painter, QRectF(left, area.top(), area.right() - left - look.px(8), area.height()), drawn, look)
        return spots

    @staticmethod
    def _paint_results(painter: QPainter, pane: Pane, drawn: TrustFigure, look: Look) -> list[Spot]:
        shades = Shades(look, drawn.weak)
        x, low = pane.in_pixels(drawn.x, drawn.low)
        _, high = pane.in_pixels(drawn.x, drawn.high)
        _, y = pane.in_pixels(drawn.x, drawn.y)
        share = crowded(len(x))
        rim = look.colour("base") if share > _RIMLESS else None
        painter.setPen(shades.interval(share))
        painter.drawLines([QLineF(a, b, a, c) for a, b, c in zip(x.tolist(), low.tolist(), high.tolist(), strict=True)])
        spots = []
        for trial, across, up in zip(drawn.trials, x.tolist(), y.tolist(), strict=True):
            at = QPointF(across, up)
            marks.observed(painter, at, look.px(7) * share, shades.point, rim)
            spots.append(Spot(trial, at, 4.0))
            if trial == drawn.best:
                best = at
        if drawn.best in drawn.trials:
            marks.best_ring(painter, best, look, 13)
        return spots

    @staticmethod
    def _write(painter: QPainter, room: QRectF, drawn: TrustFigure, look: Look) -> None:
        """Write the paragraphs beside the axes."""
        from PySide6.QtGui import QAbstractTextDocumentLayout, QPalette, QTextDocument  # slow to make at the start

        document = QTextDocument()
        document.setDefaultFont(look.normal)
        document.setDocumentMargin(0)
        document.setTextWidth(room.width())
        gap = round(QFontMetricsF(look.normal).height() * 0.45)
        document.setHtml(
            "".join(f'<p style="margin: 0 0 {gap}px 0">{_unbroken(said)}</p>' for said in drawn.paragraphs)
        )
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, look.colour("text"))
        painter.save()
        painter.translate(room.left(), room.top() + look.px(_TOP))
        painter.setClipRect(QRectF(0, 0, room.width(), room.height() - look.px(_TOP)))
        document.documentLayout().draw(painter, context)
        painter.restore()


def _unbroken(said: str) -> str:
    """Return the words with each number on the line of its sign."""
    return said.replace(" %", "\N{NO-BREAK SPACE}%").replace("± ", "±\N{NO-BREAK SPACE}")
