"""The section of the setup form on how points are proposed."""

from core.formatting import format_exactly
from core.search.settings import Acquisition, InitialDesign, SearchMethod, SearchSettings, Surrogate
from gui.setup.field_row import FieldRow
from gui.setup.section import Problems, Section
from gui.widgets.fields import ChoiceField
from gui.widgets.number_fields import FloatField, IntegerField, NumberField

METHODS = (
    (SearchMethod.BAYESIAN, "Bayesian optimisation"),
    (SearchMethod.RANDOM, "Random search"),
    (SearchMethod.GRID, "Grid search"),
)
SURROGATES = (
    (Surrogate.GAUSSIAN_PROCESS, "Gaussian process"),
    (Surrogate.RANDOM_FOREST, "Random forest"),
    (Surrogate.EXTRA_TREES, "Extra trees"),
    (Surrogate.GRADIENT_BOOSTING, "Gradient-boosted trees"),
)
ACQUISITIONS = (
    (Acquisition.EXPECTED_IMPROVEMENT, "Expected improvement (EI)"),
    (Acquisition.LOWER_CONFIDENCE_BOUND, "Lower confidence bound (LCB)"),
    (Acquisition.PROBABILITY_OF_IMPROVEMENT, "Probability of improvement"),
    (Acquisition.HEDGE, "A mix of the three (gp_hedge)"),
)
DESIGNS = (
    (InitialDesign.SOBOL, "Sobol sequence"),
    (InitialDesign.LATIN_HYPERCUBE, "Latin hypercube"),
    (InitialDesign.HALTON, "Halton sequence"),
    (InitialDesign.HAMMERSLY, "Hammersly sequence"),
    (InitialDesign.RANDOM, "Random"),
)
SEARCH_ROWS = (
    (
        "method",
        "Method",
        "Bayesian optimisation learns from the trials so far where the next one is worth most. Random and grid search "
        "do not learn: they are there to compare with.",
    ),
    (
        "surrogate",
        "Surrogate",
        "What learns from the trials so far, and says what to expect of points that were not tried. The Gaussian "
        "process suits most studies; trees suit those with many choices and many trials.",
    ),
    (
        "acquisition",
        "Acquisition",
        "How the next point is chosen from what the surrogate expects. Expected improvement weighs how likely a gain "
        "over the best is, and how large. The lower confidence bound tries what could still be the best. The "
        "probability of improvement plays safe. The mix asks all three, and follows the one that has served best.",
    ),
    (
        "xi",
        "ξ (xi)",
        "How much better than the best so far a point should promise to be, in standard deviations of the "
        "objective. More explores more.",
    ),
    (
        "kappa",
        "κ (kappa)",
        "How many standard deviations below its mean the surrogate hopes for. More explores more.",
    ),
    (
        "initial_design",
        "Initial design",
        "How the first points are spread over the ranges, before the surrogate has anything to learn from.",
    ),
    (
        "initial_points",
        "Initial points",
        "How many points are spread over the ranges before the search chooses any. About two to four for each varied "
        "parameter are usual.",
    ),
    ("grid_points", "Values per parameter", "How many values of each varied number the grid takes."),
)


class SearchSection(Section):
    """How points are proposed. Only the settings that the chosen method uses are shown."""

    title = "Sear&ch method"

    def __init__(self) -> None:
        super().__init__()
        self.method = ChoiceField("Search method", METHODS)
        self.surrogate = ChoiceField("Surrogate", SURROGATES)
        self.acquisition = ChoiceField("Acquisition function", ACQUISITIONS)
        self.xi = FloatField("ξ (xi)")
        self.kappa = FloatField("κ (kappa)")
        self.initial_design = ChoiceField("Initial design", DESIGNS)
        self.initial_points = IntegerField("Initial points")
        self.grid_points = IntegerField("Values per parameter")
        for choice in (self.method, self.acquisition):
            choice.currentIndexChanged.connect(self._show_what_applies)
        default = SearchSettings()
        for name, caption, help_text in SEARCH_ROWS:
            self.add_row(
                f"search.{name}",
                FieldRow(
                    caption,
                    getattr(self, name),
                    default=_raw(getattr(default, name)),
                    help_text=help_text,
                ),
            )
        self._show_what_applies()

    def _applying(self) -> set[str]:
        """Return the names of the settings that the chosen method uses."""
        match self.method.value():
            case SearchMethod.GRID:
                return {"method", "grid_points"}
            case SearchMethod.RANDOM:
                return {"method"}
        heeded = {"method", "surrogate", "acquisition", "initial_design", "initial_points"}
        chosen = SearchSettings(acquisition=Acquisition(self.acquisition.value()))
        numbers = {"xi": chosen.heeds_xi, "kappa": chosen.heeds_kappa}
        return heeded | {name for name, is_heeded in numbers.items() if is_heeded}

    def _show_what_applies(self) -> None:
        applying = self._applying()
        for path, row in self.fields.items():
            name, editor = path.removeprefix("search."), row.editor
            if name not in applying and isinstance(editor, NumberField) and editor.problem:
                editor.set_value(getattr(SearchSettings(), name))  # nobody could see the mistake
            row.setVisible(name in applying)

    def show_grid_size(self, points: int | None, trials: int | None) -> None:
        """Show the number of the grid's points (None: too many to count), and how many fit a budget of `trials`."""
        if points is None:
            self.fields["search.grid_points"].say_hint("More points than can be counted")
            return
        rest = "" if trials is None or points <= trials else f"; only the first {trials:,} fit the budget"
        self.fields["search.grid_points"].say_hint(f"{points:,} points{rest}")

    def settings(self, problems: Problems) -> SearchSettings | None:
        """Return the part of the settings that this section holds; None when it has problems."""
        xi = problems.attempt("search.xi", self.xi.value)
        kappa = problems.attempt("search.kappa", self.kappa.value)
        initial_points = problems.attempt("search.initial_points", self.initial_points.value)
        grid_points = problems.attempt("search.grid_points", self.grid_points.value)
        if xi is None or kappa is None or initial_points is None or grid_points is None:
            return None
        return problems.attempt(
            "search",
            lambda: SearchSettings(
                method=SearchMethod(self.method.value()),
                surrogate=Surrogate(self.surrogate.value()),
                acquisition=Acquisition(self.acquisition.value()),
                xi=xi,
                kappa=kappa,
                initial_design=InitialDesign(self.initial_design.value()),
                initial_points=initial_points,
                grid_points=grid_points,
            ),
        )

    def set_settings(self, search: SearchSettings) -> None:
        for path, row in self.fields.items():
            if isinstance(row.editor, ChoiceField | NumberField):
                row.editor.set_value(getattr(search, path.removeprefix("search.")))


def _raw(value: object) -> str:
    return format_exactly(value) if isinstance(value, float) else str(value)
