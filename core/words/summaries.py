"""What a folded section of the form says: in a line, what is set in it."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings, TargetScale
from core.formatting import format_number, format_percent, format_plainly, in_letters
from core.models.settings import ModelSettings
from core.objective import EpochChoice, ObjectiveSettings
from core.search.settings import Acquisition, InitialDesign, SearchMethod, SearchSettings, Surrogate
from core.settings import BudgetSettings, LimitSettings, TrainerKind, tutorial_settings
from core.tables.description import MissingValues
from core.tables.facts import TableFacts
from core.words.captions import in_a_sentence

SEPARATOR = ", "
_ELLIPSIS = "…"
_SURROGATES = {
    Surrogate.GAUSSIAN_PROCESS: "Gaussian process",
    Surrogate.RANDOM_FOREST: "random forest",
    Surrogate.EXTRA_TREES: "extra trees",
    Surrogate.GRADIENT_BOOSTING: "gradient-boosted trees",
}
_ACQUISITIONS = {
    Acquisition.EXPECTED_IMPROVEMENT: "expected improvement",
    Acquisition.LOWER_CONFIDENCE_BOUND: "LCB",
    Acquisition.PROBABILITY_OF_IMPROVEMENT: "PI",
    Acquisition.HEDGE: "EI, LCB and PI mixed",
}
_DESIGNS = {
    InitialDesign.SOBOL: "Sobol start",
    InitialDesign.LATIN_HYPERCUBE: "Latin hypercube start",
    InitialDesign.HALTON: "Halton start",
    InitialDesign.HAMMERSLY: "Hammersly start",
    InitialDesign.RANDOM: "random start",
}


@dataclass(frozen=True)
class Phrase:
    """A part of a summary. `differs`: it says something that is not as by default."""

    text: str
    differs: bool = False


Phrases = tuple[Phrase, ...]


def rules_in_short(model: ModelSettings) -> Phrases:
    """Return "none", the only rule, or "3 rules"."""
    match len(model.rules):
        case 0:
            return (Phrase("none"),)
        case 1:
            labels = {parameter.name: in_a_sentence(parameter) for parameter in model.family.parameters}
            return (Phrase(model.rules[0].text(labels.__getitem__), differs=True),)
        case count:
            return (Phrase(f"{count} rules", differs=True),)


def preparation_in_short(data: DataSettings, facts: TableFacts | None = None) -> Phrases:
    """Return "standardised, all 13 columns" or, for a file, "standardised, gaps filled".

    `facts` are what is known of the file's table, if anything is.
    """
    standardised = Phrase("standardised" if data.standardise else "not standardised", differs=not data.standardise)
    last = _columns(data) if data.file is None else _gaps(data, data.file, facts)
    return (standardised, *_scale(data.target_scale), last)


def _scale(scale: TargetScale) -> Phrases:
    match scale:
        case TargetScale.AS_IT_IS:
            return ()
        case TargetScale.LOGARITHM:
            return (Phrase("target as its logarithm", differs=True),)
        case TargetScale.STANDARDISED:
            return (Phrase("target standardised", differs=True),)
        case _:
            assert_never(scale)


def _gaps(data: DataSettings, file: DataFile, facts: TableFacts | None) -> Phrase:
    if data.missing is MissingValues.DROP:
        return Phrase("rows with gaps left out", differs=True)
    has_none = facts is not None and facts.gapless.issuperset(file.features)
    return Phrase("no gaps" if has_none else "gaps filled")


def _columns(data: DataSettings) -> Phrase:
    used, what = data.feature_count, "columns" if data.image is None else "pixels"
    if not data.excluded:
        return Phrase(f"all {used:,} {what}")
    return Phrase(f"{used:,} of {used + len(data.excluded):,} {what}", differs=True)


def validation_in_short(data: DataSettings) -> Phrases:
    """Return "20 % held out, no test part", or "5 folds, 20 % test, grouped"."""
    default = DataSettings()
    share = data.validation_fraction
    if data.folds:
        phrases = [Phrase(f"{data.folds} folds", differs=True)]
    else:
        phrases = [Phrase(f"{format_percent(share)} held out", differs=share != default.validation_fraction)]
    if data.repeats > 1:
        phrases.append(Phrase(f"{data.repeats} times", differs=True))
    test = f"{format_percent(data.test_fraction)} test" if data.test_fraction else "no test part"
    phrases.append(Phrase(test, differs=data.test_fraction != default.test_fraction))
    if data.group:
        phrases.append(Phrase("grouped", differs=True))
    return tuple(phrases)


def objective_in_short(objective: ObjectiveSettings, fits: int = 1) -> Phrases:
    """Return "lowest validation loss, last epoch"; `fits` is the number of a trial's trainings."""
    default = ObjectiveSettings()
    same = (objective.metric, objective.direction) == (default.metric, default.direction)
    best = "each training's best epoch" if fits > 1 else "best epoch"
    return (
        Phrase(f"{objective.extreme} {objective.label}", differs=not same),
        Phrase(best if objective.epoch is EpochChoice.BEST else "last epoch", differs=objective.epoch != default.epoch),
    )


def search_in_short(search: SearchSettings) -> Phrases:
    """Return "Bayesian, expected improvement", "random", or "grid, 5 values each"."""
    match search.method:
        case SearchMethod.BAYESIAN:
            return (Phrase("Bayesian"), *_bayesian_in_short(search))
        case SearchMethod.RANDOM:
            return (Phrase("random", differs=True),)
        case SearchMethod.GRID:
            other = search.grid_points != SearchSettings().grid_points
            return Phrase("grid", differs=True), Phrase(f"{search.grid_points:,} values each", differs=other)
        case _:
            assert_never(search.method)


def _bayesian_in_short(search: SearchSettings) -> Phrases:
    default, phrases = SearchSettings(), []
    if search.surrogate is not default.surrogate:
        phrases.append(Phrase(_SURROGATES[search.surrogate], differs=True))
    phrases.append(Phrase(_ACQUISITIONS[search.acquisition], differs=search.acquisition is not default.acquisition))
    if search.heeds_xi and search.xi != default.xi:
        phrases.append(Phrase(f"ξ {format_number(search.xi)}", differs=True))
    if search.heeds_kappa and search.kappa != default.kappa:
        phrases.append(Phrase(f"κ {format_number(search.kappa)}", differs=True))
    if search.initial_design is not default.initial_design:
        phrases.append(Phrase(_DESIGNS[search.initial_design], differs=True))
    if search.initial_points != default.initial_points:
        points = "1 initial point" if search.initial_points == 1 else f"{search.initial_points:,} initial points"
        phrases.append(Phrase(points, differs=True))
    return tuple(phrases)


def execution_in_short(trainer: TrainerKind, workers: int, seed: int) -> Phrases:
    """Return "worker process, one trial at a time"; the seed is named only where it is another one."""
    default = tutorial_settings()
    where = {TrainerKind.WORKER: "worker process", TrainerKind.INLINE: "inline"}[trainer]
    at_once = "one trial at a time" if workers == 1 else f"{in_letters(workers)} at a time"
    phrases = Phrase(where, differs=trainer is not default.trainer), Phrase(at_once, differs=workers != default.workers)
    return (*phrases, Phrase(f"seed {seed}", differs=True)) if seed != default.seed else phrases


def limits_in_short(limits: LimitSettings, budget: BudgetSettings, objective: ObjectiveSettings) -> Phrases:
    """Return "pause after 5 failures in a row", and before it the limits: "30 min or 15.5, 60 s a trial"."""
    said = []
    ends = [] if budget.seconds is None else [format_plainly(budget.seconds)]
    if budget.target is not None:
        target = format_number(budget.target)
        ends.append(target if ends else f"{target} or {objective.beyond}")
    if ends:
        said.append(" or ".join(ends))
    if limits.trial_seconds is not None:
        said.append(f"{format_plainly(limits.trial_seconds)} a trial")
    if limits.trial_megabytes is not None:
        said.append(f"{limits.trial_megabytes:,} MB a trial")
    failures, usual = limits.failures_in_a_row, LimitSettings().failures_in_a_row
    pause = "pause at the first failure" if failures == 1 else f"pause after {failures:,} failures in a row"
    return (*(Phrase(text, differs=True) for text in said), Phrase(pause, differs=failures != usual))


def joined(phrases: Sequence[Phrase]) -> str:
    """Return the whole summary as plain text."""
    return SEPARATOR.join(phrase.text for phrase in phrases)


def fitted(phrases: Sequence[Phrase], width: float, measure: Callable[[str], float]) -> Phrases:
    """Return what of the phrases fits into a width; `measure` returns the width of a text.

    What is as by default goes first, the last such phrase before the others, but one phrase always stays; then the end
    is cut off, and an ellipsis says so.
    """
    kept = list(phrases)
    while len(kept) > 1 and measure(joined(kept)) > width:
        usual = [place for place, phrase in enumerate(kept) if not phrase.differs]
        if not usual:
            break
        del kept[usual[-1]]
    text = joined(kept)
    if measure(text) <= width:
        return tuple(kept)
    letters = bisect_right(range(1, len(text)), width, key=lambda count: measure(text[:count] + _ELLIPSIS))
    return _first(kept, letters)


def _first(phrases: Sequence[Phrase], letters: int) -> Phrases:
    """Return the phrases of which so many letters are left, with an ellipsis at the end."""
    left: list[Phrase] = []
    for phrase in phrases:
        if letters <= 0 and left:
            break
        left.append(Phrase(phrase.text[: max(letters, 0)], phrase.differs))
        letters -= len(phrase.text) + len(SEPARATOR)
    last = left[-1]
    return (*left[:-1], Phrase(last.text.rstrip(" ,") + _ELLIPSIS, last.differs))
