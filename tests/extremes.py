"""Studies that no Afina would write, with numbers, names and sizes at the ends of what a file can hold."""

import math
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from core.conditions import AllOf, AtLeast, IsOneOf
from core.datasets.settings import DataSettings
from core.events import (
    EpochEnded,
    Event,
    StudyEnd,
    StudyEnded,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
)
from core.models.custom.declared import Declared
from core.models.custom.model_file import ModelFile
from core.models.settings import ModelSettings
from core.objective import Direction, ObjectiveSettings
from core.parameters import Fixed, Value
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Range, Scale, levels_of
from core.rules import Relation, Rule
from core.search.proposal import Belief, HedgeState, PointOrigin
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.store.connection import connect
from core.store.migrations import migrate
from core.store.rows import insert, packed
from core.targets import APPLICATION_ID
from tests.model_files import CUSTOM

HUGE, TINY = 1.7e308, 5e-324
OBJECTIVES: dict[str, tuple[float, ...]] = {
    "tiny": tuple(i * 1e-300 for i in range(1, 10)),
    "subnormal": tuple(i * TINY for i in range(9)),
    "huge": tuple(i * 1e307 for i in range(1, 10)),
    "of both signs": (-HUGE, HUGE) * 4,
    "huge and tiny": (1e308, 1e-308) * 4,
    "all the same": (1.0,) * 9,
    "all the lowest": (-1e308,) * 9,
    "neighbours": tuple(1 + i * 2.3e-16 for i in range(9)),
    "one far off": (*(float(i) for i in range(1, 9)), 1e300),
}
RANGES: dict[str, FloatRange | IntegerRange | Choices | Levels] = {
    "of 620 decades": FloatRange(TINY, 1e300, Scale.LOG),
    "from end to end": FloatRange(-1e300, 1e300),
    "subnormal": FloatRange(0.0, TINY),
    "between neighbours": FloatRange(1e10, math.nextafter(1e10, math.inf), Scale.LOG),
    "between neighbours, linear": FloatRange(1.0, math.nextafter(1.0, 2.0)),
    "of whole numbers": IntegerRange(0, 10**12),
    "of whole numbers, log": IntegerRange(1, 10**12, Scale.LOG),
    "of levels": Levels((-(2**63), 0, 1, 2**64 - 1)),
    "of many levels": Levels(tuple(range(20_000))),
    "of many choices": Choices(tuple(f"c{i}" for i in range(15_000))),
    "of long choices": Choices(tuple(f"{i}{'x' * 990}" for i in range(50))),
    "of steps below a float's": FloatRange(1e15, 1e15 + 1, step=0.01),
}


def declared_settings(*declared: Declared, rules: Sequence[Rule] = (), **other: object) -> StudySettings:
    """Return settings of a model file with these parameters, each with its declared range."""
    file = ModelFile(path="/theirs/model.py", source=CUSTOM, parameters=declared)
    ranges = {p.name: p.first_range() for p in file.family.parameters}
    model = ModelSettings(ranges=ranges, file=file, rules=tuple(rules))
    return StudySettings(model=model, search=SearchSettings(initial_points=2), **other)  # type: ignore[arg-type]


def nested_conditions(parameters: int, each: int) -> tuple[Declared, ...]:
    """Return whole numbers, each with that many conditions on the one before."""
    whole = IntegerRange(1, 9)
    found = [Declared(name="p0", range=whole, default=5)]
    for place in range(1, parameters):
        when = AllOf(tuple(AtLeast(f"p{place - 1}", 2) for _ in range(each)))
        found.append(Declared(name=f"p{place}", range=whole, default=5, when=when))
    return tuple(found)


def study(settings: StudySettings, objectives: Sequence[float], *, seconds: float = 0.5) -> list[Event]:
    """Return the events of a study whose trials have these objectives, each the same in all its trainings."""
    events: list[Event] = [StudyStarted(settings=settings, time=1.0, versions={})]
    space, fits = settings.model.space, settings.data.fits
    for number, objective in enumerate(objectives, 1):
        share = (number - 0.5) / len(objectives)
        values = settings.model.values_at(space.decode([share * 0.999] * len(space.ranges)))
        events.append(TrialStarted(trial=number, values=values, seed=7, origin=PointOrigin.RANDOM))
        for fit in range(1, fits + 1):
            report = EpochEnded(
                trial=number, fit=fit, epoch=1, loss=objective, val_loss=objective, metrics={}, seconds=seconds
            )
            events += report, msgspec.structs.replace(report, epoch=2)
        scores = (objective,) * fits
        events.append(
            TrialEnded(
                trial=number, state=TrialState.COMPLETE, epoch=2, seconds=seconds, objective=objective, scores=scores
            )
        )
    return events


def _one_range(given: FloatRange | IntegerRange | Choices | Levels) -> list[Event]:
    default = (levels_of(given) or (getattr(given, "low", 0),))[0]
    other = Declared(name="other", range=FloatRange(0.1, 1.0), default=0.5)
    settings = declared_settings(Declared(name="x", range=given, default=default), other)
    return study(settings, [1.0 + i / 7 for i in range(8)])


def _belief(mean: float, deviation: float) -> list[Event]:
    events = study(tutorial_settings(), (1.0, 2.0))
    hedge = HedgeState((HUGE, -HUGE, TINY), ((HUGE,), (0.5,), (-HUGE, TINY)))
    begun = events[-4]
    assert isinstance(begun, TrialStarted)
    events[-4] = msgspec.structs.replace(begun, belief=Belief(1, mean, deviation), hedge=hedge)
    return events


def _far_numbers() -> list[Event]:
    settings = tutorial_settings()
    values: dict[str, Value] = {"learning_rate": 1e6, "batch_size": 10_000_000, "epochs": 1_000_000, "optimizer": "sgd"}
    return [
        StudyStarted(settings=settings, time=-1e300, versions={"x" * 50_000: "\x1b[31m" * 1000}),
        StudyResumed(time=1e300, trials=2**63 - 1),
        TrialStarted(trial=100_000, values=values, seed=2**32 - 1, origin=PointOrigin.MODEL),
        EpochEnded(trial=100_000, epoch=1, loss=HUGE, val_loss=-HUGE, metrics={"m" * 10_000: TINY}, seconds=-1e300),
        TrialEnded(
            trial=100_000, state=TrialState.FAILED, epoch=2**63 - 1, seconds=1e300, message="<b>x</b>\u202e" * 20_000
        ),
        TrialStarted(trial=1, values=values, seed=0, origin=PointOrigin.MODEL),
        StudyEnded(reason=StudyEnd.FAILED, message="x" * 100_000, time=1e300),
    ]


def _settings_at_their_ends() -> StudySettings:
    settings = tutorial_settings()
    ranges: dict[str, Range] = {
        "learning_rate": FloatRange(TINY, 1e6, Scale.LOG),
        "batch_size": IntegerRange(1, 10_000_000, Scale.LOG),
        "epochs": Fixed(1_000_000),
        "optimizer": Fixed("sgd"),
    }
    rules = tuple(Rule("learning_rate", Relation.AT_MOST, HUGE, "batch_size") for _ in range(30))
    return msgspec.structs.replace(
        settings,
        model=ModelSettings(ranges=ranges, rules=rules),
        budget=BudgetSettings(trials=100_000, target=-HUGE),
        seed=2**32 - 1,
    )


def _wide() -> list[Event]:
    """Return a study of 200 parameters, each with the longest texts."""
    text = "W" * 1000
    declared = tuple(
        Declared(name=f"{i:03d}{'W' * 97}", range=OffOrOn(), default=False, vary=True, label=text, help=text, unit=text)
        for i in range(200)
    )
    return study(declared_settings(*declared), (1.0, 2.0))


def _ladder() -> list[Event]:
    """Return a study in which each of 200 parameters depends on each of the ten before it, in two ways."""
    whole = IntegerRange(1, 9)
    found: list[Declared] = []
    for place in range(200):
        before = range(max(0, place - 10), place)
        each = [c for i in before for c in (AtLeast(f"p{i}", 1.0), IsOneOf(f"p{i}", tuple(range(1, 10))))]
        found.append(Declared(name=f"p{place}", range=whole, default=5, when=AllOf(tuple(each)) if each else None))
    return study(declared_settings(*found), (1.0, 2.0))


FOLDS = msgspec.structs.replace(tutorial_settings(), data=DataSettings(folds=3))
HIGHEST = msgspec.structs.replace(tutorial_settings(), objective=ObjectiveSettings(direction=Direction.MAXIMISE))
STUDIES: dict[str, Callable[[], list[Event]]] = {
    **{f"objectives: {name}": partial(study, tutorial_settings(), given) for name, given in OBJECTIVES.items()},
    **{f"folds: {name}": partial(study, FOLDS, given) for name, given in OBJECTIVES.items()},
    **{f"highest: {name}": partial(study, HIGHEST, given) for name, given in OBJECTIVES.items()},
    **{f"a range {name}": partial(_one_range, given) for name, given in RANGES.items()},
    "durations without end": lambda: study(tutorial_settings(), (1.0, 2.0, 3.0), seconds=1e300),
    "negative durations": lambda: study(tutorial_settings(), (1.0, 2.0, 3.0), seconds=-1e300),
    "a belief of the largest": lambda: _belief(HUGE, HUGE),
    "a belief of the smallest": lambda: _belief(-TINY, -HUGE),
    "far numbers": _far_numbers,
    "settings at their ends": lambda: study(_settings_at_their_ends(), (1.0, 2.0)),
    "nested conditions": lambda: study(declared_settings(*nested_conditions(12, 10)), (1.0, 2.0)),
    "a chain of 200 conditions": lambda: study(declared_settings(*nested_conditions(200, 2)), (1.0, 2.0)),
    "a ladder of conditions": _ladder,
    "200 parameters with long names": _wide,
    "no trial": lambda: study(tutorial_settings(), ()),
}
"""What is extreme, and the events."""


@cache
def empty_study() -> bytes:
    """Return a study file without a record."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.afina"
        with closing(connect(path, "rwc")) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            migrate(connection)
        return path.read_bytes()


def forge(path: Path, events: Sequence[Event]) -> None:
    """Write what no Afina would, with checksums that are right."""
    path.write_bytes(empty_study())
    with closing(connect(path, "rw")) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        sequence = 1
        for record in packed(events):
            with suppress(sqlite3.Error, OverflowError):
                insert(connection, sequence, record)
                sequence += 1
        connection.execute("COMMIT")
