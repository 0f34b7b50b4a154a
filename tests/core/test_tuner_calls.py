"""What a model file tells its tuner and its search: named in a few short sentences, and never executed."""

import sys
from collections.abc import Iterator

import pytest

from core.models.custom.model_file import SHARED
from core.models.custom.program import execute
from core.models.custom.tuner_calls import FIELDS, sentences_on
from core.settings_file import CAPTIONS

PATH = "/models/model.py"
BUILD = "import keras_tuner as kt\nimport re\ndef build_model(hp): return hp.Int('units', 1, 8)\n"


@pytest.fixture(autouse=True)
def no_stand_ins_left() -> Iterator[None]:
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] in ("afina", "afina_model", "keras_tuner")]:
        del sys.modules[name]


def told_by(lines: str) -> tuple[str, ...]:
    return execute(f"{BUILD}{lines}\n", PATH).notes


def test_that_the_fields_are_those_of_the_form() -> None:
    labels = {parameter.label for parameter in SHARED} | set(CAPTIONS.values())
    assert {caption for captions in FIELDS.values() for caption in captions} <= labels


def test_that_each_thing_is_named_once_with_the_fields_for_it_and_the_rest_as_not_followed() -> None:
    assert told_by(
        "tuner = kt.BayesianOptimization(build_model, objective=kt.Objective('val_auc', 'max'), max_trials=40,\n"
        "    executions_per_trial=3, seed=11, overwrite=True)\n"
        "stop = keras.callbacks.EarlyStopping(patience=4)\n"
        "tuner.search(x, y, validation_split=0.2, epochs=60, class_weight={0: 1, 1: 8}, callbacks=[stop])"
    ) == (
        "The file asks its tuner for objective val_auc (max), max_trials 40, executions_per_trial 3 and seed 11, and "
        "search(…) for validation_split=0.2, epochs=60 and the callback EarlyStopping(patience=4). Afina does not take "
        "this over: set in the form Metric, Direction, Trials, Repeats, Random seed, Validation share, Epochs and "
        "Early-stopping patience",
        "Not followed: class_weight={0: 1, 1: 8}",
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("kt.RandomSearch(build_model)", ()),
        (
            "kt.RandomSearch(build_model, objective=['val_loss', kt.Objective('val_acc', 'max')])",
            "val_loss and val_acc (m",
        ),
        ("kt.Hyperband(build_model, 'val_loss', 9, 4)", "objective val_loss and max_epochs 9"),
        ("kt.Hyperband(build_model, 'val_loss', 9, 4)", "Not followed: factor 4"),
        ("kt.Hyperband(build_model)", "not by Hyperband"),
        ("kt.Hyperband(build_model, max_epochs=4).search(x, epochs=50)", "max_epochs 4. Afina"),
        (
            "kt.Hyperband(build_model, max_epochs=4).search(x, epochs=50)",
            "Not followed: epochs=50 (Hyperband goes by max_epochs)",
        ),
        (
            "kt.Tuner(kt.oracles.RandomSearchOracle('val_loss', 5, seed=2), build_model)",
            "val_loss, max_trials 5 and seed 2",
        ),
        ("kt.Tuner(oracle=kt.BayesianOptimizationOracle(beta=1.5), hypermodel=build_model)", "Not followed: beta 1.5"),
        ("class Mine(kt.GridSearch): pass\nMine(build_model, 'val_loss', 8)", "objective val_loss and max_trials 8"),
        ("kt.RandomSearch(build_model, max_retries_per_trial=2)", "Not followed: max_retries_per_trial 2"),
        ("kt.RandomSearch(build_model, distribution_strategy=object())", "Not followed: distribution_strategy object"),
    ],
)
def test_that_the_arguments_of_a_tuner_are_told_however_they_are_given(lines: str, said: str | tuple[str, ...]) -> None:
    notes = told_by(lines)
    assert said in ". ".join(notes) if isinstance(said, str) else notes == said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("tuner.search(x, y, 32, 9)", "search(…) for batch_size=32 and epochs=9"),
        ("tuner.search(x, y, epochs=EPOCHS)", "epochs=EPOCHS (50)"),
        ("tuner.search(x, y, **FIT)", "search(…) for epochs=4"),
        ("tuner.search(x, y, **FIT)", "Not followed: shuffle=False"),
        ("tuner.search(x, y, **settings())", "Not followed: **settings()"),
        ("tuner.search(*data, validation_data=(x_val, y_val))", "validation_data=(x_val, y_val). Afina"),
        ("tuner.search(x, y, callbacks=STOPS)", "the callback EarlyStopping('val_loss', patience=3)"),
        ("tuner.search(x, y, callbacks=STOPS)", "Not followed: the callback TensorBoard('logs') and the callback mine"),
        ("tuner.search(x, y, callbacks=made())", "Not followed: callbacks=made()"),
        ("def go():\n    tuner.search(x, sample_weight=w[:360])\ngo()", "Not followed: sample_weight=w[:360]"),
        ("def go(t):\n    t.search(x, y, epochs=3)\ngo(tuner)", "search(…) for epochs=3"),
        ("self.tuner = tuner\nself.tuner.search(x, y, epochs=3)", "search(…) for epochs=3"),
        ("tuner.search(x, y, of_my_own=1)", "Not followed: of_my_own=1"),
        (f"tuner.search(x, class_weight={{{', '.join(f'{n}: 1' for n in range(99))}}})", "class_weight={0: 1, 1: 1, "),
    ],
)
def test_that_what_search_was_to_get_is_read_from_the_text(lines: str, said: str) -> None:
    before = "EPOCHS = 50\nFIT = dict(epochs=4, shuffle=False)\ntuner = kt.RandomSearch(build_model)\n"
    stops = "STOPS = [keras.callbacks.EarlyStopping('val_loss', patience=3), TensorBoard('logs'), mine]\n"
    notes = ". ".join(told_by(f"{before}{stops}{lines}"))

    assert said in notes
    assert len(notes) < 400


TUNER = "tuner = kt.RandomSearch(build_model)\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (f"{TUNER}more = {{}}\nmore['epochs'] = 3\ntuner.search(x, y, **more)", "Not followed: **more"),
        (
            f"{TUNER}more = dict(epochs=4)\nmore.update(batch_size=7)\ntuner.search(x, y, **more)",
            "Not followed: **more",
        ),
        (
            f"{TUNER}stops = []\nstops.append(EarlyStopping(patience=2))\ntuner.search(x, y, callbacks=stops)",
            "the callback EarlyStopping(patience=2)",
        ),
        (f"{TUNER}stops = [Mine()]\nstops += own()\ntuner.search(x, y, callbacks=stops)", "callbacks=stops"),
        (f"{TUNER}other = kt.Hyperband(build_model)\nother.search(x, epochs=4)\ntuner.search(x, epochs=5)", "epochs=5"),
        (f"{TUNER}database = connect()\ndatabase.search(epochs=4)\ntuner.search(x, epochs=5)", "epochs=5"),
    ],
)
def test_that_nothing_that_changes_on_the_way_to_the_search_is_dropped(lines: str, said: str) -> None:
    assert said in ". ".join(told_by(lines))


def test_that_of_many_things_the_last_are_told_by_their_names_at_least() -> None:
    given = ", ".join(f"option_{number}={number}" for number in range(15))
    assert told_by(f"{TUNER}tuner.search(x, y, {given}, class_weight={{0: 1}}, callbacks=[Own(5)])")[-1].endswith(
        "option_9=9, option_10, option_11, option_12, option_13, option_14, class_weight and Own"
    )
    given = ", ".join(f"option_{number}={number}" for number in range(500))
    assert told_by(f"{TUNER}tuner.search(x, y, {given})")[-1].endswith("option_39 and 460 more")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("numpy.int64(5)", "max_trials 5. Afina"),
        ("numpy.float32(5)", "max_trials 5.0. Afina"),
        ("numpy.array([5, 6])", "max_trials ndarray. Afina"),
        ("Own(5)", "max_trials Own. Afina"),
    ],
)
def test_that_no_value_of_an_odd_kind_makes_a_file_unreadable(value: str, said: str) -> None:
    own = "import numpy\nclass Own(int):\n    def __str__(self): raise ValueError\n    __eq__ = __str__\n"

    assert said in told_by(f"{own}kt.RandomSearch(build_model, max_trials={value})")[0]
    assert "executions_per_trial" in told_by(f"{own}kt.RandomSearch(build_model, executions_per_trial={value})")[0]


@pytest.mark.parametrize(
    "lines",
    [
        "tuner.search(x, y, verbose=0, workers=6, initial_epoch=0, callbacks=[], class_weight=None, shuffle=True)",
        "tuner.search_space_summary()",
        "re.search('epochs', text, flags=re.I)",
        "engine.search('words', limit=3)",
    ],
)
def test_that_nothing_is_told_of_what_changes_nothing_or_is_no_search(lines: str) -> None:
    assert told_by(f"tuner = kt.RandomSearch(build_model)\n{lines}") == ()


def test_that_a_tuner_that_is_never_made_here_is_read_from_the_text() -> None:
    notes = told_by(
        "from keras_tuner import GridSearch as Grid\n"
        "if __name__ == '__main__':\n"
        "    goal = kt.Objective('val_f1', direction='max')\n"
        "    tuner = Grid(build_model, goal, 30, loss='mse')\n"
        "    tuner.search(x, y, epochs=5)\n"
    )

    assert "objective val_f1 (max) and max_trials 30, and search(…) for epochs=5. Afina" in notes[0]
    assert notes[1:] == ("Not followed: loss mse",)


def test_that_an_oracle_that_speaks_of_itself_does_not_go_on_for_ever() -> None:
    source = "import keras_tuner as kt\noracle = kt.Oracle(oracle)\nkt.Tuner(oracle, seed=oracle)\n"
    assert sentences_on(source, None)


def test_that_searches_of_other_kinds_are_left_alone_however_many_there_are() -> None:
    source = "\n".join(f"name_{n} = finder.search(text, {n})" for n in range(2000))
    assert sentences_on(source, None) == ()
