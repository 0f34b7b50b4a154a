"""An exported trial, loaded again: as the same study, or as the trial's values; and files of earlier versions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.datasets.settings import DataSettings, TargetScale
from core.errors import InvalidSetting
from core.events import EpochEnded, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.export.exporters import JSON
from core.exported_trial import TrialValues
from core.headless import commands, exporting, listing
from core.headless.console import BAD_INPUT, DONE
from core.models.catalogue import FAMILIES
from core.models.settings import ModelSettings
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Fixed
from core.progress import StudyProgress
from core.rules import Relation, Rule
from core.search.proposal import PointOrigin
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, LimitSettings, StudySettings, tutorial_settings
from core.settings_file import read_settings, read_settings_file
from core.store.reader import read_study
from core.study.control import StudyControl
from core.tables.description import ColumnRole, MissingValues, Task
from tests.exports import save_export
from tests.model_files import custom_file, custom_settings
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.tables import imported

MLP = FAMILIES["mlp"]


def done(settings: StudySettings, place: float = 0.3) -> StudyProgress:
    """Return a study with one complete trial, at that place of each varied range."""
    values = settings.model.values_at(settings.model.space.decode([place] * len(settings.varied)))
    metric = settings.objective.metric.removeprefix("val_")
    fits = range(1, settings.data.fits + 1)
    epochs = [
        EpochEnded(trial=1, epoch=1, loss=2.0, val_loss=1.0, metrics={metric: 1.0}, seconds=0.1, fit=fit)
        for fit in fits
    ]
    end = TrialEnded(
        trial=1, state=TrialState.COMPLETE, epoch=1, seconds=0.1, objective=1.0, scores=tuple(1.0 for _ in fits)
    )
    start = TrialStarted(trial=1, values=values, seed=7, origin=PointOrigin.INITIAL)
    return StudyProgress.of([StudyStarted(settings=settings, time=0.0, versions={}), start, *epochs, end])


def perceptron(**changes: Any) -> StudySettings:
    """Return settings with conditions, and with every part other than usual."""
    model = ModelSettings(
        family_name="mlp",
        ranges={p.name: p.first_range() for p in MLP.parameters},
        rules=(Rule("units", Relation.AT_MOST, 256.0, "layers"),),
    )
    whole = StudySettings(
        model=model,
        objective=ObjectiveSettings(metric="val_mae", epoch=EpochChoice.BEST),
        search=SearchSettings(method=SearchMethod.RANDOM),
        budget=BudgetSettings(trials=7, seconds=600.0, target=0.5),
        limits=LimitSettings(failures_in_a_row=3),
        workers=2,
        seed=41,
    )
    return msgspec.structs.replace(whole, **changes)


def on_a_table(folder: Path) -> StudySettings:
    path = folder / "houses.csv"
    path.write_text("size,street,price\n" + "".join(f"{n},s{n},{2 * n}\n" for n in range(40)))
    columns = {"size": ColumnRole.NUMBER, "street": ColumnRole.IGNORE}
    file = imported(path, 40, "price", Task.REGRESSION, columns)
    data = DataSettings(
        file=file,
        folds=4,
        test_fraction=0.2,
        standardise=False,
        missing=MissingValues.DROP,
        target_scale=TargetScale.STANDARDISED,
    )
    return msgspec.structs.replace(tutorial_settings(), data=data)


def on_images(_folder: Path) -> StudySettings:
    cnn = ModelSettings(family_name="cnn", ranges={p.name: p.first_range() for p in FAMILIES["cnn"].parameters})
    objective = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)
    return StudySettings(data=DataSettings(dataset="digits", repeats=3), model=cnn, objective=objective)


def of_a_model_file(folder: Path) -> StudySettings:
    settings = custom_settings(custom_file(folder / "model.py"))
    return msgspec.structs.replace(settings, objective=ObjectiveSettings(metric="val_my own metric"))


STUDIES: dict[str, Callable[[Path], StudySettings]] = {
    "tutorial": lambda _folder: tutorial_settings(),
    "perceptron": lambda _folder: perceptron(),
    "table": on_a_table,
    "images": on_images,
    "model file": of_a_model_file,
}


@pytest.mark.parametrize("kind", STUDIES)
def test_that_an_exported_trial_has_its_study_and_its_values(kind: str, tmp_path: Path) -> None:
    settings = STUDIES[kind](tmp_path)
    progress = done(settings)
    (path,) = save_export(JSON, progress, tmp_path / "best.json")
    file = read_settings_file(path)
    assert file.settings == settings == read_settings(path)
    assert file.trial is not None
    assert (file.trial.number, file.trial.values) == (1, progress.trials[1].values)
    assert (file.earlier, file.lacking) == (None, ())
    held = file.trial.held_in(settings.model)
    assert list(held) == [parameter.name for parameter in settings.family.parameters]
    assert progress.trials[1].values.items() <= held.items()


def test_that_a_model_file_with_a_relative_path_is_looked_for_beside_the_export(tmp_path: Path) -> None:
    settings = custom_settings(custom_file("models/model.py"))
    (path,) = save_export(JSON, done(settings), tmp_path / "best.json")
    found = read_settings(path)
    assert found.model.file is not None
    assert found.model.file.path == str(tmp_path / "models" / "model.py")
    assert found.model.file.source == settings.model.file.source  # type: ignore[union-attr]


def test_that_a_data_file_has_the_path_that_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = on_a_table(Path())
    assert settings.data.file is not None
    assert settings.data.file.path == "houses.csv"
    (tmp_path / "sub").mkdir()
    (path,) = save_export(JSON, done(settings), tmp_path / "sub" / "best.json")
    assert read_settings(path) == settings


def test_that_no_data_set_of_ours_is_named_beside_a_file_and_one_that_is_named_is_no_matter(
    tmp_path: Path,
) -> None:
    settings = on_a_table(tmp_path)
    named = json.loads(JSON.text(done(tutorial_settings())))
    assert (named["data"]["dataset"], named["data"]["file"]) == ("boston_housing", None)
    content = json.loads(JSON.text(done(settings)))
    saved = json.loads(settings.to_json())
    for data in (content["data"], content["settings"]["data"], saved["data"]):
        assert not {"dataset", "excluded"} & data.keys()
    path = tmp_path / "settings.json"
    for dataset in ({}, {"dataset": "wine", "excluded": []}):  # as earlier versions wrote it
        path.write_text(json.dumps({**saved, "data": {**saved["data"], **dataset}}))
        file = read_settings_file(path)
        assert file.settings is not None
        assert (file.settings.data.source, file.lacking) == (settings.data.file, ())


def test_that_a_parameter_that_did_not_apply_has_its_fixed_or_its_declared_value() -> None:
    settings = perceptron()
    ranges = settings.model.ranges | {"layers": Fixed(1), "optimizer": Fixed("adam")}
    model = msgspec.structs.replace(settings.model, ranges=ranges, rules=())
    trial = done(msgspec.structs.replace(settings, model=model)).trials[1]
    absent = [parameter for parameter in MLP.parameters if parameter.name not in trial.values]
    assert "momentum" in {parameter.name for parameter in absent}
    declared = TrialValues(1, trial.values).held_in(model)
    for parameter in absent:
        given = model.ranges[parameter.name]
        assert declared[parameter.name] == (given.value if isinstance(given, Fixed) else parameter.default)
    fixed = msgspec.structs.replace(model, ranges=ranges | {"momentum": Fixed(0.25)})
    assert TrialValues(1, trial.values).held_in(fixed)["momentum"] == 0.25


def test_that_run_makes_the_study_of_an_exported_trial_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "LocalEngine", lambda trusted: scripted_engine(ScriptedTrainer(), trusted))
    settings = msgspec.structs.replace(tutorial_settings(), budget=BudgetSettings(trials=3), seed=5)
    (tmp_path / "settings.json").write_text(settings.to_json())
    first, second = tmp_path / "first.afina", tmp_path / "second.afina"
    assert commands.run(tmp_path / "settings.json", out=first) == DONE
    assert exporting.export(first, ["json"], tmp_path / "best.json") == DONE
    assert commands.run(tmp_path / "best.json", out=second) == DONE
    one, other = (StudyProgress.of(read_study(path)) for path in (first, second))
    assert one.settings == other.settings == settings
    assert [trial.values for trial in one.trials.values()] == [trial.values for trial in other.trials.values()]


# Exports of earlier versions


def earlier(progress: StudyProgress, path: Path, **changes: Any) -> Path:
    """Write an export as earlier versions did: without the study's settings."""
    content = json.loads(JSON.text(progress)) | changes
    del content["settings"]
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize("kind", ["tutorial", "perceptron", "table", "images"])
def test_that_an_earlier_export_gives_what_it_has_and_leaves_the_rest(kind: str, tmp_path: Path) -> None:
    settings = STUDIES[kind](tmp_path)
    file = read_settings_file(earlier(done(settings), tmp_path / "best.json"))
    assert file.settings is None
    assert file.earlier is not None
    base = StudySettings(budget=BudgetSettings(trials=77), search=SearchSettings(initial_points=4), seed=3)
    found = file.earlier.over(base)
    assert (found.budget, found.search.initial_points) == (base.budget, 4)
    assert (found.objective, found.seed) == (settings.objective, settings.seed)
    assert found.search.method is settings.search.method
    assert found.model.family_name == settings.model.family_name
    assert found.data == msgspec.structs.replace(settings.data, validation_fraction=found.data.validation_fraction)
    assert file.trial is not None
    assert file.trial.held_in(found.model)


def test_that_the_ranges_of_the_same_model_are_kept_with_an_earlier_export(tmp_path: Path) -> None:
    file = read_settings_file(earlier(done(tutorial_settings()), tmp_path / "best.json"))
    ranges = tutorial_settings().model.ranges | {"epochs": Fixed(3)}
    base = StudySettings(model=ModelSettings(ranges=ranges))
    assert file.earlier is not None
    assert file.earlier.over(base).model == base.model


def test_that_an_earlier_export_of_a_model_file_needs_that_file(tmp_path: Path) -> None:
    settings = custom_settings(custom_file(tmp_path / "model.py"))
    file = read_settings_file(earlier(done(settings), tmp_path / "best.json"))
    assert file.earlier is not None
    with pytest.raises(InvalidSetting, match=r"of the model file model\.py, whose text is not in this file\. Choose"):
        file.earlier.over(tutorial_settings())
    assert file.earlier.over(settings) == settings


def test_that_the_first_exports_had_less_of_the_objective(tmp_path: Path) -> None:
    objective = {"name": "val_loss", "value": 1.0}
    study = {"model": "linear"}
    path = earlier(done(tutorial_settings()), tmp_path / "best.json", objective=objective, study=study)
    file = read_settings_file(path)
    assert file.earlier is not None
    assert file.earlier.over(tutorial_settings()) == tutorial_settings()


def test_that_run_refuses_an_earlier_export_and_says_what_has_the_ranges(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = earlier(done(tutorial_settings()), tmp_path / "best.json")
    assert commands.run(path, out=tmp_path / "a.afina") == BAD_INPUT
    said = capsys.readouterr().err
    assert said.startswith("Error: best.json has the values of a trial, not the ranges that were searched")
    assert "the command settings prints" in said
    assert not (tmp_path / "a.afina").exists()


# Settings of earlier versions, and what is no settings


def test_that_what_a_file_lacks_is_named_as_in_the_form(tmp_path: Path) -> None:
    content = json.loads(perceptron().to_json())
    del content["limits"], content["data"]["target_scale"], content["model"]["ranges"]["patience"]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(content))
    file = read_settings_file(path)
    assert file.settings is not None
    assert file.settings.limits == LimitSettings()
    assert file.lacking[:4] == ("Train target as", "Time per trial", "Memory per trial", "Pause after")
    assert file.lacking[4:] == tuple(p.label for p in MLP.parameters if p.name == "patience")
    path.write_text(perceptron().to_json())
    assert read_settings_file(path).lacking == ()


def damaged(change: Callable[[dict[str, Any]], object]) -> str:
    content = json.loads(JSON.text(done(tutorial_settings())))
    change(content)
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "best.json: It is empty: there are no settings in it"),
        ("[1, 2]", "best.json: The settings must be a group in braces, not a list"),
        (damaged(lambda c: c.update(trial="one")), "“trial” must be a whole number, not the text “one” (at trial)"),
        (damaged(lambda c: c.update(trial=-3)), "“trial” must be at least 1, not -3 (at trial)"),
        (damaged(lambda c: c.update(values=[])), "“values” must be a group in braces, not a list (at values)"),
        (
            damaged(lambda c: c["values"].update(learning_rate=None)),
            "“learning_rate” must be true or false, a number or a text, not null (at values.learning_rate)",
        ),
        (damaged(lambda c: c["values"].update(other=1)), "Linear model has no parameter “other” (at values.other)"),
        (
            damaged(lambda c: c["values"].update(batch_size=0)),
            "Batch size: The value (0) must be at least 1 and at most 10000000 (at values.batch_size)",
        ),
        (
            damaged(lambda c: c["settings"]["budget"].update(trials=0)),
            "best.json: Trials (0) must be between 1 and 100000 (at settings.budget.trials)",
        ),
        (damaged(lambda c: c.update(settings=None)), "“settings” must be a group in braces, not null (at settings)"),
        (JSON.text(done(tutorial_settings()))[:700], "This is not JSON, or not all of it: it breaks off in line"),
        ('{"trial": 1, "values": {}}', "best.json: The field “study” is missing in the settings"),
    ],
)
def test_that_what_is_wrong_with_an_export_is_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "best.json"
    path.write_text(text)
    with pytest.raises(InvalidSetting) as refused:
        read_settings_file(path)
    assert sentence in refused.value.message
    assert "\n" not in refused.value.message


def test_that_an_export_may_begin_with_a_mark_and_names_of_any_length_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "best.json"
    path.write_bytes(b"\xef\xbb\xbf" + JSON.text(done(tutorial_settings())).encode())
    assert read_settings(path) == tutorial_settings()
    path.write_text(damaged(lambda c: c["values"].update({"x" * 5000: 1})))
    with pytest.raises(InvalidSetting) as refused:
        read_settings_file(path)
    assert len(refused.value.message) < 1000


def test_that_the_command_settings_prints_what_it_printed(tmp_path: Path, capsysbinary: Any) -> None:
    engine = scripted_engine(ScriptedTrainer())
    settings = msgspec.structs.replace(tutorial_settings(), budget=BudgetSettings(trials=2))
    engine.start(settings, tmp_path / "a.afina", lambda _events: None, StudyControl())
    assert listing.settings(tmp_path / "a.afina") == DONE
    assert capsysbinary.readouterr().out.decode() == settings.to_json()
