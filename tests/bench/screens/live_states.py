"""The states of a study that are drawn: running, waiting, failing and finished ones of several kinds."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import msgspec

from core.errors import StoreBlocked
from core.models.custom.model_file import digest_of
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Fixed, FloatRange, Scale
from core.phases import Phase, Stage
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, StudySettings, tutorial_settings
from core.store.writer import Store
from gui.session.run_state import Command

if TYPE_CHECKING:
    from tests.bench.screens.drawing import Studio

_TRIALS = 12
"""The trials after which a running study is drawn."""
_MODEL = """
import time
import keras
from keras import layers, ops


def build_model(hp):
    width = hp.Int("width", 1, 40)
    rate = hp.Float("lr", 1e-5, 1e-2, sampling="log")

    def score(y, p):
        {wait}
        return ops.mean(ops.abs(y - p)) * 0 + (width % 3) * 0.5

    model = keras.Sequential([layers.Dense(width), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(rate), "mse", metrics=[score])
    return model
"""


def running(studio: "Studio") -> Iterator[str]:
    """Draw a study while it runs, paused, finished and with more trials."""
    studio.window.actions_[Command.START].trigger()
    studio.wait(lambda: studio.session.progress is not None and len(studio.session.progress.finished) >= _TRIALS)
    yield "running"
    studio.window.actions_[Command.PAUSE].trigger()
    yield "paused"
    studio.window.actions_[Command.RESUME].trigger()
    studio.wait(lambda: studio.session.job is None)
    yield "finished"
    studio.window.running.more()
    studio.wait(lambda: studio.session.job is None)
    yield "finished-with-more"


def blocked(studio: "Studio") -> Iterator[str]:
    """Draw a study whose disk is full."""
    record = Store.record

    def refuse_later(store: Store, events: list[object]) -> None:
        if getattr(events[-1], "trial", 0) >= _TRIALS:
            raise StoreBlocked("The disk is full. Free some space")
        record(store, events)  # type: ignore[arg-type]

    with mock.patch.object(Store, "record", refuse_later):
        studio.window.actions_[Command.START].trigger()
        studio.wait(lambda: studio.session.phase is Phase.BLOCKED)
        yield "blocked"


def compiling(studio: "Studio") -> Iterator[str]:
    """Draw a study while TensorFlow loads, while its first trial compiles for long, and paused there."""
    _use_model(studio, "time.sleep(8)")
    session, settings = studio.session, studio.form.settings()
    assert settings is not None
    session.start(settings, studio.folder / "compiling.afina")  # a rehearsal would compile first
    studio.wait(lambda: session.phase is Phase.STARTING)
    yield "starting"
    studio.wait(lambda: any(now.stage is Stage.COMPILING and now.seconds > 4 for now in session.doing.values()))
    yield "compiling"
    session.pause()
    yield "paused-compiling"


def long(studio: "Studio") -> Iterator[str]:
    """Draw a long trial while its epochs come."""
    settings = tutorial_settings()
    ranges = settings.model.ranges | {"epochs": Fixed(3000), "batch_size": Fixed(4)}
    model = msgspec.structs.replace(settings.model, ranges=ranges)
    studio.form.set_settings(msgspec.structs.replace(settings, model=model))
    studio.window.actions_[Command.START].trigger()
    studio.wait(
        lambda: (at := studio.session.progress) is not None and any(trial.epoch for trial in at.trials.values())
    )
    yield "long"


def failing(studio: "Studio") -> Iterator[str]:
    """Draw a study of which some trials fail."""
    settings = tutorial_settings()
    ranges = settings.model.ranges | {"learning_rate": FloatRange(1e-3, 10.0, Scale.LOG)}
    model = msgspec.structs.replace(settings.model, ranges=ranges)
    limits = msgspec.structs.replace(settings.limits, failures_in_a_row=20)
    _finish(studio, msgspec.structs.replace(settings, model=model, limits=limits))
    yield "failing"


def pages(studio: "Studio") -> Iterator[str]:
    """Draw the pages on a finished study: alone, with form and table opened, and beside each other."""
    _finish(studio, tutorial_settings())
    layout = studio.window.layout_
    for command, name in ((Command.BELIEF_PAGE, "belief"), (Command.PARAMETERS_PAGE, "parameters")):
        studio.window.actions_[command].trigger()
        studio.wait(lambda: not layout.analyst.busy)
        yield name
    layout.folding.open_form()
    layout.folding.open_table()
    yield "parameters-unfolded"
    layout.pages.show_beside("belief")
    studio.wait(lambda: not layout.analyst.busy)
    yield "pages-beside"


def many(studio: "Studio") -> Iterator[str]:
    """Draw a study of 300 trials."""
    settings = tutorial_settings()
    search = SearchSettings(method=SearchMethod.RANDOM)
    _finish(studio, msgspec.structs.replace(settings, search=search, budget=BudgetSettings(trials=300)))
    yield "many"


def accuracy(studio: "Studio") -> Iterator[str]:
    """Draw a study that seeks the highest accuracy, evaluated on the test part."""
    settings = tutorial_settings()
    data = msgspec.structs.replace(settings.data, dataset="wine", test_fraction=0.2)
    objective = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST)
    _finish(studio, msgspec.structs.replace(settings, data=data, objective=objective))
    yield "accuracy"
    studio.session.evaluate()
    studio.wait(lambda: studio.session.job is None)
    yield "evaluated"


def zero(studio: "Studio") -> Iterator[str]:
    """Draw a study whose best objective is exactly 0."""
    _use_model(studio, "")
    settings = studio.form.settings()
    assert settings is not None
    _finish(studio, msgspec.structs.replace(settings, objective=ObjectiveSettings(metric="val_score")))
    yield "zero"


def _use_model(studio: "Studio", wait: str) -> None:
    path: Path = studio.folder / "zeros.py"
    source = _MODEL.format(wait=wait)
    path.write_text(source, encoding="utf-8")
    studio.preferences.trust_model(digest_of(source))
    studio.window.model_files.load(path)
    studio.wait(lambda: studio.form.model.file is not None and not studio.window.model_files.reading)


def _finish(studio: "Studio", settings: StudySettings) -> None:
    studio.form.set_settings(settings)
    studio.window.actions_[Command.START].trigger()
    studio.wait(lambda: studio.session.job is not None)
    studio.wait(lambda: studio.session.job is None)
