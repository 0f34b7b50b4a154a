"""TrialRequest: the request to train one trial. Imports no Keras."""

from pathlib import Path

import msgspec
import numpy as np

from core.conduct import Conduct
from core.datasets.settings import DataSettings
from core.formatting import format_duration
from core.models.catalogue import family_of
from core.models.custom.model_file import ModelFile
from core.models.family import ModelFamily
from core.objective import ObjectiveSettings
from core.parameters import Value
from core.settings import LimitSettings, StudySettings


class TrialRequest(msgspec.Struct, frozen=True):
    """All that determines a trial's training: the point, its seed, and the data with the seed of their split.

    `limits` say when the trial is given up as failed; `objective` defines the result of a complete trial. With
    `test_epochs` the request is not a trial of a study but the evaluation of a study's result: one training for each
    entry, with that number of epochs and with the test part in place of the validation part. A model `file` takes the
    family's place. With `baselines`, simple predictions are measured on the validation rows, too.
    """

    trial: int
    family_name: str
    values: dict[str, Value]
    seed: int
    data: DataSettings
    split_seed: int
    limits: LimitSettings = LimitSettings()
    objective: ObjectiveSettings = ObjectiveSettings()
    file: ModelFile | None = None
    test_epochs: tuple[int, ...] = ()
    conduct: Conduct = Conduct()
    baselines: bool = False

    @property
    def family(self) -> ModelFamily:
        return family_of(self.file or self.family_name)

    @property
    def fits(self) -> int:
        """The number of trainings."""
        return len(self.test_epochs) or self.data.fits

    def fit_in_words(self, fit: int) -> str:
        """Return the training's place among the trainings, in words; empty for the only one."""
        data = msgspec.structs.replace(self.data, folds=0) if self.test_epochs else self.data
        return data.fit_in_words(fit)


def trial_request(
    settings: StudySettings, trial: int, values: dict[str, Value], seed: int, *, conduct: Conduct
) -> TrialRequest:
    """Return the request for a trial of a study with these settings and this conduct; its paths are absolute."""
    file = settings.model.file
    return TrialRequest(
        trial=trial,
        family_name=settings.model.family_name,
        values=values,
        seed=seed,
        data=settings.data.absolute,
        split_seed=settings.seed,
        limits=settings.limits,
        objective=settings.objective,
        file=file.beside(Path()) if file is not None else None,
        conduct=conduct,
    )


def trial_seed(study_seed: int, number: int) -> int:
    """Return the seed of a trial's first weights and row order; it follows from the study's seed and the number."""
    return _derived_seed(study_seed, number)


def fit_seed(seed: int, fit: int) -> int:
    """Return the seed of one of a trial's trainings, which count from 1; the first has the trial's seed."""
    return seed if fit == 1 else _derived_seed(seed, fit)


def _derived_seed(seed: int, number: int) -> int:
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0] >> 1)


def time_limit_message(seconds: float) -> str:
    """Return the sentence on a trial that failed because it passed its time limit."""
    return f"It took longer than the {format_duration(seconds)} that a trial may take"
