"""What the folded sections of the form say."""

from pathlib import Path

import msgspec
import pytest

from core.datasets.settings import DataSettings, TargetScale
from core.models.catalogue import family_named
from core.models.settings import ModelSettings
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.rules import Relation, Rule
from core.search.settings import Acquisition, InitialDesign, SearchMethod, SearchSettings, Surrogate
from core.settings import BudgetSettings, LimitSettings, StudySettings, TrainerKind, tutorial_settings
from core.tables.description import ColumnRole, MissingValues, Task
from core.tables.facts import ColumnFacts, TableFacts, TargetFacts
from core.words.summaries import (
    Phrase,
    execution_in_short,
    fitted,
    joined,
    limits_in_short,
    objective_in_short,
    preparation_in_short,
    rules_in_short,
    search_in_short,
    validation_in_short,
)
from tests.tables import imported

LOSS = ObjectiveSettings()
ACCURACY = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE)


def marked(phrases: tuple[Phrase, ...]) -> str:
    """Return a summary in which stars stand around what differs."""
    return joined([Phrase(f"*{phrase.text}*") if phrase.differs else phrase for phrase in phrases])


def on_file(tmp_path: Path, **more: object) -> DataSettings:
    path = tmp_path / "t.csv"
    path.write_text("a,b,y\n", encoding="utf-8")
    columns = {"a": ColumnRole.NUMBER, "b": ColumnRole.CATEGORY}
    return DataSettings(file=imported(path, 10, "y", Task.REGRESSION, columns), **more)  # type: ignore[arg-type]


def test_that_the_defaults_are_told_and_none_differs() -> None:
    settings = tutorial_settings()
    lines = {
        rules_in_short(settings.model): "none",
        preparation_in_short(settings.data): "standardised, all 13 columns",
        validation_in_short(settings.data): "20 % held out, no test part",
        objective_in_short(settings.objective, settings.data.fits): "lowest validation loss, last epoch",
        search_in_short(settings.search): "Bayesian, expected improvement",
        execution_in_short(settings.trainer, settings.workers, settings.seed): "worker process, one trial at a time",
        limits_in_short(settings.limits, settings.budget, settings.objective): "pause after 5 failures in a row",
    }
    assert [marked(phrases) for phrases in lines] == list(lines.values())


def test_that_one_rule_is_written_out_and_more_are_counted() -> None:
    ranges = {parameter.name: parameter.first_range() for parameter in family_named("mlp").parameters}
    rule = Rule("units", Relation.AT_MOST, 256.0, "layers")
    model = ModelSettings(family_name="mlp", ranges=ranges, rules=(rule,))
    assert marked(rules_in_short(model)) == "*units × hidden layers ≤ 256*"
    assert marked(rules_in_short(msgspec.structs.replace(model, rules=(rule,) * 3))) == "*3 rules*"


def test_that_the_preparation_is_told(tmp_path: Path) -> None:
    without_b = DataSettings(standardise=False, excluded=("b",))
    assert marked(preparation_in_short(without_b)) == "*not standardised*, *12 of 13 columns*"
    logarithm = DataSettings(target_scale=TargetScale.LOGARITHM)
    assert marked(preparation_in_short(logarithm)) == "standardised, *target as its logarithm*, all 13 columns"
    standardised = on_file(tmp_path, target_scale=TargetScale.STANDARDISED)
    assert marked(preparation_in_short(standardised)) == "standardised, *target standardised*, gaps filled"
    dropped = on_file(tmp_path, missing=MissingValues.DROP)
    assert marked(preparation_in_short(dropped)) == "standardised, *rows with gaps left out*"
    assert marked(preparation_in_short(DataSettings(dataset="digits"))) == "standardised, all 64 pixels"


def test_that_gaps_are_filled_only_where_a_feature_may_have_some(tmp_path: Path) -> None:
    data = on_file(tmp_path)
    assert data.file is not None

    def told(gaps: dict[str, int]) -> str:
        columns = {name: ColumnFacts(distinct=9, gaps=count) for name, count in gaps.items()}
        return marked(preparation_in_short(data, TableFacts(rows=30, columns=columns, target=TargetFacts(distinct=9))))

    whole = dict.fromkeys((*data.file.features, data.file.target), 0)
    assert told(whole) == "standardised, no gaps"
    assert told(whole | {data.file.target: 3}) == "standardised, no gaps", "rows without a target are left out anyway"
    assert told(whole | {data.file.features[0]: 3}) == "standardised, gaps filled"
    assert told({}) == "standardised, gaps filled", "nothing is known of the columns"


def test_that_the_validation_is_told(tmp_path: Path) -> None:
    folds = on_file(tmp_path, folds=5, test_fraction=0.2, group="b")
    assert marked(validation_in_short(folds)) == "*5 folds*, *20 % test*, *grouped*"
    assert marked(validation_in_short(DataSettings(repeats=3))) == "20 % held out, *3 times*, no test part"
    assert marked(validation_in_short(DataSettings(validation_fraction=0.125))) == "*12.5 % held out*, no test part"


def test_that_the_objective_is_told() -> None:
    assert marked(objective_in_short(ACCURACY)) == "*highest validation accuracy*, last epoch"
    best = msgspec.structs.replace(ACCURACY, epoch=EpochChoice.BEST)
    assert marked(objective_in_short(best)) == "*highest validation accuracy*, *best epoch*"
    assert marked(objective_in_short(best, fits=5)).endswith("*each training's best epoch*")
    other_way = msgspec.structs.replace(LOSS, direction=Direction.MAXIMISE)
    assert marked(objective_in_short(other_way)) == "*highest validation loss*, last epoch"


@pytest.mark.parametrize(
    ("search", "told"),
    [
        (
            SearchSettings(surrogate=Surrogate.RANDOM_FOREST, acquisition=Acquisition.LOWER_CONFIDENCE_BOUND),
            "Bayesian, *random forest*, *LCB*",
        ),
        (SearchSettings(method=SearchMethod.RANDOM, initial_points=3), "*random*"),
        (SearchSettings(method=SearchMethod.GRID), "*grid*, 5 values each"),
        (SearchSettings(method=SearchMethod.GRID, grid_points=9), "*grid*, *9 values each*"),
        (
            SearchSettings(initial_design=InitialDesign.HALTON, initial_points=12),
            "Bayesian, expected improvement, *Halton start*, *12 initial points*",
        ),
        (SearchSettings(initial_points=1), "Bayesian, expected improvement, *1 initial point*"),
        (SearchSettings(xi=0.1, kappa=3.0), "Bayesian, expected improvement, *ξ 0.1*"),
        (
            SearchSettings(acquisition=Acquisition.LOWER_CONFIDENCE_BOUND, xi=0.1, kappa=3.0),
            "Bayesian, *LCB*, *κ 3*",
        ),
    ],
)
def test_that_the_search_method_is_told_with_what_it_heeds(search: SearchSettings, told: str) -> None:
    assert marked(search_in_short(search)) == told


@pytest.mark.parametrize("acquisition", Acquisition)
@pytest.mark.parametrize("surrogate", Surrogate)
@pytest.mark.parametrize("design", InitialDesign)
def test_that_every_way_to_search_has_words(
    acquisition: Acquisition, surrogate: Surrogate, design: InitialDesign
) -> None:
    search = SearchSettings(acquisition=acquisition, surrogate=surrogate, initial_design=design)
    assert joined(search_in_short(search)).startswith("Bayesian, ")


def test_that_the_execution_is_told() -> None:
    assert marked(execution_in_short(TrainerKind.WORKER, 2, 7)) == "worker process, *two at a time*, *seed 7*"
    assert marked(execution_in_short(TrainerKind.WORKER, 64, 0)) == "worker process, *64 at a time*"
    assert marked(execution_in_short(TrainerKind.INLINE, 1, 0)) == "*inline*, one trial at a time"


@pytest.mark.parametrize(
    ("budget", "limits", "told"),
    [
        (BudgetSettings(seconds=1800, target=15.5), LimitSettings(), "*30 min or 15.5*"),
        (BudgetSettings(target=15.5), LimitSettings(), "*15.5 or below*"),
        (BudgetSettings(seconds=5400), LimitSettings(trial_seconds=60), "*1 h 30 min*, *60 s a trial*"),
        (BudgetSettings(), LimitSettings(trial_megabytes=2000), "*2,000 MB a trial*"),
        (BudgetSettings(trials=99), LimitSettings(), ""),
    ],
)
def test_that_the_limits_are_told_before_the_pause(budget: BudgetSettings, limits: LimitSettings, told: str) -> None:
    usual = "pause after 5 failures in a row"
    assert marked(limits_in_short(limits, budget, LOSS)) == f"{told}, {usual}".removeprefix(", ")


def test_that_a_target_is_told_on_its_side_and_another_pause_differs() -> None:
    limits = LimitSettings(failures_in_a_row=1)
    told = marked(limits_in_short(limits, BudgetSettings(target=0.9), ACCURACY))
    assert told == "*0.9 or above*, *pause at the first failure*"
    limits = LimitSettings(failures_in_a_row=1000)
    assert marked(limits_in_short(limits, BudgetSettings(), LOSS)) == "*pause after 1,000 failures in a row*"


# Fitting


PHRASES = (Phrase("worker process"), Phrase("two at a time", differs=True), Phrase("seed 7", differs=True))


@pytest.mark.parametrize(
    ("width", "left"),
    [
        (37, "worker process, *two at a time*, *seed 7*"),
        (36, "*two at a time*, *seed 7*"),
        (21, "*two at a time*, *seed 7*"),
        (20, "*two at a time*, *seed…*"),  # without the space before the ellipsis
        (16, "*two at a time…*"),
        (12, "*two at a ti…*"),
        (1, "*…*"),
        (0, "*…*"),
    ],
)
def test_that_what_is_as_by_default_goes_first_and_then_the_end(width: int, left: str) -> None:
    assert marked(fitted(PHRASES, width, len)) == left


def test_that_the_last_default_goes_first_and_one_phrase_stays() -> None:
    usual = (Phrase("Bayesian"), Phrase("expected improvement"))
    assert fitted(usual, 30, len) == usual
    assert fitted(usual, 29, len) == usual[:1]
    assert fitted(usual, 8, len) == usual[:1]
    assert fitted(usual, 7, len) == (Phrase("Bayesi…"),)


def test_that_a_width_is_as_it_is_measured() -> None:
    def wide(text: str) -> float:
        return sum(3.5 if letter == "m" else 1.0 for letter in text)

    for width in range(2, 40):
        assert wide(joined(fitted((Phrase("mmimmim", differs=True),), width, wide))) <= width


def test_that_all_settings_can_be_summed_up_at_any_width() -> None:
    settings = StudySettings(workers=3, seed=9)
    execution = execution_in_short(settings.trainer, settings.workers, settings.seed)
    for width in range(60):
        assert len(joined(fitted(execution, width, len))) <= max(width, 1)
