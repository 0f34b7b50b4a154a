"""What the session is doing: one of a few states."""

from enum import StrEnum

from core.study.control import StudyPhase

WORKING = (StudyPhase.PROPOSING, StudyPhase.TRAINING)


class RunState(StrEnum):
    """What the study in the window is doing.

    PAUSING and STOPPING: asked for, not yet done. BLOCKED: its file cannot be written. FOLLOWING: another Afina runs
    it, and this window shows what that one records. JUDGING: the best trial is judged on the test part.
    """

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    BLOCKED = "blocked"
    STOPPING = "stopping"
    FOLLOWING = "following"
    JUDGING = "judging"
