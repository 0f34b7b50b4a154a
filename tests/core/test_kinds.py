"""Every kind of parameter goes through a whole study, its file and its exports."""

import json
from pathlib import Path

import msgspec
import pytest

from core.errors import DamagedStudy, InvalidSetting
from core.events import Event, TrialStarted
from core.export.exporters import CSV, JSON, PYTHON
from core.parameters import Fixed, IntegerRange, Levels, OffOrOn, Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.search.searchers import InlineSearcher
from core.search.settings import Acquisition, SearchMethod, SearchSettings, Surrogate
from core.settings import StudySettings
from core.settings_file import settings_from_json
from core.store.order import OrderCheck
from core.store.reader import read_study
from core.store.writer import Store
from core.study.control import StudyControl
from core.study.loop import Study, study_started
from tests.families import BIAS, EVERY_KIND, KERNEL, WIDTH, declare
from tests.scripted import ScriptedTrainer


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> StudySettings:
    return declare(monkeypatch, EVERY_KIND)


def searched(settings: StudySettings, search: SearchSettings, trials: int) -> StudySettings:
    budget = msgspec.structs.replace(settings.budget, trials=trials)
    return msgspec.structs.replace(settings, search=search, budget=budget)


def run(settings: StudySettings, path: Path) -> StudyProgress:
    first = study_started(settings)
    with Store.create(path, first) as store:
        published: list[Event] = []
        Study([first], store, ScriptedTrainer(), InlineSearcher(), published.extend, StudyControl()).start()
    return StudyProgress.of(read_study(path))


def test_that_settings_with_every_kind_are_read_back(settings: StudySettings) -> None:
    assert settings_from_json(settings.to_json()) == settings


def test_that_settings_without_steps_are_read_as_before() -> None:
    read = msgspec.json.decode(b'{"kind":"integer","low":1,"high":5,"scale":"linear"}', type=IntegerRange)
    assert read == IntegerRange(1, 5)


@pytest.mark.parametrize(
    "search",
    [
        *(SearchSettings(initial_points=4, surrogate=surrogate) for surrogate in Surrogate),
        SearchSettings(initial_points=4, acquisition=Acquisition.HEDGE),
        SearchSettings(method=SearchMethod.RANDOM),
        SearchSettings(method=SearchMethod.GRID, grid_points=3),
    ],
)
def test_that_every_search_proposes_declared_values_only(
    settings: StudySettings, search: SearchSettings, tmp_path: Path
) -> None:
    progress = run(searched(settings, search, 8), tmp_path / "study.afina")
    assert len(progress.finished) == 8
    assert len({tuple(trial.values.values()) for trial in progress.trials.values()}) == 8
    for trial in progress.trials.values():
        assert trial.values["width"] in (16, 32, 64, 128)
        assert trial.values["kernel"] in (1, 3, 7)
        assert type(trial.values["bias"]) is bool
        assert type(trial.values["width"]) is type(trial.values["kernel"]) is int
    if search.method is SearchMethod.BAYESIAN:
        assert progress.trials[8].origin is PointOrigin.MODEL


def test_that_exports_write_levels_and_booleans_as_such(settings: StudySettings, tmp_path: Path) -> None:
    progress = run(searched(settings, SearchSettings(initial_points=2), 2), tmp_path / "study.afina")
    assert progress.best is not None
    values = progress.best.values
    assert json.loads(JSON.text(progress))["values"] == values
    assert f"BIAS = {values['bias']}\n" in PYTHON.text(progress)
    assert f"KERNEL = {values['kernel']}\n" in PYTHON.text(progress)
    line = CSV.text(progress).splitlines()[progress.best.number]
    assert f",{values['width']},{values['kernel']},{values['bias']}," in line


@pytest.mark.parametrize(("name", "wrong"), [("kernel", 2), ("kernel", True), ("bias", 1), ("bias", "on")])
def test_that_a_file_with_a_value_of_another_kind_is_damaged(settings: StudySettings, name: str, wrong: Value) -> None:
    fixed: dict[str, Value] = {"width": 32, "kernel": 3, "bias": False, "epochs": 10}
    values = fixed | {"learning_rate": 0.01, "batch_size": 32, name: wrong}
    order = OrderCheck()
    order.check(study_started(settings))
    with pytest.raises(DamagedStudy, match="has a value that cannot be"):
        order.check(TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.RANDOM))


def test_that_a_level_is_as_it_was_declared() -> None:
    assert type(KERNEL.plain(3.0)) is int
    assert KERNEL.fixed(7) == Fixed(7)
    assert KERNEL.first_range() == Levels((1, 3, 7))
    with pytest.raises(InvalidSetting, match="knows no 2; it takes one of 1, 3, 7"):
        KERNEL.range((1, 2))


def test_that_a_boolean_takes_nothing_but_off_and_on() -> None:
    assert BIAS.first_range() == OffOrOn()
    with pytest.raises(InvalidSetting, match="takes false or true"):
        BIAS.check(Fixed(0))


def test_that_a_declared_step_is_in_the_first_range() -> None:
    assert WIDTH.first_range() == WIDTH.range(16, 128, WIDTH.scale, 2)
