"""Afina without a window: studies on the same engine and files.

Results go to standard output, all else to standard error. Each command returns its exit code: 0 done, 1 failed,
2 bad input.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import msgspec
from tqdm import tqdm

from core.control import StudyControl, StudyPhase
from core.errors import AfinaError, InvalidSetting, ModelUntrusted, StoreError
from core.events import Event, StudyEnd, StudyEnded, StudyResumed, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.export import EXPORTERS, save_export
from core.formatting import format_duration, format_number, format_value
from core.incumbent import believed_best, describe_belief
from core.judgement import ONCE, judgement_in_words
from core.local_engine import LocalEngine
from core.parameters import IntegerParameter, OrdinalParameter
from core.processes import ChildLost
from core.progress import StudyProgress, TrialProgress
from core.recording import RETRY_INTERVAL
from core.rehearsal import THOROUGHLY, Rehearsal, sheet, summary, worries
from core.settings import MAX_TRIALS, StudySettings, read_settings, tutorial_settings
from core.store.reader import StudyReader
from core.store.salvage import salvage
from core.store.study_file import SUFFIX, require_file
from core.study import Publish
from core.trainers.rehearser import Rehearser

DONE, FAILED, BAD_INPUT = 0, 1, 2
_LONGEST_NOTE = 1000
_LOOK_INTERVAL = 0.05


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
    """Run a study with the settings in the file, or the tutorial's, some of them overridden.

    `trust_model`: a model file in the settings may run.
    """
    try:
        settings = tutorial_settings() if settings_file is None else read_settings(settings_file)
        settings = _overridden(settings, trials, seed, epochs, workers)
        trusted = _trusted(settings, trust_model)
        path = out or _free_path(Path(f"study{SUFFIX}"))
        if os.path.lexists(path):
            raise InvalidSetting("out", f"{path.name} exists already; go on with it by: resume {path.name}")
    except AfinaError as error:
        return _refuse(error)
    return _run_study(
        path, StudyProgress(), trusted, lambda engine, publish, control: engine.start(settings, path, publish, control)
    )


def rehearse(settings_file: Path | None, *, trust_model: bool = False) -> int:
    """Try the extreme configurations of a study, some steps each; print them and what the study will take.

    `trust_model`: a model file in the settings may run.
    """
    try:
        settings = tutorial_settings() if settings_file is None else read_settings(settings_file)
        trusted = _trusted(settings, trust_model)
    except AfinaError as error:
        return _refuse(error)
    rehearser = Rehearser(trusted=trusted)
    try:
        rehearser.begin(settings, THOROUGHLY)
        while not rehearser.over:
            rehearser.look(_LOOK_INTERVAL)
    except ChildLost as error:
        print(f"Error: no process can be started to rehearse in: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return FAILED
    finally:
        rehearser.close()
    assert rehearser.rehearsal is not None
    _print_rehearsal(rehearser.rehearsal)
    return FAILED if rehearser.rehearsal.failed else DONE


def _print_rehearsal(rehearsal: Rehearsal) -> None:
    _print_table([[_plain(cell) for cell in row] for row in sheet(rehearsal)])
    print("", *summary(rehearsal), sep="\n")
    for sentence in worries(rehearsal):
        print(f"Warning: {_plain(sentence)}")


def resume(path: Path, *, trials: int | None = None, with_changed_data: bool = False, trust_model: bool = False) -> int:
    """Go on with the study in the file, up to `trials` in all; `with_changed_data`: even if its data are others.

    `trust_model`: its model file, if it has one, may run.
    """
    try:
        progress = _read_progress(path)
        trusted = _trusted(progress.settings, trust_model)
        budget = progress.budget if trials is None else trials
        if not 1 <= budget <= MAX_TRIALS:
            raise InvalidSetting("trials", f"Trials ({budget}) must be between 1 and {MAX_TRIALS}")
        if len(progress.finished) >= budget:
            raise InvalidSetting(
                "trials",
                f"{path.name} has all its {budget} trials; to add some, resume it with --trials above {budget}",
            )
    except AfinaError as error:
        return _refuse(error)
    return _run_study(
        path,
        progress,
        trusted,
        lambda engine, publish, control: engine.resume(
            path, budget, publish, control, with_changed_data=with_changed_data
        ),
    )


def evaluate(path: Path, *, trust_model: bool = False) -> int:
    """Train the best trial of the study in the file again, and judge it on the test part."""
    try:
        trusted = _trusted(_read_progress(path).settings, trust_model)
    except AfinaError as error:
        return _refuse(error)
    engine = LocalEngine(trusted=trusted)
    control = StudyControl(lambda sentence: print(_waiting(sentence), file=sys.stderr))
    try:
        with _stopped_by_signals(control):
            tested = engine.judge(path, lambda _events: None, control)
    except AfinaError as error:
        refused = _refuse(error)
        return FAILED if control.phase in (StudyPhase.TRAINING, StudyPhase.BLOCKED) else refused
    finally:
        engine.close()
    if tested is None:
        print("Stopped; nothing was recorded", file=sys.stderr)
        return FAILED
    print(f"Trial {tested.trial} on the test part: {_plain(judgement_in_words(tested))}")
    print(ONCE, file=sys.stderr)
    return DONE


def export(path: Path, format_name: str, out: Path | None) -> int:
    """Write an export to the file, or to standard output."""
    exporter = EXPORTERS[format_name]
    try:
        progress = _read_progress(path)
        if out is not None:
            for written in save_export(exporter, progress, out):
                print(f"Wrote {written}", file=sys.stderr)
            return DONE
        text = exporter.text(progress)
    except AfinaError as error:
        return _refuse(error)
    sys.stdout.write(text)
    return DONE


def show(path: Path) -> int:
    """List the trials of a study, the best one marked."""
    try:
        progress = _read_progress(path)
    except AfinaError as error:
        return _refuse(error)
    names = list(progress.settings.varied) if progress.settings is not None else []
    rows = [
        [
            "",
            "trial",
            "state",
            *names,
            progress.objective.caption.replace("O", "o", 1),
            "train loss",
            "duration",
            "note",
        ]
    ]
    rows += [_row(trial, names, best=trial is progress.best) for trial in progress.trials.values()]
    _print_table(rows)
    ending = _plain(progress.end.message) if progress.end else ""
    print(f"\n{len(progress.finished)} of {progress.budget} trials. {ending}")
    if progress.test is not None:
        print(f"★ on the test part: {_plain(judgement_in_words(progress.test))}.")
    belief = believed_best(progress)
    if belief is not None:
        print(f"★ is the best observed; by the surrogate's mean it is {describe_belief(belief)}.")
    return DONE


def settings(path: Path) -> int:
    """Print the settings of a study as JSON, which `run` takes."""
    try:
        progress = _read_progress(path)
    except AfinaError as error:
        return _refuse(error)
    assert progress.settings is not None  # a study begins with them
    sys.stdout.write(progress.settings.to_json())
    return DONE


def rescue(path: Path, out: Path | None) -> int:
    """Save what can be read of a damaged study as another one."""
    try:
        require_file(path)
        target = out or _free_path(path.with_stem(f"{path.stem} saved"))
        saved = salvage(path, target)
    except AfinaError as error:
        return _refuse(error)
    print(f"Saved {saved.trials} trials in {target}", file=sys.stderr)
    return DONE


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _read_progress(path: Path) -> StudyProgress:
    """Return what the study's file tells of it; nothing of it is under way. Raises StoreError."""
    with StudyReader(path) as reader:
        progress = StudyProgress(reader.records())
    progress.mark_interrupted()
    return progress


def _row(trial: TrialProgress, names: Sequence[str], *, best: bool) -> list[str]:
    return [
        "★" if best else "",
        str(trial.number),
        str(trial.state),
        *(format_value(trial.values.get(name, "–")) for name in names),
        trial.objective_in_words or "–",
        "–" if trial.train_loss is None else format_number(trial.train_loss),
        format_duration(trial.seconds),
        _plain(trial.message),
    ]


def _plain(text: str) -> str:
    """Return the text on one line of bounded length, without the codes by which a file could steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:_LONGEST_NOTE])


def _overridden(
    settings: StudySettings, trials: int | None, seed: int | None, epochs: int | None, workers: int | None
) -> StudySettings:
    """Return the settings with what the command line gives; fewer trials than initial points take fewer of those."""
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


def _trusted(settings: StudySettings | None, trust_model: bool) -> frozenset[str]:
    """Return the digests of the model files that may run; raise ModelUntrusted when one would have to be."""
    file = settings.model.file if settings is not None else None
    if file is None:
        return frozenset()
    if not trust_model:
        raise ModelUntrusted(
            f"The model is a program, {file.name}, that can do all that you can do on this computer. If you know it, "
            "run it with --trust-model"
        )
    return frozenset({file.digest})


def _free_path(wanted: Path) -> Path:
    """Return the path, with a number put to its name when there is such a file."""
    path, number = wanted, 1
    while os.path.lexists(path):
        number += 1
        path = wanted.with_stem(f"{wanted.stem}-{number}")
    return path


def _waiting(trouble: str) -> str:
    return f"Waiting: {_plain(trouble)}. Nothing is lost; Afina tries again every {RETRY_INTERVAL:.0f} seconds."


def _refuse(error: AfinaError) -> int:
    print(f"Error: {_plain(str(error))}", file=sys.stderr)
    return BAD_INPUT


def _run_study(
    path: Path,
    progress: StudyProgress,
    trusted: frozenset[str],
    job: Callable[[LocalEngine, Publish, StudyControl], StudyEnded],
) -> int:
    """Run the job with a progress bar; print the best settings; return the exit code."""
    engine = LocalEngine(trusted=trusted)
    bar = _Bar(progress)
    control = StudyControl(bar.tell_trouble)
    try:
        with _stopped_by_signals(control):
            end = job(engine, bar.publish, control)
    except AfinaError as error:
        bar.close()
        begun = progress.running or not isinstance(error, StoreError)
        print(f"Error: {error}", file=sys.stderr)
        return FAILED if begun else BAD_INPUT
    finally:
        engine.close()
    bar.close()
    print(f"{end.message} The study is in {path}.", file=sys.stderr)
    if progress.best is None:
        return FAILED
    sys.stdout.write(EXPORTERS["json"].text(progress))
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


class _Bar:
    """A progress bar on standard error, fed with the study's events, which it folds into `progress`."""

    def __init__(self, progress: StudyProgress) -> None:
        self.progress = progress
        self._bar = tqdm(
            unit="trial", desc="Loading TensorFlow", total=progress.budget or None, file=sys.stderr, dynamic_ncols=True
        )
        self._loading = True

    def publish(self, events: Sequence[Event]) -> None:
        for event in events:
            self.progress.apply(event)
            match event:
                case StudyStarted() | StudyResumed():
                    self._show_count()
                case TrialStarted() if self._loading:
                    self._loading = False
                    self._bar.set_description("Trials", refresh=False)
                    self._show_count()  # anew, so that loading does not count in the time per trial
                case TrialEnded():
                    self._bar.update()
                    self._tell_failure(event)
                case StudyEnded():
                    self._bar.refresh()
        best = self.progress.best
        if best is not None and best.objective is not None:
            self._bar.set_postfix_str(
                f"best {self.progress.objective.name} {format_number(best.objective)} (trial {best.number})",
                refresh=False,
            )

    def _show_count(self) -> None:
        self._bar.reset(total=self.progress.budget)
        self._bar.initial = len(self.progress.finished)
        self._bar.update(self._bar.initial)

    def _tell_failure(self, event: TrialEnded) -> None:
        if event.state is TrialState.FAILED:
            self._bar.write(f"Trial {event.trial} failed: {_plain(event.message)}", file=sys.stderr)

    def tell_trouble(self, sentence: str) -> None:
        self._bar.write(_waiting(sentence), file=sys.stderr)

    def close(self) -> None:
        self._bar.close()
