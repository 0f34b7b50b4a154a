"""Line 23: forged studies and settings with extreme numbers, names and sizes, in the real window and the search.

Each is read, exported, asked for the next point, and shown in a window whose plots are zoomed in and out. It is shown
or refused with a sentence within five seconds (in CI 50); any other exception, or the end of the process, is a finding.
"""

import math
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from core.conditions import AllOf, AtLeast, Condition, IsOneOf
from core.errors import AfinaError, ExportError, InvalidSetting
from core.events import Event
from core.export.exporters import EXPORTERS
from core.models.custom.declared import Declared
from core.progress import StudyProgress
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Scale
from core.rules import Relation, Rule
from core.search.proposal import Observation, ProposalRequest
from core.search.settings import SearchMethod, SearchSettings, Surrogate
from core.settings import StudySettings
from core.store.reader import read_study
from tests.bench.reliability.figure import Figure, allowed
from tests.bench.reliability.isolation import Died, Hung, Isolation, Raised
from tests.extremes import HUGE, STUDIES, TINY, declared_settings, forge, study

PATIENCE = 5.0
NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.1, TINY, -TINY, 1e-300, 1e-150, 1e-5, 1e5, 1e15, 1e150, 1e300, -1e300, HUGE, -HUGE)
WHOLE = (0, 1, 2, 7, 100, 10_000, 10**6, 10**9, 10**12, -1, -(10**12), 2**53 + 1)


def measure(quick: bool, folder: Path) -> list[Figure]:
    patience, findings, tried, refused, longest = allowed(PATIENCE, quick=quick), [], 0, 0, 0.0
    cases: list[tuple[Callable[..., str], object]] = [(try_known, name) for name in STUDIES]
    cases += [(try_made, seed) for seed in range(30 if quick else 1000)]
    with Isolation(_open_window) as other:
        for attempt, case in cases:
            tried += 1
            began = time.monotonic()
            try:
                answer = other.call(4 * patience, attempt, case, folder / f"{tried}.afina")
                refused += bool(answer)
            except (Died, Hung, Raised) as error:
                findings.append(f"{case}: {str(error).strip().splitlines()[-1]}")
            seconds = time.monotonic() - began
            longest = max(longest, seconds)
            if seconds > patience:
                findings.append(f"{case}: took {seconds:.0f} s")
    return [
        Figure(
            23,
            "Extreme studies: exceptions, ends of the process, more than 5 s",
            str(len(findings)),
            "0",
            not findings,
            tried,
            f"{refused} refused with a sentence; slowest {longest:.1f} s. " + "; ".join(findings[:6]),
        )
    ]


# In the other process

_window: Any = None


def _open_window() -> None:
    """Open one window for all studies; whatever Qt's event handlers raise is kept."""
    global _window
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from gui.program.messages import CrashReporter
    from gui.program.preferences import Preferences
    from gui.session.session import Session
    from gui.widgets.theme import Theme
    from gui.window.main_window import MainWindow
    from tests.scripted import ScriptedRehearser, ScriptedTrainer, scripted_engine

    folder = Path(os.environ.get("TMPDIR", "/tmp"))
    application = QApplication.instance() or QApplication([])
    preferences = Preferences(QSettings(str(folder / "extremes.ini"), QSettings.Format.IniFormat), folder)
    session = Session(scripted_engine(ScriptedTrainer()))
    window = MainWindow(session, Theme(), preferences, CrashReporter(), ScriptedRehearser())
    window.model_files._inspectors.prepare = lambda: None  # type: ignore[method-assign]  # a daemon may have no children
    window.show()
    _window = application, window


def try_known(name: str, path: Path) -> str:
    """Try one of the studies that tests use; return the sentence with which it is refused, empty if it is shown."""
    return _tried(path, STUDIES[name]())


def try_made(seed: int, path: Path) -> str:
    """Try a study that is made by chance; return as `try_known` does."""
    rng = random.Random(seed)
    try:
        settings = _settings(rng)
    except InvalidSetting as error:
        sentence = error.message
    else:
        objectives = [rng.choice(NUMBERS) for _ in range(rng.randrange(12))]
        return _tried(path, study(settings, objectives, seconds=_number(rng)))
    assert 0 < len(sentence) < 1000
    return sentence


def _tried(path: Path, events: list[Event]) -> str:
    forge(path, events)
    try:
        progress = StudyProgress.of(read_study(path))
    except AfinaError as error:
        return str(error)
    for exporter in EXPORTERS.values():
        with suppress(ExportError):
            exporter.text(progress)
    _propose(progress)
    _show(path)
    return ""


def _propose(progress: StudyProgress) -> None:
    from core.search.propose import propose

    model = progress.settings.model
    told = tuple(Observation(t.number, t.values, t.objective) for t in progress.trials.values() if t.has_ended)
    for method in (SearchMethod.BAYESIAN, SearchMethod.RANDOM):
        search = SearchSettings(method=method, surrogate=Surrogate.GAUSSIAN_PROCESS, initial_points=2)
        number = len(told) + 1
        request = ProposalRequest(
            model.space.given, search, 0, number, told, conditions=model.space.conditions, rules=model.space.rules
        )
        found = propose(request)
        assert msgspec.msgpack.encode(found)
        assert found.belief is None or math.isfinite(found.belief.mean + found.belief.deviation)


def _show(path: Path) -> None:
    application, window = _window
    raised: list[BaseException] = []
    sys.excepthook = lambda _kind, error, _trace: raised.append(error)
    window.study_files.open(path)
    while window.session.opening is not None:
        application.processEvents()
    assert window.session.path == path
    plots = (window.loss_plot, window.convergence_plot, window.points_plot)
    until = time.monotonic() + PATIENCE
    while any(plot.waiting_to_paint for plot in plots) and time.monotonic() < until:
        application.processEvents()
    for plot in plots:
        for factor in (1e-9, 1e30, 1e-30, 1e200):
            plot.canvas.view.scaleBy((factor, factor))
            window.grab()
        plot.reset_view()
    window.grab()
    window.session.clear()
    if raised:
        raise raised[0]


# Settings made by chance


def _number(rng: random.Random) -> float:
    return rng.choice(NUMBERS) if rng.random() < 0.5 else rng.choice((1, -1)) * 10 ** rng.uniform(-320, 308)


def _range(rng: random.Random) -> FloatRange | IntegerRange | Choices | Levels | OffOrOn:
    scale = rng.choice(tuple(Scale))
    match rng.randrange(6):
        case 0 | 1:
            low, high = sorted((_number(rng), rng.choice((_number(rng), math.nextafter(_number(rng), math.inf)))))
            return FloatRange(low, high, scale, rng.choice((0.0, 0.0, _number(rng))))
        case 2:
            low, high = sorted((rng.choice(WHOLE), rng.choice(WHOLE)))
            return IntegerRange(int(low), int(high), scale, rng.choice((0, 0, *WHOLE)))
        case 3:
            return Choices(tuple(f"{i}{'x' * rng.choice((0, 0, 900))}" for i in range(rng.choice((2, 3, 300)))))
        case 4:
            return Levels(tuple(sorted({_number(rng) for _ in range(rng.choice((2, 5, 500)))})))
        case _:
            return OffOrOn()


def _condition(rng: random.Random, before: list[Declared]) -> Condition | None:
    if not before or rng.random() < 0.5:
        return None
    each: list[AtLeast | IsOneOf] = []
    for _ in range(rng.choice((1, 1, 2, 30))):
        on = rng.choice(before)
        is_number = not isinstance(on.default, str | bool)
        each.append(
            AtLeast(on.name, _number(rng)) if is_number and rng.random() < 0.7 else IsOneOf(on.name, (on.default, "x"))
        )
    return AllOf(tuple(each)) if len(each) > 1 else each[0]


def _settings(rng: random.Random) -> StudySettings:
    """Return settings of a model file; raises InvalidSetting where chance made what cannot be."""
    declared: list[Declared] = []
    for place in range(rng.choice((1, 2, 5, 60))):
        with suppress(InvalidSetting):
            given = _range(rng)
            default: Any = getattr(given, "low", False)
            default = given.values[0] if isinstance(given, Choices | Levels) else default
            name = f"p{place}{'W' * rng.choice((0, 0, 90))}"
            declared.append(Declared(name=name, range=given, default=default, when=_condition(rng, declared)))
    numbers = [d.name for d in declared if not isinstance(d.default, str | bool)]
    rules: list[Rule] = []
    for _ in range(rng.choice((0, 0, 1, 5))):
        with suppress(InvalidSetting, IndexError):
            right = rng.choice((rng.choice(numbers), _number(rng)))
            rules.append(Rule(rng.choice(numbers), rng.choice(tuple(Relation)), right, rng.choice(("", *numbers))))
    return declared_settings(*declared, rules=rules)
