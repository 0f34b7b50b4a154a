"""Opening a study of 10,000 trials, and what one does with it then: `python -m tests.bench.window.opening FILE`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil
from PySide6.QtCore import QPointF, Qt

from core.figures.dimensions import OBJECTIVE
from core.figures.view import ScaleChoice
from gui.plots.plot import Plot
from gui.widgets.theme import Appearance
from tests.bench.window.harness import Bench, spin, spin_until, window_on_screen
from tests.windows import progress_of


def main() -> int:
    path = Path(sys.argv[1])
    with window_on_screen() as bench:
        before = psutil.Process().memory_info().rss
        result: dict[str, Any] = _open(bench, path)
        result["peak"] = psutil.Process().memory_info().rss / 1e6
        result["at start"] = before / 1e6
        result["actions"] = {name: _worst(bench, act) for name, act in _actions(bench).items()}
        result["again"] = _open(bench, path)
    print(json.dumps(result))
    return 0


def _open(bench: Bench, path: Path) -> dict[str, float]:
    """Return the seconds from the click until all is drawn, and the gaps meanwhile."""
    window = bench.window
    plots = (window.loss_plot, window.convergence_plot, window.points_plot)
    before = window.session.progress
    bench.meter.start()
    began = perf_counter()
    window.study_files.open(path)
    spin_until(lambda: window.session.progress is not before and not any(plot.waiting_to_paint for plot in plots))
    spin(0)
    seconds = perf_counter() - began
    spin(500)
    bench.meter.stop()
    return {"seconds": seconds} | bench.meter.report()


def _worst(bench: Bench, act: Callable[[], object]) -> dict[str, float]:
    gaps, work = zip(*(bench.gaps_of(act) for _ in range(3)), strict=True)
    return {"worst": sorted(gaps)[1], "work": sorted(work)[1]}


def _actions(bench: Bench) -> dict[str, Callable[[], object]]:
    window = bench.window
    session, view = window.session, window.table.view
    header = view.horizontalHeader()
    numbers = list(progress_of(session).trials)
    middle = iter(numbers[len(numbers) // 2 :])
    orders = iter([Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder] * 20)

    def scroll() -> None:
        bar = view.verticalScrollBar()
        for share in range(0, 101, 5):
            bar.setValue(bar.maximum() * share // 100)
            spin(16)

    def hover() -> None:
        for plot in (window.loss_plot, window.convergence_plot, window.points_plot):
            for step in range(20):
                plot.pointing.on_hover(QPointF(10.0 * step, 5.0 * step))
                spin(5)

    def zoom() -> None:
        for plot in (window.loss_plot, window.convergence_plot, window.points_plot):
            plot.canvas.view.scaleBy((0.5, 0.5))
            spin(100)
            plot.reset_view()
            spin(100)

    def other_theme() -> None:
        window.theme.set_appearance(Appearance.LIGHT if window.theme.dark else Appearance.DARK)

    def sort_by(section: int) -> None:
        header.setSortIndicator(section, next(orders))

    return {
        "scroll": scroll,
        "sort by objective": lambda: sort_by(2),
        "sort by state": lambda: sort_by(1),
        "sort by number": lambda: sort_by(0),
        "dark and light": other_theme,
        "select": lambda: session.select(next(middle)),
        "select all rows": view.selectAll,
        "hover": hover,
        "zoom and reset": zoom,
        "other axes": lambda: window.points_plot.show_parameters("batch_size", OBJECTIVE),
        "log axis": lambda: choose_other_scale(window.convergence_plot),
        "log loss": lambda: choose_other_scale(window.loss_plot),
    }


def choose_other_scale(plot: Plot) -> None:
    """Choose the scale that the plot does not have by itself, as the user does in its list."""
    assert plot.figure is not None
    plot.scale_choice = ScaleChoice.LINEAR if plot.figure.y.scale.log else ScaleChoice.LOG


if __name__ == "__main__":
    sys.exit(main())
