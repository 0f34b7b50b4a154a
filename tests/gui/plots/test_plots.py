"""What all plots do: when they paint, whose zoom counts, colours, words and images."""

from collections.abc import Iterator
from pathlib import Path
from xml.dom import minidom

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QToolTip
from pytestqt.qtbot import QtBot

from core.events import Event, StudyEnd, StudyEnded, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.figures.figure import Figure, Kind, joined
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from gui.plots import plot as plot_module
from gui.plots.convergence import ConvergencePlot
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.plots.points import PointsPlot
from gui.session.session import Session
from gui.widgets.theme import DARK, LIGHT, Appearance, Theme
from tests.disks import full_disk, names
from tests.gui.plots.plot_studies import (
    ListEngine,
    MakePlot,
    Study,
    click,
    count_calls,
    drawn,
    edge,
    let_save,
    place,
    settle,
    shown,
)
from tests.scripted import HandClock
from tests.windows import progress_of

KINDS = (LossPlot, ConvergencePlot, PointsPlot)


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session(ListEngine())


@pytest.fixture
def theme(qtbot: QtBot) -> Iterator[Theme]:
    theme = Theme()
    theme.set_appearance(Appearance.LIGHT)
    yield theme
    theme.set_appearance(Appearance.LIGHT)


@pytest.fixture(params=KINDS)
def plot(request: pytest.FixtureRequest, session: Session, theme: Theme, qtbot: QtBot) -> Plot:
    kind: MakePlot = request.param
    return shown(kind(session, theme), qtbot)


def some_trials(session: Session) -> Study:
    study = Study(session)
    study.complete(1, [400.0, 90.0, 40.0, 30.0], learning_rate=0.001)
    study.complete(2, [300.0, 60.0, 25.0, 20.0], learning_rate=0.02, batch_size=64)
    study.fail(3, learning_rate=0.1)
    return study


def zoom(plot: Plot) -> None:
    at = QPointF(plot.canvas.viewport().rect().center())
    wheel = QWheelEvent(
        at,
        plot.canvas.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.canvas.viewport(), wheel)


def test_that_a_plot_of_nothing_says_in_words_what_will_appear(plot: Plot) -> None:
    assert plot._stack.currentWidget() is plot.empty_place
    assert plot.empty_place.words == plot.promise.words
    assert plot.accessibleDescription() == plot.empty_place.accessibleName()
    assert not plot.save_action.isEnabled()


def test_that_a_plot_leaves_its_empty_state_with_the_first_trial(plot: Plot, session: Session, qtbot: QtBot) -> None:
    some_trials(session)
    settle(plot, qtbot)
    assert plot._stack.currentWidget() is plot.canvas
    assert plot.save_action.isEnabled()


def test_that_every_axis_has_a_name(plot: Plot, session: Session, qtbot: QtBot) -> None:
    some_trials(session)
    settle(plot, qtbot)
    canvas = plot.canvas
    if isinstance(plot, PointsPlot):
        named = plot.x_box.currentText(), plot.y_box.currentText()
        assert named == (canvas.x_axis.scale_shown.label, canvas.y_axis.scale_shown.label)
        assert not canvas.corner_name.text
        assert not canvas.y_axis.labelText
    else:
        assert canvas.corner_name.text == canvas.x_axis.scale_shown.label
        assert canvas.y_axis.labelText == canvas.y_axis.scale_shown.label


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_hidden_plot_paints_nothing_and_showing_it_paints_once(
    kind: MakePlot, session: Session, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = shown(kind(session, theme), qtbot)
    plot.hide()
    seen = shown(kind(session, theme), qtbot)
    paints = count_calls(plot, "_draw_present", monkeypatch)
    paints_seen = count_calls(seen, "_draw_present", monkeypatch)
    study = some_trials(session)
    for trial in (4, 5):
        settle(seen, qtbot)
        study.complete(trial, [50.0])
    settle(seen, qtbot)
    assert len(paints_seen) >= 3
    assert not paints
    plot.show()
    assert len(paints) == 1
    assert plot._stack.currentWidget() is plot.canvas


def test_that_many_events_are_painted_together(
    plot: Plot, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = some_trials(session)
    settle(plot, qtbot)
    paints = count_calls(plot, "_draw_present", monkeypatch)
    for trial in range(4, 104):
        study.complete(trial, [50.0, 40.0])
    settle(plot, qtbot)
    assert 1 <= len(paints) <= 3


def test_that_a_plot_rests_longer_after_a_slow_paint(
    plot: Plot, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = some_trials(session)
    settle(plot, qtbot)
    clock = HandClock()
    monkeypatch.setattr(plot_module, "perf_counter", clock)
    draw_past = plot._draw_past

    def draw_slowly(figure: Figure) -> None:
        clock.now += 0.06
        draw_past(figure)

    monkeypatch.setattr(plot, "_draw_past", draw_slowly)
    study.complete(4, [50.0])
    plot._paint()
    assert plot._timer.interval() >= 200


def test_that_the_zoom_of_the_user_stays_until_the_view_is_reset(plot: Plot, session: Session, qtbot: QtBot) -> None:
    study = some_trials(session)
    settle(plot, qtbot)
    automatic = plot.canvas.view.viewRange()
    assert not plot.canvas.reset_view_button.isVisible()
    zoom(plot)
    zoomed = plot.canvas.view.viewRange()
    assert zoomed != automatic
    assert plot.canvas.reset_view_button.isVisible()
    study.complete(4, [390.0, 380.0], learning_rate=0.05)
    study.begin(5, [100.0])
    settle(plot, qtbot)
    assert plot.canvas.view.viewRange() == zoomed
    plot.reset_view_action.trigger()
    settle(plot, qtbot)
    assert plot.canvas.view.viewRange() != zoomed
    assert not plot.canvas.reset_view_button.isVisible()


def test_that_a_double_click_resets_the_view(plot: Plot, session: Session, qtbot: QtBot) -> None:
    some_trials(session)
    settle(plot, qtbot)
    zoom(plot)
    viewport = plot.canvas.viewport()
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.rect().center())
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=viewport.rect().center())
    assert plot.canvas.follows


def test_that_another_study_is_shown_whole_whatever_the_zoom_was(plot: Plot, session: Session, qtbot: QtBot) -> None:
    some_trials(session)
    settle(plot, qtbot)
    zoom(plot)
    session.clear()
    settle(plot, qtbot)
    assert plot.canvas.follows
    assert plot._stack.currentWidget() is plot.empty_place


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_a_right_click_offers_what_is_sensible_and_no_more(plot: Plot, session: Session, qtbot: QtBot) -> None:
    some_trials(session)
    settle(plot, qtbot)
    viewport = plot.canvas.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.RightButton, pos=viewport.rect().center())
    assert plot.menu.isVisible()
    texts = [action.text() for action in plot.menu.actions() if action.isVisible() and not action.isSeparator()]
    of_the_loss = ["Earlier trials"] if isinstance(plot, LossPlot) else []
    assert texts == ["Show everything", *of_the_loss, "Reset view", "Copy image", "Save as…", "What this shows"]
    plot.menu.close()


def test_that_what_is_new_is_drawn_in_a_later_round_than_it_was_worked_out(
    plot: Plot, session: Session, qtbot: QtBot
) -> None:
    some_trials(session)
    settle(plot, qtbot)
    plot._take_turn()
    assert not plot.canvas.viewport().updatesEnabled()
    assert plot.waiting_to_paint
    settle(plot, qtbot)
    assert plot.canvas.viewport().updatesEnabled()


def test_that_the_colours_follow_the_theme(plot: Plot, session: Session, theme: Theme, qtbot: QtBot) -> None:
    some_trials(session)
    settle(plot, qtbot)
    for appearance, colours in ((Appearance.DARK, DARK), (Appearance.LIGHT, LIGHT)):
        theme.set_appearance(appearance)
        settle(plot, qtbot)
        corner = plot.canvas.grab().toImage().pixelColor(1, 1)
        assert corner == QColor(colours.base)
        assert plot.canvas.x_axis.textPen().color() == QColor(colours.faint_text)


def test_that_the_empty_state_follows_the_theme(plot: Plot, theme: Theme, qtbot: QtBot) -> None:
    theme.set_appearance(Appearance.DARK)
    settle(plot, qtbot)
    assert plot.empty_place.grab().toImage().pixelColor(2, 2) == QColor(DARK.base)


def test_that_lines_are_as_wide_on_a_fine_screen_as_on_a_coarse_one(session: Session, theme: Theme) -> None:
    plot = LossPlot(session, theme)
    plot._apply_style(LIGHT, 1.0)
    coarse = plot.items.curve(Kind.BEST).opts["pen"].widthF()
    plot._apply_style(LIGHT, 2.0)
    assert plot.items.curve(Kind.BEST).opts["pen"].widthF() == 2 * coarse
    plot.deleteLater()


def test_that_a_click_beside_all_marks_clears_the_selection(plot: Plot, session: Session, qtbot: QtBot) -> None:
    some_trials(session)
    session.select(2)
    settle(plot, qtbot)
    (left, right), (bottom, top) = plot.canvas.view.viewRange()
    click(plot, left + 0.6 * (right - left), bottom + 0.55 * (top - bottom))
    assert session.selected is None


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_that_an_image_is_written_on_white_in_any_theme(
    plot: Plot, session: Session, theme: Theme, qtbot: QtBot, tmp_path: Path, suffix: str
) -> None:
    some_trials(session)
    theme.set_appearance(Appearance.DARK)
    settle(plot, qtbot)
    path = tmp_path / f"plot{suffix}"
    plot.save_image(path)
    if suffix == ".svg":
        document = minidom.parse(str(path))
        assert document.getElementsByTagName("rect")[0].getAttribute("fill") == "#ffffff"
        assert document.getElementsByTagName("path")
    else:
        image = QImage(str(path))
        assert image.width() == 1600
        assert image.pixelColor(2, 2) == QColor("white")
    assert plot.canvas.grab().toImage().pixelColor(1, 1) == QColor(DARK.base)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_that_a_full_disk_leaves_the_older_image(
    plot: Plot, session: Session, qtbot: QtBot, tmp_path: Path, suffix: str
) -> None:
    some_trials(session)
    settle(plot, qtbot)
    path = tmp_path / f"plot{suffix}"
    plot.save_image(path)
    before = path.read_bytes()
    with full_disk(), pytest.raises(OSError, match="too large"):
        plot.save_image(path)
    assert path.read_bytes() == before
    assert names(tmp_path) == [path.name]


def test_that_an_image_is_copied_on_white(plot: Plot, session: Session, theme: Theme, qtbot: QtBot) -> None:
    some_trials(session)
    theme.set_appearance(Appearance.DARK)
    settle(plot, qtbot)
    plot.copy_image_action.trigger()
    assert QGuiApplication.clipboard().image().pixelColor(2, 2) == QColor("white")


def test_that_a_name_without_ending_gets_that_of_the_chosen_kind(
    plot: Plot, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_trials(session)
    settle(plot, qtbot)
    answer = (str(tmp_path / "drawing"), "SVG drawing (*.svg)")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: answer)
    let_save(plot, tmp_path)
    with qtbot.waitSignal(plot.saved) as told:
        plot.save_action.trigger()
    saved = tmp_path / "drawing.svg"
    assert told.args == [f"Image saved as drawing.svg in {tmp_path}"]
    saved.write_text("an older file, of which the dialog knows nothing")
    plot.save_action.trigger()
    assert saved.read_text().startswith("an older file")
    (box,) = plot.findChildren(QMessageBox)
    with qtbot.waitSignal(plot.saved):
        next(button for button in box.buttons() if button.text() == "Replace").click()
    assert saved.read_text().startswith("<?xml")


def test_that_an_image_that_cannot_be_written_is_told(
    plot: Plot, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_trials(session)
    settle(plot, qtbot)
    answer = (str(tmp_path / "nowhere" / "plot.png"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: answer)
    let_save(plot, tmp_path)
    with qtbot.waitSignal(plot.failed) as told:
        plot.save_action.trigger()
    assert "could not be saved" in told.args[0]


def test_that_a_trial_that_runs_again_is_not_drawn_twice(plot: Plot, session: Session, qtbot: QtBot) -> None:
    study = some_trials(session)
    study.begin(4, [80.0, 70.0])
    study.feed(StudyEnded(reason=StudyEnd.STOPPED, message="", time=1.0))
    settle(plot, qtbot)
    assert progress_of(session).trials[4].state is TrialState.INTERRUPTED
    study.complete(4, [70.0, 60.0])
    settle(plot, qtbot)
    assert plot._builder is not None
    assert plot._builder.taken == {1, 2, 3, 4}
    figure = drawn(plot)
    trials, _x, _y = joined(figure.curves(Kind.PAST) if isinstance(plot, LossPlot) else figure.past[-4:])
    assert sorted(set(trials)) == [1, 2, 3, 4]
    assert (trials == 4).sum() == (3 if isinstance(plot, LossPlot) else 1)


def test_that_plots_show_what_comes_through_the_inbox(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    settings = StudySettings()
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 4, "optimizer": "sgd"}
    events: list[Event] = [
        StudyStarted(settings=settings, time=0.0, versions={}),
        TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.INITIAL),
        TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=4, seconds=1.0, objective=12.5),
    ]
    session = Session(ListEngine(events))
    plot = shown(ConvergencePlot(session, theme), qtbot)
    session.start(settings, tmp_path / "x.afina")
    qtbot.waitUntil(lambda: not session.busy)
    settle(plot, qtbot)
    assert plot.accessibleDescription() == "Best 12.5 at trial 1 of 20"
    x, y = plot.items.points(Kind.OTHER_ORIGIN).getData()
    assert (list(x), list(y)) == ([1.0], [12.5])


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_hovering_a_mark_tells_the_trial_and_its_values(session: Session, theme: Theme, qtbot: QtBot) -> None:
    plot = shown(ConvergencePlot(session, theme), qtbot)
    study = some_trials(session)
    study.fail(4, message="The loss became <NaN>")
    settle(plot, qtbot)
    told = hover(plot, 2.0, 20.0)
    for part in ("Trial 2", "Objective", "20", "Learning rate", "0.02", "Batch size", "64", "SGD"):
        assert part in told
    told = hover(plot, 4.0, edge(plot))
    assert "diverged" in told
    assert "The loss became &lt;NaN&gt;" in told


def hover(plot: Plot, x: float, y: float) -> str:
    QTest.mouseMove(plot.canvas.viewport(), place(plot, x, y))
    plot.canvas.scene().sigMouseMoved.emit(plot.canvas.mapToScene(place(plot, x, y)))
    return QToolTip.text()


@pytest.mark.parametrize("kind", [LossPlot, ConvergencePlot, PointsPlot])
def test_that_trials_taken_in_over_some_turns_are_drawn_like_those_taken_in_at_once(
    kind: MakePlot, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = shown(kind(Session(ListEngine()), Theme()), qtbot)
    study = Study(plot.session)
    taken: list[int] = []
    take = plot._take_ended

    def take_and_hover(most: int) -> None:
        taken.append(most)
        take(most)
        plot.pointing.trial_at(QPointF(100, 100))  # as a hover between two turns does

    monkeypatch.setattr(plot, "_take_ended", take_and_hover)
    monkeypatch.setattr(plot_module, "AT_ONCE", 10)
    for trial in range(1, 36):
        study.complete(trial, [90.0 - trial % 13, 40.0 + trial % 7])
    plot._start_over()
    settle(plot, qtbot)
    in_turns = plot.canvas.grab().toImage()
    assert taken[:3] == [10, 10, 10]
    plot._start_over()
    plot._paint()
    assert in_turns == plot.canvas.grab().toImage()
