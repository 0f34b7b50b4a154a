"""The section of the setup form on the search space: the table of the model's parameters, the presets, the rules."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.errors import InvalidSetting
from core.models.catalogue import family_of
from core.models.custom.model_file import ModelFile
from core.models.preset import Preset
from core.models.settings import ModelSettings
from core.parameters import Parameter, Range, Value
from core.rules import Rule
from core.words.form import where_it_applies
from gui.program.messages import show_error
from gui.setup.parameters.row import ParameterRow
from gui.setup.parameters.rows import row_for
from gui.setup.parameters.table import ParametersTable
from gui.setup.preset_menu import PresetMenu
from gui.setup.rule_rows import RulesEditor
from gui.setup.section import Problems, Section, State
from gui.widgets.fields import hint_label
from gui.widgets.theme import Colours

RANGES = "model.ranges"
_PRESET = "model.preset"


class SpaceSection(Section):
    """The search space: a table with a row for each parameter of the model.

    `rules` is placed by the form, `presets` beside the section's title.
    """

    title = "Search s&pace"

    def __init__(self, presets_folder: Path | None = None) -> None:
        super().__init__()
        self._chosen: ModelFile | str | None = None
        self._model: ModelSettings | None = None
        self.table = ParametersTable()
        self.table.explained.connect(self.explained)
        self.presets = PresetMenu(presets_folder, self._as_preset)
        self.presets.chosen.connect(self._use_preset)
        self.hint = hint_label()
        self.rules = RulesEditor()
        self._column.addWidget(self.table)
        self._column.addWidget(self.hint)

    @property
    def entry(self) -> QWidget:
        """The widget to which the marked letter of the title leads."""
        return self.table

    @property
    def rows(self) -> dict[str, ParameterRow]:
        """The rows by the names of their parameters."""
        return self.table.rows

    def set_model(self, model: ModelFile | str | None) -> None:
        """Make one row per parameter of a model file or a family, unless they are there; None for no rows.

        When a file has changed, the parameters with the same declaration as before keep what stands in their rows.
        """
        if model == self._chosen:
            return
        kept = self._kept(model)
        self._chosen = model
        rows = {parameter.name: row_for(parameter) for parameter in _parameters(model)}
        for name, state in kept.items():
            rows[name].set_state(state)
        self.table.set_rows(rows)
        self.places = {"model": self, RANGES: self}
        for parameter_name, row in self.rows.items():
            self.places[f"{RANGES}.{parameter_name}"] = row
            row.changed.connect(self.changed)
        rules = () if self._model is None else self._model.rules
        self.rules.set_parameters(row.parameter for row in self.rows.values())
        self.rules.set_rules([rule for rule in rules if rule.names <= kept.keys()])
        self.presets.setVisible(model is not None)
        if model is not None:
            self.presets.set_family(family_of(model))

    def set_locked(self, locked: bool) -> None:
        """Let the rows only be read, or be changed."""
        self.presets.setEnabled(not locked)
        self.table.set_locked(locked)

    @property
    def differs(self) -> bool:
        """Whether a row differs from what its parameter declares."""
        return bool(self.marked_rows)

    @property
    def marked_rows(self) -> Sequence[QWidget]:
        return [row for row in self.rows.values() if row.differs and row.applies]

    @property
    def focus_place(self) -> QWidget:
        return self.table

    def go_back(self) -> None:
        with self._as_one():
            for row in self.rows.values():
                row.go_back()

    def set_colours(self, colours: Colours) -> None:
        self.table.set_colours(colours)

    def _kept(self, model: ModelFile | str | None) -> dict[str, Mapping[str, object]]:
        """Return what stands in the rows whose declaration is the same as before a file's last change."""
        if (
            not isinstance(model, ModelFile)
            or not isinstance(self._chosen, ModelFile)
            or model.path != self._chosen.path
        ):
            return {}
        same = (p for p in _parameters(model) if p.name in self.rows and self.rows[p.name].parameter == p)
        return {parameter.name: self.rows[parameter.name].state() for parameter in same}

    def state(self) -> dict[str, object]:
        """Return what stands in the rows, also what is hidden or wrong, by the paths of their ranges."""
        rows = {f"{RANGES}.{name}": row.state() for name, row in self.rows.items()}
        return {**rows, _PRESET: self.presets.basis}

    def set_state(self, state: State) -> None:
        """Show what `state` returned; what is unknown, missing or of another kind changes nothing."""
        for name, row in self.rows.items():
            stood = state.get(f"{RANGES}.{name}")
            if isinstance(stood, Mapping):
                row.set_state(stood)
        self.presets.basis = str(state.get(_PRESET, ""))

    def hold_values(self, values: Mapping[str, Value]) -> None:
        """Fix each parameter at its value, or at its default; the ranges are kept for whoever varies them again."""
        with self._as_one():
            for name, row in self.rows.items():
                row.hold(values.get(name, row.parameter.default))

    @contextmanager
    def _as_one(self) -> Iterator[None]:
        """Tell of several changes once, after all of them."""
        self.blockSignals(True)
        self.rules.blockSignals(True)
        try:
            yield
        finally:
            self.blockSignals(False)
            self.rules.blockSignals(False)
        self.rules.rebuilt.emit()
        self.changed.emit()

    def settings(self, problems: Problems) -> ModelSettings | None:
        """Return the part of the settings that this section holds; None when it has problems."""
        self._model = self._read(problems)
        self.presets.refresh()
        return self._model

    def _read(self, problems: Problems) -> ModelSettings | None:
        if self._chosen is None:
            self.hint.say("Its parameters will be here when a model file is chosen")
            return None
        self.hint.say("")
        ranges: dict[str, Range] = {}
        for name, row in self.rows.items():
            made = problems.attempt(f"{RANGES}.{name}", row.range)
            if made is not None:
                ranges[name] = made
        places = range(len(self.rules.rows))
        made_rules = [problems.attempt(f"model.rules.{place}", self.rules.rows[place].rule) for place in places]
        rules = [rule for rule in made_rules if rule is not None]
        if len(ranges) < len(self.rows) or len(rules) < len(made_rules):
            return None
        model = problems.attempt("model", lambda: self._made(ranges, tuple(rules)))
        if model is not None:
            self._show_what_applies(model)
        return model

    def _made(self, ranges: dict[str, Range], rules: tuple[Rule, ...]) -> ModelSettings:
        """Return the model with these ranges and rules: that of last time, with what it has cached, if it is equal."""
        last = self._model
        if last is not None and last.chosen == self._chosen and (last.ranges, last.rules) == (ranges, rules):
            return last
        if isinstance(self._chosen, ModelFile):
            return ModelSettings(ranges=ranges, rules=rules, file=self._chosen)
        assert self._chosen is not None
        return ModelSettings(family_name=self._chosen, ranges=ranges, rules=rules)

    def _show_what_applies(self, model: ModelSettings) -> None:
        """Hide the rows of parameters that apply to no trial, and say on what the others depend.

        Hidden rows hold valid ranges.
        """
        for name in model.family.conditions:
            self.table.show_row(name, shown=model.can_apply(name))
            self.rows[name].say_when(where_it_applies(model, name))

    def _as_preset(self, name: str) -> Preset | None:
        return None if self._model is None else Preset(name=name, ranges=self._model.ranges, rules=self._model.rules)

    def _use_preset(self, preset: Preset) -> None:
        """Show the ranges of a preset, or say why they cannot be used."""
        try:
            ranges = preset.whole(row.parameter for row in self.rows.values())
            model = self._made(ranges, preset.rules)
        except InvalidSetting as error:
            show_error(self, "The preset cannot be used", error.message)
            return
        with self._as_one():
            self.set_ranges(model)
            self.presets.basis = preset.name

    def set_ranges(self, model: ModelSettings) -> None:
        """Show the ranges and rules of a model, of whatever preset; the rows must be those of its family."""
        self.presets.basis = ""
        for name, row in self.rows.items():
            row.set_range(model.ranges[name])
        self.rules.set_rules(model.rules)


def _parameters(model: ModelFile | str | None) -> tuple[Parameter, ...]:
    return () if model is None else family_of(model).parameters
