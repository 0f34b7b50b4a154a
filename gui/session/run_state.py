"""The one table of commands and their obstacles, for menus, toolbar, keys and all else that acts on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from core.phases import Job, Phase
from core.progress import StudyProgress
from core.settings import MAX_TRIALS
from core.study.evaluation import why_not_evaluated
from core.words.more_trials import nothing_left


class Command(Enum):
    """The commands that the user can give."""

    NEW = auto()
    COPY = auto()
    OPEN = auto()
    STUDIES = auto()
    SAVE_AS = auto()
    LOAD_SETTINGS = auto()
    SAVE_SETTINGS = auto()
    RESET_SETTINGS = auto()
    UNDO = auto()
    REDO = auto()
    IMPORT_DATA = auto()
    CHOOSE_MODEL = auto()
    EXPORT = auto()
    QUIT = auto()
    REHEARSE = auto()
    START = auto()
    PAUSE = auto()
    RESUME = auto()
    MORE = auto()
    SKIP = auto()
    STOP = auto()
    EVALUATE = auto()
    NAME = auto()
    LIVE_PAGE = auto()
    BELIEF_PAGE = auto()
    PARAMETERS_PAGE = auto()
    RESET_LAYOUT = auto()
    LARGER_FONT = auto()
    SMALLER_FONT = auto()
    NORMAL_FONT = auto()
    NEXT_PART = auto()
    PREVIOUS_PART = auto()
    HELP = auto()
    FIRST_STEPS = auto()
    SHORTCUTS = auto()
    REPORT = auto()
    NOTE = auto()
    STUDIES_FOLDER = auto()
    LOG_FOLDER = auto()
    ABOUT = auto()


@dataclass(frozen=True)
class RunState:
    """The facts that decide which commands are possible.

    `job` and `phase` are None while nothing runs, `progress` while there is no study. `skippable`: a trial trains that
    can be given up. `problem` is a sentence on the error in the form. `undoable`, `redoable`: a change of the form
    can be taken back, or made again. `listed`: the list of studies takes the window.
    """

    job: Job | None = None
    phase: Phase | None = None
    progress: StudyProgress | None = None
    skippable: bool = False
    problem: str = ""
    undoable: bool = False
    redoable: bool = False
    listed: bool = False

    @property
    def busy(self) -> bool:
        """Whether something runs here, not elsewhere."""
        return self.job is not None and self.job is not Job.WATCH

    @property
    def waits(self) -> bool:
        """Whether what runs here waits for the user, for its file or for a process."""
        return self.busy and self.phase in (Phase.PAUSING, Phase.PAUSED, Phase.BLOCKED, Phase.HELD)

    def is_study_in(self, *phases: Phase) -> bool:
        """Return whether a study runs here and is in one of the phases."""
        return self.job is Job.STUDY and self.phase in phases


Obstacle = Callable[[RunState], str]
"""Returns a sentence on the obstacle; empty when it does not exist now."""


def _when(holds: Callable[[RunState], object], sentence: str) -> Obstacle:
    return lambda now: sentence if holds(now) else ""


_ELSEWHERE = _when(lambda now: now.job is Job.WATCH, "Another Afina window is running this study")
_EVALUATING = _when(lambda now: now.job is Job.EVALUATION, "The test part is being evaluated")
_NOT_PAUSABLE = _when(lambda now: now.job is Job.EVALUATION, "An evaluation cannot be paused; Stop gives it up")
_RUNNING = _when(lambda now: now.busy, "A study is under way")
_BLOCKED = _when(lambda now: now.phase is Phase.BLOCKED, "The study is waiting for its file")
_IN_FORCE = _when(
    lambda now: now.progress is not None, "These are the settings of the open study; New study sets up another"
)
_NOTHING_TO_UNDO = _when(lambda now: not now.undoable, "Nothing was changed")
_NOTHING_TO_REDO = _when(lambda now: not now.redoable, "Nothing was taken back")
_LISTED = _when(lambda now: now.listed, "The list of studies is shown: open a study, or set one up")
_NO_STUDY = _when(lambda now: now.progress is None, "There is no study yet")
_NO_TRIALS = _when(lambda now: now.progress is None or not now.progress.trials, "There are no trials yet")
_NOT_TRAINING = _when(lambda now: not now.is_study_in(Phase.STARTING, Phase.RUNNING), "Nothing is training")
_NO_TRIAL_TRAINING = _when(
    lambda now: not (now.skippable and now.is_study_in(Phase.RUNNING, Phase.PAUSING, Phase.PAUSED)),
    "There is no trial to give up",
)
_NOTHING_TO_RESUME = _when(lambda now: now.progress is None and not now.waits, "There is no study to go on with")
_ALL_DONE = _when(
    lambda now: not now.busy and now.progress is not None and not now.progress.resumable,
    "All trials of this study are done; Study → More trials adds some",
)
_NO_MORE = _when(
    lambda now: now.progress is not None and now.progress.budget >= MAX_TRIALS,
    f"A study has at most {MAX_TRIALS:,} trials",
)
_OPEN = _when(
    lambda now: now.progress is not None and now.job is None,
    "A study is open: New, or New study from these, sets up another",
)
_NOT_RUNNING = _when(lambda now: now.job is None, "No study is running")
_STOPPING = _when(lambda now: now.phase is Phase.STOPPING, "It is being stopped already")


def _busy(now: RunState) -> str:
    if not now.busy:
        return ""
    return "Stop the evaluation first" if now.job is Job.EVALUATION else "Stop the study first"


def _not_savable_now(now: RunState) -> str:
    return "" if now.phase is Phase.BLOCKED else _busy(now)


def _going_on(now: RunState) -> str:
    if not now.busy or now.waits:
        return ""
    return _EVALUATING(now) or _STOPPING(now) or "The study is running"


def _problem(now: RunState) -> str:
    return now.problem


def _all_tried(now: RunState) -> str:
    return nothing_left(now.progress) if not now.busy and now.progress is not None and now.progress.exhausted else ""


def _nothing_to_evaluate(now: RunState) -> str:
    return "No trial has finished yet" if now.progress is None else why_not_evaluated(now.progress)


OBSTACLES: Mapping[Command, tuple[Obstacle, ...]] = {
    Command.NEW: (_busy,),
    Command.COPY: (_NO_STUDY, _busy),
    Command.OPEN: (_busy,),
    Command.STUDIES: (_busy,),
    Command.SAVE_AS: (_NO_STUDY, _not_savable_now),
    Command.LOAD_SETTINGS: (_ELSEWHERE, _busy),
    Command.SAVE_SETTINGS: (),
    Command.RESET_SETTINGS: (_ELSEWHERE, _busy),
    Command.UNDO: (_ELSEWHERE, _busy, _IN_FORCE, _NOTHING_TO_UNDO),
    Command.REDO: (_ELSEWHERE, _busy, _IN_FORCE, _NOTHING_TO_REDO),
    Command.IMPORT_DATA: (_ELSEWHERE, _busy),
    Command.CHOOSE_MODEL: (_ELSEWHERE, _busy),
    Command.EXPORT: (_NO_TRIALS,),
    Command.QUIT: (),
    Command.REHEARSE: (_ELSEWHERE, _EVALUATING, _RUNNING, _OPEN, _problem),
    Command.START: (_ELSEWHERE, _EVALUATING, _RUNNING, _OPEN, _problem),
    Command.PAUSE: (_ELSEWHERE, _BLOCKED, _NOT_PAUSABLE, _NOT_TRAINING),
    Command.RESUME: (_ELSEWHERE, _NOTHING_TO_RESUME, _going_on, _all_tried, _ALL_DONE),
    Command.MORE: (_ELSEWHERE, _NO_STUDY, _EVALUATING, _RUNNING, _all_tried, _NO_MORE),
    Command.SKIP: (_ELSEWHERE, _BLOCKED, _NO_TRIAL_TRAINING),
    Command.STOP: (_ELSEWHERE, _NOT_RUNNING, _STOPPING),
    Command.EVALUATE: (_ELSEWHERE, _EVALUATING, _RUNNING, _nothing_to_evaluate),
    Command.NAME: (_NO_STUDY, _ELSEWHERE, _busy),
    Command.LIVE_PAGE: (_LISTED,),
    Command.BELIEF_PAGE: (_LISTED,),
    Command.PARAMETERS_PAGE: (_LISTED,),
    Command.RESET_LAYOUT: (),
    Command.LARGER_FONT: (),
    Command.SMALLER_FONT: (),
    Command.NORMAL_FONT: (),
    Command.NEXT_PART: (),
    Command.PREVIOUS_PART: (),
    Command.HELP: (),
    Command.FIRST_STEPS: (),
    Command.SHORTCUTS: (),
    Command.REPORT: (),
    Command.NOTE: (),
    Command.STUDIES_FOLDER: (),
    Command.LOG_FOLDER: (),
    Command.ABOUT: (),
}
"""The obstacles of each command, in the order of their precedence."""


def why_not(command: Command, now: RunState) -> str:
    """Return a sentence on why the command is not possible now; empty when it is."""
    return next(filter(None, (obstacle(now) for obstacle in OBSTACLES[command])), "")
