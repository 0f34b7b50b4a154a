"""The section of the setup form on the search space: the table of the model's parameters, the presets, the rules."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout

from core.conditions import Condition, singles
from core.errors import InvalidSetting
from core.models.catalogue import family_of
from core.models.custom.model_file import ModelFile
from core.models.preset import Preset
from core.models.settings import ModelSettings
from core.parameters import Parameter, Range, Value
from core.rules import Rule
from core.words.captions import in_a_sentence
from gui.program.messages import show_error
from gui.setup.parameters.row import ParameterRow
from gui.setup.parameters.rows import row_for
from gui.setup.parameters.table import ParametersTable
from gui.setup.preset_menu import PresetMenu
from gui.setup.rule_rows import RulesEditor
from gui.setup.section import Problems, Section
from gui.widgets.fields import hint_label
from gui.widgets.theme import Colours


class SpaceSection(Section):
    """The search space: a table with a row for each parameter of the model.

    `rules` is placed by the form, `presets` beside the section's title.
    """

    def __init__(self, presets_folder: Path | None = None) -> None:
        super().__init__("Search space")
        self._chosen: ModelFile | str | None = None
        self._model: ModelSettings | None = None
        self.table = ParametersTable()
        self.presets = PresetMenu(presets_folder, self._as_preset)
        self.presets.chosen.connect(self._use_preset)
        self.hint = hint_label()
        self.rules = RulesEditor()
        self.rules.changed.connect(self.changed)
        self.rules.rebuilt.connect(self._note_rules)
        header = QHBoxLayout()
        header.addStretch()
        header.addWidget(self.presets)
        self._form.addRow(header)
        self._form.addRow(self.table)
        self._form.addRow(self.hint)
        self._form.addRow(self.rules)

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
        self.places = {"model": self, "model.ranges": self}
        for parameter_name, row in self.rows.items():
            self.places[f"model.ranges.{parameter_name}"] = row
            row.changed.connect(self.changed)
        rules = () if self._model is None else self._model.rules
        self.rules.set_parameters(row.parameter for row in self.rows.values())
        self.rules.set_rules([rule for rule in rules if rule.names <= kept.keys()])
        self.presets.setVisible(model is not None)
        if model is not None:
            self.presets.set_family(family_of(model))

    def _note_rules(self) -> None:
        """Update the places of the rules to the current rows."""
        self.places = {path: place for path, place in self.places.items() if not path.startswith("model.rules.")}
        self.places |= {f"model.rules.{place}": row for place, row in enumerate(self.rules.rows)}
        self.rebuilt.emit()

    def set_locked(self, locked: bool) -> None:
        """Let table, presets and rules only be read, or be changed."""
        for button in (self.presets, self.rules.add, *(row.remove for row in self.rules.rows)):
            button.setEnabled(not locked)
        self.table.set_locked(locked)

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
        """Return what stands in the rows, also what is hidden or wrong, by the names of the parameters."""
        return {name: row.state() for name, row in self.rows.items()}

    def set_state(self, state: Mapping[str, object]) -> None:
        """Show what `state` returned; what is unknown, missing or of another kind changes nothing."""
        for name, row in self.rows.items():
            stood = state.get(name)
            if isinstance(stood, Mapping):
                row.set_state(stood)

    def hold_values(self, values: Mapping[str, Value]) -> None:
        """Fix each parameter at its value, or at its default; the ranges are kept for whoever varies them again."""
        with self._as_one():
            for name, row in self.rows.items():
                row.hold(values.get(name, row.parameter.default))

    @contextmanager
    def _as_one(self) -> Iterator[None]:
        """Tell of several changes once, after all of them."""
        self.blockSignals(True)
        try:
            yield
        finally:
            self.blockSignals(False)
        self.rebuilt.emit()
        self.changed.emit()

    def settings(self, problems: Problems) -> ModelSettings | None:
        """Return the part of the settings that this section holds; None when it has problems."""
        self._model = None
        if self._chosen is None:
            self.hint.say("Its parameters will be here when a model file is chosen")
            return None
        self.hint.say("")
        ranges: dict[str, Range] = {}
        for name, row in self.rows.items():
            made = problems.attempt(f"model.ranges.{name}", row.range)
            if made is not None:
                ranges[name] = made
        places = range(len(self.rules.rows))
        made_rules = [problems.attempt(f"model.rules.{place}", self.rules.rows[place].rule) for place in places]
        rules = [rule for rule in made_rules if rule is not None]
        if len(ranges) < len(self.rows) or len(rules) < len(made_rules):
            return None
        model = self._model = problems.attempt("model", lambda: self._made(ranges, tuple(rules)))
        if model is not None:
            self._show_what_applies(model)
        return model

    def _made(self, ranges: dict[str, Range], rules: tuple[Rule, ...]) -> ModelSettings:
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
            self.rows[name].say_when(self._when(model.condition_of(name)))
        for row, rule in zip(self.rules.rows, model.rules, strict=True):
            idle = [name for name in self.rows if name in rule.names and not model.can_apply(name)]
            row.say_idle([self.rows[name].caption for name in idle])

    def _when(self, condition: Condition | None) -> str:
        each: dict[str, list[str]] = {}
        for single in singles(condition):
            each.setdefault(single.parameter, []).append(single.text(self.rows[single.parameter].parameter.text))
        words = [f"{in_a_sentence(self.rows[name].parameter)} is {' and '.join(told)}" for name, told in each.items()]
        return f"Applies only where {' and '.join(words)}" if words else ""

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

    def set_ranges(self, model: ModelSettings) -> None:
        """Show the ranges and rules of a model; the rows must be those of its family."""
        for name, row in self.rows.items():
            row.set_range(model.ranges[name])
        self.rules.set_rules(model.rules)


def _parameters(model: ModelFile | str | None) -> tuple[Parameter, ...]:
    return () if model is None else family_of(model).parameters
