"""A new study from another one: all of its settings in the form, whatever has become of it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from core.headless import listing
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.phases import Job
from core.rules import Relation, Rule
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, LimitSettings, StudySettings
from core.settings_file import read_settings
from core.store.writer import Store
from core.study.loop import study_started
from gui.session.run_state import Command
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import open_study, open_window, progress_of

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
MLP = FAMILIES["mlp"]
SETTINGS = StudySettings(
    model=ModelSettings(
        family_name="mlp",
        ranges={p.name: p.first_range() for p in MLP.parameters},
        rules=(Rule("units", Relation.AT_MOST, 256.0, "layers"),),
    ),
    search=SearchSettings(method=SearchMethod.RANDOM),
    budget=BudgetSettings(trials=7, target=0.5),
    limits=LimitSettings(failures_in_a_row=3),
    workers=2,
    seed=41,
)


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path / "own", qtbot, monkeypatch) as opened:
        yield opened


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Give a study that was interrupted before its first trial."""
    path = tmp_path / "study.afina"
    Store.create(path, study_started(SETTINGS)).close()
    return path


def test_that_an_interrupted_study_is_copied_into_the_form(window: MainWindow, study: Path, qtbot: QtBot) -> None:
    assert not window.actions_[Command.COPY].isEnabled()
    open_study(window, study, qtbot)
    window.form.reset()
    window.actions_[Command.COPY].trigger()
    assert window.form.settings() == SETTINGS
    assert window.session.path is None
    assert window.session.progress is None
    assert "Ready" in window.headline.text


def test_that_a_study_that_runs_elsewhere_is_copied_and_goes_on_there(
    window: MainWindow, study: Path, qtbot: QtBot
) -> None:
    with Store.open(study):
        open_study(window, study, qtbot)
        jobs = [window.session.job]
        window.session.run_state_changed.connect(lambda job, _phase: jobs.append(job))
        window.actions_[Command.COPY].trigger()
        assert jobs == [Job.WATCH, None]
        assert window.form.settings() == SETTINGS
        assert window.actions_[Command.START].isEnabled()


def test_that_a_finished_study_is_copied_and_the_copy_gives_the_same(window: MainWindow, qtbot: QtBot) -> None:
    quick = msgspec.structs.replace(StudySettings(seed=5), budget=BudgetSettings(trials=9))
    window.form.set_settings(quick)
    values = []
    for _ in range(2):
        window.running.start()
        assert not window.actions_[Command.COPY].isEnabled()
        qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
        values.append([trial.values for trial in progress_of(window.session).trials.values()])
        window.form.reset()
        window.actions_[Command.COPY].trigger()
    assert values[0] == values[1]


def test_that_settings_are_printed_as_run_takes_them(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert listing.settings(study) == 0
    (tmp_path / "settings.json").write_text(capsys.readouterr().out)
    assert read_settings(tmp_path / "settings.json") == SETTINGS
    assert listing.settings(tmp_path / "settings.json") == 2
    assert "settings.json" in capsys.readouterr().err
