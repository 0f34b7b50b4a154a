"""The header of a plot: its whole title, the list of scales, the menu, and the order in which Tab reaches them."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.figures.view import ScaleChoice
from core.phases import Job, Phase
from gui.plots.convergence import ConvergencePlot
from gui.plots.everything import Everything
from gui.plots.frame import HEADER_HEIGHT
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.plots.points import PointsPlot
from gui.plots.scale_list import ScaleList
from gui.session.session import Session
from gui.widgets.empty_place import Words
from gui.widgets.theme import Theme
from tests.gui.plots.plot_studies import ListEngine, MakePlot, Study, scale_list, settle, shown

KINDS = (LossPlot, ConvergencePlot, PointsPlot)
WITH_SCALE = (LossPlot, ConvergencePlot)


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session(ListEngine())


def narrow_values(session: Session) -> Study:
    study = Study(session)
    for trial in range(1, 6):
        study.complete(trial, [21.0, 20.0 + trial / 10])
    return study


def wide_values(session: Session) -> Study:
    study = Study(session)
    for trial in range(1, 6):
        study.complete(trial, [900.0 / trial, 500.0 / trial**3])
    return study


@pytest.mark.parametrize("kind", WITH_SCALE)
def test_that_the_list_says_what_was_chosen_by_itself(kind: MakePlot, session: Session, qtbot: QtBot) -> None:
    plot = shown(kind(session, Theme()), qtbot)
    for fill, said, log in ((narrow_values, "Linear (automatic)", False), (wide_values, "Log (automatic)", True)):
        fill(session)
        settle(plot, qtbot)
        assert plot.scale_choice is ScaleChoice.AUTOMATIC
        assert plot.canvas.y_axis.scale_shown.log is log
        assert scale_list(plot).currentText() == said
        assert scale_list(plot).toolTip() == f"<p>Scale of the values: {said}</p>"


@pytest.mark.parametrize("kind", WITH_SCALE)
def test_that_a_scale_that_is_chosen_in_the_list_is_drawn(kind: MakePlot, session: Session, qtbot: QtBot) -> None:
    plot = shown(kind(session, Theme()), qtbot)
    narrow_values(session)
    settle(plot, qtbot)
    for key, choice, log in (("L", ScaleChoice.LINEAR, False), ("L", ScaleChoice.LOG, True)):
        qtbot.keyClick(scale_list(plot), Qt.Key.Key_Down)
        settle(plot, qtbot)
        assert plot.scale_choice is choice, key
        assert plot.canvas.y_axis.scale_shown.log is log
    assert scale_list(plot).currentText() == "Log"


def test_that_a_log_scale_that_cannot_be_says_so(session: Session, qtbot: QtBot) -> None:
    plot = shown(ConvergencePlot(session, Theme()), qtbot)
    study = Study(session)
    for trial in (1, 2, 3):
        study.complete(trial, [-float(trial)])
    plot.scale_choice = ScaleChoice.LOG
    settle(plot, qtbot)
    assert not plot.canvas.y_axis.scale_shown.log
    assert scale_list(plot).currentText() == "Linear (no value above 0)"


def test_that_the_points_have_no_scale_to_choose(session: Session, qtbot: QtBot) -> None:
    plot = shown(PointsPlot(session, Theme()), qtbot)
    wide_values(session)
    settle(plot, qtbot)
    assert plot.switches.scale is None
    assert not plot.findChildren(ScaleList)


def test_that_one_switch_shows_everything_in_all_plots(session: Session, qtbot: QtBot) -> None:
    everything = Everything()
    plots: list[Plot] = [
        shown(LossPlot(session, Theme(), everything), qtbot),
        shown(ConvergencePlot(session, Theme(), everything), qtbot),
        shown(PointsPlot(session, Theme(), everything), qtbot),
    ]
    study = Study(session)
    for trial in range(1, 12):
        study.complete(trial, [30.0, 20.0 + trial])
    study.complete(12, [9000.0, 8000.0])
    for plot in plots:
        settle(plot, qtbot)
    for plot in plots:
        plot.scale_choice = ScaleChoice.LINEAR
        settle(plot, qtbot)
    top = plots[1].canvas.view.viewRange()[1][1]
    plots[0].switches.action.trigger()
    for plot in plots:
        settle(plot, qtbot)
        assert plot.switches.action.isChecked()
    assert plots[1].canvas.view.viewRange()[1][1] > 7999 > top
    plots[2].switches.action.trigger()
    assert not any(plot.switches.action.isChecked() for plot in plots)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [260, 410, 830])
def test_that_titles_are_whole_at_any_width_and_lists_give_way(
    kind: MakePlot, width: int, session: Session, qtbot: QtBot
) -> None:
    plot = shown(kind(session, Theme()), qtbot)
    wide_values(session)
    settle(plot, qtbot)
    plot.resize(width, 300)
    QApplication.processEvents()
    label = plot._title_label
    assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())
    assert plot._more.geometry().right() <= plot.width()
    assert plot._controls.geometry().right() <= plot.width()


def test_that_a_stranger_s_long_title_is_whole_in_its_tip(session: Session, qtbot: QtBot) -> None:
    plot = shown(LossPlot(session, Theme()), qtbot)
    label = plot._title_label
    assert not label.toolTip()
    name = "A metric whose name nobody has thought of at all, with <b> in it, per epoch"
    plot._show_title(name)
    plot.resize(300, 300)
    qtbot.waitUntil(lambda: bool(label.toolTip()))
    assert label.accessibleDescription() == name


def test_that_the_name_of_the_list_goes_before_what_is_chosen(session: Session, qtbot: QtBot) -> None:
    plot = shown(ConvergencePlot(session, Theme()), qtbot)
    wide_values(session)
    settle(plot, qtbot)
    box = scale_list(plot)
    assert (box.caption_shown, box.text_shown) == ("Scale: ", "Log (automatic)")
    box.resize(box.sizeHint().width() - 10, box.height())
    assert (box.caption_shown, box.text_shown) == ("", "Log (automatic)")
    box.resize(box.minimumSizeHint().width() + 30, box.height())
    assert box.text_shown.endswith("…")


def test_that_names_of_axes_can_be_told_apart_in_a_narrow_plot(session: Session, qtbot: QtBot) -> None:
    plot = shown(PointsPlot(session, Theme()), qtbot)
    wide_values(session)
    settle(plot, qtbot)
    assert plot.x_box.mapTo(plot, QPoint()).y() < HEADER_HEIGHT
    plot.resize(256, 220)
    QApplication.processEvents()
    settle(plot, qtbot)
    assert plot.x_box.mapTo(plot, QPoint()).y() >= HEADER_HEIGHT > plot._more.mapTo(plot, QPoint()).y()
    for box, caption, begin in ((plot.x_box, "x ", "Learni"), (plot.y_box, "y ", "Batch ")):
        assert box.caption_shown == caption
        assert box.text_shown.startswith(begin)
    bar, legend = plot.items.colour_bar, plot.canvas.legend
    assert legend.sceneBoundingRect().right() < bar.sceneBoundingRect().left() - 10
    plot.resize(600, 400)
    QApplication.processEvents()
    assert plot.x_box.mapTo(plot, QPoint()).y() < HEADER_HEIGHT


def test_that_units_go_first_where_two_names_need_the_room(session: Session, qtbot: QtBot) -> None:
    plot = shown(PointsPlot(session, Theme()), qtbot)
    wide_values(session)
    settle(plot, qtbot)
    assert plot.y_box.text_shown == "Batch size (rows)"
    plot.resize(plot.width() - plot.room_for_controls + plot.x_box.width() + plot.y_box.width() - 30, 300)
    QApplication.processEvents()
    assert (plot.x_box.text_shown, plot.y_box.text_shown) == ("Learning rate", "Batch size")


@pytest.mark.parametrize("kind", KINDS)
def test_that_tab_reaches_controls_in_the_order_of_the_eye_and_then_the_plot(
    kind: MakePlot, session: Session, qtbot: QtBot
) -> None:
    plot = shown(kind(session, Theme()), qtbot)
    wide_values(session)
    settle(plot, qtbot)
    plot.activateWindow()
    plot.setFocus()
    stops = list(walked(plot))
    controls = [stop for stop in stops if stop is not plot.canvas]
    assert [stop.mapTo(plot, stop.rect().topLeft()).x() for stop in controls] == sorted(
        stop.mapTo(plot, stop.rect().topLeft()).x() for stop in controls
    )
    assert stops[-1] is plot.canvas
    assert all(stop.accessibleName() for stop in stops), "no stop is nameless"
    inside = plot.canvas.viewport()
    assert not QAccessible.queryAccessibleInterface(inside).state().focusable, "the canvas around it has a name"


def walked(plot: Plot) -> Iterator[Plot]:
    """Yield what Tab reaches, each once, from the first."""
    seen = []
    while plot.focusNextChild() and (now := QApplication.focusWidget()) not in seen:
        seen.append(now)
        if now is plot.canvas:
            break
    yield from seen  # type: ignore[misc]


@pytest.mark.parametrize("kind", KINDS)
def test_that_an_empty_plot_has_no_controls(kind: MakePlot, session: Session, qtbot: QtBot) -> None:
    plot = shown(kind(session, Theme()), qtbot)
    assert not plot._more.isVisible()
    wide_values(session)
    settle(plot, qtbot)
    assert plot._more.isVisible()


def test_that_the_focus_stays_in_a_plot_that_gets_its_first_trial(session: Session, qtbot: QtBot) -> None:
    plot = shown(LossPlot(session, Theme()), qtbot)
    plot.activateWindow()
    plot.empty_place.setFocus()
    wide_values(session)
    settle(plot, qtbot)
    assert plot.canvas.hasFocus()


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_question_mark_says_what_a_plot_shows(kind: MakePlot, session: Session, qtbot: QtBot) -> None:
    plot = shown(kind(session, Theme()), qtbot)
    assert not plot.help_line.button.isVisible()
    wide_values(session)
    settle(plot, qtbot)
    qtbot.mouseClick(plot.help_line.button, Qt.MouseButton.LeftButton)
    assert plot.help_line.isVisible()
    assert plot.help_line.geometry().bottom() < plot.canvas.mapTo(plot, QPoint()).y()
    assert plot.help_line.text().count(".") == 1, "it is one sentence"
    plot.activateWindow()
    plot.canvas.setFocus()
    qtbot.keyClick(plot.canvas, Qt.Key.Key_Escape)
    assert not plot.help_line.isVisible()


def test_that_names_come_before_the_question_mark_which_is_in_the_menu_too(session: Session, qtbot: QtBot) -> None:
    plot = shown(PointsPlot(session, Theme()), qtbot)
    wide_values(session)
    settle(plot, qtbot)
    assert plot.help_line.button.isVisible()
    names = plot.x_box.width_without_unit + plot.y_box.width_without_unit
    plot.resize(plot.width() - plot.room_for_controls + names + 10, 300)
    QApplication.processEvents()
    assert not plot.help_line.button.isVisible()
    assert (plot.x_box.text_shown, plot.y_box.text_shown) == ("Learning rate", "Batch size")
    plot.help_line.action.trigger()
    assert plot.help_line.isVisible()
    plot.resize(600, 400)
    QApplication.processEvents()
    assert plot.help_line.button.isVisible()
    assert plot.help_line.button.isChecked()


@pytest.mark.parametrize("height", [400, 170, 120])
def test_that_the_y_axis_has_the_longest_name_that_fits(height: int, session: Session, qtbot: QtBot) -> None:
    plot = shown(LossPlot(session, Theme()), qtbot)
    wide_values(session)
    settle(plot, qtbot)
    plot.resize(600, height)
    QApplication.processEvents()
    settle(plot, qtbot)
    axis = plot.canvas.y_axis
    names = [axis.scale_shown.label, *axis.scale_shown.short_labels, ""]
    widths = [plot.canvas.fontMetrics().horizontalAdvance(name) for name in names]
    assert axis.name_shown == next(
        name for name, width in zip(names, widths, strict=True) if width <= axis.size().height()
    )
    assert axis.labelText == axis.name_shown


def test_that_the_legend_stays_one_row_from_the_left_and_names_the_rest_in_its_tip(
    session: Session, qtbot: QtBot
) -> None:
    plot = shown(ConvergencePlot(session, Theme()), qtbot)
    wide_values(session)
    settle(plot, qtbot)
    legend = plot.canvas.legend
    assert legend.labels_shown == legend.labels
    assert not legend.toolTip()
    assert legend.geometry().left() < plot.canvas.y_axis.geometry().right()
    plot.resize(230, 400)
    session.select(2)
    settle(plot, qtbot)
    assert legend.rows == 1
    assert {"Best so far", "Selected"} <= set(legend.labels_shown) < set(legend.labels)
    assert legend.toolTip().splitlines() == [name for name in legend.labels if name not in legend.labels_shown]
    top = plot.canvas.view.sceneBoundingRect().top()
    session.select(None)
    settle(plot, qtbot)
    assert plot.canvas.view.sceneBoundingRect().top() == top


@pytest.mark.parametrize("width", [300, 830])
def test_that_a_note_never_covers_curves_or_names(width: int, session: Session, qtbot: QtBot) -> None:
    plot = shown(LossPlot(session, Theme()), qtbot)
    study = Study(session)
    for trial in range(1, 9):
        study.complete(trial, [30.0, 20.0 + trial / 10] if trial < 6 else [9000.0, 8000.0])
    plot.resize(width, 300)
    settle(plot, qtbot)
    QApplication.processEvents()
    legend = plot.canvas.legend
    assert legend.note == "▲ trials 6, 7 and 8 stay above"
    assert (legend.toolTip() == "") is (width == 830)
    image = legend.scene().views()[0].grab().toImage()
    assert not image.isNull()
    assert legend.sceneBoundingRect().bottom() <= plot.canvas.view.sceneBoundingRect().top()
    if legend._note_at is not None:
        last = legend._placed[-1]
        assert last.at.x() + legend._width_of(last.entry) < legend._note_at.x()


class InPhase(Session):
    """A session whose run is in a phase."""

    job_now: Job | None = None
    phase_now: Phase | None = None

    @property
    def job(self) -> Job | None:
        return self.job_now

    @property
    def phase(self) -> Phase | None:
        return self.phase_now

    def enter(self, phase: Phase | None) -> None:
        self.job_now, self.phase_now = None if phase is None else Job.STUDY, phase
        self.run_state_changed.emit(self.job, self.phase)


@pytest.mark.parametrize("kind", KINDS)
def test_that_what_an_empty_plot_says_follows_the_state(kind: MakePlot, qtbot: QtBot) -> None:
    session = InPhase(ListEngine())
    plot = shown(kind(session, Theme()), qtbot)
    heading, usual = plot.promise.words.heading, plot.promise.words.sentence
    assert plot.empty_place.words.sentence == usual
    session.enter(Phase.STARTING)
    assert plot.empty_place.words == Words(heading, f"TensorFlow is loading: {plot.promise.first}.")
    Study(session)
    settle(plot, qtbot)
    assert plot.empty_place.words.sentence.startswith("TensorFlow is loading")
    session.enter(Phase.PAUSED)
    assert "Resume" in plot.empty_place.words.sentence
    session.enter(None)
    session.clear()
    settle(plot, qtbot)
    assert plot.empty_place.words.sentence == usual
    assert plot.accessibleDescription() == plot.empty_place.accessibleName()
