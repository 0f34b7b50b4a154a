"""The section of the setup form on the search space: a row per parameter of the model family, and the rules."""

from core.conditions import Condition
from core.models.catalogue import family_named
from core.parameters import Range
from core.settings import ModelSettings
from core.space import size_in_words
from gui.fields import hint_label
from gui.range_rows import ParameterRow, row_for
from gui.rule_rows import RulesEditor
from gui.settings_sections import Problems, Section


class SpaceSection(Section):
    """The search space: a row for each parameter of the model family."""

    def __init__(self) -> None:
        super().__init__("Search space")
        self.rows: dict[str, ParameterRow] = {}
        self._family = ""
        self.size_hint = hint_label()
        self.rules = RulesEditor()
        self.rules.changed.connect(self.changed)
        self.rules.rebuilt.connect(self._note_rules)
        self._form.setVerticalSpacing(12)
        self._form.addRow(self.size_hint)
        self._form.addRow(self.rules)

    def set_family(self, name: str) -> None:
        """Make the rows of the family's parameters, unless they are there."""
        if name == self._family:
            return
        self._family = name
        for row in self.rows.values():
            self._form.removeRow(row)
        self.rows = {parameter.name: row_for(parameter) for parameter in family_named(name).parameters}
        self.places = {"model": self, "model.ranges": self}
        for parameter_name, row in self.rows.items():
            self.places[f"model.ranges.{parameter_name}"] = row
            self._form.insertRow(self._form.rowCount() - 1, row)
            row.changed.connect(self.changed)
        self.rules.set_parameters(row.parameter for row in self.rows.values())

    def _note_rules(self) -> None:
        """Know the rows of the rules that there are now."""
        self.places = {path: place for path, place in self.places.items() if not path.startswith("model.rules.")}
        self.places |= {f"model.rules.{place}": row for place, row in enumerate(self.rules.rows)}
        self.rebuilt.emit()

    def set_locked(self, locked: bool) -> None:
        """Let rules be added and removed, or not."""
        for button in (self.rules.add, *(row.remove for row in self.rules.rows)):
            button.setEnabled(not locked)

    def settings(self, problems: Problems) -> ModelSettings | None:
        """Return the part of the settings that this section holds; None when it has problems."""
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
        model = problems.attempt("model", lambda: ModelSettings(family=self._family, ranges=ranges, rules=tuple(rules)))
        if model is None:
            self.size_hint.say("")
        else:
            self._show_what_applies(model)
        return model

    def _show_what_applies(self, model: ModelSettings) -> None:
        """Hide the rows of what applies to no trial; say where it is so for some. Hidden rows hold valid ranges."""
        self.size_hint.say(size_in_words(model.space))
        for name in model.declaration.conditions:
            self._form.setRowVisible(self.rows[name], model.can_apply(name))
            self.rows[name].say_when(self._when(model.condition_of(name)))

    def _when(self, condition: Condition | None) -> str:
        if condition is None:
            return ""
        on = self.rows[condition.parameter]
        return f"Applies only where {on.caption.lower()} is {condition.text(on.parameter.text)}"

    def set_ranges(self, model: ModelSettings) -> None:
        """Show the ranges and rules; the rows must be those of their family."""
        for name, row in self.rows.items():
            row.set_range(model.ranges[name])
        self.rules.set_rules(model.rules)
