"""Folds, repeats and the test part in the window: the form's rows, the spread, the curves and the evaluation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from core.datasets.settings import DataSettings
from core.errors import StoreBlocked
from core.events import EpochEnded, Event, StudyStarted, TrialEnded, TrialStarted, TrialState, TrialTested
from core.figures.figure import Kind
from core.figures.view import ScaleChoice
from core.parameters import Value
from core.phases import Job, Phase
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.store.reader import read_study
from core.store.writer import Store
from core.training.request import TrialRequest
from core.words.plan import describe_plan
from core.words.trials import trial_tip
from gui.plots.loss import LossPlot
from gui.session.run_state import Command
from gui.session.session import Session
from gui.setup.form import SettingsForm
from gui.setup.validation_section import HOLD_OUT, K_FOLD
from gui.trials.columns import make_columns
from gui.widgets.theme import Theme
from gui.window.main_window import MainWindow
from tests.gui.plots.plot_studies import ListEngine, Study, settle, shown
from tests.scripted import ScriptedTrainer, bowl, scripted_engine
from tests.windows import open_study, open_window, progress_of

RUN = 60_000


def settings(trials: int = 3, **data: Any) -> StudySettings:
    tutorial, replace = tutorial_settings(), msgspec.structs.replace
    return replace(
        tutorial,
        data=replace(DataSettings(), **data),
        budget=BudgetSettings(trials=trials),
        search=replace(tutorial.search, initial_points=1),
    )


# The form


@pytest.fixture
def form(qtbot: QtBot) -> SettingsForm:
    made = SettingsForm(Theme())
    qtbot.addWidget(made)
    made.card.set_open(section.title for section in made.card.folded)
    made.show()
    return made


@pytest.mark.parametrize(
    "data",
    [{}, {"folds": 5}, {"folds": 20, "repeats": 3}, {"repeats": 4}, {"folds": 3, "validation_fraction": 0.35}],
)
def test_that_the_way_of_validation_reads_back_as_it_was_set(form: SettingsForm, data: dict[str, Any]) -> None:
    form.set_settings(settings(**data))
    read = form.settings()
    assert read is not None
    assert read.data == msgspec.structs.replace(DataSettings(), **data)


def test_that_only_the_rows_of_the_chosen_way_are_shown(form: SettingsForm) -> None:
    part = form.validation
    assert (part.share.isVisible(), part.folds.isVisible()) == (True, False)
    part.method.set_value(K_FOLD)
    assert (part.share.isVisible(), part.folds.isVisible()) == (False, True)
    assert form.settings() is not None
    assert form.settings().data.folds == 5  # type: ignore[union-attr]
    part.method.set_value(HOLD_OUT)
    assert (part.share.isVisible(), part.folds.isVisible()) == (True, False)
    assert form.settings() == tutorial_settings()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("folds", "1", "The folds (1) must be between 2 and 20"),
        ("folds", "0", "The folds (0) must be between 2 and 20"),
        ("folds", "21", "The folds (21) must be between 2 and 20"),
        ("repeats", "0", "The repeats (0) must be between 1 and 20"),
    ],
)
def test_that_folds_and_repeats_that_cannot_be_are_told_at_their_row(
    form: SettingsForm, field: str, text: str, sentence: str
) -> None:
    form.validation.method.set_value(K_FOLD)
    getattr(form.validation, field).setText(text)
    assert form.settings() is None
    assert form.problem() == sentence
    assert getattr(form.validation, field).problem == sentence


@pytest.mark.parametrize("text", ["95", "nonsense", ""])
def test_that_a_validation_share_that_is_hidden_is_of_no_concern(form: SettingsForm, text: str) -> None:
    form.validation.share.setText(text)
    assert form.settings() is None
    form.validation.method.set_value(K_FOLD)
    assert form.settings() is not None


def test_that_folds_that_are_hidden_are_of_no_concern(form: SettingsForm) -> None:
    form.validation.folds.setText("nonsense")
    assert form.settings() == tutorial_settings()


def test_that_the_form_and_the_plan_tell_how_many_trainings_a_trial_takes(form: SettingsForm) -> None:
    form.set_settings(settings(folds=5, repeats=2))
    assert "trained 10 times" in [label.text() for label in form.validation.findChildren(QLabel)]
    assert "10 trainings each, 30 in all" in [label.text() for label in form.budget.findChildren(QLabel)]
    assert "judged in 5 folds, 2 times over" in describe_plan(settings(folds=5, repeats=2)).facts
    assert "judged on 20 % of the rows, 3 times over;" in describe_plan(settings(repeats=3)).facts
    assert "times over" not in describe_plan(settings()).facts


# Table, tool tips and curves


def begun(*scores: float) -> list[Any]:
    """Return a study of two folds whose first trial has trained three epochs of one and two of the other."""
    values: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 3, "optimizer": "sgd"}
    courses = ((1, (400.0, 100.0, 50.0)), (2, (200.0, 60.0)))
    epochs = [
        EpochEnded(trial=1, fit=fit, epoch=n, loss=x, val_loss=x, metrics={}, seconds=1.0)
        for fit, course in courses
        for n, x in enumerate(course, 1)
    ]
    events = [
        StudyStarted(settings=settings(folds=2), time=0.0, versions={}),
        TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.INITIAL),
        *epochs,
    ]
    if scores:
        mean = sum(scores) / len(scores)
        events.append(
            TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=3, seconds=1.0, objective=mean, scores=scores)
        )
    return events


def test_that_the_table_and_the_tool_tip_show_mean_spread_and_scores() -> None:
    progress = StudyProgress.of(begun(40.0, 60.0))
    column = next(column for column in make_columns(progress.settings) if column.header == "Validation loss ↓")
    assert column.shown is not None
    assert column.shown(progress.trials[1]) == "50 ± 14"
    assert "Mean ± sample standard deviation of 2 trainings" in column.help
    tip = trial_tip(progress.trials[1], progress.settings)
    assert "50 ± 14" in tip
    assert "40, 60" in tip


@pytest.mark.parametrize("selected", [False, True])
def test_that_a_trial_of_several_trainings_is_drawn_as_their_mean_and_thinly_each(qtbot: QtBot, selected: bool) -> None:
    plot = shown(LossPlot(Session(ListEngine()), Theme()), qtbot)
    first, *others = begun(*((50.0, 60.0) if selected else ()))
    Study(plot.session, first.settings).feed(*others)
    plot.scale_choice = ScaleChoice.LINEAR
    if selected:
        plot.session.select(1)
    settle(plot, qtbot)
    each = plot.items.curve(Kind.SELECTED_FITS) if selected else plot.items.curve(Kind.RUNNING_FITS)
    np.testing.assert_array_equal(each.getData()[1], [400, 100, 50, np.nan, 200, 60])
    mean = plot.items.curve(Kind.SELECTED) if selected else plot.items.curve(Kind.VALIDATION)
    np.testing.assert_array_equal(mean.getData()[1], [300, 80, 50])
    assert "each of its trainings" in plot.canvas.legend.labels
    assert each.opts["pen"].widthF() < mean.opts["pen"].widthF()


# The evaluation


def run(window: MainWindow, qtbot: QtBot, given: StudySettings) -> None:
    window.form.set_settings(given)
    window.running.start()  # after a rehearsal, which is not over yet
    session = window.session
    qtbot.waitUntil(
        lambda: progress_of(session).end is not None and progress_of(session).settings == given, timeout=RUN
    )
    qtbot.waitUntil(lambda: session.job is None, timeout=RUN)


def answer(button: str, seen: list[str]) -> None:
    """Press a button of each message box that opens, and note what they said."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, press)
            return
        seen.append(f"{box.text()} {box.informativeText()}")
        next(b for b in box.buttons() if b.text().replace("&", "") == button).click()

    press()


def test_that_the_evaluation_is_offered_only_when_a_test_part_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    evaluate = window.actions_[Command.EVALUATE]
    assert not evaluate.isVisible()
    run(window, qtbot, settings())
    assert not evaluate.isVisible()
    assert "Evaluate on test part" not in window.headline.text
    run(window, qtbot, settings(test_fraction=0.2))
    assert evaluate.isVisible()
    assert evaluate.isEnabled()
    assert "Evaluate on test part" in window.headline.text
    window.session.clear()
    assert not evaluate.isVisible()


def test_that_the_evaluation_is_asked_for_told_with_a_warning_and_kept(
    window: MainWindow, trainer: ScriptedTrainer, qtbot: QtBot
) -> None:
    run(window, qtbot, settings(test_fraction=0.2))
    seen: list[str] = []
    window.actions_[Command.EVALUATE].trigger()
    answer("Evaluate", seen)
    qtbot.waitUntil(lambda: bool(progress_of(window.session).tests), timeout=RUN)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    answer("OK", seen)
    best = progress_of(window.session).best
    assert best is not None
    assert f"Evaluate trial {best.number} on the test part?" in seen[0]
    assert "trained again as it was and judged on the 20 % of the rows" in seen[0]
    loss = f"{bowl(trainer.requests[-1])[-1]:.4g}"
    assert f"Trial {best.number} on the test part: loss {loss}" in seen[1]
    assert all("nothing is chosen by it" in said for said in seen)
    assert f"loss <b>{loss}" in window.headline.text
    assert "Evaluate on test part" not in window.headline.text
    path = window.session.path
    assert path is not None
    window.session.clear()
    open_study(window, path, qtbot)
    assert f"loss <b>{loss}" in window.headline.text
    window.actions_[Command.EVALUATE].trigger()
    answer("Cancel", seen)
    assert "It was looked at once before" in seen[2]
    assert len(StudyProgress.of(read_study(path)).tests) == 1
    assert not [column for column in make_columns(progress_of(window.session).settings) if "est part" in column.help]


def test_that_an_evaluation_can_be_stopped(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = ScriptedTrainer()
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as window:
        run(window, qtbot, settings(trials=1, test_fraction=0.2))
        trainer.start = paused(trainer)  # type: ignore[method-assign]
        window.session.evaluate()
        qtbot.waitUntil(lambda: len(trainer.requests) == 2, timeout=RUN)
        assert window.session.job is Job.EVALUATION
        assert "on the test part" in window.headline.text
        assert not window.actions_[Command.START].isEnabled()
        assert not window.actions_[Command.EVALUATE].isEnabled()
        window.actions_[Command.STOP].trigger()
        qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
        assert not progress_of(window.session).tests
        assert window.actions_[Command.EVALUATE].isEnabled()


def test_that_an_evaluation_that_waits_for_its_file_says_so_and_goes_on_when_it_can(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, full = Store.record, True

    def troubled(store: Store, events: Sequence[Event]) -> None:
        if full and isinstance(events[-1], TrialTested):
            raise StoreBlocked("The disk is full")
        record(store, events)

    monkeypatch.setattr(Store, "record", troubled)
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as window:
        run(window, qtbot, settings(trials=1, test_fraction=0.2))
        jobs: list[Job | None] = []
        window.session.run_state_changed.connect(lambda job, _phase: jobs.append(job))
        window.session.evaluate()
        qtbot.waitUntil(lambda: window.session.phase is Phase.BLOCKED, timeout=RUN)
        assert "The disk is full" in window.headline.text
        full = False
        window.actions_[Command.RESUME].trigger()
        qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
        assert progress_of(window.session).test is not None
        assert set(jobs) == {Job.EVALUATION, None}


def paused(trainer: ScriptedTrainer) -> Any:
    """Return a start after which the trainer stands still."""
    start = trainer.start

    def start_paused(request: TrialRequest) -> None:
        start(request)
        trainer.pause()

    return start_paused


def test_that_an_evaluation_that_fails_gets_a_sentence(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def script(request: TrialRequest) -> Sequence[float] | str:
        return "The memory did not suffice" if request.test_epochs else bowl(request)

    with open_window(scripted_engine(ScriptedTrainer(script)), tmp_path, qtbot, monkeypatch) as window:
        run(window, qtbot, settings(trials=1, test_fraction=0.2))
        seen: list[str] = []
        window.session.evaluate()
        qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
        answer("OK", seen)
        assert seen[0].startswith("The test part could not be evaluated")
        assert "The memory did not suffice" in seen[0]
