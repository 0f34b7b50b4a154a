"""The parts of the settings as the form was read, some of which may be wrong, and what is said of the others."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.datasets.settings import DataSettings
from core.models.settings import ModelSettings
from core.objective import ObjectiveSettings
from core.search.settings import SearchSettings
from core.setting_warnings import warnings_of
from core.settings import BudgetSettings, LimitSettings, StudySettings, TrainerKind
from core.tables.facts import TableFacts
from core.words import summaries
from core.words.summaries import Phrases
from gui.setup.section import Problems

_NEEDED = {"data": ("data",), "model": ("model",), "search": ("search",), "budget": ("search",)}
"""The parts that are warned of, and the sections of the settings whose warnings need each."""


@dataclass(frozen=True)
class Parts:
    """The parts of the settings; None for each that has a mistake."""

    data: DataSettings | None
    objective: ObjectiveSettings | None
    model: ModelSettings | None
    search: SearchSettings | None
    budget: BudgetSettings | None
    limits: LimitSettings | None
    workers: int | None
    seed: int | None
    trainer: TrainerKind

    def settings(self, problems: Problems) -> StudySettings | None:
        """Return the settings of all parts; None when they have problems, also with each other."""
        parts = vars(self)
        if problems.within("model") or any(part is None for part in parts.values()):
            return None
        return problems.attempt("", lambda: StudySettings(**parts))

    def warnings(self, settings: StudySettings | None) -> Mapping[str, str]:
        """Return the warnings of the `settings` of all parts or, without them, of the parts that are right.

        They are by the path of the setting that they concern.
        """
        if settings is not None:
            return warnings_of(settings)
        read = {name: part for name in _NEEDED if (part := getattr(self, name)) is not None}
        sound = Problems().attempt("", lambda: StudySettings(**read))
        if sound is None:
            return {}
        wrong = {section for name, sections in _NEEDED.items() if name not in read for section in sections}
        return {path: told for path, told in warnings_of(sound).items() if path.partition(".")[0] not in wrong}

    def in_short(self, facts: TableFacts | None) -> tuple[Phrases, ...]:
        """Return what is set in each of the folded sections, in their order; nothing where something is wrong.

        `facts` are what is known of the table in use, if anything is.
        """
        data, search, fits = self.data, self.search, 1 if self.data is None else self.data.fits
        return (
            () if self.model is None else summaries.rules_in_short(self.model),
            () if data is None else summaries.preparation_in_short(data, facts),
            () if data is None else summaries.validation_in_short(data),
            () if self.objective is None else summaries.objective_in_short(self.objective, fits),
            () if search is None else summaries.search_in_short(search),
            self._execution_in_short(),
            self._limits_in_short(),
        )

    def _execution_in_short(self) -> Phrases:
        if self.workers is None or self.seed is None:
            return ()
        return summaries.execution_in_short(self.trainer, self.workers, self.seed)

    def _limits_in_short(self) -> Phrases:
        if self.limits is None or self.budget is None or self.objective is None:
            return ()
        return summaries.limits_in_short(self.limits, self.budget, self.objective)
