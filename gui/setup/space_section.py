"""The section of the setup form on the search space: a row per parameter of the model, the rules, the presets."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QFormLayout, QWidget

from core.conditions import Condition, singles
from core.errors import InvalidSetting
from core.models.catalogue import family_of
from core.models.custom.model_file import ModelFile
from core.models.preset import Preset
from core.models.settings import ModelSettings
from core.parameters import Parameter, Range
from core.rules import Rule
from core.words.captions import in_a_sentence
from gui.program.messages import show_error
from gui.setup.preset_menu import PresetMenu
from gui.setup.range_rows import ParameterRow, row_for
from gui.setup.rule_rows import RulesEditor
from gui.setup.section import Problems, Section
from gui.widgets.fields import hint_label


class SpaceSection(Section):
    """The search space: a row for each parameter of the model family."""

    title = "Search s&pace"

    def __init__(self, presets_folder: Path | None = None) -> None:
        super().__init__()
        self.rows: dict[str, ParameterRow] = {}
        self._form = QFormLayout()
        self._column.addLayout(self._form)
        self._chosen: ModelFile | str | None = None
        self._model: ModelSettings | None = None
        self.presets = PresetMenu(presets_folder, self._as_preset)
        self.presets.chosen.connect(self._use_preset)
        self.size_hint = hint_label()
        self.rules = RulesEditor()
        self._form.setVerticalSpacing(12)
        self._form.addRow(self.size_hint)

    @property
    def entry(self) -> QWidget:
        return self

    def set_model(self, model: ModelFile | str | None) -> None:
        """Make one row per parameter of a model file or a family, unless they are there; None for no rows.

        When a file has changed, the parameters with the same declaration as before keep their ranges and rules.
        """
        if model == self._chosen:
            return
        kept = self._kept(model)
        self._chosen = model
        for row in self.rows.values():
            self._form.removeRow(row)
        self.rows = {parameter.name: row_for(parameter) for parameter in _parameters(model)}
        for name, given in kept.items():
            self.rows[name].set_range(given)
        self.places = {"model": self, "model.ranges": self}
        for parameter_name, row in self.rows.items():
            self.places[f"model.ranges.{parameter_name}"] = row
            self._form.addRow(row)
            row.changed.connect(self.changed)
        rules = () if self._model is None else self._model.rules
        self.rules.set_parameters(row.parameter for row in self.rows.values())
        self.rules.set_rules([rule for rule in rules if rule.names <= kept.keys()])
        self.presets.setVisible(model is not None)
        if model is not None:
            self.presets.set_family(family_of(model))

    def set_locked(self, locked: bool) -> None:
        self.presets.setEnabled(not locked)

    @property
    def differs(self) -> bool:
        return False

    @property
    def marked_rows(self) -> list[QWidget]:
        return []

    def state(self) -> dict[str, object]:
        return {}

    def set_state(self, state: Mapping[str, object]) -> None:
        pass

    def _kept(self, model: ModelFile | str | None) -> dict[str, Range]:
        """Return the ranges of the parameters whose declaration is the same as before a file's last change."""
        if (
            not isinstance(model, ModelFile)
            or not isinstance(self._chosen, ModelFile)
            or model.path != self._chosen.path
        ):
            return {}
        problems, kept = Problems(), {}
        for parameter in _parameters(model):
            row = self.rows.get(parameter.name)
            given = problems.attempt("", row.range) if row is not None and row.parameter == parameter else None
            if given is not None:
                kept[parameter.name] = given
        return kept

    def settings(self, problems: Problems) -> ModelSettings | None:
        """Return the part of the settings that this section holds; None when it has problems."""
        self._model = None
        if self._chosen is None:
            self.size_hint.say("Its parameters will be here when a model file is chosen")
            return None
        ranges: dict[str, Range] = {}
        for name, row in self.rows.items():
            made = problems.attempt(f"model.ranges.{name}", row.range)
            if made is not None:
                ranges[name] = made
        places = range(len(self.rules.rows))
        made_rules = [problems.attempt(f"model.rules.{place}", self.rules.rows[place].rule) for place in places]
        rules = [rule for rule in made_rules if rule is not None]
        if len(ranges) < len(self.rows) or len(rules) < len(made_rules):
            self.size_hint.say("")
            return None
        model = self._model = problems.attempt("model", lambda: self._made(ranges, tuple(rules)))
        if model is None:
            self.size_hint.say("")
        else:
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
        self.size_hint.say("")
        for name in model.family.conditions:
            self._form.setRowVisible(self.rows[name], model.can_apply(name))
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
        self.blockSignals(True)  # one check is enough, after all rows
        self.set_ranges(model)
        self.blockSignals(False)
        self.rebuilt.emit()
        self.changed.emit()

    def set_ranges(self, model: ModelSettings) -> None:
        """Show the ranges and rules of a model; the rows must be those of its family."""
        for name, row in self.rows.items():
            row.set_range(model.ranges[name])
        self.rules.set_rules(model.rules)


def _parameters(model: ModelFile | str | None) -> tuple[Parameter, ...]:
    return () if model is None else family_of(model).parameters
