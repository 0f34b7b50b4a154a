"""SettingsForm: the setup of a study, in sections; it makes the study's settings and says what is wrong with them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFormLayout, QFrame, QLayout, QScrollArea, QStyle, QVBoxLayout, QWidget

from core.datasets.imported_table import ImportedTable
from core.datasets.settings import DataSettings
from core.models.custom.model_file import ModelFile
from core.models.family import ModelFamily
from core.models.settings import ModelSettings
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, StudySettings, TrainerKind, tutorial_settings
from core.tables.description import Task
from gui.setup.budget_section import BudgetSection
from gui.setup.data_section import DataSection
from gui.setup.limits_section import LimitsSection
from gui.setup.model_section import ModelSection
from gui.setup.objective_section import ObjectiveSection
from gui.setup.parameters.row import ParameterRow
from gui.setup.search_section import SearchSection
from gui.setup.section import Place, Problems, Section
from gui.setup.space_section import SpaceSection
from gui.widgets.fields import EDITORS, problem_label
from gui.widgets.theme import Colours, Theme

_MAX_WIDTH = 84  # average characters; in a wider form the eye loses the line


class SettingsForm(QWidget):
    """The setup of a study.

    Signals: `settings_changed` (a StudySettings, or None while the form has a mistake) after each change by the user or
    by `set_settings`; `edit_requested` (an ImportedTable) when the user wants to change the use of its columns;
    `renew_requested` (an ImportedTable) when the user wants to use its file as it is now;
    `note_requested` (a data set's name) when the user wants to read about the data; `import_requested` when the user
    wants to import a file. `presets_folder`, if given, holds the user's presets.
    """

    settings_changed = Signal(object)
    edit_requested = Signal(object)
    renew_requested = Signal(object)
    note_requested = Signal(str)
    import_requested = Signal()

    def __init__(self, theme: Theme, presets_folder: Path | None = None) -> None:
        super().__init__()
        self._settings: StudySettings | None = None
        self._problem = ""
        self._locked = False
        self._filling = False
        self._message = problem_label()
        self.data = DataSection()
        self.model = ModelSection()
        self.objective = ObjectiveSection()
        self.space = SpaceSection(presets_folder)
        self.search = SearchSection()
        self.budget = BudgetSection()
        self.limits = LimitsSection()
        self._sections: tuple[Section, ...] = (
            self.data,
            self.model,
            self.objective,
            self.space,
            self.search,
            self.budget,
            self.limits,
        )
        self._content = self._make_content()
        self._scroller = self._make_scroller()
        for section in self._sections:
            section.changed.connect(self._check)
            section.rebuilt.connect(self._treat_new_fields)
        self.data.note_requested.connect(self.note_requested)
        self.data.edit_requested.connect(self.edit_requested)
        self.data.renew_requested.connect(self.renew_requested)
        self.data.import_requested.connect(self.import_requested)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)
        self.reset()

    def _make_content(self) -> QWidget:
        content = QWidget()
        content.setMaximumWidth(content.fontMetrics().averageCharWidth() * _MAX_WIDTH)
        column = QVBoxLayout(content)
        column.addWidget(self._message)
        for section in self._sections:
            column.addWidget(section)
        column.addStretch()
        return content

    def _make_scroller(self) -> QScrollArea:
        scroller = QScrollArea()
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setWidgetResizable(True)
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroller.setWidget(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroller)
        return scroller

    def minimumSizeHint(self) -> QSize:
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return QSize(self._content.minimumSizeHint().width() + bar, super().minimumSizeHint().height())

    # Settings

    def settings(self) -> StudySettings | None:
        """Return the form's settings; None while the form has a mistake."""
        return self._settings

    def problem(self) -> str:
        """Return the first mistake as a sentence, empty when there is none."""
        return self._problem

    def set_settings(self, settings: StudySettings) -> None:
        """Show the settings."""
        self._filling = True
        try:
            self.data.set_settings(settings.data)
            self.model.set_settings(settings)
            self._offer_metrics(settings.family, settings.data.task)
            self.objective.set_settings(settings.objective)
            self.space.set_model(self.model.chosen)
            self.space.set_ranges(settings.model)
            self.search.set_settings(settings.search)
            self.budget.set_settings(settings.budget)
            self.limits.set_settings(settings.limits)
        finally:
            self._filling = False
        self._treat_new_fields()
        self._check()

    def set_data_file(self, imported: ImportedTable) -> None:
        """Use a table that was imported."""
        self.data.set_file(imported)

    def set_model_file(self, file: ModelFile, doubt: str = "", notes: str = "") -> None:
        """Use an inspected model file; `doubt`, if not empty, says why its model does not suit the data."""
        self.model.set_file(file, doubt, notes)

    def data_settings(self) -> DataSettings | None:
        """Return the form's data settings alone; None while they have a mistake."""
        return self.data.settings(Problems())

    def reset(self) -> None:
        """Go back to the tutorial's experiment."""
        self.set_settings(tutorial_settings())

    def set_locked(self, locked: bool) -> None:
        """Lock the fields, so that the user can only read them, or unlock them."""
        self._locked = locked
        self._apply_lock()

    def _apply_lock(self) -> None:
        for editor in self.findChildren(QWidget):
            if isinstance(editor, EDITORS) and not self.space.table.isAncestorOf(editor):
                editor.setEnabled(not self._locked)
        self.data.set_locked(self._locked)
        self.space.set_locked(self._locked)
        self.model.set_locked(self._locked)
        # Without fields to tab through, the arrow keys must be able to scroll.
        policy = Qt.FocusPolicy.StrongFocus if self._locked else Qt.FocusPolicy.NoFocus
        self._scroller.setFocusPolicy(policy)

    # Checking

    def _check(self) -> None:
        """Make settings from the fields, show their problems, and emit `settings_changed`."""
        if self._filling:
            return
        self.space.set_model(self.model.chosen)
        problems = Problems()
        settings = self._settings = self._read(problems)
        self.budget.show_points(settings.points if settings else None, settings.budget.trials if settings else 0)
        self._show(problems)
        self.settings_changed.emit(self._settings)

    def _read(self, problems: Problems) -> StudySettings | None:
        data = self.data.settings(problems)
        if data is not None:
            self._offer_for_data(data)
        self.model.check(problems)
        objective = self.objective.settings(problems)
        if objective is not None:
            self.budget.show_objective(objective)
        parts: dict[str, Any] = {
            "data": data,
            "objective": objective,
            "seed": self.model.read_seed(problems),
            "workers": self.model.read_workers(problems),
            "model": self.space.settings(problems),
            "search": self.search.settings(problems),
            "budget": self.budget.settings(problems),
            "limits": self.limits.settings(problems),
        }
        self._show_grid(parts["model"], parts["search"], parts["budget"])
        if problems.within("model") or any(part is None for part in parts.values()):
            return None
        trainer = TrainerKind(self.model.trainer.value())
        return problems.attempt("", lambda: StudySettings(trainer=trainer, **parts))

    def _offer_for_data(self, data: DataSettings) -> None:
        """Offer the families, epochs and metrics that suit the data."""
        self.model.show_task(data.task)
        self.model.show_suitable(data)
        self.objective.show_fits(data.fits)
        if self.model.chosen_family is not None:
            self._offer_metrics(self.model.chosen_family, data.task)

    def _show_grid(
        self, model: ModelSettings | None, search: SearchSettings | None, budget: BudgetSettings | None
    ) -> None:
        if model is not None and search is not None and search.method is SearchMethod.GRID:
            points = model.space.grid_size(search.grid_points)
            self.search.show_grid_size(points, None if budget is None else budget.trials)

    def _offer_metrics(self, family: ModelFamily, task: Task) -> None:
        self._filling, before = True, self._filling
        self.objective.set_metrics(family.metrics(task), free=family.free_metrics)
        self._filling = before

    def _show(self, problems: Problems) -> None:
        """Show each problem beside its field, or above all fields if it has none."""
        places = {path: place for section in self._sections for path, place in section.places.items()}
        said: dict[Place, tuple[str, str]] = {}
        above = self._problem = ""
        for path, sentence in problems.items():
            known, part = path, ""
            while known and known not in places:
                known, _, last = known.rpartition(".")
                part = f"{last}.{part}" if part else last
            if known:
                said.setdefault(places[known], (sentence, part))
            else:
                above = above or sentence
            self._problem = self._problem or (_with_caption(sentence, places[known]) if known else sentence)
        for place in places.values():
            place.show_problem(*said.get(place, ("", "")))
        self._message.say(above)

    # Colours and keys

    def _treat_new_fields(self) -> None:
        """Lock new fields if the form is locked, and let Tab reach all fields in the order of the eye."""
        if self._filling:
            return
        self._apply_lock()
        stops = [
            widget
            for widget in _in_order_of_the_eye(self._content)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is self.window()
        ]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _set_colours(self, colours: Colours) -> None:
        palette = QPalette()
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint_text))
        self.setPalette(palette)
        self.data.set_colours(colours)
        self.space.set_colours(colours)


def _in_order_of_the_eye(widget: QWidget) -> Iterator[QWidget]:
    """Yield the widget and all widgets in it, in the order of the layout, not in the order of their creation."""
    yield widget
    layout = widget.layout()
    inside = [child for child in widget.children() if isinstance(child, QWidget)]
    yield from widget.findChildren(QWidget) if layout is None else _laid_out(layout, inside)


def _laid_out(layout: QLayout, inside: Sequence[QWidget]) -> Iterator[QWidget]:
    """Yield the widgets of `inside` that the layout places, and all widgets in them.

    Do not ask a layout for its items: PySide keeps its wrapper of an item after Qt has deleted the item, and crashes
    later.
    """
    parts: list[QWidget | QLayout] = [*inside, *(child for child in layout.children() if isinstance(child, QLayout))]
    placed = (part for part in parts if layout.indexOf(part) >= 0)
    for part in sorted(placed, key=lambda part: _place_in(layout, part)):
        yield from _laid_out(part, inside) if isinstance(part, QLayout) else _in_order_of_the_eye(part)


def _place_in(layout: QLayout, part: QWidget | QLayout) -> tuple[int, int]:
    """Return a part's place in its layout, for sorting: a form layout numbers its items as they came, not by row."""
    if not isinstance(layout, QFormLayout):
        return layout.indexOf(part), 0
    # Qt returns row and role through pointers; PySide makes a pair of them.
    position: Any = layout.getLayoutPosition(part) if isinstance(part, QLayout) else layout.getWidgetPosition(part)
    row, role = position
    return row, role.value


def _with_caption(sentence: str, place: Place) -> str:
    """Return a sentence that stands alone: the field's name is put before it, unless the sentence contains it.

    A parameter may have the name of anything, such as "low", so only a sentence that begins with it contains it.
    """
    caption = place.caption
    is_told = sentence.startswith(caption) if isinstance(place, ParameterRow) else caption.lower() in sentence.lower()
    return sentence if is_told else f"{caption}: {sentence}"
