"""Parameters of a model file with names that Afina itself uses: taken as they are, and told apart everywhere."""

import ast
import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from core.conditions import AtLeast
from core.datasets.settings import DataSettings
from core.events import EpochEnded, Event, TrialEnded, TrialStarted, TrialState
from core.export.exporters import CSV, JSON, PYTHON
from core.figures import points
from core.figures.dimensions import OBJECTIVE, dimensions
from core.figures.figure import Kind
from core.headless.listing import show
from core.models.custom.declared import Declared
from core.models.custom.explore import Exploration
from core.models.custom.keras_tuner_api import HyperParameters
from core.models.custom.program import execute
from core.models.preset import Preset
from core.objective import ObjectiveSettings
from core.parameters import Fixed, FloatRange, IntegerRange, Value
from core.presets import read_preset, save_preset
from core.progress import StudyProgress
from core.rehearsal.configurations import Rehearsal, Result, configurations
from core.rules import Relation, Rule
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.settings_file import settings_from_json
from core.store.reader import read_study
from core.store.writer import Store
from core.study.loop import study_started
from core.words.captions import in_a_sentence, told_apart
from core.words.plan import describe_values
from core.words.rehearsals import MEASUREMENTS, sheet
from core.words.summaries import joined, rules_in_short
from core.words.trials import trial_tip
from tests.extremes import declared_settings
from tests.names import LIKE_OURS, NAMES

VALUES: dict[str, Value] = {name: place + 0.5 for place, name in enumerate(NAMES, 1)}
OF_ALL: dict[str, Value] = VALUES | {"batch_size": 32, "epochs": 1, "patience": 0}
COLUMNS = ("trial", "state", "origin", "objective", "train_loss", "val_loss", "epochs_trained", "seconds", "message")


def settings_of(*names: str, rules: tuple[Rule, ...] = (), **other: object) -> StudySettings:
    """Return settings in which each of these parameters varies from 0 to 1,000."""
    made = (Declared(name=name, range=FloatRange(0, 1000), default=0.5) for name in names)
    return declared_settings(*made, rules=rules, **other)


def events_of(settings: StudySettings, values: dict[str, Value] = OF_ALL) -> list[Event]:
    """Return one complete trial with those of the values that the settings know; its results are below 0."""
    known = {name: value for name, value in values.items() if name in settings.model.ranges}
    fits = settings.data.fits
    epochs = [
        EpochEnded(trial=1, fit=fit, epoch=1, loss=-2.0, val_loss=-3.0, metrics={"mae": -4.0}, seconds=9.0)
        for fit in range(1, fits + 1)
    ]
    end = TrialEnded(
        trial=1,
        state=TrialState.COMPLETE,
        epoch=1,
        seconds=77.0,
        objective=-3.0,
        message="Noted",
        scores=(-3.0,) * fits,
    )
    return [TrialStarted(trial=1, values=known, seed=7, origin=PointOrigin.INITIAL), *epochs, end]


def study_of(settings: StudySettings, values: dict[str, Value] = OF_ALL) -> StudyProgress:
    return StudyProgress.of([study_started(settings), *events_of(settings, values)])


def rows_of(progress: StudyProgress) -> tuple[list[str], list[str]]:
    header, row = csv.reader(io.StringIO(CSV.text(progress)))
    return header, row


# How names are told apart


def test_that_a_caption_like_one_of_ours_says_that_it_is_a_parameters() -> None:
    made = told_apart({"trial": "trial", "b": "STATE ", "units": "Units"}, ["Trial", "State"])

    assert made == {"trial": "parameter trial", "b": "parameter b", "units": "Units"}


def test_that_whatever_else_is_called_so_no_two_captions_are_alike() -> None:
    names = ("trial", "parameter trial", "parameter parameter trial", "Trial")

    made = told_apart({name: name for name in names}, ["trial"])

    assert made["parameter trial"] == "parameter trial"
    assert len(set(made.values())) == len(names)
    assert "trial" not in {caption.casefold() for caption in made.values()}


def test_that_parameters_with_the_same_label_are_told_apart_by_their_names() -> None:
    made = told_apart({"rate_1": "Rate", "rate_2": "Rate", "c": "Width"}, ["Trial"])

    assert made == {"rate_1": "parameter rate_1", "rate_2": "parameter rate_2", "c": "Width"}


def test_that_a_name_stays_as_it_is_within_a_sentence_and_a_label_does_not() -> None:
    parameters = [
        Declared(name="Units", range=FloatRange(0, 1), default=0.5, label=label).parameter() for label in ("", "Width")
    ]

    assert list(map(in_a_sentence, parameters)) == ["Units", "width"]


# Found in files


def test_that_a_file_declares_any_name() -> None:
    declared = "\n".join(f"    Float({name!r}, 0, 1)," for name in NAMES)
    source = f"from afina import Float\n\nPARAMETERS = [\n{declared}\n]\n\n\ndef build_model(values, data): ...\n"

    parameters = execute(source, "model.py").parameters

    assert parameters is not None
    settings = declared_settings(*parameters)
    assert list(settings.varied) == list(NAMES)
    assert settings_from_json(settings.to_json()) == settings


def test_that_a_build_asks_for_any_name() -> None:
    asked: dict[str, Value] = {}

    def build(hp: HyperParameters) -> None:
        asked.update({name: hp.Float(name, 0.0, 1000.0) for name in NAMES})

    found = Exploration(build).parameters()
    build(HyperParameters(VALUES))

    assert [item.name for item in declared_settings(*found).family.parameters][: len(NAMES)] == list(NAMES)
    assert asked == VALUES


def test_that_what_is_special_about_epochs_stays() -> None:
    with pytest.raises(ValueError, match="epochs must be a whole number"):
        settings_of("epochs")


# Exports


@pytest.mark.parametrize("folds", [0, 3])
def test_that_the_csv_has_every_number_in_a_column_of_its_own(folds: int) -> None:
    header, row = rows_of(study_of(settings_of(*NAMES, data=DataSettings(folds=folds))))

    assert len(set(header)) == len(header) == len(row)
    cells = dict(zip(header, row, strict=True))
    results = ["1", "complete", "initial design", "-3.0", "-2.0", "-3.0", str(max(1, folds)), "77.0", "Noted"]
    assert [cells[column] for column in COLUMNS] == results
    assert ("score_1" in cells, "objective_spread" in cells) == (folds == 3, folds == 3)
    for name, value in VALUES.items():
        assert cells[f"parameter {name}" if name in LIKE_OURS else name] == str(value), name


def test_that_a_metric_gives_way_to_parameters_and_to_our_columns() -> None:
    progress = study_of(settings_of("mae", "metric mae"), OF_ALL | {"mae": 1.5, "metric mae": 2.5})

    cells = dict(zip(*rows_of(progress), strict=True))

    assert (cells["mae"], cells["metric mae"], cells["metric metric mae"]) == ("1.5", "2.5", "-4.0")


def test_that_names_that_a_spreadsheet_would_run_are_two_columns() -> None:
    values: dict[str, Value] = {"=1+1": 1.5, "'=1+1": 2.5, "batch_size": 32, "epochs": 1, "patience": 0}
    header, row = rows_of(study_of(settings_of("=1+1", "'=1+1"), values))

    assert len(set(header)) == len(header)
    assert not any(column.startswith("=") for column in header)
    assert row[3:5] == ["1.5", "2.5"]


def test_that_the_columns_of_a_study_without_such_names_are_those_of_ever() -> None:
    header, _row = rows_of(study_of(settings_of("Trial", "units"), OF_ALL | {"Trial": 5.0, "units": 6.0}))

    begin = ["trial", "state", "origin", "Trial", "units", "batch_size", "epochs", "patience", "objective"]
    end = ["train_loss", "val_loss", "mae", "epochs_trained", "seconds", "reason", "message"]
    assert header == [*begin, *end]


def test_that_json_has_the_values_by_their_names_and_the_script_has_them_in_a_dictionary() -> None:
    progress = study_of(settings_of(*NAMES))

    exported = json.loads(JSON.text(progress))
    script = ast.parse(PYTHON.text(progress))

    assert (exported["values"], exported["objective"]["value"], exported["trial"]) == (OF_ALL, -3.0, 1)
    assigned = {ast.unparse(node.targets[0]): node.value for node in script.body if isinstance(node, ast.Assign)}
    assert ast.literal_eval(assigned["VALUES"]) == OF_ALL
    assert (ast.literal_eval(assigned["TRIAL_SEED"]), ast.literal_eval(assigned["EPOCHS"])) == (7, 1)


# Study files, presets, the terminal


def test_that_a_study_file_gives_the_values_back_and_its_view_can_be_asked(tmp_path: Path) -> None:
    path, settings = tmp_path / "names.afina", settings_of(*NAMES)
    Store.create(path, study_started(settings), events_of(settings)).close()

    trial = StudyProgress.of(read_study(path)).trials[1]
    with closing(sqlite3.connect(path)) as connection:
        given, *others = connection.execute("SELECT parameter_values, number, state, objective, seconds FROM trials")
        (of_one,) = connection.execute("SELECT json_extract(parameter_values, '$.objective') FROM trials")

    assert (trial.values, trial.objective, trial.seconds) == (OF_ALL, -3.0, 77.0)
    assert not others
    assert (json.loads(given[0]), *given[1:]) == (OF_ALL, 1, "complete", -3.0, 77.0)
    assert of_one == (VALUES["objective"],)


def test_that_a_preset_keeps_the_ranges_and_rules_of_any_name(tmp_path: Path) -> None:
    rule = Rule("trial", Relation.AT_MOST, "state", "objective")
    model = settings_of(*NAMES, rules=(rule,)).model

    save_preset(tmp_path, Preset(name="mine", ranges=model.ranges, rules=model.rules))
    preset = read_preset(tmp_path, "mine")

    assert (preset.ranges, preset.rules) == (model.ranges, (rule,))
    assert preset.fits(model.family.parameters)


def test_that_show_has_the_numbers_under_headers_that_differ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("trial", "state", "origin", "objective", "duration", "note", "train loss")
    values: dict[str, Value] = {name: 100.5 + place for place, name in enumerate(names)}
    path, settings = tmp_path / "names.afina", settings_of(*names)
    Store.create(path, study_started(settings), events_of(settings, OF_ALL | values)).close()

    show(path)

    header, row, *_rest = capsys.readouterr().out.splitlines()
    for name, value in values.items():
        column = name if name == "origin" else f"parameter {name}"
        place = header.index(column)
        assert row[place:].split()[0] == str(value), name
    assert row[header.index("objective: val loss") :].split()[:2] == ["-3", "-2"]


# Plots, tool tips, sentences


def test_that_a_parameter_and_the_objective_stand_on_the_axes_by_their_own_values() -> None:
    progress = study_of(settings_of(*NAMES))

    both = points.figure(progress, x="objective", y=OBJECTIVE)
    swapped = points.figure(progress, x="trial", y="objective")

    places = [[(float(p.x[0]), float(p.y[0])) for p in figure.points(Kind.DONE)] for figure in (both, swapped)]
    assert places == [[(VALUES["objective"], -3.0)], [(VALUES["trial"], VALUES["objective"])]]
    assert (both.x.scale.label, both.y.scale.label) == ("parameter objective", "Validation loss")
    offered = dimensions(progress.settings)
    assert len({dimension.label.casefold() for dimension in offered if dimension.name in LIKE_OURS}) == len(LIKE_OURS)


def test_that_the_tool_tip_of_a_trial_tells_its_parameters_from_its_results() -> None:
    progress = study_of(settings_of("objective", "point", "trial"), OF_ALL | {"point": 8.0})
    tip = trial_tip(progress.trials[1], progress.settings)

    assert "<td>Objective: val loss ↓&nbsp;&nbsp;</td><td>-3</td>" in tip
    for name in ("objective", "point", "trial"):
        assert f"<td>parameter {name}&nbsp;&nbsp;</td>" in tip


def test_that_the_rehearsals_table_tells_parameters_from_measurements() -> None:
    settings = settings_of("memory", "Weights", "units")
    rehearsal = Rehearsal(settings=settings, results=tuple(map(Result, configurations(settings))))

    first = [row[0] for row in sheet(rehearsal)]

    assert first == ["", "parameter memory", "parameter Weights", "units", *MEASUREMENTS]


def test_that_sentences_keep_names_as_they_are_and_say_which_is_a_parameter() -> None:
    names = ("Units", "units", "trial", "objective")
    values: dict[str, Value] = dict(zip(names, (1.5, 2.5, 3.5, 4.5), strict=True))
    progress = study_of(settings_of(*names, rules=(Rule("Units", Relation.AT_MOST, "units"),)), OF_ALL | values)

    rules, best = joined(rules_in_short(progress.settings.model)), describe_values(progress)

    assert rules == "Units ≤ units"
    assert best == ("Units <b>1.5</b>, units <b>2.5</b>, parameter trial <b>3.5</b>, parameter objective <b>4.5</b>")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (Rule("units", Relation.AT_MOST, "5"), "units ≤ “5”"),
        (Rule("units", Relation.AT_MOST, 5.0), "units ≤ 5"),
        (Rule("a ≤ b", Relation.ABOVE, "-1e3", "×"), "“a ≤ b” × “×” > “-1e3”"),
        (Rule("and", Relation.BELOW, "lambda"), "and < lambda"),
        (Rule("units_2", Relation.AT_LEAST, "l2"), "units_2 ≥ l2"),
    ],
)
def test_that_a_name_in_a_rule_is_taken_for_neither_a_number_nor_a_sign(rule: Rule, text: str) -> None:
    names = sorted(rule.names)
    assert settings_of(*names, rules=(rule,)).model.text_of(rule) == text


def test_that_rules_and_conditions_hold_for_parameters_of_any_name() -> None:
    ranged = IntegerRange(1, 9)
    settings = declared_settings(
        Declared(name="state", range=ranged, default=5),
        Declared(name="trial", range=ranged, default=5),
        Declared(name="when", range=ranged, default=5, when=AtLeast("trial", 5)),
        rules=(Rule("trial", Relation.AT_MOST, "state"),),
    )

    found = list(settings.model.space.all_points())

    assert len(found) == sum(9 if trial >= 5 else 1 for state in range(1, 10) for trial in range(1, state + 1))
    assert all(point["trial"] <= point["state"] for point in found)  # type: ignore[operator]
    assert all(("when" in point) == (int(point["trial"]) >= 5) for point in found)


def test_that_a_fixed_parameter_named_as_ours_is_neither_axis_nor_column() -> None:
    settings = settings_of("objective", "units")
    ranges = settings.model.ranges | {"objective": Fixed(0.25)}
    fixed = msgspec.structs.replace(settings, model=msgspec.structs.replace(settings.model, ranges=ranges))

    assert [dimension.label for dimension in dimensions(fixed)] == ["units", "Objective"]
    assert ObjectiveSettings() == fixed.objective
