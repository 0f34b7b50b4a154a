"""What is said beforehand on whether an exported script prints the recorded number."""

import ast
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from core.conduct import FIRST_RULES, RULES, Conduct
from core.datasets.settings import DataSettings
from core.events import EpochEnded, Event, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.export.exporters import CSV, JSON, PYTHON
from core.models.settings import ModelSettings
from core.objective import ObjectiveSettings
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.training.plan import NOT_COMPILED
from core.words.scripts import DRAWN_BEFORE, DRAWN_ELSEWHERE, ELSEWHERE, HALF_PRECISION, PROMISED, THREADS_NOT_RECORDED
from tests.core.test_export import PLAIN, VALUES, study_of
from tests.script_studies import of_units

NEW = Conduct(rules=RULES, threads=3, floatx="float64", epsilon=1e-5, image_data_format="channels_last")
GRU = "model = keras.Sequential([keras.layers.GRU(4, dropout=0.2), keras.layers.Dense(1)])"
NOISE = "seed = keras.random.SeedGenerator()"
NUMPY = "class Noisy(keras.layers.Layer):\n    def call(self, x):\n        return x + np.random.normal()\n"


def progress(
    settings: StudySettings, values: dict[str, Value], conduct: Conduct, losses: Sequence[float] = (4.0, 3.9, 3.89)
) -> StudyProgress:
    events: list[Event] = [
        StudyStarted(settings=settings, time=0.0, versions={}, conduct=conduct),
        TrialStarted(trial=1, values=values, seed=5, origin=PointOrigin.INITIAL),
    ]
    for epoch, loss in enumerate(losses, 1):
        events.append(EpochEnded(trial=1, epoch=epoch, loss=loss, val_loss=loss, metrics={}, seconds=0.1))
    end = TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=len(losses), seconds=1.0, objective=losses[-1])
    return StudyProgress.of([*events, end])


def of_file(
    source: str,
    conduct: Conduct,
    objective: ObjectiveSettings = ObjectiveSettings(),  # noqa: B008  it is immutable
) -> StudyProgress:
    file = of_units("mine", source)
    ranges: dict[str, Any] = {parameter.name: parameter.first_range() for parameter in file.family.parameters}
    settings = StudySettings(model=ModelSettings(ranges=ranges, file=file), objective=objective)
    return progress(settings, {"units": 4, "batch_size": 32, "epochs": 3, "patience": 0}, conduct)


def of_family(family: str, conduct: Conduct, **changes: Value) -> StudyProgress:
    start, *others = study_of(family, PLAIN | changes, DataSettings())
    assert isinstance(start, StudyStarted)
    return StudyProgress.of([msgspec.structs.replace(start, conduct=conduct), *others])


_LAYER = "class Noisy(keras.layers.Layer):\n    def {method}(self, x):\n        return {draw}\n"


@pytest.mark.parametrize(
    ("before", "draw"),
    [
        ("import tensorflow as T\n", "x + T.random.normal([3])"),
        ("from tensorflow import random as r\n", "x + r.normal([3])"),
        ("from numpy import random\n", "x + random.normal()"),
        ("import numpy.random as draws\n", "x + draws.normal()"),
        ("import random\n", "x * random.random()"),
        ("import tensorflow as tf\n", "tf.image.random_flip_left_right(x)"),
    ],
)
def test_that_a_layer_that_draws_by_a_library_is_told_of_whatever_its_name_here(before: str, draw: str) -> None:
    assert DRAWN_ELSEWHERE in PYTHON.promise(of_file(before + _LAYER.format(method="call", draw=draw), NEW), None)
    assert DRAWN_ELSEWHERE not in PYTHON.promise(of_file(before + _LAYER.format(method="build", draw=draw), NEW), None)


@pytest.mark.parametrize(
    "source",
    [
        "import random\nimport numpy as np\nimport tensorflow as tf\n"
        "random.seed(1)\nnp.random.seed(1)\ntf.random.set_seed(1)\n",
        "import random\n\ndef build_model(hp):\n    kind = random.choice(['relu', 'tanh'])\n",
        "import tensorflow as tf\nimages = tf.keras.layers.RandomFlip()\n"
        + _LAYER.format(method="call", draw="tf.keras.random.normal([3], seed=self.seed)"),
    ],
)
def test_that_a_file_is_promised_that_seeds_or_draws_while_it_builds(source: str) -> None:
    assert PYTHON.promise(of_file(source, NEW), None) == f"{PROMISED} {ELSEWHERE}"


@pytest.mark.parametrize("made", ["np.random.default_rng(1)", "tf.random.Generator.from_seed(1)"])
def test_that_a_generator_of_a_library_is_told_of_wherever_it_is_made(made: str) -> None:
    assert DRAWN_ELSEWHERE in PYTHON.promise(of_file(f"generator = {made}", NEW), None)


@pytest.mark.parametrize("source", ["", GRU, NOISE])
def test_that_a_new_study_is_promised_whatever_keras_draws(source: str) -> None:
    assert PYTHON.promise(of_file(source, NEW), None) == f"{PROMISED} {ELSEWHERE}"


@pytest.mark.parametrize(
    ("source", "conduct", "reasons"),
    [
        ("", Conduct(), [THREADS_NOT_RECORDED]),
        (GRU, Conduct(), [THREADS_NOT_RECORDED, DRAWN_BEFORE]),
        (GRU, msgspec.structs.replace(NEW, rules=FIRST_RULES), [DRAWN_BEFORE]),
        (NOISE, Conduct(), [THREADS_NOT_RECORDED, DRAWN_BEFORE]),
        (NUMPY, NEW, [DRAWN_ELSEWHERE]),
        ("from random import gauss\nnoise = keras.layers.Lambda(lambda x: x + gauss(0, 1))", NEW, [DRAWN_ELSEWHERE]),
        ("def noisy(x):\n    return tf.nn.dropout(x, 0.2)", NEW, [DRAWN_ELSEWHERE]),
        ('keras.layers.Dense(4, dtype="mixed_bfloat16")', NEW, [HALF_PRECISION]),
        ("", msgspec.structs.replace(NEW, floatx="float16"), [HALF_PRECISION]),
    ],
)
def test_that_each_reason_for_another_number_is_told(source: str, conduct: Conduct, reasons: list[str]) -> None:
    said = PYTHON.promise(of_file(source, conduct), None)
    assert said.startswith("The script may print another number than the recorded one: ")
    assert PROMISED not in said
    for reason in (THREADS_NOT_RECORDED, DRAWN_BEFORE, DRAWN_ELSEWHERE, HALF_PRECISION):
        assert (reason in said) is (reason in reasons)


def test_that_half_a_million_empty_lines_are_read_once() -> None:
    """A text that is read from each line to its end anew would take hours."""
    assert PYTHON.promise(of_file("\n" * 499_000, NEW), None) == f"{PROMISED} {ELSEWHERE}"


@pytest.mark.parametrize(
    ("family", "changes", "told"),
    [
        ("linear", {}, False),
        ("mlp", {}, False),
        ("mlp", {"units": 512}, True),
        ("mlp", {"batch_size": 300}, True),
        ("cnn", {}, True),
    ],
)
def test_that_threads_matter_where_sums_are_shared_out(family: str, changes: dict[str, Value], told: bool) -> None:
    assert (THREADS_NOT_RECORDED in PYTHON.promise(of_family(family, Conduct(), **changes), None)) is told
    assert THREADS_NOT_RECORDED not in PYTHON.promise(of_family(family, NEW, **changes), None)


def test_that_a_chaotic_training_is_known_by_its_curve() -> None:
    calm, falling, chaotic = (9.0, 3.0, 2.5, 2.45, 2.46), (9.0, 7.0, 5.0, 3.0), (9.0, 3.0, 8.0, 2.0, 6.0)
    said = [PYTHON.promise(progress(StudySettings(), VALUES, NEW, course), None) for course in (calm, falling, chaotic)]
    assert said[0] == said[1] == f"{PROMISED} {ELSEWHERE}"
    assert said[2].startswith(f"{PROMISED} Elsewhere it may be quite another, as the training is chaotic: ")
    assert "the validation loss got worse by 33 % from one epoch to the next on average" in said[2]


def test_that_the_script_says_it_too_and_nothing_else_promises() -> None:
    study = of_file(GRU, Conduct())
    said = ast.get_docstring(ast.parse(PYTHON.text(study)))
    assert said is not None
    assert PYTHON.promise(study, None) in said.replace("\n", " ")
    assert JSON.promise(study, None) == CSV.promise(study, None) == ""


def test_that_the_settings_as_json_have_what_else_the_numbers_depend_on() -> None:
    exported = msgspec.json.decode(JSON.text(of_family("mlp", NEW)))
    assert msgspec.convert(exported["conduct"], Conduct) == NEW
    assert "conduct" not in msgspec.json.decode(JSON.text(of_family("mlp", Conduct())))


def test_that_a_metric_of_a_stranger_ends_no_docstring() -> None:
    evil = 'val_"""\\'
    study = of_file("", NEW, ObjectiveSettings(metric=evil))
    study.trials[1].fits[0].metrics[evil] = [1.0, 3.0, 9.0]
    said = ast.get_docstring(ast.parse(PYTHON.text(study)))
    assert said is not None
    assert "the training is chaotic" in said


def test_that_the_script_has_the_studys_threads_and_configuration() -> None:
    for study in (of_file("", NEW), of_family("mlp", NEW)):
        lines = [line.strip() for line in PYTHON.text(study).splitlines()]
        for line in (
            "tf.config.threading.set_intra_op_parallelism_threads(3)",
            "tf.config.threading.set_inter_op_parallelism_threads(1)",
            "keras.config.set_floatx('float64')",
            "keras.config.set_epsilon(1e-05)",
            "keras.config.set_image_data_format('channels_last')",
            "validation_batch_size=1024,  # averages over batches depend on it",
        ):
            assert line in lines


def test_that_the_script_of_an_older_study_takes_the_threads_that_it_would_have_here() -> None:
    settings = StudySettings(workers=2)
    text = PYTHON.text(progress(settings, VALUES, Conduct()))
    assert "set_intra_op_parallelism_threads(max(1, ((os.cpu_count() or 2) - 1) // 2))" in text
    assert "keras.config" not in text


def test_that_what_building_a_model_draws_is_undone_by_the_newer_rules_only() -> None:
    undone = "with tf.variable_creator_scope(noted):"
    assert undone in PYTHON.text(of_file("", NEW))
    assert undone not in PYTHON.text(of_file("", Conduct()))


def test_that_the_script_compiles_by_xla_only_what_the_study_compiled() -> None:
    study = of_file("", NEW)
    assert "model._jit_compile = not draws and " in PYTHON.text(study)
    study.trials[1].message = f"A note. {NOT_COMPILED}"
    assert "model._jit_compile = False  # as in the study" in PYTHON.text(study)
    assert "not draws" not in PYTHON.text(study)


def test_that_dropout_in_a_script_has_the_studys_type_of_numbers() -> None:
    assert "tf.Variable(DROPOUT, trainable=False, dtype='float64')" in PYTHON.text(of_family("mlp", NEW, dropout=0.2))
    assert "tf.Variable(DROPOUT, trainable=False)\n" in PYTHON.text(of_family("mlp", Conduct(), dropout=0.2))
