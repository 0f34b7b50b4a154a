"""Studies and hand-made answers for the tests of findings: trials of the tutorial, the best ones at a high rate."""

import math
from collections.abc import Sequence

import msgspec

from core.analysis.answers import (
    Band,
    BeliefAnswer,
    Believer,
    Estimate,
    ImportanceAnswer,
    Numbers,
    Share,
    Slice,
    TrustAnswer,
)
from core.analysis.findings.finding import Known
from core.events import EpochEnded, Event, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.objective import ObjectiveSettings
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import StudySettings, tutorial_settings
from core.study.loop import study_started

SETTINGS = tutorial_settings()
RATES = tuple(10 ** (-4 + 3 * place / 10) for place in range(11))
BATCHES = tuple(range(1, 101, 9))


def study_events(count: int = 20, settings: StudySettings = SETTINGS) -> list[Event]:
    """Return the events of so many trials: the higher the learning rate, the better; the batch size hardly matters."""
    events: list[Event] = []
    for number in range(1, count + 1):
        share = (number * (math.sqrt(5) - 1) / 2) % 1
        values: dict[str, Value] = {
            "learning_rate": 10 ** (-4 + 3 * share),
            "batch_size": 1 + (37 * number) % 100,
            "epochs": 2,
            "optimizer": "sgd",
        }
        result = 30 - 15 * share + 0.2 * math.sin(7 * number)
        origin = PointOrigin.INITIAL if number <= 8 else PointOrigin.MODEL
        events += [
            TrialStarted(trial=number, values=values, seed=number, origin=origin),
            EpochEnded(trial=number, epoch=1, loss=60.0, val_loss=50.0, metrics={"mae": 5.0}, seconds=0.1),
            EpochEnded(trial=number, epoch=2, loss=result, val_loss=result, metrics={"mae": 4.0}, seconds=0.2),
            TrialEnded(
                trial=number, state=TrialState.COMPLETE, epoch=2, seconds=0.2, objective=result, scores=(result,)
            ),
        ]
    return events


def study(count: int = 20, settings: StudySettings = SETTINGS) -> StudyProgress:
    """Return the progress after so many trials."""
    first = msgspec.structs.replace(study_started(settings), time=1000.0)
    assert isinstance(first, StudyStarted)
    return StudyProgress.of([first, *study_events(count, settings)])


def maximised(settings: StudySettings = SETTINGS) -> StudySettings:
    """Return the settings with an objective that is to be high."""
    objective = msgspec.structs.replace(ObjectiveSettings(), direction="maximise")
    return msgspec.structs.replace(
        settings, objective=msgspec.convert(msgspec.to_builtins(objective), ObjectiveSettings)
    )


def slice_of(
    parameter: str, values: Sequence[Value], mean: Numbers, good: Sequence[bool], *, covered: float, told: bool = True
) -> Slice:
    """Return a slice whose differences are certain to ± 1."""
    least = min(mean)
    return Slice(
        parameter=parameter,
        values=tuple(values),
        band=Band(mean, tuple(m - 1 for m in mean), tuple(m + 1 for m in mean)),
        as_good=tuple(good),
        improvement=(),
        nearness=(),
        told=told,
        covered=covered,
        worse_low=tuple(m - least - 1 for m in mean),
        worse_high=tuple(m - least + 1 for m in mean),
    )


RISING: Numbers = tuple(30.0 - 1.5 * place for place in range(11))
AT_THE_END = slice_of("learning_rate", RATES, RISING, [place > 7 for place in range(11)], covered=0.3)
RISING_BATCHES = slice_of(
    "batch_size",
    BATCHES,
    tuple(31.5 - 1.5 * place for place in range(12)),
    [place > 8 for place in range(12)],
    covered=0.3,
)
FLAT = slice_of("batch_size", BATCHES, (15.0,) * 12, [True] * 12, covered=1.0, told=False)


def belief_of(*slices: Slice, as_good: Sequence[int] = (20,), trial: int = 20) -> BeliefAnswer:
    """Return a belief about the best of `study`."""
    return BeliefAnswer(
        believer=Believer.PROCESS,
        trials=tuple(range(1, 21)),
        total=20,
        cut=None,
        through={"learning_rate": 0.05, "batch_size": 41},
        through_trial=trial,
        here=Estimate(15.0, 14.0, 16.0, 0.5),
        lowest=Estimate(15.0, 14.0, 16.0, 0.5),
        lowest_trial=trial,
        next=None,
        next_improvement=None,
        spread=False,
        noise=0.76,
        slices=slices or (AT_THE_END, FLAT),
        as_good=tuple(as_good),
    )


def trust_of(r2: float, low: float = 0.1, high: float = 0.9) -> TrustAnswer:
    """Return how well five results are predicted."""
    some = (15.0, 16.0, 18.0, 20.0, 25.0)
    ends = tuple(x - 1 for x in some), tuple(x + 1 for x in some)
    return TrustAnswer((1, 2, 3, 4, 5), some, some, *ends, some, some, *ends, r2, low, high, 5)


def importance_of(*shares: Share, resamples: int = 40) -> ImportanceAnswer:
    """Return what explains the differences."""
    rate = Share("learning_rate", 0.8, 0.5, 0.95, 0.6, 0.9)
    return ImportanceAnswer(shares or (rate, Share("batch_size", 0.1, 0.0, 0.3, 0.05, 0.1)), (), 20, resamples)


def known(
    belief: BeliefAnswer | None = None,
    trust: TrustAnswer | None = None,
    importance: ImportanceAnswer | None = None,
    progress: StudyProgress | None = None,
) -> Known:
    """Return what is known of `study`; a belief is trusted, unless it is said how far."""
    trust = trust or (None if belief is None else trust_of(0.6, 0.3))
    return Known(progress or study(), belief, trust, importance)


EVERYTHING = known(belief_of(as_good=range(12, 21)), trust_of(0.6, 0.3), importance_of())
"""What all kinds of findings can be made of, but the one about a belief that explains little."""
DOUBTED = known(belief_of(as_good=range(12, 21)), trust_of(0.1, -0.2), importance_of())
"""The same of a belief that explains little."""
