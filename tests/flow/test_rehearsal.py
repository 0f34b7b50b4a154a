"""Rehearsals with real Keras: what is measured of each way to train, and models that cannot be built."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.datasets.settings import DataSettings
from core.headless import commands, console
from core.models.catalogue import FAMILIES
from core.models.custom.declared import Declared
from core.models.custom.model_file import ModelFile
from core.models.family import DataShape
from core.objective import ObjectiveSettings
from core.parameters import IntegerRange, Value
from core.rehearsal.configurations import Measured
from core.settings import StudySettings
from core.tables.description import ColumnRole, Task
from core.training.request import TrialRequest
from tests.tables import imported

pytestmark = pytest.mark.slow

PERCEPTRON: dict[str, Value] = {"layers": 2, "units": 8, "activation": "relu", "dropout": 0.2}
IMAGES: dict[str, Value] = {"blocks": 3, "filters": 32, "kernel": 3, "units": 32, "activation": "relu", "dropout": 0.0}


@pytest.fixture(scope="module")
def training() -> Any:
    from core.training.trial import Training

    return Training()


def rehearse(
    training: Any,
    family: str = "mlp",
    data: str = "boston_housing",
    folds: int = 0,
    file: ModelFile | None = None,
    objective: ObjectiveSettings = ObjectiveSettings(),  # noqa: B008  it is immutable
    **values: Value,
) -> Measured:
    from core.rehearsal.measuring import rehearse

    own = {"mlp": PERCEPTRON, "cnn": IMAGES}.get(family, {})
    given: dict[str, Value] = {"learning_rate": 1e6, "batch_size": 32, "epochs": 10, "optimizer": "sgd"}
    of_data = DataSettings(dataset=data, folds=folds)
    asked = TrialRequest(1, family, given | own | values, 0, of_data, 0, objective=objective, file=file)
    *others, last = rehearse(training, asked)
    assert not any(measured.over for measured in others)
    assert last.over
    return last


def test_that_whole_epochs_are_timed_and_no_learning_rate_makes_them_diverge(training: Any) -> None:
    found = rehearse(training)
    assert (found.problem, found.note) == ("", "")
    assert found.weights == 13 * 8 + 8 + 8 * 8 + 8 + 8 + 1
    assert found.build_seconds is not None
    assert found.trace_seconds is not None
    assert found.epoch_seconds is not None
    assert 0 < found.epoch_seconds < found.trace_seconds
    assert 2**26 < found.memory <= psutil.virtual_memory().total
    assert found.data_memory == 506 * (13 + 1) * 4
    again = rehearse(training, units=24)
    assert again.weights == 13 * 24 + 24 + 24 * 24 + 24 + 24 + 1  # its own, though the loops have served another
    assert again.trace_seconds is not None
    assert again.trace_seconds < found.trace_seconds


def test_that_of_a_long_epoch_some_steps_are_timed(training: Any) -> None:
    found = rehearse(training, "cnn", "digits", batch_size=4)
    assert found.problem == ""
    assert found.epoch_seconds is not None
    assert found.epoch_seconds > 0


def test_that_a_model_for_fit_is_timed_and_noted(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def eager(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
        model = linear.build(values, data, seed)
        model.run_eagerly = True
        return model

    in_loops = rehearse(training, "linear", batch_size=1).epoch_seconds
    linear = FAMILIES["linear"]
    monkeypatch.setitem(FAMILIES, "linear", replace(linear, build=eager))
    found = rehearse(training, "linear", batch_size=1)
    assert found.problem == ""
    assert "Keras's fit" in found.note
    assert found.epoch_seconds is not None
    assert in_loops is not None
    assert found.epoch_seconds > 3 * in_loops  # 405 steps, of which not all were waited for


def test_that_of_folds_one_is_trained(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    builds: list[int] = []
    linear = FAMILIES["linear"]

    def counted(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
        builds.append(seed)
        return linear.build(values, data, seed)

    monkeypatch.setitem(FAMILIES, "linear", replace(linear, build=counted))
    found = rehearse(training, "linear", folds=20)
    assert found.problem == ""
    assert found.epoch_seconds is not None
    assert len(set(builds)) == 1


def test_that_an_objective_that_the_model_does_not_report_is_a_problem(training: Any) -> None:
    for images in (False, True):  # in whole epochs, and in pieces of one
        of, data, batch = ("cnn", "digits", 4) if images else ("mlp", "boston_housing", 32)
        found = rehearse(training, of, data, objective=ObjectiveSettings(metric="val_f1"), batch_size=batch)
        assert "reports no metric “val_f1”" in found.problem


def test_that_a_model_file_that_raises_is_told_with_its_line(training: Any) -> None:
    source = (
        "import keras\n\ndef build_model(hp):\n    if hp.Int('layers', 1, 3) > 2:\n"
        "        raise ValueError('too deep')\n    model = keras.Sequential([keras.layers.Dense(1)])\n"
        "    model.compile(loss='mse')\n    return model\n"
    )
    layers = Declared(name="layers", range=IntegerRange(1, 3), default=1)
    file = ModelFile(path="/somewhere/deep.py", source=source, parameters=(layers,), takes_hp=True)
    assert rehearse(training, "own", file=file, layers=2).problem == ""
    problem = rehearse(training, "own", file=file, layers=3).problem
    assert "too deep" in problem
    assert "line 5" in problem


def test_that_a_shape_that_cannot_be_is_a_sentence(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_many_poolings(values: Mapping[str, Value], data: DataShape, seed: int) -> Any:
        import keras

        from core.models.heads import compiled

        pooling: list[Any] = [keras.layers.MaxPooling2D() for _ in range(int(values["blocks"]))]
        return compiled([*pooling, keras.layers.Flatten()], values, data, seed)

    cnn = replace(FAMILIES["cnn"], build=too_many_poolings)
    monkeypatch.setitem(FAMILIES, "cnn", cnn)
    assert rehearse(training, "cnn", "digits", blocks=2).problem == ""
    failed = rehearse(training, "cnn", "digits", blocks=5)
    assert failed.problem.startswith("ValueError")
    assert failed.epoch_seconds is None


def test_that_the_command_prints_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.rehearse(None) == console.DONE
    streams = capsys.readouterr()
    assert streams.err.splitlines()[0] == "Loading TensorFlow…"
    assert "Trying the slowest, 4 of 4: training…" in streams.err
    printed = streams.out
    verdict, empty, columns = printed.split("\n")[:3]
    assert verdict.startswith("All 4 can be trained. About ")
    assert (empty, columns.split()) == ("", ["smallest", "middle", "largest", "slowest"])
    assert ["Weights", "14", "14", "14", "14"] in [line.split() for line in printed.splitlines()]
    assert "The study of 20 trials: about" in printed
    assert "Memory: up to" in printed
    assert "Warning" not in printed


def test_that_folds_that_cannot_be_are_found_before_the_first_trial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "few.csv"
    data.write_text("a,y\n" + "".join(f"{n % 7},{'C' if n < 3 else 'AB'[n % 2]}\n" for n in range(200)))
    file = imported(data, 200, "y", Task.MULTICLASS, {"a": ColumnRole.NUMBER})
    settings = tmp_path / "settings.json"
    settings.write_text(StudySettings(data=DataSettings(file=file, folds=5)).to_json())
    assert commands.rehearse(settings) == console.FAILED
    sentence = "Every configuration that was tried failed: The class “C” has 3 rows, too few for 5 folds."
    assert sentence in capsys.readouterr().out
