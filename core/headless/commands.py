"""Afina without a window: studies on the same engine and files.

Results go to standard output, all else to standard error. Each command returns its exit code: 0 done, 1 failed,
2 bad input.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from core.children.process import ChildLost
from core.errors import AfinaError, DataChanged, DataGone, ModelUntrusted, StoreError
from core.events import StudyEnd, StudyEnded
from core.export.exporters import EXPORTERS
from core.files import free_path, shortened
from core.headless.console import (
    BAD_INPUT,
    DONE,
    FAILED,
    moved_in_a_line,
    plain,
    put_out,
    refuse,
    refusing,
    waiting,
)
from core.headless.listing import print_evaluation, print_rehearsal, print_stages
from core.headless.overriding import overridden, settings_from
from core.headless.progress_bar import ProgressBar
from core.headless.signals import obeying_signals
from core.headless.studies import budget_for, opened, path_for, require_suitable
from core.rehearsal.configurations import THOROUGHLY
from core.rehearsal.rehearser import Rehearser
from core.settings import StudySettings
from core.store.salvage import salvage
from core.store.study_file import require_file
from core.study.control import StudyControl, StudyPhase
from core.study.engine import Publish, ResumeRequest
from core.study.local_engine import LocalEngine
from core.words.noise import noise_in_words


@refusing
def run(
    settings_file: Path | None,
    *,
    out: Path | None = None,
    name: str = "",
    trials: int | None = None,
    seed: int | None = None,
    epochs: int | None = None,
    workers: int | None = None,
    trust_model: bool = False,
) -> int:
    """Run a study with the settings in the file, or the tutorial's; the other arguments override some settings.

    `name` is a name for the study. `trust_model`: a model file in the settings may run.
    """
    settings = overridden(settings_from(settings_file), trials, seed, epochs, workers)
    trusted = _trusted(settings, trust_model)
    path = path_for(out)
    require_suitable(settings)
    return _run_study(
        path,
        ProgressBar(None),
        trusted,
        lambda engine, publish, control: engine.start(settings, path, publish, control, name),
    )


@refusing
def rehearse(settings_file: Path | None, *, trust_model: bool = False) -> int:
    """Try the extreme configurations of a study, some steps each; print their results and the forecast of the study.

    `trust_model`: a model file in the settings may run.
    """
    settings = settings_from(settings_file)
    rehearser = Rehearser(trusted=_trusted(settings, trust_model))
    try:
        rehearser.begin(settings, THOROUGHLY)
        print_stages(rehearser)
    except ChildLost as error:
        print(f"Error: no process can be started to rehearse in: {plain(str(error))}", file=sys.stderr)
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
def resume(
    path: Path,
    *,
    trials: int | None = None,
    more: int | None = None,
    with_changed_data: bool = False,
    trust_model: bool = False,
) -> int:
    """Go on with the study in the file, up to `trials` trials in all, or with so many `more` than it was to have.

    `with_changed_data`: go on even if the data have changed. `trust_model`: the study's model file, if it has one, may
    run.
    """
    progress = opened(path)
    trusted = _trusted(progress.settings, trust_model)
    budget = budget_for(progress, path.name, trials, more)
    path = path.absolute()
    request = ResumeRequest(path, budget, with_changed_data=with_changed_data)
    return _run_study(
        path,
        ProgressBar(progress),
        trusted,
        partial(_go_on, request),
    )


def _go_on(request: ResumeRequest, engine: LocalEngine, publish: Publish, control: StudyControl) -> StudyEnded:
    try:
        return engine.resume(request, publish, control)
    except DataGone as error:
        raise DataGone(f"{error}. Put it back, and resume the study again") from None
    except DataChanged as error:
        raise DataChanged(f"{error}. To go on with the data as they are now, resume it --with-changed-data") from None


@refusing
def evaluate(path: Path, *, trust_model: bool = False) -> int:
    """Train the best trial of the study in the file again, and evaluate it on the test part."""
    trusted = _trusted(opened(path).settings, trust_model)
    engine = LocalEngine(trusted=trusted)
    control = StudyControl(
        lambda phase, trouble: print(waiting(phase, trouble), file=sys.stderr),
        lambda moved: print(moved_in_a_line(moved), file=sys.stderr),
    )
    with obeying_signals(control):
        try:
            tested = engine.evaluate(path.absolute(), lambda _events: None, control)
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
def rescue(path: Path, out: Path | None) -> int:
    """Save the readable part of a damaged study as another study."""
    require_file(path)
    target = out or free_path(path.with_stem(f"{shortened(path.stem)} saved"))
    saved = salvage(path, target)
    print(f"Saved {saved.trials} trials in {target}", file=sys.stderr)
    return DONE


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
    """Run the job and show it in the bar; print the best settings; return the exit code.

    A signal that comes after the end of the study changes nothing: the result is still printed.
    """
    control = bar.make_control()
    bar.begin(control)
    try:
        with obeying_signals(control):
            return _run_obediently(path, bar, control, LocalEngine(trusted=trusted), job)
    finally:
        bar.close()


def _run_obediently(
    path: Path,
    bar: ProgressBar,
    control: StudyControl,
    engine: LocalEngine,
    job: Callable[[LocalEngine, Publish, StudyControl], StudyEnded],
) -> int:
    try:
        end = job(engine, bar.publish, control)
    except AfinaError as error:
        bar.close()
        begun = (bar.progress is not None and bar.progress.running) or not isinstance(error, StoreError)
        refuse(error)
        return FAILED if begun else BAD_INPUT
    finally:
        engine.close()
    bar.close()
    print(f"{plain(end.message)} The study is in {control.path or path}.", file=sys.stderr)
    if bar.progress is None or bar.progress.best is None:
        return FAILED
    noise = noise_in_words(bar.progress)
    if noise:
        print(noise, file=sys.stderr)
    put_out(EXPORTERS["json"].text(bar.progress))
    return FAILED if end.reason in (StudyEnd.FAILED, StudyEnd.PAUSED) else DONE
