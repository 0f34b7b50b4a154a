"""Model files in real processes: hostile ones inspected, one for Keras Tuner trained, errors laid at their lines."""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

import core.children.spare
from core.conditions import AtLeast, IsOneOf
from core.datasets.settings import DataSettings
from core.events import Event, FailureReason, TrialEnded, TrialState
from core.export.exporters import PYTHON
from core.models.custom.inspection import (
    InspectModel,
    ModelInspector,
    ModelInspectors,
    ModelRead,
    ModelRefused,
    _inspected,
    _shape,
)
from core.models.custom.model_file import TEMPLATE, ModelFile
from core.objective import Direction, ObjectiveSettings
from core.parameters import Fixed
from core.progress import StudyProgress
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Scale
from core.search.searchers import InlineSearcher
from core.settings import StudySettings, TrainerKind
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from tests.core.test_export import complete, started
from tests.exports import save_export
from tests.model_files import (
    CUSTOM,
    GUIDE_HYPERMODEL,
    GUIDE_LAYERS,
    GUIDE_TRIALS,
    GUIDE_UNITS,
    TUNED,
    custom_file,
    custom_settings,
)
from tests.scripts import numbers_of, run_script

pytestmark = [pytest.mark.slow, pytest.mark.shares_processes, pytest.mark.usefixtures("keras_at_hand")]

PATIENCE = 200.0  # seconds that loading Keras several times over may take on a busy machine
FILES = {
    "tuned": f"{TUNED.partition('tuner =')[0]}print('x' * 1_000_000, flush=True)\nprint('the end')\n"
    f"tuner ={TUNED.partition('tuner =')[2]}",
    "loops": "n = 0\nwhile True:\n    n += 1\n",
    "kills": f"import os\n{CUSTOM}\nprint('my own words')\nkeras.layers.Dense(1, input_shape=(10,))\nos._exit(3)\n",
    "seeks": "import numpy\nnumpy.loadtxt('numbers.csv')\n",
    "argues": "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--act', default='relu')\n"
    f"args = parser.parse_args()\n{CUSTOM}",
    "warns": f"print('my own words')\n{CUSTOM}\nfor _ in range(50):\n    keras.layers.Dense(1, input_shape=(10,))\n",
    "warns only": f"{CUSTOM}\nkeras.layers.Dense(1, input_shape=(10,))\n",
}


@pytest.fixture(scope="module")
def answers() -> dict[str, ModelRead | ModelRefused]:
    """Return what comes of inspecting the files, some at the same time."""
    found: dict[str, ModelRead | ModelRefused] = {}
    inspectors: dict[str, ModelInspector] = {}
    source_of_inspectors = ModelInspectors()
    source_of_inspectors.prepare()
    deadline = time.monotonic() + PATIENCE
    try:
        for name, source in FILES.items():
            data = DataSettings(dataset="digits") if name == "tuned" else None
            question = InspectModel(f"/models/{name}.py", source, data, most_seconds=2 if name == "loops" else 100)
            inspectors[name] = source_of_inspectors.inspect(question)
        while len(found) < len(FILES):
            assert time.monotonic() < deadline
            for name, inspector in list(inspectors.items()):
                answer = inspector.answer(0.05)
                if isinstance(answer, ModelRead | ModelRefused):
                    found[name] = answer
                    inspectors.pop(name).close()
    finally:
        for inspector in inspectors.values():
            inspector.close()
        source_of_inspectors.close()
    return found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("loops", r"loops\.py, line [23]: `.+`: not done after 2 seconds; does it loop for ever\?"),
        (
            "kills",
            r"kills\.py cannot be used: the process that read it was lost, it ended itself with exit code 3\. The last "
            r"that it printed: my own words$",
        ),
        (
            "seeks",
            r"seeks\.py, line 2: `.+`: FileNotFoundError: numbers\.csv not found\. The folder of the model file, .+",
        ),
    ],
)
def test_that_a_hostile_file_gets_a_sentence(
    name: str, said: str, answers: dict[str, ModelRead | ModelRefused]
) -> None:
    answer = answers[name]

    assert isinstance(answer, ModelRefused)
    assert re.match(said, answer.sentence), answer.sentence


def test_that_of_a_megabyte_of_prints_the_end_is_told(answers: dict[str, ModelRead | ModelRefused]) -> None:
    answer = answers["tuned"]

    assert isinstance(answer, ModelRead)
    assert answer.notes[-1] == "The last that it printed: the end"


@pytest.mark.parametrize(
    ("name", "notes"),
    [("argues", ()), ("warns", ("The last that it printed: my own words",)), ("warns only", ())],
)
def test_that_a_file_sees_no_arguments_and_its_warnings_are_not_what_it_printed(
    name: str, notes: tuple[str, ...], answers: dict[str, ModelRead | ModelRefused]
) -> None:
    answer = answers[name]

    assert isinstance(answer, ModelRead), answer
    assert answer.notes == notes


@pytest.mark.parametrize(
    ("build", "said"),
    [
        ("keras.layers.Dense(-1)", r"model\.py, line 4: `return keras\.layers\.Dense\(-1\)`: ValueError: .*units=-1"),
        ("keras.Sequential([keras.layers.Dense(1)])", r"model\.py: build_model returned a model that is not compiled"),
        ("None", r"model\.py: build_model returned nothing: it must return a compiled Keras model"),
        ("keras.layers.Dense(1)", r"model\.py: build_model returned Dense, which is not a Keras model"),
    ],
)
def test_that_what_builds_no_model_gets_a_sentence(build: str, said: str) -> None:
    answer = inspected(f"import keras\n\ndef build(hp):\n    return {build}\n")

    assert isinstance(answer, ModelRefused)
    assert re.match(said, answer.sentence), answer.sentence


GIVES_UP = """\
import keras
import keras_tuner as kt


def build_model(hp):
    units = hp.Int("units", 8, 64, step=8, default={default})
    if units > 40:
        raise kt.errors.FailedTrialError(f"{{units}} units are too many")
    model = keras.Sequential([keras.layers.Dense(units), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model
"""


def test_that_a_file_that_gives_up_its_defaults_is_refused_and_one_that_gives_up_others_is_read() -> None:
    assert inspected(GIVES_UP.format(default=48)) == ModelRefused(
        "model.py gives up the model that the defaults of its hyperparameters make: 48 units are too many"
    )
    answer = inspected(GIVES_UP.format(default=16), DataSettings(dataset="boston_housing"))
    assert isinstance(answer, ModelRead)
    assert (answer.problem, [declared.name for declared in answer.file.parameters]) == ("", ["units"])


def test_that_an_undefined_name_in_build_model_refuses_the_file() -> None:
    answer = inspected(CUSTOM.replace('values["rate"]', "rat"), DataSettings(dataset="boston_housing"))

    assert isinstance(answer, ModelRefused)
    assert re.match(r"model\.py, line \d+: .+: NameError: name 'rat' is not defined", answer.sentence), answer.sentence


def test_that_a_model_that_does_not_suit_these_data_may_suit_others() -> None:
    unsuited = CUSTOM.replace("keras.layers.Dense(1)", "keras.layers.Reshape((7,))")
    assert unsuited != CUSTOM
    answer = inspected(unsuited, DataSettings(dataset="boston_housing"))

    assert isinstance(answer, ModelRead)
    assert "Reshape" in answer.problem


@pytest.mark.parametrize("dataset", ["boston_housing", "breast_cancer", "digits"])
def test_that_the_template_suits_all_kinds_of_data(dataset: str) -> None:
    answer = inspected(TEMPLATE.read_text(), DataSettings(dataset=dataset))

    assert isinstance(answer, ModelRead), answer
    assert answer.problem == ""


def inspected(source: str, data: DataSettings | None = None) -> ModelRead | ModelRefused:
    """Return what comes of inspecting a file, in this process: it is known to be harmless."""
    import core.models.keras_runtime  # noqa: F401

    question = InspectModel("/models/model.py", source, data)
    return _inspected(question, _shape(question))


def test_that_the_hyperparameters_of_a_file_for_keras_tuner_are_found(
    answers: dict[str, ModelRead | ModelRefused],
) -> None:
    answer = answers["tuned"]

    assert isinstance(answer, ModelRead), answer
    assert answer.problem == ""
    assert {declared.name: declared.when for declared in answer.file.parameters} == {
        "kind": None,
        "width": IsOneOf("kind", ("plain",)),
        "depth": IsOneOf("kind", ("deep",)),
        "units_0": IsOneOf("kind", ("deep",)),
        "activation": IsOneOf("kind", ("deep",)),
        "units_1": AtLeast("depth", 2),
        "units_2": AtLeast("depth", 3),
        "dropout": None,
        "share": IsOneOf("dropout", (True,)),
        "lr": None,
    }


# Training


@pytest.fixture(scope="module")
def trusted() -> set[str]:
    return set()


@pytest.fixture(scope="module")
def engine(trusted: set[str]) -> Iterator[LocalEngine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.children.spare, "SPARE_MEMORY", sys.maxsize)
        made = LocalEngine(searchers=dict.fromkeys(TrainerKind, InlineSearcher), trusted=trusted)
        yield made
        made.close()


def run(engine: LocalEngine, trusted: set[str], settings: StudySettings, path: Path) -> StudyProgress:
    assert settings.model.file is not None
    trusted.add(settings.model.file.digest)
    events: list[Event] = []
    engine.start(settings, path, events.extend, StudyControl())
    return StudyProgress.of(events)


def test_that_a_file_for_keras_tuner_is_trained_and_its_script_repeats_the_best_trial(
    answers: dict[str, ModelRead | ModelRefused], engine: LocalEngine, trusted: set[str], tmp_path: Path
) -> None:
    answer = answers["tuned"]
    assert isinstance(answer, ModelRead)
    settings = custom_settings(answer.file, dataset="digits")
    ranges = settings.model.ranges | {"dropout": Fixed(True)}
    settings = msgspec.structs.replace(
        settings,
        model=msgspec.structs.replace(settings.model, ranges=ranges),
        objective=ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE),
    )

    progress = run(engine, trusted, settings, tmp_path / "tuned.afina")

    assert [trial.state for trial in progress.trials.values()] == [TrialState.COMPLETE] * 3
    assert [trial.message for trial in progress.trials.values()] == [""] * 3
    for trial in progress.trials.values():
        deep = trial.values["kind"] == "deep"
        assert ("width" in trial.values) is not deep
        assert ("units_2" in trial.values) is (deep and trial.values["depth"] == 3)
    assert progress.best is not None
    assert progress.best.objective is not None
    script = tmp_path / "best.py"
    save_export(PYTHON, progress, script)
    *_of_the_file, said, saved = run_script(script).splitlines()
    assert saved == "Saved the model as best.keras"
    found, recorded = numbers_of(said)
    assert found == pytest.approx(progress.best.objective, rel=1e-4)
    assert recorded == pytest.approx(progress.best.objective, rel=1e-5)


STEPPED = IntegerRange(32, 512, step=32)
RATE = FloatRange(1e-4, 1e-2, Scale.LOG)


@pytest.mark.parametrize(
    ("source", "parameters", "notes"),
    [
        (
            GUIDE_UNITS,
            {"units": (STEPPED, None), "dropout": (OffOrOn(), None), "lr": (RATE, None)},
            (),
        ),
        (
            GUIDE_LAYERS,
            {
                "num_layers": (IntegerRange(1, 3), None),
                "units_0": (STEPPED, None),
                "activation": (Choices(("relu", "tanh")), None),
                "units_1": (STEPPED, AtLeast("num_layers", 2)),
                "units_2": (STEPPED, AtLeast("num_layers", 3)),
                "lr": (RATE, None),
            },
            (
                "The file asks its tuner for objective val_accuracy, max_trials 3 and executions_per_trial 2, and "
                "search(…) for epochs=2 and validation_data=(x_val, y_val). Afina does not take this over: set in the "
                "form Metric, Direction, Trials, Repeats, Epochs and Validation share",
            ),
        ),
        (
            GUIDE_HYPERMODEL,
            {"units": (STEPPED, None)},
            ("Afina trains the model by itself: the fit of MyHyperModel is not used",),
        ),
        (
            GUIDE_TRIALS,
            {"batch_size": (Levels((16, 32, 64)), None), "epochs": (Levels((1, 2)), None), "lr": (RATE, None)},
            (
                "The file asks its tuner for max_trials 3. Afina does not take this over: set in the form Trials",
                "Afina trains the model by itself: the run_trial of MyTuner is not used",
            ),
        ),
    ],
    ids=["units", "layers", "hypermodel", "trials"],
)
def test_that_files_as_in_the_guide_of_keras_tuner_are_read_trained_and_exported_as_they_are(
    source: str,
    parameters: dict[str, object],
    notes: tuple[str, ...],
    engine: LocalEngine,
    trusted: set[str],
    tmp_path: Path,
) -> None:
    answer = inspected(source, DataSettings(dataset="digits"))

    assert isinstance(answer, ModelRead), answer
    assert (answer.problem, answer.notes) == ("", notes)
    assert {item.name: (item.range, item.when) for item in answer.file.parameters} == parameters

    settings = custom_settings(answer.file, trials=2, epochs=1, dataset="digits")
    progress = run(engine, trusted, settings, tmp_path / "guide.afina")

    assert [trial.state for trial in progress.trials.values()] == [TrialState.COMPLETE] * 2
    assert [trial.message for trial in progress.trials.values()] == [""] * 2
    save_export(PYTHON, progress, tmp_path / "best.py")
    assert run_script(tmp_path / "best.py").splitlines()[-1] == "Saved the model as best.keras"


def test_that_the_script_of_a_model_that_keras_cannot_save_says_so_and_ends_well(tmp_path: Path) -> None:
    odd = 'class Odd(keras.Sequential):\n    def get_config(self):\n        raise TypeError("no words for it")\n\n\n'
    source = CUSTOM.replace("def build_model", f"{odd}def build_model").replace(
        "keras.Sequential(layers)", "Odd(layers)"
    )
    settings = custom_settings(custom_file(source=source), epochs=1)
    values = {parameter.name: parameter.default for parameter in settings.family.parameters} | {"epochs": 1}
    progress = StudyProgress.of([*started(settings), *complete(1, 2.0, values)])
    save_export(PYTHON, progress, tmp_path / "best.py")
    said, saved = run_script(tmp_path / "best.py").splitlines()
    assert said.startswith("Validation loss ")
    assert saved == "The model cannot be saved: no words for it"


def test_that_a_study_of_a_model_file_repeats_itself(engine: LocalEngine, trusted: set[str], tmp_path: Path) -> None:
    settings = custom_settings(custom_file(), trials=2)

    one, two = (run(engine, trusted, settings, tmp_path / f"{n}.afina") for n in (1, 2))

    assert [trial.val_losses for trial in one.trials.values()] == [trial.val_losses for trial in two.trials.values()]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('values["units"]', '-values["units"]', r"model\.py, line 11: `layers = .*`: ValueError: .*units=-"),
        (
            "    return model",
            "    import sys; sys.exit(4)",
            r"model\.py, line 14: `import sys; sys\.exit\(4\)`: the file",
        ),
        ("Dense(1)", "Dense(3)", r"model\.py: The model has 3 outputs, but one number is to be predicted"),
        (
            'loss="mse"',
            "loss=lambda y, p: nonsense",
            r"model\.py, line 13: .*NameError: name 'nonsense' is not defined",
        ),
        (
            "keras.layers.Dense(1)]",
            'keras.layers.Lambda(lambda x: keras.ops.cast(x * 99 + 9, "int32")), keras.layers.Embedding(5, 2), '
            "keras.layers.Flatten(), keras.layers.Dense(1)]",
            r"model\.py, line 11: `layers = .*`: indices\[.+\] = \d+ is not in \[0, 5\) \(in the layer Embedding\)$",
        ),
        (
            'loss="mse"',
            'loss=lambda y, p: keras.ops.take(p, keras.ops.cast(y + 99, "int32")) + p',
            r"model\.py, line 13: `model\.compile\(.*`: indices\[\d+,\d+\] = \d+ is not in \[0, \d+\)$",
        ),
        (
            'loss="mse"',
            "loss=lambda y, p: keras.ops.matmul(p, keras.ops.ones((7, 3)))",
            r"model\.py, line 13: `model\.compile\(.*`: .*Dimensions must be equal, but are 1 and 7",
        ),
        (
            "keras.layers.Dense(1)]",
            "keras.layers.Reshape((7, 99)), keras.layers.Flatten(), keras.layers.Dense(1)]",
            r"model\.py, line 12: `model = .*`: ValueError: The total size of the tensor .* \(in the layer Reshape\)",
        ),
        (
            "    return model",
            "    from keras_tuner.errors import FailedTrialError\n    raise FailedTrialError('too many units')",
            "too many units$",
        ),
        (
            "keras.layers.Dense(1)]",
            "keras.layers.Dense(1)]\n"
            "    import keras_tuner\n"
            "    def fail(): raise keras_tuner.errors.FatalValueError('a bad layer')\n"
            "    layers.append(keras.layers.Lambda(lambda x: fail(), output_shape=(1,)))",
            "a bad layer$",
        ),
    ],
    ids=[
        "raises",
        "exits",
        "outputs",
        "raises in training",
        "index",
        "label",
        "shapes",
        "size",
        "gives up",
        "in a layer",
    ],
)
def test_that_what_goes_wrong_in_a_trial_is_laid_at_the_files_own_line(
    old: str, new: str, said: str, engine: LocalEngine, trusted: set[str], tmp_path: Path
) -> None:
    file: ModelFile = custom_file(source=CUSTOM.replace(old, new))

    progress = run(engine, trusted, custom_settings(file, trials=2), tmp_path / "s.afina")

    end = progress.trials[1]
    assert end.state is TrialState.FAILED
    assert re.match(said, end.message), end.message
    assert not re.search(r"\x1b|\{\{|\[\[|\[Op:|__inference|File \"|\[1m", end.message), end.message


ITS_OWN = """\
import sys

import keras
import numpy as np

assert sys.argv == [__file__], sys.argv
NUMBERS = np.loadtxt("numbers.csv", delimiter=",")
try:
    import beside
except ModuleNotFoundError:
    pass


def loss(truth, predicted):
    return keras.losses.mean_squared_error(truth, predicted) * np.loadtxt("numbers.csv", delimiter=",")[0]


"""
TUNED_BRIEFLY = """\
def build_model(hp):
    model = keras.Sequential([keras.layers.Dense(hp.Int("units", 4, 64)), keras.layers.Dense(1)])
    model.compile("adam", loss=loss)
    return model
"""


@pytest.mark.parametrize(
    "source", [CUSTOM.replace('loss="mse"', "loss=loss"), TUNED_BRIEFLY], ids=["parameters", "keras tuner"]
)
def test_that_a_file_has_its_own_arguments_and_folder_wherever_the_program_is_started(
    source: str, engine: LocalEngine, trusted: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("elsewhere", "mine"):
        (tmp_path / folder).mkdir()
    (tmp_path / "mine" / "numbers.csv").write_text("1,2\n")
    (tmp_path / "mine" / "beside.py").write_text("raise AssertionError('other files of the user are not imported')\n")
    path = tmp_path / "mine" / "model.py"
    monkeypatch.chdir(tmp_path / "elsewhere")
    question = InspectModel(str(path), ITS_OWN + source)
    with closing(ModelInspectors()) as inspectors, closing(inspectors.inspect(question)) as asked:
        while not isinstance(answer := asked.answer(1), ModelRead | ModelRefused):
            pass
    assert isinstance(answer, ModelRead), answer

    progress = run(engine, trusted, custom_settings(answer.file, trials=1), Path("s.afina"))

    assert [trial.message for trial in progress.trials.values()] == [""]
    assert_that_the_script_repeats(progress, tmp_path / "elsewhere")


def test_that_a_metric_without_a_name_is_called_the_same_in_each_trial_and_training(
    engine: LocalEngine, trusted: set[str], tmp_path: Path
) -> None:
    file = custom_file(source=of_two_classes("[keras.metrics.AUC()]"))
    settings = with_objective(custom_settings(file, trials=2, dataset="breast_cancer"), "val_auc")
    settings = msgspec.structs.replace(settings, data=msgspec.structs.replace(settings.data, folds=3))

    progress = run(engine, trusted, settings, tmp_path / "s.afina")

    assert [trial.message for trial in progress.trials.values()] == ["", ""]
    assert {name for trial in progress.trials.values() for name in trial.metrics} == {"auc", "val_auc"}
    assert_that_the_script_repeats(progress, tmp_path)


def test_that_a_metric_of_several_numbers_counts_by_their_mean(
    engine: LocalEngine, trusted: set[str], tmp_path: Path
) -> None:
    source = of_two_classes("[keras.metrics.F1Score()]").replace("(1, activation='sigmoid')", "(2)")
    file = custom_file(source=source.replace('"binary_crossentropy"', '"categorical_crossentropy"'))
    settings = with_objective(custom_settings(file, trials=2, dataset="breast_cancer"), "val_f1_score")

    progress = run(engine, trusted, settings, tmp_path / "s.afina")

    assert [trial.message for trial in progress.trials.values()] == ["", ""]
    assert_that_the_script_repeats(progress, tmp_path)


@pytest.mark.parametrize("option", ["use_ema=True", "gradient_accumulation_steps=2"])
def test_that_what_an_optimiser_keeps_besides_is_trained_and_repeated(
    option: str, engine: LocalEngine, trusted: set[str], tmp_path: Path
) -> None:
    file = custom_file(source=CUSTOM.replace('Adam(values["rate"])', f'Adam(values["rate"], {option})'))

    progress = run(engine, trusted, custom_settings(file, trials=2), tmp_path / "s.afina")

    assert [trial.message for trial in progress.trials.values()] == ["", ""]
    assert progress.trials[2].objective == pytest.approx(alone(custom_settings(file, trials=2), progress), rel=1e-5)
    assert_that_the_script_repeats(progress, tmp_path)


def test_that_an_error_that_cannot_be_written_out_costs_a_trial_and_not_the_study(
    engine: LocalEngine, trusted: set[str], tmp_path: Path
) -> None:
    odd = "class Odd(Exception):\n    def __str__(self):\n        raise TypeError\n\n\n"
    source = CUSTOM.replace("def build_model", f"{odd}def build_model").replace("    return model", "    raise Odd()")

    progress = run(engine, trusted, custom_settings(custom_file(source=source), trials=2), tmp_path / "s.afina")

    assert [trial.state for trial in progress.trials.values()] == [TrialState.FAILED] * 2
    assert "`raise Odd()`: Odd: it cannot be written out" in progress.trials[1].message


def test_that_a_model_file_that_breaks_its_process_costs_a_trial_and_not_the_study(
    engine: LocalEngine, trusted: set[str], tmp_path: Path
) -> None:
    source = CUSTOM.replace("    return model", "    import os\n    os.closerange(3, 300)\n    return model")

    progress = run(engine, trusted, custom_settings(custom_file(source=source), trials=1), tmp_path / "s.afina")

    assert progress.trials[1].reason is FailureReason.WORKER_LOST


def of_two_classes(metrics: str) -> str:
    """Return the file with a model of two classes that has these metrics."""
    source = CUSTOM.replace("keras.layers.Dense(1)", "keras.layers.Dense(1, activation='sigmoid')")
    return source.replace('loss="mse", metrics=["mae"]', f'loss="binary_crossentropy", metrics={metrics}')


def with_objective(settings: StudySettings, metric: str) -> StudySettings:
    objective = ObjectiveSettings(metric=metric, direction=Direction.MAXIMISE)
    return msgspec.structs.replace(settings, objective=objective)


def assert_that_the_script_repeats(progress: StudyProgress, folder: Path) -> None:
    """Export the best trial as a script, run it, and see that it says twice the same."""
    assert progress.best is not None
    assert progress.best.objective is not None
    save_export(PYTHON, progress, folder / "best.py")
    found, _recorded = numbers_of(run_script(folder / "best.py"))
    assert found == pytest.approx(progress.best.objective, rel=1e-4)


def test_that_a_model_of_ones_own_layers_is_never_trained_in_anothers_loops(
    engine: LocalEngine, trusted: set[str], tmp_path: Path
) -> None:
    """The factor shows in no configuration: loops that were kept would go on with the first trial's."""
    source = CUSTOM.replace(
        "def build_model(values, data):\n",
        "def build_model(values, data):\n"
        "    class Scaled(keras.layers.Layer):\n"
        "        def call(self, inputs):\n"
        "            return inputs * float(values['units'])\n\n",
    ).replace("keras.layers.Dense(1)]", "Scaled(), keras.layers.Dense(1)]")
    settings = custom_settings(custom_file(source=source), trials=2)

    both = run(engine, trusted, settings, tmp_path / "both.afina")
    assert both.trials[1].values["units"] != both.trials[2].values["units"]
    assert both.trials[2].state is TrialState.COMPLETE
    assert both.trials[2].val_losses[-1] == pytest.approx(alone(settings, both), rel=1e-5)


def alone(settings: StudySettings, study: StudyProgress) -> float:
    """Return the loss of the study's second trial as a process gets it that has trained nothing before."""
    import core.models.keras_runtime  # noqa: F401
    from core.training.request import TrialRequest
    from core.training.trial import Training

    trial = study.trials[2]
    request = TrialRequest(
        2, "linear", trial.values, trial.seed, settings.data, settings.seed, file=settings.model.file
    )
    run = Training().begin(request)
    while True:
        for report in run.advance():
            if isinstance(report, TrialEnded):
                assert report.objective is not None, report.message
                return report.objective
