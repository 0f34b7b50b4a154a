"""More trials in the window: the dialog, and twenty at once."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from core.datasets.settings import DataSettings
from core.progress import StudyProgress
from core.search.settings import SearchMethod, SearchSettings
from core.settings import MAX_TRIALS, BudgetSettings, StudySettings
from core.study.control import StudyControl
from core.tables.description import ColumnRole, Task
from core.training.request import TrialRequest
from gui.session.run_state import Command, RunState, why_not
from gui.setup.consent_dialog import ConsentDialog
from gui.window.main_window import MainWindow
from gui.window.more_trials_dialog import MoreTrialsDialog
from tests.model_files import custom_file, custom_settings
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.tables import imported
from tests.windows import open_study, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
TRIALS = 3


def three_epochs(request: TrialRequest) -> list[float]:
    return [3.0, 2.0, 1.0 + 1 / request.trial]


@pytest.fixture
def trainer() -> ScriptedTrainer:
    return ScriptedTrainer(three_epochs)


@pytest.fixture
def opened(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Callable[[StudySettings], StudyProgress]:
    """Return a function that opens a study which has come to its end."""

    def open_one(settings: StudySettings) -> StudyProgress:
        path = tmp_path / "done.afina"
        engine = scripted_engine(ScriptedTrainer(three_epochs))
        engine.start(settings, path, lambda _events: None, StudyControl())
        open_study(window, path, qtbot)
        return progress_of(window.session)

    return open_one


def ask(window: MainWindow) -> MoreTrialsDialog:
    """Give the command, and return the dialog that opens."""
    window.actions_[Command.MORE].trigger()
    dialog = window.findChild(MoreTrialsDialog)
    assert dialog is not None
    return dialog


def wait_for_the_end(window: MainWindow, qtbot: QtBot) -> StudyProgress:
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    return progress_of(window.session)


def few(**budget: float) -> StudySettings:
    return StudySettings(budget=msgspec.structs.replace(BudgetSettings(trials=TRIALS), **budget))


def test_that_the_dialog_adds_any_number_of_trials(
    window: MainWindow, opened: Callable[[StudySettings], StudyProgress], qtbot: QtBot
) -> None:
    assert not window.actions_[Command.MORE].isEnabled()
    opened(few())
    assert not window.actions_[Command.RESUME].isEnabled()
    assert "Study → More trials adds some" in window.actions_[Command.RESUME].toolTip()
    dialog = ask(window)
    assert dialog.trials.text() == "20"
    assert dialog.trials.selectedText() == "20"
    assert dialog.outcome.text() == "23 in all, about 6.0 s"
    assert not dialog.caution.isVisible()
    qtbot.keyClicks(dialog.trials, "4")
    assert dialog.outcome.text().startswith("7 in all, about ")
    dialog.go_on.click()
    progress = wait_for_the_end(window, qtbot)
    assert (len(progress.finished), progress.budget, progress.added_trials) == (7, 7, 4)
    assert "is the best of 7" in window.headline.text


def test_that_a_dialog_that_is_cancelled_changes_nothing(
    window: MainWindow, opened: Callable[[StudySettings], StudyProgress]
) -> None:
    progress = opened(few())
    ask(window).reject()
    assert window.session.job is None
    assert progress.budget == TRIALS


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter a number"),
        ("0", "More trials (0) must be at least 1"),
        ("-2", "More trials (-2) must be at least 1"),
        ("2.5", "“2.5” is not a whole number"),
        ("some", "“some” is not a number"),
        ("100000", "100,000 more trials would be 100,003 in all; a study has at most 100,000"),
    ],
)
def test_that_the_dialog_says_what_is_wrong_with_a_number(
    window: MainWindow, opened: Callable[[StudySettings], StudyProgress], typed: str, sentence: str
) -> None:
    opened(few())
    dialog = ask(window)
    dialog.trials.setText(typed)
    assert dialog.problem.text() == dialog.trials.problem == sentence
    assert not dialog.outcome.isVisible()
    assert not dialog.go_on.isEnabled()
    dialog.trials.setText("1")
    assert not dialog.problem.isVisible()
    assert dialog.go_on.isEnabled()
    dialog.reject()


def test_that_the_dialog_says_what_else_ends_the_study(
    window: MainWindow, opened: Callable[[StudySettings], StudyProgress], qtbot: QtBot
) -> None:
    progress = opened(few(target=1.5, seconds=600.0))
    assert len(progress.finished) == 2
    dialog = ask(window)
    assert dialog.outcome.text().startswith("23 in all, 21 to come, about ")
    assert dialog.caution.text() == (
        "The target, 1.5, was reached: it does not end the study again. The time limit, 10 min 00 s, counts anew."
    )
    dialog.go_on.click()
    assert len(wait_for_the_end(window, qtbot).finished) == 23


def test_that_twenty_more_begin_at_once(
    window: MainWindow, opened: Callable[[StudySettings], StudyProgress], qtbot: QtBot
) -> None:
    opened(few(target=1.0))
    window.running.more()
    window.running.more()  # in vain: it runs
    progress = wait_for_the_end(window, qtbot)
    assert (progress.budget, len(progress.finished)) == (TRIALS + 20, TRIALS + 20)
    assert window.findChild(MoreTrialsDialog) is None


def test_that_twenty_more_are_asked_about_if_something_has_to_be_said_first(
    window: MainWindow, opened: Callable[[StudySettings], StudyProgress]
) -> None:
    opened(few(target=1.5))
    window.running.more()
    assert window.session.job is None
    dialog = window.findChild(MoreTrialsDialog)
    assert dialog is not None
    assert (dialog.trials.text(), dialog.caution.text()[:10]) == ("20", "The target")
    dialog.reject()


def test_that_it_is_asked_whether_fewer_than_twenty_may_be_added(
    window: MainWindow, opened: Callable[[StudySettings], StudyProgress]
) -> None:
    opened(few()).budget = MAX_TRIALS - 3
    window.running.more()
    assert window.session.job is None
    dialog = window.findChild(MoreTrialsDialog)
    assert dialog is not None
    assert dialog.trials.text() == "3"
    dialog.reject()


def test_that_nothing_can_be_added_to_a_study_that_has_tried_every_point(
    window: MainWindow, opened: Callable[[StudySettings], StudyProgress]
) -> None:
    grid = SearchSettings(method=SearchMethod.GRID, grid_points=2)
    opened(msgspec.structs.replace(few(), search=grid, budget=BudgetSettings(trials=4)))
    for command in (Command.MORE, Command.RESUME):
        assert not window.actions_[command].isEnabled()
        assert "All 4 points of the grid have been tried" in window.actions_[command].toolTip()
    window.running.more()
    assert window.session.job is None


def test_that_a_study_of_the_most_trials_gets_no_more(
    opened: Callable[[StudySettings], StudyProgress],
) -> None:
    progress = opened(few())
    progress.budget = MAX_TRIALS
    assert why_not(Command.MORE, RunState(progress=progress)) == "A study has at most 100,000 trials"


def test_that_data_that_have_changed_are_asked_about_and_the_trials_are_added_all_the_same(
    window: MainWindow, opened: Callable[[StudySettings], StudyProgress], tmp_path: Path, qtbot: QtBot
) -> None:
    data = tmp_path / "houses.csv"
    data.write_text("size,price\n" + "".join(f"{n},{2 * n}\n" for n in range(40)))
    file = imported(data, 40, "price", Task.REGRESSION, {"size": ColumnRole.NUMBER})
    opened(msgspec.structs.replace(few(), data=DataSettings(file=file)))
    data.write_text("size,price\n" + "".join(f"{n},{3 * n}\n" for n in range(50)))
    window.running.more()

    def box() -> QMessageBox | None:
        return next((box for box in window.findChildren(QMessageBox) if "cannot be" in box.informativeText()), None)

    qtbot.waitUntil(lambda: box() is not None, timeout=RUN)
    shown = box()
    assert shown is not None
    next(button for button in shown.buttons() if button.text() == "Resume all the same").click()
    progress = wait_for_the_end(window, qtbot)
    assert len(progress.finished) == progress.budget == TRIALS + 20


def test_that_a_model_file_runs_more_trials_only_with_consent(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    settings, path = custom_settings(custom_file()), tmp_path / "done.afina"
    file = settings.model.file
    assert file is not None
    engine = scripted_engine(ScriptedTrainer(three_epochs), {file.digest})
    engine.start(settings, path, lambda _events: None, StudyControl())
    open_study(window, path, qtbot)
    ask(window).go_on.click()
    dialog = window.findChild(ConsentDialog)
    assert dialog is not None
    assert "this study" in dialog.whence.text()
    assert window.session.job is None
    dialog.reject()
    assert window.session.job is None
    assert progress_of(window.session).budget == settings.budget.trials
