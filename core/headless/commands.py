"""Afina without a window: studies on the same engine and files.

Results go to standard output, all else to standard error. Each command returns its exit code: 0 done, 1 failed,
2 bad input.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import msgspec

from core.children.process import ChildLost
from core.errors import AfinaError, InvalidSetting, ModelUntrusted, StoreError
from core.events import StudyEnd, StudyEnded
from core.export.exporters import EXPORTERS
from core.export.saving import save_export
from core.files import free_path
from core.headless.console import BAD_INPUT, DONE, FAILED, note, refuse, refusing, waiting
from core.headless.listing import print_evaluation, print_rehearsal
from core.headless.progress_bar import ProgressBar
from core.parameters import IntegerParameter, OrdinalParameter
from core.rehearsal.configurations import THOROUGHLY
from core.rehearsal.rehearser import Rehearser
from core.settings import MAX_TRIALS, StudySettings, tutorial_settings
from core.settings_file import read_settings
from core.store.salvage import salvage
from core.store.study_file import SUFFIX, require_file
from core.study.control import StudyControl, StudyPhase
from core.study.engine import Publish, ResumeRequest
from core.study.local_engine import LocalEngine
from core.study.opening import read_progress

_POLL_INTERVAL = 0.05


@refusing
def run(
    settings_file: Path | None,
    *,
    out: Path | None = None,
    trials: int | None = None,
    seed: int | None = None,
    epochs: int | None = None,
    workers: int | None = None,
    trust_model: bool = False,
) -> int:
    """Run a study with the settings in the file, or the tutorial's; the other arguments override some settings.

    `trust_model`: a model file in the settings may run.
    """
    settings = _overridden(_settings(settings_file), trials, seed, epochs, workers)
    trusted = _trusted(settings, trust_model)
    path = out or free_path(Path(f"study{SUFFIX}"))
    if os.path.lexists(path):
        raise InvalidSetting("out", f"{path.name} exists already; go on with it by: resume {path.name}")
    return _run_study(
        path,
        ProgressBar(None),
        trusted,
        lambda engine, publish, control: engine.start(settings, path, publish, control),
    )


@refusing
def rehearse(settings_file: Path | None, *, trust_model: bool = False) -> int:
    """Try the extreme configurations of a study, some steps each; print their results and the forecast of the study.

    `trust_model`: a model file in the settings may run.
    """
    settings = _settings(settings_file)
    rehearser = Rehearser(trusted=_trusted(settings, trust_model))
    try:
        rehearser.begin(settings, THOROUGHLY)
        while not rehearser.over:
            rehearser.look(_POLL_INTERVAL)
    except ChildLost as error:
        print(f"Error: no process can be started to rehearse in: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return FAILED
    finally:
        rehearser.close()
    assert rehearser.rehearsal is not None
    print_rehearsal(rehearser.rehearsal)
    return FAILED if rehearser.rehearsal.failed else DONE


@refusing
def resume(path: Path, *, trials: int | None = None, with_changed_data: bool = False, trust_model: bool = False) -> int:
    """Go on with the study in the file, up to `trials` trials in all.

    `with_changed_data`: go on even if the data have changed. `trust_model`: the study's model file, if it has one, may
    run.
    """
    progress = read_progress(path, note)
    trusted = _trusted(progress.settings, trust_model)
    budget = progress.budget if trials is None else trials
    if not 1 <= budget <= MAX_TRIALS:
        raise InvalidSetting("trials", f"Trials ({budget}) must be between 1 and {MAX_TRIALS}")
    if len(progress.finished) >= budget:
        raise InvalidSetting(
            "trials", f"{path.name} has all its {budget} trials; to add some, resume it with --trials above {budget}"
        )
    request = ResumeRequest(path, budget, with_changed_data=with_changed_data)
    return _run_study(
        path,
        ProgressBar(progress),
        trusted,
        lambda engine, publish, control: engine.resume(request, publish, control),
    )


@refusing
def evaluate(path: Path, *, trust_model: bool = False) -> int:
    """Train the best trial of the study in the file again, and evaluate it on the test part."""
    trusted = _trusted(read_progress(path, note).settings, trust_model)
    engine = LocalEngine(trusted=trusted)
    control = StudyControl(lambda sentence: print(waiting(sentence), file=sys.stderr))
    try:
        with _stopped_by_signals(control):
            tested = engine.evaluate(path, lambda _events: None, control)
    except AfinaError as error:
        refused = refuse(error)
        return FAILED if control.phase in (StudyPhase.TRAINING, StudyPhase.BLOCKED) else refused
    finally:
        engine.close()
    if tested is None:
        print("Stopped; nothing was recorded", file=sys.stderr)
        return FAILED
    print_evaluation(tested)
    return DONE


@refusing
def export(path: Path, format_name: str, out: Path | None) -> int:
    """Write an export to the file, or to standard output."""
    exporter = EXPORTERS[format_name]
    progress = read_progress(path, note)
    if out is None:
        sys.stdout.write(exporter.text(progress))
        return DONE
    for written in save_export(exporter, progress, out):
        print(f"Wrote {written}", file=sys.stderr)
    return DONE


@refusing
def rescue(path: Path, out: Path | None) -> int:
    """Save the readable part of a damaged study as another study."""
    require_file(path)
    target = out or free_path(path.with_stem(f"{path.stem} saved"))
    saved = salvage(path, target)
    print(f"Saved {saved.trials} trials in {target}", file=sys.stderr)
    return DONE


def _settings(file: Path | None) -> StudySettings:
    return tutorial_settings() if file is None else read_settings(file)


def _overridden(
    settings: StudySettings, trials: int | None, seed: int | None, epochs: int | None, workers: int | None
) -> StudySettings:
    """Return the settings with the command line's overrides; `trials` also limits the number of initial points."""
    replace = msgspec.structs.replace
    if epochs is not None:
        parameter = next(p for p in settings.family.parameters if p.name == "epochs")
        assert isinstance(parameter, IntegerParameter | OrdinalParameter)
        ranges = settings.model.ranges | {"epochs": parameter.fixed(epochs)}
        settings = replace(settings, model=replace(settings.model, ranges=ranges))
    if trials is not None:
        budget = replace(settings.budget, trials=trials)
        search = replace(settings.search, initial_points=max(1, min(settings.search.initial_points, trials)))
        settings = replace(settings, budget=budget, search=search)
    if workers is not None:
        settings = replace(settings, workers=workers)
    return settings if seed is None else replace(settings, seed=seed)


def _trusted(settings: StudySettings, trust_model: bool) -> frozenset[str]:
    """Return the digests of the model files that may run. Raises ModelUntrusted if the model file is not trusted."""
    file = settings.model.file
    if file is None:
        return frozenset()
    if not trust_model:
        raise ModelUntrusted(
            f"The model is a program, {file.name}, that can do all that you can do on this computer. If you know it, "
            "run it with --trust-model"
        )
    return frozenset({file.digest})


def _run_study(
    path: Path,
    bar: ProgressBar,
    trusted: frozenset[str],
    job: Callable[[LocalEngine, Publish, StudyControl], StudyEnded],
) -> int:
    """Run the job and show it in the bar; print the best settings; return the exit code."""
    engine = LocalEngine(trusted=trusted)
    control = StudyControl(bar.tell_trouble)
    try:
        with _stopped_by_signals(control):
            end = job(engine, bar.publish, control)
    except AfinaError as error:
        bar.close()
        begun = (bar.progress is not None and bar.progress.running) or not isinstance(error, StoreError)
        print(f"Error: {error}", file=sys.stderr)
        return FAILED if begun else BAD_INPUT
    finally:
        engine.close()
    bar.close()
    print(f"{end.message} The study is in {path}.", file=sys.stderr)
    if bar.progress is None or bar.progress.best is None:
        return FAILED
    sys.stdout.write(EXPORTERS["json"].text(bar.progress))
    return FAILED if end.reason in (StudyEnd.FAILED, StudyEnd.PAUSED) else DONE


@contextmanager
def _stopped_by_signals(control: StudyControl) -> Iterator[None]:
    """Stop the study in good order at Ctrl-C and when the system asks."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        control.stop()

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ignored = {number for number in numbers if signal.getsignal(number) is signal.SIG_IGN}  # SIGHUP, under nohup
    before = {number: signal.signal(number, stop) for number in numbers if number not in ignored}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
