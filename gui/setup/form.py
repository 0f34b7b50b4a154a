"""SettingsForm: the setup of a study; it makes the study's settings and says what is wrong with them, and where."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.datasets.data_file import DataFile
from core.datasets.imported_table import ImportedTable
from core.datasets.settings import DataSettings
from core.models.custom.model_file import ModelFile
from core.parameters import Value
from core.settings import StudySettings, tutorial_settings
from core.tables.facts import TableFacts
from core.words.data_warnings import data_warnings
from gui.setup.findings import Findings
from gui.setup.folded import FoldedCard
from gui.setup.form_content import Edge, FormContent
from gui.setup.lock_line import LockLine
from gui.setup.scrolling import Scrolling
from gui.setup.section import Problems, Section, State
from gui.setup.sections import Sections
from gui.widgets.fields import error_label
from gui.widgets.measures import scaled
from gui.widgets.slim_scroll import SlimScrollArea
from gui.widgets.tab_order import set_tab_order, stops_in
from gui.widgets.theme import Colours, Theme

_MIN_WIDTH, _WIDTH = 400, 436
_TAB_DELAY = 100
"""Milliseconds after which Tab knows new fields, unless it is pressed before: the window's first picture goes first."""


class SettingsForm(QWidget):
    """The setup of a study.

    Signals: `settings_changed` (a StudySettings, or None while the form has a mistake) after each change by the user or
    by `set_settings`; `edit_requested` (an ImportedTable) when the user wants to change the use of its columns;
    `renew_requested` (an ImportedTable) when the user wants to use its file as it is now;
    `note_requested` (a data set's name) when the user wants to read about the data; `import_requested` when the user
    wants to import a file; `copy_requested` when they want a new study from the settings in force. `presets_folder`,
    if given, holds the user's presets.
    """

    settings_changed = Signal(object)
    edit_requested = Signal(object)
    renew_requested = Signal(object)
    note_requested = Signal(str)
    import_requested = Signal()
    copy_requested = Signal()

    def __init__(self, theme: Theme, presets_folder: Path | None = None) -> None:
        super().__init__()
        self._settings: StudySettings | None = None
        self.findings = Findings()
        self._facts: TableFacts | None = None
        self._filling = self._is_locked = self._is_starting = False
        self._added = 0
        self._draft: State | None = None
        self._tab_timer = QTimer(self, singleShot=True, interval=_TAB_DELAY)
        self._tab_timer.timeout.connect(self._order_tabs)
        self._message = error_label()
        sections = self._sections = Sections(presets_folder)
        self.data, self.model, self.space, self.budget = sections.data, sections.model, sections.space, sections.budget
        self.rules, self.preparation, self.validation = sections.rules, sections.preparation, sections.validation
        self.objective, self.search = sections.objective, sections.search
        self.execution, self.limits = sections.execution, sections.limits
        self.card = FoldedCard(sections.folded)
        self.lock_line = LockLine()
        self._content = FormContent(self._message, sections, self.card)
        self._scroller = self._make_scroller()
        self._connect(theme)
        self.reset()

    def _make_scroller(self) -> SlimScrollArea:
        scroller = SlimScrollArea(self._content)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        edge = Edge()
        scroller.verticalScrollBar().valueChanged.connect(lambda value: edge.setVisible(value > 0))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.lock_line)
        whole.addWidget(edge)
        whole.addWidget(scroller)
        return scroller

    def _connect(self, theme: Theme) -> None:
        for section in self._sections.all:
            section.changed.connect(self._check)
            section.rebuilt.connect(self._treat_new_fields)
        self.data.note_requested.connect(self.note_requested)
        self.data.columns_requested.connect(lambda: self.edit_requested.emit(self._imported()))
        self.data.renew_requested.connect(lambda: self.renew_requested.emit(self._imported()))
        self.data.import_requested.connect(self.import_requested)
        self.lock_line.copy_requested.connect(self.copy_requested)
        for folded in self.card.folded.values():
            folded.opened.connect(self._treat_new_fields)
        self._scrolling = Scrolling(self._scroller, self._content, self.card)
        for section in self._sections.all:
            section.explained.connect(self._scrolling.bring_into_view)
        explain = QShortcut(QKeySequence("Shift+F1"), self)
        explain.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        explain.activated.connect(self._explain)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)

    def minimumSizeHint(self) -> QSize:
        width = max(_MIN_WIDTH, self._content.minimumSizeHint().width())  # a large type needs not all in proportion
        return QSize(width, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(scaled(self, _WIDTH), super().sizeHint().height())

    # Settings

    def settings(self) -> StudySettings | None:
        """Return the form's settings; None while the form has a mistake."""
        return self._settings

    def problem(self) -> str:
        """Return the first mistake as a sentence, empty when there is none."""
        return self.findings.first

    @property
    def problem_count(self) -> int:
        """The number of mistakes."""
        return self.findings.count

    @property
    def warning_count(self) -> int:
        """The number of warnings, which keep nothing from starting."""
        return len(self.findings.warnings)

    def set_settings(self, settings: StudySettings) -> None:
        """Show the settings."""
        self._fill(lambda: self._sections.show(settings))

    def hold_values(self, values: Mapping[str, Value]) -> None:
        """Hold each parameter fixed at its value; the rows must be those of the values' model."""
        self._fill(lambda: self.space.hold_values(values))

    def set_data_file(self, imported: ImportedTable) -> None:
        """Use a table that was imported."""
        self._fill(lambda: self._sections.use_table(imported))

    def set_model_file(self, file: ModelFile, doubt: str = "", notes: str = "") -> None:
        """Use an inspected model file; `doubt`, if not empty, says why its model does not suit the data."""
        self.model.set_file(file, doubt, notes)

    def data_settings(self) -> DataSettings | None:
        """Return the form's data settings alone; None while they have a mistake."""
        return self._sections.read_data(Problems())

    def reset(self) -> None:
        """Go back to the tutorial's experiment."""
        self.set_settings(tutorial_settings())

    def state(self) -> dict[str, object]:
        """Return what stands in all fields, right or wrong."""
        return self._sections.state()

    def set_state(self, state: State) -> None:
        """Show what stood in all fields."""
        self._fill(lambda: self._sections.set_state(state))

    def show_facts(self, _file: DataFile | None, facts: TableFacts | None) -> None:
        """Show what is doubtful about the table in use; None: there is none, or it is not known yet."""
        if facts != self._facts:
            self._facts = facts
            self._check()

    def _fill(self, fill: Callable[[], None]) -> None:
        """Change many fields, and check them once."""
        self._filling = True
        try:
            fill()
        finally:
            self._filling = False
        self._treat_new_fields()
        self._check()

    @property
    def is_filling(self) -> bool:
        """Whether many fields are being changed, some of which are not yet as they will be."""
        return self._filling

    def _imported(self) -> ImportedTable | None:
        return self.data.imported(self.validation.group.value())

    # Whose settings

    def show_study(self, settings: StudySettings, added: int, *, running: bool, can_copy: bool) -> None:
        """Show the settings in force of the study that is open, of whose trials `added` were added; only to read.

        `can_copy`: another study can be set up from them now.
        """
        self._lock(running=running, can_copy=can_copy)
        before = self._added, self._is_starting
        if self._is_starting:  # what stood in the form is now the study's
            self._draft = None
        self._added, self._is_starting = added, False
        if settings != self._settings:
            self.set_settings(settings)
        elif before != (added, False):
            self._check()

    def show_started(self) -> None:
        """Lock the form: a study begins with what stands in it. If it cannot begin, `show_draft` leads back."""
        self._lock(running=True, can_copy=False)
        self._is_starting = True

    def _lock(self, *, running: bool, can_copy: bool) -> None:
        self.lock_line.show_lock(running=running, can_copy=can_copy)
        if not self._is_locked:
            self._draft = self.state()
            self._is_locked = True
            self._apply_lock()
            self._check()

    def show_draft(self) -> None:
        """Show the setup of a new study: as it stood before a study was shown, or the tutorial's experiment."""
        if not self._is_locked:
            return
        self._is_locked = self._is_starting = False
        self._added = 0
        self.lock_line.hide()
        self._apply_lock()
        if self._draft is None:
            self.reset()
        else:
            self.set_state(self._draft)
        self._draft = None

    def draft(self) -> State | None:
        """Return what stands there for a new study, also while another one is shown; None if that was started."""
        return self._draft if self._is_locked else self.state()

    @property
    def is_locked(self) -> bool:
        """Whether the form shows a study's settings in force, and can only be read."""
        return self._is_locked

    def _apply_lock(self) -> None:
        for section in self._sections.all:
            section.set_locked(self._is_locked)
        self.card.set_locked(self._is_locked)

    # Checking

    def _check(self) -> None:
        """Make settings from the fields, show their problems, and emit `settings_changed`."""
        if self._filling:
            return
        problems = Problems()
        settings = self._settings = self._sections.read(problems)
        self._sections.show_plan(settings, self._added)
        self.findings.show(self._sections.all, problems, self._warnings())
        self._message.say(self.findings.above)
        self._show_lines()
        self.settings_changed.emit(self._settings)

    def _warnings(self) -> dict[str, str]:
        if self._is_locked:
            return {}
        parts = self._sections.parts
        found = {} if parts.data is None else data_warnings(parts.data, self._facts)
        return {**found, **parts.warnings(self._settings)}

    def _show_lines(self) -> None:
        """Let each folded line say what is set in its section, or what is wrong there, and mark what differs."""
        said = dict(zip(self._sections.folded, self._sections.parts.in_short(self._facts), strict=True))
        marked: list[QWidget] = [row for section in self._sections.always for row in section.marked_rows]
        for section, folded in self.card.folded.items():
            folded.line.say(said[section])
            folded.line.show_told(*self.findings.within(section))
            differs = section.differs and not self._is_locked
            folded.line.show_differs(differs)
            marked += (folded.line, *section.marked_rows) if differs else ()
        self._content.show_bars(() if self._is_locked else marked)

    # Leading to a field

    def show_problem_place(self) -> None:
        """Unfold, scroll to and focus the first field with a problem."""
        self._scrolling.lead_to(self._sections.all, self.findings.mistakes)

    def show_warning_place(self) -> None:
        """Unfold, scroll to and focus the first field with a warning."""
        self._scrolling.lead_to(self._sections.all, self.findings.warnings)

    def show_section(self, section: Section, place: QWidget | None = None) -> None:
        """Unfold a section and give the focus to its first field, or to another place in it."""
        self._scrolling.lead_to_section(section, place)

    def reveal(self, paths: Iterable[str]) -> None:
        """Unfold and scroll to the first of the settings at these paths, unless one of them is in sight."""
        self._scrolling.reveal(self._sections.all, paths)

    def lead_to_number(self, parameter: str, part: str) -> None:
        """Scroll to a part of a parameter's range, and give it the focus."""
        row = self.space.rows[parameter]
        self.show_section(self.space, getattr(row, part, row.focus_place))

    def show_proposal(self, parameter: str, part: str, words: str) -> None:
        """Outline a part of a parameter's range, and say beside it what it would become; no parameter ends that."""
        for name, row in self.space.rows.items():
            row.propose(part, words if name == parameter else "")
        if parameter:
            self.reveal([f"model.ranges.{parameter}"])

    def begin(self) -> None:
        """Give the focus to the first field."""
        self.data.dataset.setFocus(Qt.FocusReason.OtherFocusReason)

    def _explain(self) -> None:
        """Show the help of the row that has the focus, or hide it."""
        widget: QWidget | None = self.focusWidget()
        while widget is not None and widget is not self:
            toggle = getattr(widget, "toggle_help", None)
            if toggle is not None:
                toggle()
                return
            widget = widget.parentWidget()

    # Rows, colours and keys

    def _treat_new_fields(self) -> None:
        """Lock new fields if the form is locked, and let Tab reach all fields in the order of the eye."""
        if self._filling:
            return
        if self._is_locked:
            self._apply_lock()
        self._tab_timer.start()

    def _order_tabs(self) -> None:
        self._tab_timer.stop()
        set_tab_order(self._content)

    @property
    def last_stop(self) -> QWidget:
        """The last widget that Tab reaches, also of what is folded now."""
        if self._tab_timer.isActive():
            self._order_tabs()
        return stops_in(self._content)[-1]

    def focusNextPrevChild(self, forwards: bool) -> bool:
        if self._tab_timer.isActive():
            self._order_tabs()
        return super().focusNextPrevChild(forwards)

    def _set_colours(self, colours: Colours) -> None:
        self.data.set_colours(colours)
        self.space.set_colours(colours)
        self.validation.set_colours(colours)
        self.card.set_colours(colours)
        self.lock_line.set_colours(colours)
