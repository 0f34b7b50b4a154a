"""The scale of a regression's target: settings old and new, targets without a logarithm, what is said of it."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from core.datasets.prepare import prepare, split_problem, with_target_statistics
from core.datasets.settings import DataSettings, TargetScale
from core.errors import DataError, InvalidSetting
from core.headless import listing
from core.progress import StudyProgress
from core.settings import StudySettings, TrainerKind
from core.settings_file import settings_from_json
from core.store.reader import read_study
from core.study.control import StudyControl
from core.tables.description import ColumnRole, MissingValues, Task
from core.tables.skew import suggests_logarithm
from core.words.plan import target_scale_in_words
from tests.scripted import ScriptedTrainer, bowl, scripted_engine
from tests.tables import imported

AS_IT_IS, LOGARITHM, STANDARDISED = TargetScale


def table(folder: Path, targets: list[float], missing: MissingValues = MissingValues.IMPUTE) -> DataSettings:
    path = folder / "rents.csv"
    path.write_text("size,rent\n" + "".join(f"{n or ''},{target!r}\n" for n, target in enumerate(targets)))
    file = imported(path, len(targets), "rent", Task.REGRESSION, {"size": ColumnRole.NUMBER})
    return DataSettings(file=file, missing=missing, target_scale=LOGARITHM)


def test_that_settings_without_the_scale_train_the_target_as_it_is() -> None:
    old = StudySettings().to_json().replace(',\n    "target_scale": "as it is"', "")
    assert "target_scale" not in old
    assert settings_from_json(old) == StudySettings()


@pytest.mark.parametrize("schema", [1, 2, 3, 4])
def test_that_studies_of_earlier_versions_train_the_target_as_it_is(schema: int) -> None:
    path = Path(__file__).parents[1] / "data" / f"schema-{schema}.afina"
    assert StudyProgress.of(read_study(path)).settings.data.target_scale is AS_IT_IS


@pytest.mark.parametrize("scale", TargetScale)
def test_that_settings_are_read_back_with_their_scale(scale: TargetScale) -> None:
    given = StudySettings(data=DataSettings(target_scale=scale))
    assert settings_from_json(given.to_json()) == given


@pytest.mark.parametrize("dataset", ["wine", "breast_cancer"])
@pytest.mark.parametrize("scale", [LOGARITHM, STANDARDISED])
def test_that_classes_have_no_other_scale(dataset: str, scale: TargetScale) -> None:
    with pytest.raises(InvalidSetting, match=r"Classes can be trained only as they are") as raised:
        DataSettings(dataset=dataset, target_scale=scale)
    assert raised.value.field == "target_scale"


def test_that_an_unknown_scale_gets_a_sentence() -> None:
    text = StudySettings().to_json().replace("as it is", "root")
    with pytest.raises(InvalidSetting, match="Train target as") as raised:
        settings_from_json(text)
    assert raised.value.field == "data.target_scale"


@pytest.mark.parametrize(
    ("lowest", "said"),
    [
        (0.0, "The lowest “rent” is 0, and only numbers above 0 have a logarithm: train the target as it is, or"),
        (-2.5, "The lowest “rent” is -2.5, and only numbers above 0 have a logarithm"),
        (1e-60, "The lowest “rent” is 1e-60, which is 0 in 32 bits and has no logarithm"),
    ],
)
def test_that_a_target_without_a_logarithm_is_refused_with_its_lowest_value(
    lowest: float, said: str, tmp_path: Path
) -> None:
    data = table(tmp_path, [*map(float, range(1, 30)), lowest])
    assert said in split_problem(data, 0)
    path = tmp_path / "study.afina"
    with pytest.raises(DataError) as raised:
        scripted_engine(ScriptedTrainer(bowl)).start(
            StudySettings(data=data), path, lambda _events: None, StudyControl()
        )
    assert said in str(raised.value)
    assert not path.exists()
    for other in (AS_IT_IS, STANDARDISED):
        assert split_problem(msgspec.structs.replace(data, target_scale=other), 0) == ""


def test_that_only_rows_that_are_used_must_have_a_logarithm(tmp_path: Path) -> None:
    targets = [-1.0, *map(float, range(1, 30))]  # the first row has a gap
    assert "-1" in split_problem(table(tmp_path, targets), 0)
    assert split_problem(table(tmp_path, targets, MissingValues.DROP), 0) == ""


def test_that_the_statistics_are_those_of_the_training_part_of_each_fold() -> None:
    settings = DataSettings(folds=3, target_scale=STANDARDISED)
    seen = set()
    for fit in (1, 2, 3):
        plain = prepare(settings, 0, fit)
        made = with_target_statistics(plain)
        assert with_target_statistics(plain) is made
        for targets, own in ((made.y_train, plain.y_train), (made.y_val, plain.y_val)):
            assert targets.shape == (len(own), 3)
            np.testing.assert_array_equal(targets[:, :1], own)
            np.testing.assert_allclose(targets[:, 1], plain.y_train.mean(), rtol=1e-5)
            np.testing.assert_allclose(targets[:, 2], plain.y_train.std(), rtol=1e-5)
        seen.add(float(made.y_val[0, 1]))
    assert len(seen) == 3


def test_that_a_constant_training_part_has_the_deviation_1() -> None:
    data = prepare(DataSettings(), 0)
    constant = replace(data, y_train=np.full_like(data.y_train, 7))
    assert set(with_target_statistics(constant).y_train[:, 2]) == {1.0}


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        (AS_IT_IS, ""),
        (LOGARITHM, "The target is trained as its logarithm; losses, metrics and predictions are in its own unit."),
        (STANDARDISED, "The target is trained standardised; losses, metrics and predictions are in its own unit."),
    ],
)
def test_that_show_tells_another_scale(
    scale: TargetScale, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = StudySettings(data=DataSettings(target_scale=scale), trainer=TrainerKind.INLINE)
    assert target_scale_in_words(settings) == said
    path = tmp_path / "study.afina"
    scripted_engine(ScriptedTrainer(bowl)).start(settings, path, lambda _events: None, StudyControl())
    listing.show(path)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("The target")] == ([said] if said else [])


RNG = np.random.default_rng(3)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.exp(RNG.normal(11, 1, 300)), True),
        (np.exp(RNG.normal(11, 1, 300)).round(), True),
        (10 ** RNG.uniform(0, 6, 300), True),
        (RNG.normal(100, 5, 300), False),
        (RNG.uniform(1, 2, 300), False),
        (np.exp(RNG.normal(11, 1, 300)) - 1e5, False),
        (np.append(np.exp(RNG.normal(11, 1, 300)), 0.0), False),
        (-np.exp(RNG.normal(11, 1, 300)), False),
        (np.repeat([1.0, 1000.0], [290, 10]), False),
        (np.append(RNG.uniform(1, 1.1, 300), 1e6), False),
        (np.exp(RNG.normal(11, 1, 10)), False),
        (np.full(300, 7.0), False),
        (np.empty(0), False),
    ],
)
def test_that_the_logarithm_is_suggested_for_long_tails_only(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], expected: bool
) -> None:
    column = pl.Series(values)
    assert suggests_logarithm(column) is expected
    assert suggests_logarithm(column.extend(pl.Series([None, None], dtype=pl.Float64))) is expected
