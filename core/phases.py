"""What is going on with a study, as two facts: the job that is done, and the phase that the job is in."""

from enum import StrEnum

RETRY_INTERVAL = 5.0
"""Seconds after which a study file that could not be written is tried again."""


class Job(StrEnum):
    """What is done with the open study.

    EVALUATION: its best trial is evaluated on the test part. WATCH: another Afina runs it, and this one shows what that
    one records.
    """

    STUDY = "study"
    EVALUATION = "evaluation"
    WATCH = "watch"


class Phase(StrEnum):
    """How far a job is.

    PAUSING and STOPPING: asked for, not yet done. BLOCKED: the study's file cannot be written.
    """

    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    BLOCKED = "blocked"
    STOPPING = "stopping"
