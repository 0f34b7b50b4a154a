"""Below which difference results are noise, which trials are as good as the best, and how it is said."""

import math
from pathlib import Path

import msgspec
import pytest

from core.datasets.settings import DataSettings
from core.events import StudyEnd, StudyEnded, TrialEnded, TrialState, TrialTested
from core.headless.listing import show
from core.noise import noise_of
from core.objective import Direction, ObjectiveSettings
from core.phases import Job, Phase
from core.progress import StudyProgress
from core.store.reader import read_study
from core.store.writer import Store
from core.words.going_on import best_in_detail
from core.words.headline import going_on_in_words
from core.words.noise import noise_explained, noise_in_words
from tests.core.repeated_studies import POOR, events, near, study

HIGHEST = ObjectiveSettings(metric="val_mae", direction=Direction.MAXIMISE)
OLD = Path(__file__).resolve().parents[1] / "data"


def test_that_the_bound_comes_from_the_deviation_of_repeats() -> None:
    noise = noise_of(study(*near(15.2)))
    deviation = math.sqrt(2) * 0.1  # of two scores, 0.1 below and 0.1 above
    assert noise is not None
    assert noise.bound == float(f"{math.sqrt(2) * 1.64 * deviation / math.sqrt(2):.1e}") == 0.23
    assert noise.as_good == (2,)


def test_that_the_deviation_is_pooled_over_the_better_half() -> None:
    wild = [(30.0, 50.0)] * 10
    assert noise_of(study(*near()[:10], *wild)) == noise_of(study(*near()))
    half = [(15.0, 15.0)] * 5 + [(15.5, 16.5)] * 5
    noise = noise_of(study(*half, *POOR))
    assert noise is not None
    assert noise.bound == float(f"{math.sqrt(2) * 1.64 * 0.5 / math.sqrt(2):.1e}")  # the variance is the mean of 0, 0.5


@pytest.mark.parametrize(
    "data",
    [
        DataSettings(),
        DataSettings(folds=2),
        DataSettings(folds=2, repeats=3),
    ],
)
def test_that_one_training_and_folds_say_nothing_of_noise(data: DataSettings) -> None:
    several = [tuple(15.0 + number + fit for fit in range(data.fits)) for number in range(20)]
    progress = study(*several, data=data)
    assert noise_of(progress) is None
    assert noise_in_words(progress) == noise_explained(progress) == ""


def test_that_nothing_is_said_of_few_trials_of_none_and_where_seeds_change_nothing() -> None:
    assert noise_of(study()) is None
    assert noise_of(study(*near()[:18])) is None
    assert noise_of(study(*near()[:19])) is not None
    assert noise_of(study(*[(15.0, 15.0)] * 30)) is None


@pytest.mark.parametrize("path", sorted(OLD.glob("schema-*.afina")), ids=lambda path: path.stem)
def test_that_nothing_is_said_of_older_studies(path: Path) -> None:
    assert noise_in_words(StudyProgress.of(read_study(path))) == ""


def test_that_failed_trials_are_never_as_good() -> None:
    told = events(near(15.2))
    told[4] = TrialEnded(trial=2, state=TrialState.FAILED, epoch=1, seconds=1.0)
    noise = noise_of(StudyProgress.of(told))
    assert noise is not None
    assert noise.as_good == ()


@pytest.mark.parametrize("scale", [1e-200, 1e-6, 1e6, 1e300])
def test_that_objectives_of_any_size_have_noise(scale: float) -> None:
    noise = noise_of(study(*((scale * (result - 0.1), scale * (result + 0.1)) for result in near(15.2))))
    assert noise is not None
    assert noise.bound == pytest.approx(0.23 * scale)
    assert noise.as_good == (2,)


def test_that_spreads_beyond_the_largest_number_say_nothing() -> None:
    assert noise_of(study(*[(-1.7e308, 1.7e308)] * 20)) is None


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ((), "no other trial is as good"),
        ((15.2,), "trial 2 is as good"),
        ((15.0, 15.2), "trials 2 and 3 are as good"),
        ((15.22, 15.1, 15.2), "trials 2, 3 and 4 are as good"),
        ((15.0, 15.1, 15.2, 15.22), "4 others are as good"),
        ((15.24,), "no other trial is as good"),
    ],
)
def test_that_trials_nearer_to_the_best_than_the_number_shown_are_named(others: tuple[float, ...], said: str) -> None:
    assert noise_in_words(study(*near(*others))) == f"Differences below about 0.23 are noise: {said}."


def test_that_the_number_shown_decides_and_not_its_further_digits() -> None:
    """The bound is 0.2319…, shown as 0.23."""
    assert noise_in_words(study(*near(15.231))).endswith("no other trial is as good.")


def test_that_of_a_metric_that_is_to_be_high_the_higher_half_counts() -> None:
    shares = [(0.9, 0.92), (0.905, 0.925), *[(0.7, 0.72)] * 8, *[(0.1, 0.5)] * 10]
    assert noise_in_words(study(*shares, objective=HIGHEST)) == (
        "Differences below about 0.023 are noise: trial 1 is as good."
    )


@pytest.mark.parametrize(("unit", "shown"), [(1.0, "0.23"), (100.0, "23"), (5321.0, "1200"), (1e-3, "2.3e-4")])
def test_that_the_number_has_two_digits_in_the_unit_of_the_objective(unit: float, shown: str) -> None:
    progress = study(*((unit * (result - 0.1), unit * (result + 0.1)) for result in near()))
    assert f"below about {shown} are noise" in noise_in_words(progress)
    assert f"below about {shown}. " in noise_explained(progress)


def test_that_why_says_how_well_it_is_known() -> None:
    assert noise_explained(study(*near())) == (
        "Trained again with other seeds, the same settings give a slightly different number. "
        "The two repeats of each trial show by how much: nine of ten such differences are below about 0.23. "
        "That is an estimate from few repeats: of 16 studies in which we checked it, it was about right in ten. "
        "What is closer cannot be told apart; more repeats (Validation) make it smaller."
    )


def test_that_noise_is_measured_once_until_a_trial_ends_and_only_few_trials_are_written() -> None:
    progress = study(*near(15.0, 15.1, 15.2, 15.22))
    assert noise_of(progress) is noise_of(progress)
    before, more = noise_of(progress), events(near(15.0, 15.1, 15.2, 15.22, 15.2))
    for event in more[-2:]:
        progress.apply(msgspec.structs.replace(event, trial=21))
    assert noise_of(progress) is not before
    assert noise_of(study(*near(15.0, 15.1, 15.2, 15.22))) == before
    written: list[int] = []

    def write(number: int) -> str:
        written.append(number)
        return str(number)

    noise_in_words(progress, write)
    assert written == []


# Where it is said


def facts(progress: StudyProgress, job: Job | None = None, phase: Phase | None = None) -> str:
    return " ".join(going_on_in_words(job, phase, progress, "").facts)


def test_that_the_headline_of_a_study_at_rest_says_it_with_links() -> None:
    said = (
        'Differences below about 0.23 are <a href="why">noise</a>: trials <a href="trial:2">2</a> and '
        '<a href="trial:3">3</a> are as good. <a href="why">Why?</a>'
    )
    progress = study(*near(15.0, 15.2))
    assert facts(progress, Job.STUDY, Phase.PAUSED).endswith(said)
    assert "noise" not in facts(progress, Job.STUDY, Phase.RUNNING)
    progress.apply(StudyEnded(reason=StudyEnd.PAUSED, message="Paused: 5 trials failed in a row.", time=1.0))
    assert facts(progress).endswith(said)
    progress.apply(StudyEnded(reason=StudyEnd.FINISHED, message="Finished 20 trials.", time=1.0))
    assert going_on_in_words(None, None, progress, "").facts == (
        f"Learning rate <b>0.01</b>, batch size <b>10</b>. {said}",
    )


def test_that_ties_are_told_only_where_the_noise_is_not_known() -> None:
    known, unknown = study(*near(15.0)), study(15.0, 15.0, data=DataSettings())
    for progress in (known, unknown):
        progress.apply(StudyEnded(reason=StudyEnd.FINISHED, message="", time=1.0))
    assert "tie" not in facts(known)
    assert "2 trials tie for the best." in facts(unknown)


def test_that_the_status_bars_tip_says_it_when_nothing_runs() -> None:
    progress = study(*near(15.2))
    lines = ["Validation loss after the last epoch, the lowest is the best", "Best: trial 1, 15"]
    assert best_in_detail(progress).split("\n") == lines
    progress.apply(StudyEnded(reason=StudyEnd.FINISHED, message="", time=1.0))
    assert best_in_detail(progress).split("\n") == [
        *lines,
        "Differences below about 0.23 are noise: trial 2 is as good.",
    ]


def test_that_the_list_of_a_study_ends_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, *others = events(near(15.2))
    with Store.create(tmp_path / "a.afina", first) as store:  # type: ignore[arg-type]
        store.record(others)
    assert show(tmp_path / "a.afina") == 0
    assert capsys.readouterr().out.endswith("\nDifferences below about 0.23 are noise: trial 2 is as good.\n")


def test_that_with_less_room_what_says_how_sure_the_result_is_stays_longest() -> None:
    progress = study(*near(15.0, 15.2))
    progress.apply(StudyEnded(reason=StudyEnd.FINISHED, message="", time=1.0))
    progress.apply(TrialTested(trial=1, metrics={"loss": (16.2,), "mae": (3.1,)}, rows=69, time=2.0))
    told = going_on_in_words(None, None, progress, "")
    values = "Learning rate <b>0.01</b>, batch size <b>10</b>."
    whole, loss = "On 69 test rows: loss <b>16.2</b>, MAE <b>3.1</b>.", "On 69 test rows: loss <b>16.2</b>."
    noise = 'Differences below about 0.23 are <a href="why">noise</a>'
    why = '<a href="why">Why?</a>'
    others = 'trials <a href="trial:2">2</a> and <a href="trial:3">3</a> are as good'
    assert told.facts == (f"{values} {whole} {noise}: {others}. {why}",)
    assert told.shorter == (
        f"{values} {loss} {noise}: {others}. {why}",
        f"{values} {loss} {noise}. {why}",
        f"{loss} {noise}: {others}. {why}",
        f"{loss} {noise}. {why}",
    )
