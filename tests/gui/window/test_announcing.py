"""What a screen reader says by itself while a study runs: its start, pauses, new best trials, troubles and its end."""

from collections.abc import Sequence

import pytest
from pytestqt.qtbot import QtBot

from core.events import Change, StudyEnd, TrialState
from core.phases import Job, Phase
from core.training.request import TrialRequest
from core.words.announcements import best_announced, end_announced, standing_announced
from gui.session.changes import Changes
from gui.session.run_state import Command
from gui.session.session import Session
from gui.session.thread import Failure
from gui.window.main_window import MainWindow
from tests.core.told_studies import progress_with
from tests.gui.window.test_read_out import SHORT
from tests.scripted import ScriptedTrainer
from tests.windows import open_study, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine


def falling(request: TrialRequest) -> Sequence[float]:
    """Let each trial be better than the one before."""
    return [100.0 / request.trial] * int(request.values["epochs"])


@pytest.fixture
def trainer() -> ScriptedTrainer:
    return ScriptedTrainer(falling)


@pytest.fixture
def said(window: MainWindow) -> list[str]:
    heard: list[str] = []
    window.telling.announcing.announced.connect(heard.append)
    return heard


def test_that_the_sentences_hold_the_trial_and_its_result() -> None:
    progress = progress_with(3.0, 2.0)
    assert best_announced(progress) == "New best: trial 2, validation loss 2"
    assert best_announced(progress_with()) == ""
    assert standing_announced("Paused after 2 of 20 trials", progress) == (
        "Paused after 2 of 20 trials. The best so far is trial 2, validation loss 2"
    )
    ended = "Finished: trial 2 is the best of 2"
    assert standing_announced(ended, progress) == f"{ended}. Validation loss 2"
    assert standing_announced("Paused", progress_with()) == "Paused"


def test_that_a_study_is_announced_from_its_start_to_its_end_without_its_epochs(
    window: MainWindow, said: list[str], qtbot: QtBot
) -> None:
    window.form.set_settings(SHORT)
    window.running.start()
    qtbot.waitUntil(lambda: progress_of(window.session).end is not None, timeout=RUN)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    assert said[0] == "Starting: TensorFlow is loading"
    assert said.count("Training begins") == 1
    assert said[-1] == "Finished: trial 4 is the best of 4. Validation loss 25"
    bests = [sentence for sentence in said[1:-1] if sentence != "Training begins"]
    assert bests
    assert all(sentence.startswith("New best: trial ") for sentence in bests)
    assert len(said) <= 3 + SHORT.budget.trials


def test_that_a_pause_is_announced_and_a_new_best_trial(running: MainWindow, qtbot: QtBot) -> None:
    said: list[str] = []
    announcing = running.telling.announcing
    announcing.announced.connect(said.append)
    announcing._best = None
    announcing._tell_best()
    assert said[-1] == best_announced(progress_of(running.session))
    announcing._tell_best()
    assert len(said) == 1
    running.actions_[Command.PAUSE].trigger()
    qtbot.waitUntil(lambda: running.session.phase is Phase.PAUSED, timeout=RUN)
    assert said[-1].startswith("Paused ")
    assert "The best so far is trial " in said[-1]
    running.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: running.session.phase is Phase.RUNNING, timeout=RUN)
    assert "Resumed" in said
    number = next(iter(progress_of(running.session).under_way))
    running.actions_[Command.SKIP].trigger()
    qtbot.waitUntil(lambda: f"Trial {number} was given up" in said, timeout=RUN)


def test_that_of_failures_the_first_in_a_row_is_told_and_how_many_at_the_end() -> None:
    progress = progress_with(3.0, 9.0, 9.0, 2.0, 9.0, end=StudyEnd.FINISHED)
    for number in (2, 3, 5):
        progress.trials[number].state = TrialState.FAILED
    ends = [end_announced(progress, place) for place in range(5)]
    assert ends == ["", "Trial 2 failed", "", "", "Trial 5 failed"]
    title = "Finished: trial 4 is the best of 5"
    assert standing_announced(title, progress) == f"{title}; 3 failed. Validation loss 2"


def test_that_a_study_that_was_opened_is_announced(running: MainWindow, window: MainWindow, qtbot: QtBot) -> None:
    said: list[str] = []
    window.telling.announcing.announced.connect(said.append)
    path = running.session.path
    assert path is not None
    open_study(window, path, qtbot)
    assert said[0].startswith(f"Opened {window.session.study_name}. Running in another window. The best so far is")


def test_that_a_trial_that_is_being_given_up_is_not_announced_as_paused(
    running: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.actions_[Command.PAUSE].trigger()
    qtbot.waitUntil(lambda: running.session.phase is Phase.PAUSED, timeout=RUN)
    (number,) = progress_of(running.session).under_way
    monkeypatch.setattr(Session, "skipping", {number})
    announcing, said = running.telling.announcing, list[str]()
    announcing.announced.connect(said.append)
    announcing._was = None, None
    announcing._on_run_state_changed(Job.STUDY, Phase.PAUSED)
    assert said[0].startswith(f"Paused; trial {number} is being given up")


def test_that_opening_a_study_announces_no_best(window: MainWindow, said: list[str]) -> None:
    window.session._replace(None, progress_with(3.0, 2.0, end=StudyEnd.FINISHED))
    assert said == []


def test_that_a_failure_is_announced(window: MainWindow, said: list[str]) -> None:
    window.telling.announcing._on_failed(Failure("The disk is full"))
    assert said == ["The study could not go on. The disk is full"]


def test_that_training_begins_where_the_first_trial_was_over_before_it_was_heard(
    window: MainWindow, said: list[str], qtbot: QtBot
) -> None:
    announcing = window.telling.announcing
    announcing._on_run_state_changed(Job.STUDY, Phase.STARTING)
    window.session.progress = progress_with(3.0)
    announcing._on_run_state_changed(Job.STUDY, Phase.RUNNING)
    assert said[-1] == "Training begins"
    announcing._on_run_state_changed(Job.STUDY, Phase.STARTING)
    announcing._on_run_state_changed(Job.STUDY, Phase.RUNNING)
    assert said[-1] == "Training goes on"
    window.session.progress = None


def test_that_training_begins_also_where_all_trials_were_over_before_that_was_heard(
    window: MainWindow, said: list[str]
) -> None:
    announcing = window.telling.announcing
    announcing._on_run_state_changed(Job.STUDY, Phase.STARTING)
    window.session.progress = progress_with(3.0, 2.0, end=StudyEnd.FINISHED)
    announcing._on_run_state_changed(None, None)
    assert said[1] == "Training begins"
    assert said[-1].startswith("Finished after 2 of 20: trial 2 is the best")
    assert len(said) == 3
    window.session.progress = None


def test_that_training_begins_before_the_first_best_trial(
    window: MainWindow, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    announcing = window.telling.announcing
    announcing._on_run_state_changed(Job.STUDY, Phase.STARTING)
    window.session.progress = progress_with(3.0)
    with monkeypatch.context() as patched:
        patched.setattr(Session, "job", Job.STUDY)
        announcing._on_changed(Changes(what=frozenset({Change.BEST}), trials=(1,)))
    announcing._on_run_state_changed(Job.STUDY, Phase.RUNNING)
    assert said[1:] == ["Training begins", "New best: trial 1, validation loss 3"]
    window.session.progress = None
