"""The draft: a setup that was not started survives a crash and a closed window; nothing strange in it does harm."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.parameters import FloatRange
from core.rules import Relation, Rule
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from gui.session.run_state import Command
from gui.setup import draft
from gui.setup.consent_dialog import ConsentDialog
from gui.setup.form import SettingsForm
from gui.widgets.theme import Theme
from gui.window.main_window import MainWindow
from tests.gui.window.conftest import RUN
from tests.model_files import custom_file, custom_settings
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY, open_study, open_window

Open = Callable[[], AbstractContextManager[MainWindow]]
MLP = StudySettings(
    model=ModelSettings(
        family_name="mlp",
        ranges={p.name: p.first_range() for p in FAMILIES["mlp"].parameters} | {"learning_rate": FloatRange(0.01, 0.3)},
        rules=(Rule("units", Relation.AT_MOST, 256.0, "layers"),),
    ),
    budget=BudgetSettings(trials=7, target=0.5),
    seed=41,
)


@pytest.fixture
def start(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Give what starts the program, each time with the same preferences."""
    monkeypatch.setattr(draft, "DELAY", 0)
    return lambda: open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "draft.json"


def test_that_a_setup_survives_a_crash(start: Open, file: Path, qtbot: QtBot) -> None:
    with start() as lost:
        lost.form.set_settings(MLP)
        lost.form.limits.seconds.setText("soon")
        state = lost.form.state()
        qtbot.waitUntil(lambda: file.exists() and "soon" in file.read_text())
        with start() as window:
            assert window.form.state() == state
            assert not window.actions_[Command.UNDO].isEnabled()
            window.form.limits.seconds.setText("")
            assert window.form.settings() == MLP


def test_that_a_setup_survives_a_closed_window(start: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "DELAY", 1_000_000)
    with start() as closed:
        closed.form.set_settings(MLP)
    with start() as window:
        assert window.form.settings() == MLP


def test_that_the_tutorials_setup_leaves_no_draft(start: Open, file: Path, qtbot: QtBot) -> None:
    with start():
        pass
    assert not file.exists()
    with start() as window:
        window.form.set_settings(MLP)
        qtbot.waitUntil(file.exists)
        window.form.reset()
        qtbot.waitUntil(lambda: not file.exists())


def test_that_a_started_study_leaves_no_draft(start: Open, file: Path, qtbot: QtBot) -> None:
    with start() as window:
        window.form.set_settings(LONG_STUDY)
        qtbot.waitUntil(file.exists)
        window.running.start()
        qtbot.waitUntil(lambda: not file.exists(), timeout=RUN)
        window.session.stop()
        qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    assert not file.exists()
    with start() as window:
        assert window.form.settings() == tutorial_settings()


def test_that_a_study_that_is_looked_at_leaves_the_draft(start: Open, file: Path, qtbot: QtBot) -> None:
    with start() as window:
        window.form.set_settings(LONG_STUDY)
        QApplication.processEvents()
        window.running.start()
        qtbot.waitUntil(lambda: window.session.progress is not None, timeout=RUN)
        window.session.stop()
        qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
        path = window.session.path
        assert path is not None
        window.actions_[Command.NEW].trigger()
        window.form.set_settings(MLP)
        open_study(window, path, qtbot)
        assert window.form.settings() == LONG_STUDY
    with start() as window:
        assert window.form.settings() == MLP


def test_that_a_restored_model_file_runs_only_after_consent(
    start: Open, file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.models.custom.inspection.ModelInspectors.prepare", lambda _inspectors: None)
    settings = custom_settings(custom_file())
    with start() as window:
        window.form.set_settings(settings)
        qtbot.waitUntil(file.exists)
    with start() as window:
        assert window.form.settings() == settings
        window.running.start()
        (question,) = window.findChildren(ConsentDialog)
        assert window.session.job is None
        question.reject()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"SQLite format 3\0" + bytes(100),
        b'{"format": "afina-draft-2", "fields": {}}',
        b'{"format": "afina-draft-1", "fields": {}, "more": 1}',
        b'{"format": "afina-draft-1", "fields": {"budget.trials": "7"}, "model_file": {"path": ""}}',
        b'{"format": "afina-draft-1", "fields": ' + b'{"a":' * 100_000,
    ],
    ids=["empty", "broken off", "no text", "a list", "a study", "a later one", "unknown", "wrong model", "deep"],
)
def test_that_a_draft_that_cannot_be_used_is_ignored(start: Open, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with start() as window:
        assert window.form.settings() == tutorial_settings()
        assert file.read_bytes() == content


def test_that_a_folder_in_the_place_of_the_draft_does_no_harm(start: Open, file: Path) -> None:
    file.mkdir()
    with start() as window:
        window.form.set_settings(MLP)
    assert file.is_dir()


def test_that_of_strange_content_only_what_fits_is_shown(start: Open, file: Path) -> None:
    fields = {"data.dataset": "nonsense", "budget.trials": "7", "model.family": 5, "model.rules": "x"}
    file.write_bytes(msgspec.json.encode({"format": "afina-draft-1", "fields": fields}))
    with start() as window:
        assert window.form.data.dataset.value() == tutorial_settings().data.dataset
        assert window.form.budget.trials.text() == "7"


STRANGE: tuple[object, ...] = (
    *(None, True, 3, -1.5, "x", [], {}, [[]], [{}], "x" * 100_000),
    *({"vary": []}, {"vary": 1, "low": [], "scale": {}, "choice": []}, [{"left": [], "right": {}}]),
)


@pytest.mark.parametrize("settings", [MLP, custom_settings(custom_file())], ids=["family", "file"])
def test_that_no_field_can_hold_anything_that_breaks_the_form(
    settings: StudySettings, qtbot: QtBot, theme: Theme
) -> None:
    form = SettingsForm(theme)
    qtbot.addWidget(form)
    form.set_settings(settings)
    state = form.state()
    for path in state:
        for strange in STRANGE:
            form.set_state({**state, path: strange})
    form.set_state(state)
    assert form.settings() == settings


def test_that_a_draft_that_breaks_the_form_all_the_same_keeps_nothing_from_starting(
    start: Open, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise TypeError

    file.write_bytes(msgspec.json.encode({"format": "afina-draft-1", "fields": {}}))
    monkeypatch.setattr(SettingsForm, "set_state", fail)
    with start() as window:
        assert window.form.settings() == tutorial_settings()


def test_that_of_two_windows_the_last_one_wins(start: Open) -> None:
    with start() as first, start() as second:
        second.form.set_settings(MLP)
        second.drafting.draft.close()
        first.form.set_settings(LONG_STUDY)
        first.drafting.draft.close()
        with start() as third:
            assert third.form.settings() == LONG_STUDY


def test_that_a_disk_that_refuses_the_draft_is_no_reason_for_a_message(
    start: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(draft, "write_file", refuse)
    with start() as window:
        window.form.set_settings(MLP)


def test_that_a_window_in_which_nothing_was_set_up_leaves_the_draft_of_another(start: Open, file: Path) -> None:
    with start() as idle, start() as other:
        other.form.set_settings(MLP)
        other.drafting.draft.close()
        idle.form.set_settings(tutorial_settings())
        idle.drafting.draft.close()
        assert file.exists()


def test_that_open_sections_are_remembered(start: Open) -> None:
    with start() as window:
        window.form.card.set_open([window.form.search.title, window.form.limits.title])
    with start() as window:
        assert window.form.card.open == (window.form.search.title, window.form.limits.title)


def test_that_a_window_keeps_its_setup_though_another_has_dropped_it(start: Open, file: Path, qtbot: QtBot) -> None:
    with start() as window:
        window.form.set_settings(MLP)
        qtbot.waitUntil(file.exists)
        file.unlink()
    assert file.exists()
