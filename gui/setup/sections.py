"""The sections of the setup form together: they make the study's settings, and show given ones."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker

from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.datasets.settings import DataSettings
from core.search.settings import SearchMethod
from core.settings import StudySettings, TrainerKind
from core.words.form import data_in_a_sentence, model_in_a_sentence, trials_in_short
from gui.setup.budget_section import BudgetSection
from gui.setup.data_section import DataSection
from gui.setup.execution_section import ExecutionSection
from gui.setup.limits_section import LimitsSection
from gui.setup.model_section import ModelSection
from gui.setup.objective_section import ObjectiveSection
from gui.setup.parts import Parts
from gui.setup.preparation_section import PreparationSection
from gui.setup.rules_section import RulesSection
from gui.setup.search_section import SearchSection
from gui.setup.section import Problems, Section, State
from gui.setup.space_section import SpaceSection
from gui.setup.validation_section import ValidationSection


class Sections:
    """All sections: those that are always open, `always`, and those that are folded at first, `folded`."""

    def __init__(self, presets_folder: Path | None) -> None:
        self.data = DataSection()
        self.model = ModelSection()
        self.space = SpaceSection(presets_folder)
        self.budget = BudgetSection()
        self.rules = RulesSection(self.space.rules)
        self.preparation = PreparationSection()
        self.validation = ValidationSection()
        self.objective = ObjectiveSection()
        self.search = SearchSection()
        self.execution = ExecutionSection()
        self.limits = LimitsSection()
        self.always: tuple[Section, ...] = (self.data, self.model, self.space, self.budget)
        self.folded: tuple[Section, ...] = (
            self.rules,
            self.preparation,
            self.validation,
            self.objective,
            self.search,
            self.execution,
            self.limits,
        )
        self.all = (*self.always, *self.folded)
        self.parts: Parts
        """The settings as they were read last."""

    # From the fields

    def read(self, problems: Problems) -> StudySettings | None:
        """Return the settings; None when they have problems. The sections follow what is chosen in others."""
        self.space.set_model(self.model.chosen)
        self._follow_source()
        data = self.read_data(problems)
        self._follow_data(data)
        self.model.check(problems)
        objective = self.objective.settings(problems)
        if objective is not None:
            self.limits.show_objective(objective)
        trials = self.budget.read_trials(problems)
        self.parts = Parts(
            data=data,
            objective=objective,
            seed=self.execution.read_seed(problems),
            workers=self.execution.read_workers(problems),
            model=self.space.settings(problems),
            search=self.search.settings(problems),
            budget=self.limits.budget(trials, problems),
            limits=self.limits.settings(problems),
            trainer=TrainerKind(self.execution.trainer.value()),
        )
        self._show_grid(self.parts)
        return self.parts.settings(problems)

    def read_data(self, problems: Problems) -> DataSettings | None:
        """Return the settings of the data; None when they have problems."""
        split = self.validation.settings(problems)
        if split is None:
            return None
        source = self.data.source
        chosen: dict[str, Any] = {"dataset": source.name} if not isinstance(source, DataFile) else {"file": source}
        if isinstance(source, DataFile):
            chosen["missing"] = self.data.missing
        prepared = self.preparation.settings()
        return problems.attempt("data", lambda: DataSettings(**chosen, **split, **prepared))

    def _follow_source(self) -> None:
        self.preparation.show_source(self.data.source, self.data.missing)
        self.validation.show_source(self.data.source)

    def _follow_data(self, data: DataSettings | None) -> None:
        """Offer the families, epochs and metrics that suit the data, and say what the data are."""
        self.validation.show_split(data)
        if data is None:
            return
        self.data.describe(data_in_a_sentence(data))
        chosen = self.model.chosen
        self.model.describe("" if chosen is None else model_in_a_sentence(chosen, data.task))
        self.model.show_suitable(data)
        self.objective.show_fits(data.fits)
        self._offer_metrics()

    def _offer_metrics(self) -> None:
        family = self.model.chosen_family
        if family is not None:
            with QSignalBlocker(self.objective):
                self.objective.set_metrics(family.metrics(self.data.source.task), free=family.free_metrics)

    def _show_grid(self, parts: Parts) -> None:
        model, search, budget = parts.model, parts.search, parts.budget
        if model is not None and search is not None and search.method is SearchMethod.GRID:
            points = model.space.grid_size(search.grid_points)
            self.search.show_grid_size(points, None if budget is None else budget.trials)

    def show_plan(self, settings: StudySettings | None, added: int) -> None:
        """Say beside the trials how they are spent, or how many were added; None while there is a problem."""
        if added > 0:
            self.budget.show_plan(f"{added:,} of them added")
        else:
            self.budget.show_plan("" if settings is None else trials_in_short(settings))

    # Into the fields

    def show(self, settings: StudySettings) -> None:
        """Show the settings."""
        data = settings.data
        if data.file is not None:
            self.data.offer_file(data.file, data.missing)
        else:
            self.data.choose(data.dataset)
        self._follow_source()
        self.preparation.set_settings(data)
        self.validation.set_settings(data)
        self.model.set_settings(settings)
        self._offer_metrics()
        self.objective.set_settings(settings.objective)
        self.space.set_model(self.model.chosen)
        self.space.set_ranges(settings.model)
        self.search.set_settings(settings.search)
        self.budget.set_settings(settings.budget)
        self.execution.set_settings(settings)
        self.limits.set_settings(settings.limits, settings.budget)

    def use_table(self, imported: ImportedTable) -> None:
        """Use an imported table. Another target is trained as it is, until the user says otherwise."""
        before = self.data.file
        if before is None or (before.path, before.target) != (imported.file.path, imported.file.target):
            self.preparation.scale_as_it_is()
        self.data.offer_file(imported.file, imported.missing)
        self._follow_source()
        self.validation.group.set_value(imported.group)

    # As they stand, wrong or not

    def state(self) -> dict[str, object]:
        """Return what stands in all fields, by the paths of the settings."""
        return {path: raw for section in self.all for path, raw in section.state().items()}

    def set_state(self, state: State) -> None:
        """Show what stood in all fields; what cannot be shown any more stays as it is."""
        self.data.set_state(state)
        self._follow_source()
        self.model.set_state(state)
        self.space.set_model(self.model.chosen)
        self._offer_metrics()
        for section in self.all[2:]:
            section.set_state(state)
