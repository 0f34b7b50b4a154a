"""The errors that Afina expects, each with a sentence for the user."""


class AfinaError(Exception):
    """Something that can go wrong without a bug; its text is a sentence for the user."""


class InvalidSetting(AfinaError, ValueError):
    """A setting that cannot be used.

    `field` is its dotted path in the settings ("learning_rate.low", "search.initial_points"), or empty for the settings
    as a whole; `message` is a sentence with the wrong numbers in it.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message

    def under(self, prefix: str) -> "InvalidSetting":
        """Return the same error with its field put below `prefix`."""
        return InvalidSetting(f"{prefix}.{self.field}" if self.field else prefix, self.message)


class StoreError(AfinaError):
    """A study file that cannot be read or written."""


class StoreBlocked(StoreError):
    """A study file that cannot be written at the moment: the disk is full, the file is gone or locked."""


class StudyInUse(StoreError):
    """A study file that another Afina is writing."""


class DamagedStudy(StoreError):
    """A study file with wrong or missing content; parts may still be readable."""


class DataError(AfinaError):
    """A data set that cannot be read or used."""


class DataChanged(DataError):
    """A data file that is gone, or is no longer the one that was imported."""


class DataGone(DataChanged):
    """A data file that cannot be read any more: nobody can go on with it as it is now."""


class ModelFileError(AfinaError):
    """A model file that cannot be read or used."""


class ModelUntrusted(AfinaError):
    """A model file, recorded in a study, that the user of this computer has not agreed to run."""


class ExportError(AfinaError):
    """An export that cannot be made or saved."""


class TrialFailed(AfinaError):
    """A trial without a result. `reason` is a FailureReason, `epoch` the last epoch that began."""

    def __init__(self, reason: str, message: str, epoch: int) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.epoch = epoch


class NotEvaluated(AfinaError):
    """A best trial that cannot be evaluated on the test part."""


class ProcessLost(AfinaError):
    """A process that a study needs was lost twice in a row, or cannot be started. It can be tried again."""


class TrainerLost(ProcessLost):
    """A training process that was lost twice in a row while it loaded, or cannot be started."""


class SearchRefused(AfinaError):
    """A point that cannot be proposed on this computer, however often it is asked for."""


class SearchLost(ProcessLost):
    """A search process that was lost twice in a row, or cannot be started."""
