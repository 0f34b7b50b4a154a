"""What a screen reader hears of the window in each state of a study: the texts that are shown, without mark-up."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar
from pytestqt.qtbot import QtBot

from core.datasets.settings import DataSettings
from core.errors import StoreBlocked
from core.events import Event, StudyEnd
from core.phases import Job, Phase
from core.rules import Relation, Rule
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.store.writer import Store
from gui.data_import.dialog import ImportDialog
from gui.export.dialog import ExportDialog
from gui.rehearsal.dialog import RehearsalDialog
from gui.session.run_state import Command
from gui.setup.consent_dialog import ConsentDialog, Origin
from gui.setup.parameters.rows import ScaleCell
from gui.setup.parameters.table import KEYS, ParametersTable
from gui.widgets.fields import LOCKED, without_tags
from gui.widgets.theme import Theme
from gui.window.main_window import MainWindow
from tests.core.told_studies import progress_with
from tests.importing import CannedInspector, show_houses
from tests.listed import listed_study
from tests.model_files import CUSTOM
from tests.reading import faults, heard_of, names, read
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY, lay_out, open_study, open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
SHORT = msgspec.structs.replace(
    tutorial_settings(),
    budget=BudgetSettings(trials=4),
    search=msgspec.structs.replace(tutorial_settings().search, initial_points=2),
)


def assert_told(window: MainWindow) -> None:
    """Check the whole window, and that its headline and its status bar are heard as they are shown."""
    window.headline._show()
    window.statusBar()._show()  # type: ignore[attr-defined]
    lay_out(window)
    assert not "\n".join(faults(window))
    heard, bar = names(window), window.statusBar()
    headline, result = window.headline, window.headline.result
    shown = [without_tags(label.whole) for label in (headline.title, headline.facts) if headline.isVisible()]
    shown += [result.number.text()] if result.isVisible() else []
    shown += [bar.state.text(), bar.trial.text(), bar.epoch.text(), bar.left.text(), bar.best.text()]  # type: ignore[attr-defined]
    assert [text for text in shown if text not in heard] == []


def run(window: MainWindow, settings: StudySettings, qtbot: QtBot) -> None:
    window.form.set_settings(settings)
    window.running.start()
    qtbot.waitUntil(lambda: window.session.job is Job.STUDY)


def run_to_the_end(window: MainWindow, settings: StudySettings, qtbot: QtBot) -> None:
    run(window, settings, qtbot)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)


def until_drawn(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until table and plots show something of the study."""
    qtbot.waitUntil(lambda: window.table.model.rowCount() > 0, timeout=RUN)
    plots = window.loss_plot, window.convergence_plot
    qtbot.waitUntil(lambda: all(plot._stack.currentWidget() is plot._canvas for plot in plots), timeout=RUN)


# Before a study


def test_that_the_list_of_studies_is_read_out(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    for stem, end in (("pigs", StudyEnd.PAUSED), ("digits", None), ("boston", StudyEnd.FINISHED)):
        listed_study(tmp_path, stem, end, name=f"Study of {stem}", age=3600.0, now=1e9)
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch) as window:
        window.start_with(None)
        qtbot.waitUntil(lambda: "Study of boston" in names(window))
        assert_told(window)
        heard = names(window)
        assert {"Study of pigs", "2 of 20 trials", "Resume Study of pigs", "Recent studies"} <= set(heard)


def test_that_the_setup_is_read_out_and_each_of_its_sections(window: MainWindow) -> None:
    assert_told(window)
    for family in ("linear", "mlp"):
        window.form.model.family.set_value(family)
        window.form.card.set_open([section.title for section in window.form.card.folded])
        assert_told(window)


def test_that_words_are_read_out_before_the_buttons_beside_them_and_plots_in_the_order_of_the_eye(
    window: MainWindow,
) -> None:
    heard = names(window)
    title = without_tags(window.headline.title.whole)
    order = [title, "Rehearse…", "Loss per epoch", "Convergence", "Evaluated points"]
    assert sorted(order, key=heard.index) == order


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # what a popup asks of the offscreen platform
def test_that_menus_and_opened_lists_are_read_out(window: MainWindow) -> None:
    form = window.form
    form.model.family.showPopup()
    lists = [heard for heard in read(form.model.family.view()) if heard.focusable]
    assert [lists[0].name, lists[1].name] == ["Model", "Linear model"]
    form.model.family.hidePopup()
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()
        assert not "\n".join(faults(menu))
        if not isinstance(menu.parent(), QMenuBar):  # one of Qt's own, with the menus for which there is no room
            assert menu.title() or menu.accessibleName(), [action.text() for action in menu.actions()]


def test_that_nothing_is_called_twice_and_no_label_is_empty(window: MainWindow) -> None:
    window.form.card.set_open([section.title for section in window.form.card.folded])
    lay_out(window)
    heard = read(window)
    assert [str(one) for one in heard if "" in one.labels] == []
    assert [str(one) for one in heard if one.description and one.description == one.name] == []
    assert [str(one) for one in heard if any(one.description.split(". ")[0] == label for label in one.labels)] == []


def test_that_errors_and_warnings_of_the_setup_are_read_out(window: MainWindow) -> None:
    form = window.form
    form.validation.share.setText("90")
    form.preparation.standardise.setChecked(False)
    form.limits.trial_megabytes.setText("500")
    form.space.rules.set_rules([Rule("batch_size", Relation.AT_MOST, 1000.0)])
    form.space.rules.changed.emit()
    form.card.set_open([form.preparation.title, form.limits.title, form.space.title])
    assert_told(window)
    heard = [said.name for said in read(window)]
    assert "500 MB is too little memory per trial: TensorFlow itself needs 1,000 MB" in heard
    assert "Without this, SGD diverges on this data at most learning rates" in heard


def test_that_the_help_is_read_out(window: MainWindow) -> None:
    for command in (Command.HELP, Command.SHORTCUTS):
        window.actions_[command].trigger()
        assert_told(window)


# While it runs


@pytest.fixture
def slow(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(scripted_engine(ScriptedTrainer(seconds=0.02)), tmp_path, qtbot, monkeypatch) as window:
        yield window


def test_that_a_study_is_read_out_while_it_starts_runs_and_is_paused(slow: MainWindow, qtbot: QtBot) -> None:
    run(slow, LONG_STUDY, qtbot)
    assert_told(slow)
    qtbot.waitUntil(lambda: progress_of(slow.session).best is not None, timeout=RUN)
    until_drawn(slow, qtbot)
    assert_told(slow)
    slow.actions_[Command.PAUSE].trigger()
    qtbot.waitUntil(lambda: slow.session.phase is Phase.PAUSED, timeout=RUN)
    assert_told(slow)
    heard = [heard.name for heard in read(slow)]
    assert any(name.startswith("Best ") for name in heard)
    assert "Paused" in heard
    assert slow.loss_plot.accessibleDescription() in heard_of(slow.loss_plot.canvas).description


def test_that_a_study_that_waits_for_its_file_is_read_out(
    slow: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, free = Store.record, threading.Event()

    def troubled(store: Store, events: Sequence[Event]) -> None:
        if getattr(events[-1], "trial", 0) >= 2 and not free.is_set():
            raise StoreBlocked("The disk is full. Free some space")
        record(store, events)

    monkeypatch.setattr(Store, "record", troubled)
    run(slow, LONG_STUDY, qtbot)
    qtbot.waitUntil(lambda: slow.session.phase is Phase.BLOCKED, timeout=RUN)
    assert_told(slow)
    assert "The disk is full." in slow.headline.facts.whole
    free.set()


def test_that_a_study_of_another_window_is_read_out(running: MainWindow, window: MainWindow, qtbot: QtBot) -> None:
    path = running.session.path
    assert path is not None
    open_study(window, path, qtbot)
    assert window.session.job is Job.WATCH
    assert_told(window)
    assert "Following" in names(window)


# Afterwards


def test_that_what_is_locked_is_told_as_locked(window: MainWindow) -> None:
    form = window.form
    space, fields = form.space, [form.model.family, form.data.dataset, form.preparation.standardise]
    cells = [space.rows["learning_rate"].vary, *space.findChildren(ScaleCell)[:1]]
    for locked in (True, False):
        form._is_locked = locked
        form._apply_lock()
        told = [LOCKED in widget.accessibleDescription() for widget in (*fields, *cells)]
        assert told == [locked] * 5
        table = space.findChildren(ParametersTable)[0].accessibleDescription()
        assert table == (LOCKED if locked else KEYS)


def test_that_a_finished_study_is_read_out_and_what_it_scores_on_the_test_part(
    window: MainWindow, qtbot: QtBot
) -> None:
    run_to_the_end(window, msgspec.structs.replace(SHORT, data=DataSettings(test_fraction=0.2)), qtbot)
    until_drawn(window, qtbot)
    assert_told(window)
    window.session.evaluate()
    qtbot.waitUntil(lambda: bool(progress_of(window.session).tests), timeout=RUN)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    for box in filter(None, [QApplication.activeModalWidget()]):
        assert not "\n".join(faults(box))
        box.close()
    assert_told(window)


# Dialogs


def test_that_the_import_of_a_table_is_read_out(dialog: ImportDialog, inspector: CannedInspector, qtbot: QtBot) -> None:
    assert not "\n".join(faults(dialog))
    show_houses(inspector, qtbot)
    lay_out(dialog)
    assert not "\n".join(faults(dialog))


def test_that_a_rehearsal_is_read_out(window: MainWindow, qtbot: QtBot) -> None:
    window.rehearsing.expect(SHORT)
    window.actions_[Command.REHEARSE].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RehearsalDialog))
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, RehearsalDialog)
    assert not "\n".join(faults(shown))
    qtbot.waitUntil(lambda: not shown.bar.isVisible())
    assert not "\n".join(faults(shown))
    assert shown.summary.text() in names(shown)
    shown.close()


def test_that_an_export_is_read_out(tmp_path: Path, theme: Theme, qtbot: QtBot) -> None:
    dialog = ExportDialog(progress_with(3.0, 2.0), "houses", tmp_path, theme)
    qtbot.addWidget(dialog)
    dialog.show()
    for choice in dialog.rows.boxes.values():
        choice.click()
        lay_out(dialog)
        assert not "\n".join(faults(dialog))


def test_that_the_question_before_a_model_file_runs_is_read_out(qtbot: QtBot) -> None:
    dialog = ConsentDialog("model.py", Origin("/home/me/model.py"), f"{CUSTOM}# \u202e evil\n")
    qtbot.addWidget(dialog)
    dialog.show()
    lay_out(dialog)
    assert not "\n".join(faults(dialog))
