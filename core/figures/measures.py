"""What the loss plot can show: the loss and, where a study optimises another metric, that one."""

from dataclasses import dataclass

from core.objective import in_words
from core.settings import StudySettings
from core.words.bounds import UNBOUNDED, Range, bounds_of
from core.words.value_axes import names_of_values


@dataclass(frozen=True)
class Measure:
    """A metric that is measured in training and in validation.

    `formula` is what a loss computes, empty where that is unknown; no value is outside `bounds`.
    """

    name: str = "loss"
    higher_is_better: bool = False
    formula: str = ""
    bounds: Range = UNBOUNDED

    @property
    def val_name(self) -> str:
        """The metric's name in validation."""
        return f"val_{self.name}"

    @property
    def words(self) -> str:
        """The metric as it stands within a sentence."""
        return in_words(self.name)

    @property
    def caption(self) -> str:
        """The metric as a sentence begins with it."""
        return self.words[:1].upper() + self.words[1:]

    def labels(self, *, in_validation: bool | None) -> tuple[str, ...]:
        """Return the names of its axis, the longest first; `in_validation` is None for both parts of the data."""
        return names_of_values(self.name, in_validation=in_validation, formula=self.formula)


def measures_of(settings: StudySettings) -> list[Measure]:
    """Return what can be shown of a study; the last is what its objective is taken from."""
    objective = settings.objective
    is_loss = objective.quantity == "loss"
    formula = "" if settings.model.file is not None else settings.loss_label
    higher = is_loss and objective.higher_is_better
    loss = Measure(higher_is_better=higher, formula=formula, bounds=bounds_of("loss", settings))
    if is_loss:
        return [loss]
    bounds = bounds_of(objective.quantity, settings)
    return [loss, Measure(objective.quantity, objective.higher_is_better, bounds=bounds)]
