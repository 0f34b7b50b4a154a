"""The status bar: what passes, and what stays; what it says of trials by a clock that the tests turn."""

import pytest
from pytestqt.qtbot import QtBot

from core.phases import Stage
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.measures import even_digits
from gui.widgets.thin_bar import ThinBar
from gui.window.main_window import MainWindow
from gui.window.status_bar import StatusBar
from tests.scripted import HandClock, ScriptedTrainer, scripted_engine, turn_clocks_by_hand
from tests.windows import LONG_STUDY, lay_out, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine


def test_that_a_message_is_seen_and_takes_the_place_of_the_progress_bar_only(qtbot: QtBot) -> None:
    status = StatusBar(Session(scripted_engine(ScriptedTrainer())))
    qtbot.addWidget(status)
    status.resize(1200, 30)
    status.show()
    before = [status.bar.isVisible(), status.message.isVisible(), status.state.isVisible()]
    status.showMessage("The settings were saved")
    said = status.message
    assert [status.bar.isVisible(), said.isVisible(), status.state.isVisible()] == [False, True, True]
    assert said.text() == "The settings were saved"
    qtbot.waitUntil(lambda: said.width() > said.fontMetrics().horizontalAdvance(said.text()))
    status.clearMessage()
    assert [status.bar.isVisible(), status.message.isVisible(), status.state.isVisible()] == before


def status_of(window: MainWindow) -> StatusBar:
    status = window.statusBar()
    assert isinstance(status, StatusBar)
    return status


def wait_for(qtbot: QtBot, window: MainWindow, text: str) -> None:
    qtbot.waitUntil(lambda: status_of(window).state.text() == text, timeout=RUN)


def duration_of(window: MainWindow, row: int) -> str:
    model = window.table.model
    (column,) = (place for place, column in enumerate(model.columns) if column.runs_on)
    return str(model.data(model.index(row, column))) if row < model.rowCount() else ""  # it comes after the words


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    return turn_clocks_by_hand(monkeypatch)


@pytest.fixture
def compiling(clock: HandClock, window: MainWindow, trainer: ScriptedTrainer, qtbot: QtBot) -> MainWindow:
    """Return a window in which the first trial compiles for as long as the test likes."""
    trainer.stage = Stage.COMPILING
    window.session.start(LONG_STUDY, window.preferences.studies_folder / "long.afina")
    session = window.session
    # What a trial does is known by another way than that it has begun, and either may be known first.
    qtbot.waitUntil(lambda: session.progress is not None and 1 in session.progress.under_way, timeout=RUN)
    qtbot.waitUntil(lambda: 1 in session.doing, timeout=RUN)
    return window


def test_that_a_trial_that_compiles_says_so_with_its_time_until_it_trains(
    compiling: MainWindow, clock: HandClock, trainer: ScriptedTrainer, qtbot: QtBot
) -> None:
    status = status_of(compiling)
    clock.now += 12
    wait_for(qtbot, compiling, "Trial 1 compiles, 12 s")
    assert (status.trial.text(), status.epoch.text()) == ("Trial 1 of 200", "")
    assert compiling.session.seconds_of(progress_of(compiling.session).trials[1]) == 12
    qtbot.waitUntil(lambda: duration_of(compiling, 0) == "12 s", timeout=RUN)  # the table has its turn after the words
    clock.now += 48
    wait_for(qtbot, compiling, "Trial 1 compiles, 1 min 00 s")
    assert "under way" in compiling.headline.text
    trainer.stage = Stage.TRAINING
    qtbot.waitUntil(lambda: progress_of(compiling.session).best is not None, timeout=RUN)
    qtbot.waitUntil(lambda: "compiles" not in status.state.text(), timeout=RUN)


def test_that_the_time_of_a_trial_that_compiles_stands_still_while_paused(
    compiling: MainWindow, clock: HandClock, qtbot: QtBot
) -> None:
    clock.now += 12
    wait_for(qtbot, compiling, "Trial 1 compiles, 12 s")
    compiling.session.pause()
    wait_for(qtbot, compiling, "Paused")
    assert "Paused in trial 1, before the first epoch" in compiling.headline.text
    clock.now += 1000
    compiling.session.resume()
    wait_for(qtbot, compiling, "Trial 1 compiles, 12 s")


def test_that_after_pause_and_skip_nothing_is_promised_of_the_trial_that_was_given_up(
    compiling: MainWindow, qtbot: QtBot
) -> None:
    compiling.session.pause()
    wait_for(qtbot, compiling, "Paused")
    compiling.session.skip()
    qtbot.waitUntil(lambda: progress_of(compiling.session).finished == [1], timeout=RUN)
    assert "Paused; trial 1 was given up" in compiling.headline.text
    assert "Resume" not in compiling.headline.text
    wait_for(qtbot, compiling, "Paused")
    assert status_of(compiling).trial.text() == "1 of 200 trials"


def test_that_the_bar_is_there_only_while_a_study_is_under_way_and_is_empty_before_anything_is_done(
    compiling: MainWindow, trainer: ScriptedTrainer, qtbot: QtBot
) -> None:
    bar = status_of(compiling).bar
    qtbot.waitUntil(lambda: bar.isVisible() and not bar.is_busy, timeout=RUN)
    assert bar.filled().isEmpty()
    trainer.stage = Stage.TRAINING
    qtbot.waitUntil(lambda: bar.filled().width() > 0, timeout=RUN)
    compiling.session.stop()
    qtbot.waitUntil(lambda: compiling.session.job is None, timeout=RUN)
    assert not bar.isVisible()
    assert not status_of(compiling).left.text()


def test_that_a_busy_bar_never_looks_full(qtbot: QtBot) -> None:
    bar = ThinBar(5, 1000)
    qtbot.addWidget(bar)
    bar.resize(400, 5)
    bar.show_busy()
    bar.show()
    assert bar.filled().width() == 100
    assert bar.rect().toRectF().contains(bar.filled())
    bar.show_share(0.5, still=True)
    assert (bar.filled().left(), bar.filled().width()) == (0, 200)
    bar.show_share(0)
    assert bar.filled().isEmpty()


def test_that_fields_keep_their_places_while_the_digits_change(running: MainWindow, qtbot: QtBot) -> None:
    status = status_of(running)
    qtbot.waitUntil(lambda: bool(status.left.text()), timeout=RUN)
    lay_out(running)

    def places() -> list[tuple[int, int]]:
        return [
            (part.x(), part.width()) for part in (status.state, status.trial, status.epoch, status.left, status.best)
        ]

    before = places()
    for trial, epoch in (("Trial 1 of 200", "Epoch 1 of 10"), ("Trial 200 of 200", "Epoch 10 of 10"), ("", "")):
        status.trial.say(trial)
        status.epoch.say(epoch)
        lay_out(running)
        assert places() == before
    metrics = status.trial.fontMetrics()
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_that_a_field_that_had_to_grow_stays_so_until_another_study_comes(running: MainWindow) -> None:
    field = status_of(running).state
    before = field.minimumWidth()
    field.say("Trials 103 and 104 compile, 12 s")
    grown = field.minimumWidth()
    field.say("Training")
    assert field.minimumWidth() == grown > before
    running.session.changed.emit(Changes(replaced=True))
    assert field.minimumWidth() == before


def test_that_the_room_for_numbers_is_kept_in_larger_letters_too(running: MainWindow, qtbot: QtBot) -> None:
    status = status_of(running)
    qtbot.waitUntil(lambda: status._numbers[1] > 0, timeout=RUN)
    font, before = status.font(), status.trial.minimumWidth()
    font.setPointSizeF(2 * font.pointSizeF())
    status.setFont(font)
    status.trial.setFont(even_digits(font))
    assert status._numbers == (0, 0)
    qtbot.waitUntil(lambda: status._numbers[1] > 0, timeout=RUN)
    needed = status.trial.fontMetrics().horizontalAdvance("Trial 200 of 200")
    assert status.trial.minimumWidth() >= needed > before / 2


def test_that_a_reader_hears_what_the_best_so_far_is(window: MainWindow, running: MainWindow, qtbot: QtBot) -> None:
    for shown in (window, running):
        assert status_of(shown).best.accessibleDescription() == "Best so far"
    qtbot.waitUntil(lambda: bool(status_of(running).best.toolTip()), timeout=RUN)
    assert status_of(running).best.accessibleDescription() == "Best so far"
