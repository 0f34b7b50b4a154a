"""The window as a person uses it, with a scripted trainer and real study files."""

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QTextBrowser
from pytestqt.qtbot import QtBot

from core.children.process import ChildLost
from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.datasets.settings import DataSettings
from core.errors import StoreError
from core.events import StudyEnd, TrialState
from core.figures.view import ScaleChoice
from core.phases import Phase
from core.progress import StudyProgress
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.store.reader import read_study
from core.store.writer import Store
from core.study.loop import study_started
from core.tables.description import ColumnRole, MissingValues, Task
from core.tables.fingerprint import Fingerprint
from core.tables.table_format import TableFormat
from core.training.request import TrialRequest
from gui.data_import.dialog import ImportDialog
from gui.help.note_dialog import NoteDialog
from gui.program.preferences import Purpose
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.disks import full_disk, names
from tests.scripted import ScriptedTrainer, bowl, scripted_engine
from tests.tables import imported
from tests.windows import lay_out, open_study, open_window, progress_of, until_opened

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine


def few_trials(window: MainWindow, trials: int = 4) -> None:
    settings = tutorial_settings()
    window.form.set_settings(
        msgspec.structs.replace(
            settings,
            budget=BudgetSettings(trials=trials),
            search=msgspec.structs.replace(settings.search, initial_points=2),
        )
    )


def run_to_end(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.headline.buttons[Command.START], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.job is not None, timeout=RUN)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)


def answer_box(button: str) -> None:
    """Press a button of the message box that is about to open."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, press)
            return
        next(b for b in box.buttons() if button in b.text()).click()

    QTimer.singleShot(20, press)


def test_that_a_fresh_start_shows_the_tutorials_experiment_ready_to_run(window: MainWindow) -> None:
    assert window.form.settings() == tutorial_settings()
    assert window.headline.buttons[Command.START].isVisible()
    assert window.headline.buttons[Command.START].isEnabled()
    assert window.actions_[Command.START].isEnabled()
    assert "Ready: 20 trials of a linear model on Boston Housing" in window.headline.text
    for command in (Command.PAUSE, Command.STOP, Command.EXPORT, Command.SAVE_AS):
        assert not window.actions_[command].isEnabled()


def test_that_one_click_runs_the_study_and_shows_the_best(window: MainWindow, qtbot: QtBot) -> None:
    few_trials(window)
    run_to_end(window, qtbot)
    progress = progress_of(window.session)
    assert progress.end is not None
    assert progress.end.reason is StudyEnd.FINISHED
    assert progress.best is not None
    assert "Finished" in window.headline.text
    assert f"trial {progress.best.number}" in window.headline.text
    assert window.actions_[Command.EXPORT].isEnabled()
    assert not window.actions_[Command.RESUME].isEnabled()
    assert window.form.settings() == progress.settings


def test_that_the_window_shows_what_the_file_holds(window: MainWindow, qtbot: QtBot) -> None:
    few_trials(window)
    run_to_end(window, qtbot)
    assert window.session.path is not None
    stored = StudyProgress.of(read_study(window.session.path))
    assert list(stored.trials.values()) == list(progress_of(window.session).trials.values())
    assert stored.finished == progress_of(window.session).finished


def test_that_a_mistake_in_the_form_switches_start_off_and_says_why(window: MainWindow, qtbot: QtBot) -> None:
    few_trials(window)
    field = window.form.space.rows["batch_size"].low  # type: ignore[attr-defined]
    field.selectAll()
    qtbot.keyClicks(field, "500")
    assert not window.actions_[Command.START].isEnabled()
    assert "Low (500) must be below high (100)" in window.actions_[Command.START].toolTip()
    assert not window.headline.buttons[Command.START].isEnabled()
    assert "Low (500)" in window.headline.text
    window.actions_[Command.RESET_SETTINGS].trigger()
    assert window.actions_[Command.START].isEnabled()


def epochs(window: MainWindow) -> int:
    return sum(len(trial.losses) for trial in progress_of(window.session).trials.values())


def looked_at_again(window: MainWindow, trainer: ScriptedTrainer, qtbot: QtBot) -> None:
    """Wait until the study has asked the paused trainer, and the window has shown all that there was to show."""
    run = window.session._run
    assert run is not None
    for _ in range(3):
        assert trainer.stood_still.acquire(timeout=RUN / 1000)
        qtbot.waitSignal(run._timer.timeout).wait()
    qtbot.waitUntil(lambda: not run._inbox, timeout=RUN)


class TestWhileRunning:
    @pytest.fixture
    def trainer(self) -> ScriptedTrainer:
        return ScriptedTrainer(seconds=0.02)

    @pytest.fixture
    def running(self, window: MainWindow, qtbot: QtBot) -> MainWindow:
        few_trials(window, 200)
        window.actions_[Command.START].trigger()
        qtbot.waitUntil(lambda: len(progress_of(window.session).trials) >= 2, timeout=RUN)
        qtbot.waitUntil(lambda: bool(progress_of(window.session).under_way), timeout=RUN)
        return window

    def test_that_the_form_is_locked_and_buttons_fit_the_moment(self, running: MainWindow) -> None:
        do = running.actions_
        commands = (Command.START, Command.PAUSE, Command.RESUME, Command.STOP)
        assert [do[command].isEnabled() for command in commands] == [False, True, False, True]
        assert not do[Command.NEW].isEnabled()
        assert not running.headline.buttons[Command.START].isVisible()

    def test_that_pause_is_acknowledged_at_once_and_resume_goes_on(
        self, window: MainWindow, trainer: ScriptedTrainer, qtbot: QtBot
    ) -> None:
        trainer._script = lambda _request: [20.0] * 100_000  # it never stands still between two trials
        few_trials(window, 200)
        window.actions_[Command.START].trigger()
        qtbot.waitUntil(lambda: epochs(window) > 0, timeout=RUN)
        window.actions_[Command.PAUSE].trigger()
        assert window.session.phase is Phase.PAUSING
        qtbot.waitUntil(lambda: window.session.phase is Phase.PAUSED, timeout=RUN)
        assert window.statusBar().state.text() == "Paused"  # type: ignore[attr-defined]
        looked_at_again(window, trainer, qtbot)
        before = epochs(window)
        looked_at_again(window, trainer, qtbot)
        assert epochs(window) == before
        window.actions_[Command.RESUME].trigger()
        qtbot.waitUntil(lambda: epochs(window) > before, timeout=RUN)

    def test_that_skip_gives_up_the_current_trial_only(self, running: MainWindow, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: running.actions_[Command.SKIP].isEnabled(), timeout=RUN)
        (current,) = progress_of(running.session).under_way.values()
        running.actions_[Command.SKIP].trigger()
        qtbot.waitUntil(lambda: progress_of(running.session).trials[current.number].state is not TrialState.RUNNING)
        qtbot.waitUntil(lambda: len(progress_of(running.session).trials) > current.number, timeout=RUN)
        assert progress_of(running.session).count(TrialState.SKIPPED) <= 1

    def test_that_skip_gives_up_the_selected_one_of_two_trials(self, window: MainWindow, qtbot: QtBot) -> None:
        few_trials(window, 200)
        window.form.execution.workers.set_value(2)
        window.actions_[Command.START].trigger()
        qtbot.waitUntil(lambda: len(progress_of(window.session).under_way) == 2, timeout=RUN)
        progress = progress_of(window.session)
        first, second = progress.under_way.values()
        window.session.select(second.number)
        assert window.actions_[Command.SKIP].text() == f"Skip trial {second.number}"
        window.actions_[Command.SKIP].trigger()
        assert window.actions_[Command.SKIP].text() in (f"Skip trial {first.number}", "Skip trial")
        qtbot.waitUntil(lambda: second.state is not TrialState.RUNNING, timeout=RUN)
        assert progress.trials[first.number].state is not TrialState.SKIPPED

    def test_that_the_status_bar_tells_of_all_trials_under_way(self, window: MainWindow, qtbot: QtBot) -> None:
        few_trials(window, 200)
        window.form.execution.workers.set_value(2)
        assert "Two trials at a time" in window.headline.text
        window.actions_[Command.START].trigger()
        status = window.statusBar()
        qtbot.waitUntil(lambda: " and " in status.trial.text(), timeout=RUN)  # type: ignore[attr-defined]
        assert status.trial.text().startswith("Trials ")  # type: ignore[attr-defined]

    def test_that_stop_keeps_the_best_and_resume_goes_on_later(self, running: MainWindow, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: progress_of(running.session).best is not None, timeout=RUN)
        running.actions_[Command.STOP].trigger()
        assert running.session.phase is Phase.STOPPING
        qtbot.waitUntil(lambda: running.session.job is None, timeout=RUN)
        assert "Stopped" in running.headline.text
        assert "is the best" in running.headline.text
        done = len(progress_of(running.session).finished)
        assert running.actions_[Command.RESUME].isEnabled()
        running.actions_[Command.RESUME].trigger()
        qtbot.waitUntil(lambda: len(progress_of(running.session).finished) > done, timeout=RUN)

    def test_that_another_study_cannot_be_opened_meanwhile(self, running: MainWindow, tmp_path: Path) -> None:
        before = running.session.path
        running.study_files.open(tmp_path / "other.afina")
        box = running.findChild(QMessageBox)
        assert box is not None
        assert "Stop it before" in box.informativeText()
        box.close()
        assert running.session.path == before


def test_that_reopening_shows_the_study_exactly_as_it_was(
    window: MainWindow, trainer: ScriptedTrainer, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_trials(window, 6)
    run_to_end(window, qtbot)
    path = window.session.path
    assert path is not None
    live = progress_of(window.session)
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as other:
        open_study(other, path, qtbot)
        loaded = progress_of(other.session)
        assert list(loaded.trials.values()) == list(live.trials.values())
        assert loaded.best is not None
        assert live.best is not None
        assert loaded.best.number == live.best.number
        assert other.form.settings() == live.settings
        assert other.table.model.rowCount() == 6
        assert path.stem in other.windowTitle()


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 a holiday", b"SQLite format 3\x00" + bytes(500)])
def test_that_a_file_that_is_no_study_leaves_all_as_it_was(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, content: bytes
) -> None:
    few_trials(window, 2)
    run_to_end(window, qtbot)
    shown = progress_of(window.session)
    bad = tmp_path / "holiday.afina"
    bad.write_bytes(content)
    open_study(window, bad, qtbot)
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "not an Afina study" in box.informativeText()
    box.close()
    assert window.session.progress is shown
    assert bad.read_bytes() == content


def test_that_a_study_dropped_on_the_window_opens(window: MainWindow, qtbot: QtBot) -> None:
    few_trials(window, 2)
    run_to_end(window, qtbot)
    path = window.session.path
    assert path is not None
    window.study_files.new()
    assert window.session.path is None
    drop(path, window)
    until_opened(window, qtbot)
    assert window.session.path == path


def drop(path: Path, window: MainWindow) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


@pytest.mark.parametrize("name", ["houses.csv", "HOUSES.XLSX", "houses.parquet", "arrays.npz"])
def test_that_a_table_dropped_on_the_window_is_offered_for_import(
    window: MainWindow, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported: list[Path] = []

    def refuse(path: Path, *_: object) -> None:
        imported.append(path)
        raise ChildLost("not now")

    monkeypatch.setattr("gui.data_import.dialog.ImportDialog", refuse)
    drop(tmp_path / name, window)
    drop(tmp_path / "picture.png", window)
    assert imported == [tmp_path / name]
    shown_box(window).close()


@pytest.mark.slow
def test_that_what_the_import_dialog_makes_is_told_and_its_folder_kept(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    path = tmp_path / "mine" / "houses.csv"
    path.write_text("x,y\n" + "".join(f"{n},{n / 7}\n" for n in range(40)))
    window.importing.open(path)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=60_000)
    with qtbot.waitSignal(window.importing.imported) as imported:
        dialog.import_button.click()
    (table,) = imported.args
    assert (table.file.target, table.file.task, table.missing) == ("y", Task.REGRESSION, MissingValues.IMPUTE)
    assert window.preferences.folder_for(Purpose.TABLES) == path.parent


def test_that_data_cannot_be_imported_while_a_study_runs(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    few_trials(window, 500)
    assert window.actions_[Command.IMPORT_DATA].isEnabled()
    window.running.start()
    qtbot.waitUntil(lambda: window.session.phase is Phase.RUNNING)
    assert not window.actions_[Command.IMPORT_DATA].isEnabled()
    assert not window.form.data.import_button.isVisible()
    drop(tmp_path / "houses.csv", window)
    assert window.findChild(ImportDialog) is None
    window.running.stop()
    qtbot.waitUntil(lambda: window.session.job is None)
    assert window.form.data.import_button.isEnabled()


def test_that_the_form_and_the_menu_ask_for_a_file(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def choose_nothing(*arguments: object) -> tuple[str, str]:
        asked.append(arguments[1])
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose_nothing)
    window.actions_[Command.IMPORT_DATA].trigger()
    window.form.data.import_button.click()
    assert asked == ["Import data", "Import data"]


def test_that_a_full_disk_leaves_the_older_settings(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings" / "mine.json"
    path.parent.mkdir()
    window.settings_files.save(path)
    before = path.read_bytes()
    few_trials(window, 7)
    told: list[tuple[str, str]] = []
    monkeypatch.setattr("gui.setup.settings_files.show_error", lambda _parent, *words: told.append(words))
    with full_disk():
        window.settings_files.save(path)
    assert told == [("The settings cannot be saved", f"{path}: File too large")]
    assert path.read_bytes() == before
    assert names(path.parent) == ["mine.json"]


def test_that_settings_survive_a_file(window: MainWindow, tmp_path: Path) -> None:
    few_trials(window, 7)
    window.settings_files.save(tmp_path / "mine.json")
    saved = window.form.settings()
    window.form.reset()
    assert window.form.settings() != saved
    window.settings_files.load(tmp_path / "mine.json")
    assert window.form.settings() == saved


def test_that_bad_settings_are_a_sentence_and_leave_the_form(window: MainWindow, tmp_path: Path) -> None:
    few_trials(window, 7)
    before = window.form.settings()
    (tmp_path / "bad.json").write_text(json.dumps({"budget": {"trials": "many"}}))
    window.settings_files.load(tmp_path / "bad.json")
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "bad.json" in box.informativeText()
    assert "budget.trials" in box.informativeText()
    box.close()
    assert window.form.settings() == before


def test_that_save_as_copies_the_study_and_goes_on_with_the_copy(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    few_trials(window, 3)
    run_to_end(window, qtbot)
    original = window.session.path
    window.study_files.save_as(tmp_path / "kept.afina")
    assert window.session.path == tmp_path / "kept.afina"
    assert original is not None
    assert read_study(original) == read_study(tmp_path / "kept.afina")
    assert window.windowTitle().startswith("kept")


def test_that_the_note_on_the_data_is_one_click_away(window: MainWindow) -> None:
    window.form.data.about.click()
    dialog = window.findChild(NoteDialog)
    assert dialog is not None
    browser = dialog.findChild(QTextBrowser)
    assert browser is not None
    assert "segregation" in browser.toPlainText()
    dialog.close()


def test_that_there_is_no_note_on_a_file_of_the_user_and_that_this_is_said(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "rents.csv").write_text("area,rent\n")
    file = imported(tmp_path / "rents.csv", 24, "rent", Task.REGRESSION, {"area": ColumnRole.NUMBER})
    window.form.set_data_file(ImportedTable(file))
    window.helping.menu.show_note_on_data()
    (box,) = window.findChildren(QMessageBox)
    assert "rents.csv is a file of your own" in box.informativeText() + box.text()
    box.close()


def test_that_selection_is_one_in_table_and_session(window: MainWindow, qtbot: QtBot) -> None:
    few_trials(window, 4)
    run_to_end(window, qtbot)
    qtbot.waitUntil(lambda: window.table.model.rowCount() == 4)
    window.table.view.selectRow(2)
    assert window.session.selected == 3
    window.session.select(2)
    assert [index.row() for index in window.table.view.selectionModel().selectedRows()] == [1]


def test_that_failures_of_every_initial_trial_say_what_to_change(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = ScriptedTrainer(lambda _: "The loss became infinite in epoch 1")
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as window:
        few_trials(window, 8)
        run_to_end(window, qtbot)
        assert "Paused: 5 trials failed in a row" in window.headline.text
        assert "diverged" in window.headline.text
        assert "learning rate" in window.headline.text
        assert window.statusBar().state.text() == "Paused"  # type: ignore[attr-defined]
        assert window.actions_[Command.RESUME].isEnabled()


def test_that_a_folder_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path / "file", qtbot, monkeypatch) as window:
        few_trials(window)
        run_to_end(window, qtbot)
        box = window.findChild(QMessageBox)
        assert box is not None
        assert "cannot be created" in box.informativeText()
        box.close()
        assert window.actions_[Command.START].isEnabled()
        assert window.session.path is None


def test_that_a_bug_in_the_study_reaches_the_crash_box_and_the_window_goes_on(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(request: TrialRequest) -> Sequence[float] | str:
        if request.trial == 2:
            raise ZeroDivisionError("a bug of ours")
        return bowl(request)

    with open_window(scripted_engine(ScriptedTrainer(broken)), tmp_path, qtbot, monkeypatch) as window:
        few_trials(window)
        run_to_end(window, qtbot)
        qtbot.waitUntil(lambda: window.crashes._box is not None, timeout=RUN)
        box = window.crashes._box
        assert box is not None
        assert "ZeroDivisionError" in box.detailedText()
        box.close()
        assert "Interrupted" in window.headline.text
        assert window.actions_[Command.RESUME].isEnabled()
        assert window.session.path is not None
        assert len(StudyProgress.of(read_study(window.session.path)).finished) == 1
    caplog.clear()


def test_that_the_reason_of_a_fall_is_told_whenever_it_is_noticed(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Falling:
        def start(self, *_arguments: object, **_options: object) -> None:
            raise StoreError("The disk is full")

        resume = evaluate = watch = start

    with open_window(Falling(), tmp_path, qtbot, monkeypatch) as window:
        told: list[str] = []
        window.session.failed.connect(lambda failure: told.append(failure.message))
        for count in range(1, 6):
            window.running.start()
            window.session.finish(60_000)  # before the event loop has heard that the thread ended
            assert told == ["The disk is full"] * count
        for box in window.findChildren(QMessageBox):
            box.close()


def test_that_layout_and_recent_studies_are_remembered(
    window: MainWindow, trainer: ScriptedTrainer, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_trials(window, 2)
    run_to_end(window, qtbot)
    window.layout_.table_dock.hide()
    window.loss_plot.scale_choice = ScaleChoice.LOG
    path = window.session.path
    window.close()
    with open_window(scripted_engine(trainer), tmp_path, qtbot, monkeypatch) as other:
        assert not other.layout_.table_dock.isVisible()
        assert other.loss_plot.scale_choice is ScaleChoice.LOG
        other.menus.recent.aboutToShow.emit()
        assert path is not None
        assert other.menus.recent.actions()[0].text() == path.stem


def test_that_studies_are_looked_for_where_the_last_one_is_whatever_was_saved_elsewhere(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    few_trials(window, 2)
    run_to_end(window, qtbot)
    (tmp_path / "elsewhere").mkdir()
    window.settings_files.save(tmp_path / "elsewhere" / "mine.json")
    assert window.preferences.folder_for(Purpose.SETTINGS) == tmp_path / "elsewhere"
    assert window.preferences.study_folder == tmp_path


def test_that_nothing_is_cut_off_at_1280_by_800(window: MainWindow) -> None:
    window.resize(1280, 800)
    lay_out(window)
    assert window.minimumSizeHint().width() <= 1280
    assert window.minimumSizeHint().height() <= 760
    assert (window.width(), window.height()) == (1280, 800)


def test_that_a_study_whose_data_have_changed_says_so_and_asks_before_it_goes_on(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    data = tmp_path / "houses.csv"
    data.write_text("size,price\n" + "".join(f"{n},{2 * n}\n" for n in range(40)))
    file = imported(data, 40, "price", Task.REGRESSION, {"size": ColumnRole.NUMBER})
    few_trials(window)
    window.form.set_data_file(ImportedTable(file))
    window.actions_[Command.START].trigger()
    qtbot.waitUntil(lambda: bool(progress_of(window.session).finished), timeout=RUN)
    window.actions_[Command.STOP].trigger()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    path, done = window.session.path, len(progress_of(window.session).finished)
    assert path is not None
    data.write_text("size,price\n1,2\n")

    window.study_files.new()
    open_study(window, path, qtbot)
    qtbot.waitUntil(lambda: len(progress_of(window.session).finished) == done, timeout=RUN)
    assert "houses.csv has changed" in shown_box(window).informativeText()
    shown_box(window).close()
    window.actions_[Command.RESUME].trigger()
    qtbot.waitUntil(lambda: "cannot be compared" in shown_box(window).informativeText(), timeout=RUN)
    box = shown_box(window)
    assert window.session.job is None
    assert len(progress_of(window.session).finished) == done
    next(button for button in box.buttons() if button.text() == "Resume all the same").click()
    qtbot.waitUntil(lambda: len(progress_of(window.session).finished) > done, timeout=RUN)


def test_that_a_study_does_not_start_with_data_that_are_gone(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    file = DataFile(
        path=str(tmp_path / "gone.csv"),
        layout=TableFormat(),
        fingerprint=Fingerprint(3, "0"),
        rows=40,
        target="price",
        task=Task.REGRESSION,
        columns={"size": ColumnRole.NUMBER},
    )
    window.form.set_data_file(ImportedTable(file))
    window.actions_[Command.START].trigger()
    qtbot.waitUntil(lambda: "gone.csv is not in" in shown_box(window).informativeText(), timeout=RUN)
    assert window.session.path is None
    assert not list(tmp_path.glob("*.afina"))


def test_that_a_study_of_data_that_are_no_file_opens_and_says_so(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "houses.csv"
    folder.mkdir()
    file = DataFile(
        path=str(folder),
        layout=TableFormat(),
        fingerprint=Fingerprint(folder.stat().st_size, "0"),
        rows=40,
        target="price",
        task=Task.REGRESSION,
        columns={"size": ColumnRole.NUMBER},
    )
    path = tmp_path / "study.afina"
    with Store.create(path, study_started(StudySettings(data=DataSettings(file=file)))):
        pass
    open_study(window, path, qtbot)
    qtbot.waitUntil(lambda: "is no file that can be read" in shown_box(window).informativeText(), timeout=RUN)
    assert window.session.path == path


def shown_box(window: MainWindow) -> QMessageBox:
    """Return the message that is on the screen, or an empty one."""
    boxes = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    return boxes[-1] if boxes else QMessageBox()
