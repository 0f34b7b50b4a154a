"""What the loss plot can show: the loss and, where a study optimises another metric, that one."""

from dataclasses import dataclass

from core.objective import in_words
from core.settings import StudySettings
from core.words.trials import loss_label


@dataclass(frozen=True)
class Measure:
    """A metric that is measured in training and in validation. `label` is the axis's."""

    name: str = "loss"
    label: str = "Loss"
    higher_is_better: bool = False

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


def measures_of(settings: StudySettings) -> list[Measure]:
    """Return what can be shown of a study; the last is what its objective is taken from."""
    objective, label = settings.objective, loss_label(settings)
    higher = objective.higher_is_better
    if objective.quantity == "loss":
        return [Measure(label=label, higher_is_better=higher)]
    metric = Measure(objective.quantity, higher_is_better=higher)
    return [Measure(label=label), Measure(metric.name, metric.caption, higher)]
