"""How a new study is conducted: what is recorded of the computer and of Keras, and what a study file cannot hold."""

import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.conduct import FIRST_RULES, MAX_THREADS, RULES, Conduct
from core.errors import DamagedStudy
from core.events import StudyEnd, TrialStarted
from core.models.custom.recurrent import may_drop_in_every_call
from core.models.keras_config import KerasConfig, keras_can_load, users_configuration
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings, TrainerKind
from core.store.order import OrderCheck
from core.store.reader import read_study
from core.store.writer import Store
from core.study.continuity import why_not_identical
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.study.loop import study_started
from core.words.continuing import RECURRENT_DROPOUT
from tests.model_files import CUSTOM, custom_file, custom_settings
from tests.old_studies import VALUES
from tests.scripted import ScriptedTrainer, scripted_engine


@pytest.fixture(autouse=True)
def keras_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path / "keras.json"


def test_that_a_study_records_what_its_numbers_depend_on(keras_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert study_started(StudySettings()).conduct == Conduct(
        rules=RULES, threads=7, floatx="float32", epsilon=1e-7, image_data_format="channels_last"
    )
    keras_home.write_text('{"floatx": "float64", "epsilon": 1e-5, "image_data_format": "channels_first"}')
    own = study_started(custom_settings(custom_file())).conduct
    assert (own.floatx, own.epsilon, own.image_data_format) == ("float64", 1e-5, "channels_first")
    ours = study_started(msgspec.structs.replace(StudySettings(), workers=3)).conduct
    assert (ours.threads, ours.floatx, ours.image_data_format) == (2, "float64", "channels_last"), "as our images are"


@pytest.mark.parametrize(
    ("text", "found", "loads"),
    [
        (None, {}, True),
        ("no JSON", {}, True),
        ('{"floatx": "float16"}', {"floatx": "float16"}, True),
        ('{"floatx": "float8", "epsilon": 1e-3}', {"epsilon": 1e-3}, False),
        ('{"floatx": ["float64"]}', {}, False),
        ('{"epsilon": 1}', {}, False),
        ('{"epsilon": NaN}', {}, True),
        ('{"epsilon": -1.0, "image_data_format": "channels_first"}', {"image_data_format": "channels_first"}, True),
        ("[1]", {}, False),
        ("null", {}, False),
        ("[" * 50_000, {}, False),
        (" " * 200_000, {}, False),
    ],
)
def test_that_any_file_of_keras_gives_a_configuration(
    keras_home: Path, text: str | None, found: dict[str, Any], loads: bool
) -> None:
    if text is not None:
        keras_home.write_text(text)
    assert users_configuration() == KerasConfig(**found)
    assert keras_can_load() is loads


@pytest.mark.parametrize(
    "wrong",
    [
        {"threads": -1},
        {"threads": MAX_THREADS + 1},
        {"floatx": "float8"},
        {"epsilon": -1e-7},
        {"epsilon": float("nan")},
        {"epsilon": 1e300},
        {"image_data_format": "sideways"},
        {"rules": 0},
        {"rules": RULES + 1},
    ],
)
def test_that_a_study_with_a_conduct_that_cannot_be_is_damaged(wrong: dict[str, Any]) -> None:
    started = msgspec.structs.replace(study_started(StudySettings()), conduct=Conduct(**{"rules": RULES} | wrong))
    with pytest.raises(DamagedStudy, match="conducted as no study can be"):
        OrderCheck().check(started)


class Counting(ScriptedTrainer):
    """Notes the numbers of threads that it is asked for, and has a number of its own."""

    def __init__(self, threads: int = 0) -> None:
        super().__init__()
        self.asked: list[int] = []
        self._threads = threads

    @property
    def threads(self) -> int:
        return self._threads

    def resize(self, workers: int, threads: int = 0) -> None:
        super().resize(workers, threads)
        self.asked.append(threads)


def study_of(path: Path, conduct: Conduct, settings: StudySettings | None = None) -> Path:
    """Write a study in which one trial has begun."""
    settings = settings or StudySettings()
    started = msgspec.structs.replace(study_started(settings), conduct=conduct)
    values = VALUES if settings.model.file is None else settings.model.values_at({"units": 4, "rate": 0.01})
    with Store.create(path, started) as store:
        store.record([TrialStarted(trial=1, values=values, seed=1, origin=PointOrigin.INITIAL)])
    return path


@pytest.mark.parametrize("recorded", [0, 5])
def test_that_a_study_goes_on_with_the_threads_with_which_it_began(tmp_path: Path, recorded: int) -> None:
    path = study_of(tmp_path / "study.afina", Conduct(rules=RULES, threads=recorded))
    trainer = Counting(recorded)
    end = scripted_engine(trainer).resume(ResumeRequest(path, 2), lambda _events: None, StudyControl())
    assert end.reason is StudyEnd.FINISHED
    assert trainer.asked == [recorded]
    assert StudyProgress.of(read_study(path)).caveats == []


def test_that_a_process_that_cannot_take_the_threads_of_the_study_says_so_once(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(StudySettings(), trainer=TrainerKind.INLINE)
    path = study_of(tmp_path / "study.afina", Conduct(rules=RULES, threads=5), settings)
    for trials in (2, 3):
        scripted_engine(Counting(1)).resume(ResumeRequest(path, trials), lambda _events: None, StudyControl())
    ((trial, caveat),) = StudyProgress.of(read_study(path)).caveats
    assert trial == 1
    assert caveat.startswith("The study may not go on identically: it began with 5 threads of TensorFlow, and this ")


def test_that_another_number_of_threads_is_not_told_of_a_study_that_has_none(tmp_path: Path) -> None:
    progress = StudyProgress.of(read_study(study_of(tmp_path / "study.afina", Conduct())))
    assert why_not_identical(progress, None, threads=3) == ""


RECURRENT = CUSTOM.replace("keras.layers.Dense(values", "keras.layers.GRU(8, dropout=0.2), keras.layers.Dense(values")


@pytest.mark.parametrize(
    ("source", "concerned"),
    [
        (RECURRENT, True),
        (RECURRENT.replace("dropout=0.2", "recurrent_dropout=values['rate']"), True),
        (RECURRENT.replace("GRU(8, dropout=0.2)", "Bidirectional(keras.layers.LSTM(8, **{'dropout': 0.1}))"), True),
        (RECURRENT.replace("keras.layers.GRU(8,", "getattr(keras.layers, 'SimpleRNN')(8,"), True),
        (RECURRENT.replace("keras.layers.GRU(8,", "keras.layers.RNN(keras.layers.LSTMCell(8),"), True),
        (RECURRENT.replace("dropout=0.2", "dropout=0.0"), False),
        (RECURRENT.replace("GRU(8, dropout=0.2)", "GRU(8), keras.layers.Dropout(0.2)"), False),
        (RECURRENT.replace("GRU(8, dropout=0.2)", "MultiHeadAttention(2, 4, dropout=0.2)"), False),
        (CUSTOM, False),
        ("no Python (", False),
    ],
)
def test_that_only_recurrent_layers_with_dropout_concern_an_older_study(source: str, concerned: bool) -> None:
    assert may_drop_in_every_call(source) is concerned


@pytest.mark.parametrize(
    ("source", "rules", "told"),
    [(RECURRENT, FIRST_RULES, 1), (CUSTOM, FIRST_RULES, 0), (RECURRENT, RULES, 0)],
)
def test_that_an_older_study_with_such_layers_says_once_that_it_may_not_go_on_identically(
    tmp_path: Path, source: str, rules: int, told: int
) -> None:
    settings = custom_settings(custom_file(source=source))
    path = study_of(tmp_path / "study.afina", Conduct(rules=rules), settings)
    assert settings.model.file is not None
    for trials in (2, 3):
        engine = scripted_engine(ScriptedTrainer(lambda _request: [1.0]), {settings.model.file.digest})
        engine.resume(ResumeRequest(path, trials), lambda _events: None, StudyControl())
    assert StudyProgress.of(read_study(path)).caveats == [(1, RECURRENT_DROPOUT)] * told


def test_that_the_record_of_an_older_study_has_no_conduct(tmp_path: Path) -> None:
    assert json.loads(msgspec.json.encode(Conduct())) == {
        "rules": 1,
        "threads": 0,
        "floatx": "",
        "epsilon": 0.0,
        "image_data_format": "",
    }
