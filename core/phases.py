"""The activity of a study as two facts, the job and the phase that it is in; and what each trial under way does."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

RETRY_INTERVAL = 5.0
"""Seconds after which a study file that could not be written is tried again."""
RELOAD_INTERVAL = 60.0
"""Seconds after which a study without a window tries a lost process again."""


class Job(StrEnum):
    """The kind of work on the open study.

    EVALUATION: its best trial is evaluated on the test part. WATCH: another Afina runs it, and this one shows the
    events that the other records.
    """

    STUDY = "study"
    EVALUATION = "evaluation"
    WATCH = "watch"


class Phase(StrEnum):
    """The phase that a job is in.

    PAUSING and STOPPING: asked for, not yet done. BLOCKED: the study's file cannot be written. HELD: a process that it
    needs is lost.
    """

    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    BLOCKED = "blocked"
    HELD = "held"
    STOPPING = "stopping"


class Stage(StrEnum):
    """What a trial under way does. Nothing of it is recorded: a record has epochs, which come after it.

    LOADING: its process loads TensorFlow. PREPARING: its data are read, simple predictions are measured, and its model
    is built. COMPILING: TensorFlow traces the model, or compiles it. TRAINING: steps are trained.
    """

    LOADING = "loading"
    PREPARING = "preparing"
    COMPILING = "compiling"
    TRAINING = "training"


Stages = Mapping[int, Stage]
"""What each trial under way does, by its number."""


@dataclass(frozen=True)
class Doing:
    """What a trial under way does, and for how many seconds it has done so; pauses do not count."""

    stage: Stage
    seconds: float
