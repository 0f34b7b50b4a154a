"""The form's section on the rules between parameters."""

from collections.abc import Mapping

from gui.setup.rule_rows import RulesEditor
from gui.setup.section import Section, State

_RULES = "model.rules"


class RulesSection(Section):
    """The rules between parameters: what they forbid is never tried. Without rules nothing differs."""

    title = "&Rules"

    def __init__(self, editor: RulesEditor) -> None:
        super().__init__()
        self.editor = editor
        self._column.addWidget(editor)
        editor.changed.connect(self.changed)
        editor.rebuilt.connect(self._note_rows)

    def _note_rows(self) -> None:
        """Take the rows of now for the places of the rules."""
        self.places = {f"{_RULES}.{place}": row for place, row in enumerate(self.editor.rows)}
        self.rebuilt.emit()

    @property
    def differs(self) -> bool:
        return bool(self.editor.rows)

    def go_back(self) -> None:
        """Take all rules away."""
        self.editor.set_rules(())
        self.changed.emit()

    def state(self) -> dict[str, object]:
        return {_RULES: [row.state() for row in self.editor.rows]}

    def set_state(self, state: State) -> None:
        """Show the rules that stood there, as far as the parameters are those of the model."""
        rows = state.get(_RULES)
        if isinstance(rows, list):
            self.editor.set_states([row for row in rows if isinstance(row, Mapping)])

    def set_locked(self, locked: bool) -> None:
        self.editor.set_locked(locked)
