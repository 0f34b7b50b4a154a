"""StudySettings is valid or does not exist, and survives JSON."""

from pathlib import Path

import msgspec
import pytest

from core.conduct import Conduct
from core.datasets.settings import DataSettings
from core.errors import InvalidSetting
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.parameters import Fixed, FloatRange, IntegerRange, Scale
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.settings_file import read_settings, settings_from_json
from core.tables.description import ColumnRole, Task
from core.training.request import trial_request
from tests.model_files import custom_file, custom_settings
from tests.tables import imported


def test_that_the_default_is_the_tutorials_experiment() -> None:
    settings = tutorial_settings()
    assert settings.data.dataset == "boston_housing"
    assert settings.data.validation_fraction == 0.2
    assert settings.data.standardise
    assert settings.data.excluded == ()
    assert settings.varied == {
        "learning_rate": FloatRange(0.0001, 0.1, Scale.LOG),
        "batch_size": IntegerRange(1, 100),
    }
    assert settings.model.ranges["epochs"] == Fixed(10)
    assert settings.model.ranges["optimizer"] == Fixed("sgd")
    assert settings.budget.trials == 20
    assert settings.search.acquisition == "EI"


def test_that_settings_survive_json() -> None:
    settings = StudySettings(
        data=DataSettings(excluded=("b",), standardise=False, validation_fraction=0.35),
        search=SearchSettings(xi=0.123456789012345, initial_points=5),
        budget=BudgetSettings(trials=7),
        seed=4_294_967_295,
    )
    assert settings_from_json(settings.to_json()) == settings


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        ("{", "", "not JSON"),
        ("[]", "", "The settings must be a group in braces, not a list"),
        ('{"seed": -1}', "seed", "Random seed must be at least 0, not -1"),
        ('{"seed": 1e99}', "seed", "Random seed must be a whole number"),
        ('{"surprise": 1}', "", "There is no field “surprise” in the settings"),
        (
            '{"search": {"method": "magic"}}',
            "search.method",
            "Method cannot be “magic”; it can be bayesian, random or grid",
        ),
        ('{"search": {"xi": -1}}', "search.xi", "ξ"),
        ('{"data": {"dataset": "iris"}}', "data.dataset", "no data set “iris”"),
        ('{"data": {"dataset": "a\\u202e\\nb"}}', "data.dataset", r"no data set “a‹U\+202E›‹U\+000A›b”"),
        ('{"data": {"validation_fraction": 2}}', "data.validation_fraction", "between 5 % and 90 %"),
        ('{"data": {"validation_fraction": 0.9, "test_fraction": 0.06}}', "data.test_fraction", "less than 5 %"),
        ('{"data": {"excluded": ["rm"]}}', "data.excluded", "no column “rm”"),
        ('{"workers": 0}', "workers", "between 1 and 64"),
        ('{"workers": 2, "trainer": "inline"}', "workers", "one trial at a time"),
        ('{"budget": {"trials": 0}}', "budget.trials", "between 1"),
        ('{"model": {"family": "oracle"}}', "model.family", "no model family"),
        (
            '{"objective": {"metric": "val_accuracy"}}',
            "objective.metric",
            "no “val_accuracy” for regression; .*val_mae",
        ),
        (
            '{"objective": {"direction": "sideways"}}',
            "objective.direction",
            "Direction cannot be “sideways”; it can be minimise or maximise",
        ),
        ('{"model": {"ranges": {}}}', "model.ranges.learning_rate", "no value or range"),
        ("[" * 100_000, "", "nested too deeply"),
    ],
)
def test_that_bad_settings_are_refused_with_a_sentence_and_a_place(text: str, field: str, sentence: str) -> None:
    with pytest.raises(InvalidSetting, match=sentence) as caught:
        settings_from_json(text)
    assert caught.value.field == field


def test_that_five_percent_are_enough_for_training() -> None:
    assert DataSettings(validation_fraction=0.9, test_fraction=0.05).test_fraction == 0.05


def test_that_a_study_without_anything_to_vary_is_refused() -> None:
    ranges = ModelSettings().ranges | {"learning_rate": Fixed(0.01), "batch_size": Fixed(32)}
    with pytest.raises(InvalidSetting, match="Nothing is varied"):
        StudySettings(model=ModelSettings(ranges=ranges))


def test_that_a_range_beyond_the_parameters_limits_is_refused_at_its_place() -> None:
    ranges = ModelSettings().ranges | {"batch_size": IntegerRange(0, 100)}
    with pytest.raises(InvalidSetting) as caught:
        ModelSettings(ranges=ranges)
    assert caught.value.field == "ranges.batch_size.low"


def test_that_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        tutorial_settings().seed = 3  # type: ignore[misc]


def test_that_a_settings_file_is_named_in_its_error(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(b"\xff\xfe{}")
    with pytest.raises(InvalidSetting, match=r"mine\.json: "):
        read_settings(file)
    with pytest.raises(InvalidSetting, match=r"gone\.json cannot be read"):
        read_settings(tmp_path / "gone.json")


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("model.py", "{folder}/model.py"),
        ("models/model.py", "{folder}/models/model.py"),
        ("/elsewhere/model.py", "/elsewhere/model.py"),
        ("C:\\models\\model.py", "C:\\models\\model.py"),
    ],
)
def test_that_a_relative_path_of_a_model_file_begins_in_the_folder_of_the_settings(
    path: str, read: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    settings = custom_settings(custom_file(path))
    (tmp_path / "there" / "mine.json").write_text(settings.to_json())
    monkeypatch.chdir(tmp_path)

    file = read_settings(Path("there/mine.json")).model.file

    assert file is not None
    assert file.path == read.format(folder=tmp_path / "there")
    assert file.digest == custom_file(path).digest


def test_that_a_request_for_a_trial_has_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that trains it may work in another folder."""
    monkeypatch.chdir(tmp_path)
    Path("towns.csv").write_text("a,b\n1,2\n")
    towns = imported(Path("towns.csv"), 1, "b", Task.REGRESSION, {"a": ColumnRole.NUMBER})
    settings = msgspec.structs.replace(custom_settings(custom_file("model.py")), data=DataSettings(file=towns))

    request = trial_request(settings, 1, {}, 0, conduct=Conduct())

    assert request.data.file is not None
    assert request.file is not None
    assert (request.data.file.path, request.file.path) == (str(tmp_path / "towns.csv"), str(tmp_path / "model.py"))
    assert trial_request(tutorial_settings(), 1, {}, 0, conduct=Conduct()).data == tutorial_settings().data


def test_that_a_huge_settings_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    file.write_bytes(b" " * 5_000_000)
    with pytest.raises(InvalidSetting, match="bytes long"):
        read_settings(file)


def test_that_replacing_a_part_checks_it_again() -> None:
    with pytest.raises(InvalidSetting):
        msgspec.structs.replace(tutorial_settings(), workers=0)


def test_that_a_study_from_before_a_parameter_was_declared_has_its_default() -> None:
    parameters = {parameter.name: parameter for parameter in FAMILIES["mlp"].parameters}
    older = {name: parameter.first_range() for name, parameter in parameters.items() if name != "patience"}
    assert ModelSettings(family_name="mlp", ranges=older).ranges["patience"] == Fixed(0)
    with pytest.raises(InvalidSetting, match="Units has no value or range"):
        ModelSettings(family_name="mlp", ranges={name: given for name, given in older.items() if name != "units"})


def test_that_the_space_is_built_once_and_no_part_of_the_settings() -> None:
    used, fresh = ModelSettings(), ModelSettings()
    assert used.space is used.space
    assert used.varied is used.varied
    assert used.conditions is used.conditions
    assert used == fresh
    assert msgspec.json.encode(used) == msgspec.json.encode(fresh)
    assert set(msgspec.to_builtins(used)) == set(used.__struct_encode_fields__) == {"family", "ranges", "file", "rules"}
    assert set(msgspec.structs.asdict(used)) == set(used.__struct_fields__)


def test_that_replaced_settings_have_a_space_of_their_own() -> None:
    before = ModelSettings()
    parameter = next(p for p in before.family.parameters if p.name in before.varied)
    name = parameter.name
    after = msgspec.structs.replace(before, ranges=before.ranges | {name: Fixed(parameter.default)})
    assert name in before.space.ranges
    assert name not in after.space.ranges
    assert name not in after.varied
