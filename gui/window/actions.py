"""The user's commands as data (text, icon, shortcut, help and place of each), and the actions made from them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from gui.session.changes import Changes
from gui.session.run_state import Command, RunState, why_not
from gui.session.session import Session
from gui.widgets.fields import plain_tip
from gui.widgets.icons import icon
from gui.widgets.theme import Colours, Theme

_KEYS = QKeySequence.StandardKey
TABLE_KEY = "Ctrl+Shift+T"
"""Shows and folds the trials."""


@dataclass(frozen=True)
class Entry:
    """How a command looks: `text` in a menu, with the letter that chooses it; `short` in the toolbar, if different.

    `shortcut` can be several, with semicolons between them; the first is told.
    """

    text: str
    help: str
    shortcut: QKeySequence.StandardKey | str | None = None
    icon: str = ""
    short: str = ""


ENTRIES: Mapping[Command, Entry] = {
    Command.NEW: Entry("&New study", "Close this study and set up another", _KEYS.New, "new", "New"),
    Command.COPY: Entry(
        "New study &from this one",
        "Close this study and set up another with all of its settings, data and seed included",
        "Ctrl+Shift+N",
    ),
    Command.OPEN: Entry("&Open study…", "Open a study file", _KEYS.Open, "open", "Open"),
    Command.STUDIES: Entry("&Studies", "Close this study and show all that there are", "Ctrl+Shift+O"),
    Command.SAVE_AS: Entry(
        "Save study &as…", "Keep this study under another name", _KEYS.SaveAs, "save", short="Save as"
    ),
    Command.LOAD_SETTINGS: Entry(
        "&Load settings…", "Fill the form from a JSON file: settings, or an exported trial", "Ctrl+L", "load-settings"
    ),
    Command.SAVE_SETTINGS: Entry("Sa&ve settings…", "Write the form to a JSON file", "Ctrl+Shift+L", "save-settings"),
    Command.RESET_SETTINGS: Entry(
        "Rese&t to defaults",
        "Set up the tutorial's study; Undo brings back what was there",
        icon="settings-reset",
    ),
    Command.UNDO: Entry("&Undo", "Take back the last change of the setup", _KEYS.Undo, "undo"),
    Command.REDO: Entry("Re&do", "Make the change again that was taken back", "Ctrl+Shift+Z", "redo"),
    Command.IMPORT_DATA: Entry(
        "&Import data…", "Use a table of your own: CSV, Excel, Parquet or NumPy", "Ctrl+I", "import"
    ),
    Command.CHOOSE_MODEL: Entry(
        "Choose &model file…", "Use a model of your own: a Python file, for Afina or Keras Tuner", "Ctrl+M"
    ),
    Command.EXPORT: Entry(
        "&Export…", "Take the results away as JSON, CSV or a Keras script", "Ctrl+E", "export", "Export"
    ),
    Command.QUIT: Entry("&Quit", "Close Afina", _KEYS.Quit),
    Command.REHEARSE: Entry(
        "&Rehearse…",
        "Try the extreme configurations; see how long the study will take",
        "Ctrl+D",
        "rehearse",
        "Rehearse",
    ),
    Command.START: Entry("&Start", "Start a new study with these settings", "Ctrl+R", "start"),
    Command.PAUSE: Entry("&Pause", "Let the training stand still where it is", "Ctrl+P", "pause"),
    Command.RESUME: Entry("Res&ume", "Let a paused or an ended study go on", "Ctrl+Shift+R", "resume"),
    Command.MORE: Entry("&More trials…", "Add trials to this study, and go on with it", "Ctrl+Shift+M"),
    Command.SKIP: Entry("Skip trial", "Give this trial up, for good", "Ctrl+K", "skip"),
    Command.STOP: Entry("S&top", "End what is under way, and keep what was found", "Ctrl+T", "stop"),
    Command.EVALUATE: Entry("&Evaluate on test part…", "Judge the best trial on the rows that the search never saw"),
    Command.NAME: Entry("&Name study…", "Give this study a name that says what it is for"),
    Command.LIVE_PAGE: Entry("&Live", "Show the page of what is trained", "Ctrl+1"),
    Command.BELIEF_PAGE: Entry("&Belief", "Show the page of what the search believes", "Ctrl+2"),
    Command.PARAMETERS_PAGE: Entry("Para&meters", "Show the page of what matters", "Ctrl+3"),
    Command.RESET_LAYOUT: Entry("&Reset layout", "Put the parts of the window where they were at first"),
    Command.LARGER_FONT: Entry("&Larger", "Show all letters larger", "Ctrl++; Ctrl+="),
    Command.SMALLER_FONT: Entry("&Smaller", "Show all letters smaller", "Ctrl+-"),
    Command.NORMAL_FONT: Entry("&Normal", "Show all letters as large as other programs do", "Ctrl+0"),
    Command.NEXT_PART: Entry("Go to &next part", "Go on to the headline, the page, the trials or the form", "F6"),
    Command.PREVIOUS_PART: Entry("Go to &previous part", "Go back to the part before", "Shift+F6"),
    Command.HELP: Entry("&Help on what has the focus", "Explain the part of the window that has the focus", "F1"),
    Command.FIRST_STEPS: Entry("Firs&t steps", "How to set up, run and read a study"),
    Command.SHORTCUTS: Entry("All &shortcuts", "The keys of all commands, tables and plots"),
    Command.REPORT: Entry("&Report a problem…", "Gather what helps to find a fault, for you to copy; nothing is sent"),
    Command.NOTE: Entry("About this &data…", "Where the data comes from, and what to think of", icon="info"),
    Command.STUDIES_FOLDER: Entry("Open studies &folder", "Show where new studies are put", icon="folder"),
    Command.LOG_FOLDER: Entry("Open &log folder", "Show what Afina wrote down, for whoever helps you"),
    Command.ABOUT: Entry("&About Afina", "Version and licence"),
}


class Part(Enum):
    """The parts of a menu that are no commands: a line, submenus, and what is switched on or off."""

    LINE = auto()
    RECENT = auto()
    DOCKS = auto()
    APPEARANCE = auto()
    TELLING = auto()
    FONT = auto()


Item = Command | Part
_STEPS = (Command.REHEARSE, Command.START, Command.PAUSE, Command.RESUME, Command.SKIP, Command.STOP)
MENUS: dict[str, tuple[Item, ...]] = {
    "&File": (
        Command.NEW,
        Command.COPY,
        Command.OPEN,
        Part.RECENT,
        Command.STUDIES,
        Command.SAVE_AS,
        Part.LINE,
        Command.UNDO,
        Command.REDO,
        Command.LOAD_SETTINGS,
        Command.SAVE_SETTINGS,
        Command.RESET_SETTINGS,
        Part.LINE,
        Command.IMPORT_DATA,
        Command.CHOOSE_MODEL,
        Command.EXPORT,
        Part.LINE,
        Command.QUIT,
    ),
    "&Study": (*_STEPS, Command.MORE, Part.LINE, Command.EVALUATE, Command.NAME, Part.LINE, Part.TELLING),
    "&View": (
        Command.LIVE_PAGE,
        Command.BELIEF_PAGE,
        Command.PARAMETERS_PAGE,
        Part.LINE,
        Part.DOCKS,
        Command.RESET_LAYOUT,
        Part.LINE,
        Part.APPEARANCE,
        Part.FONT,
        Part.LINE,
        Command.NEXT_PART,
        Command.PREVIOUS_PART,
    ),
    "&Help": (
        Command.HELP,
        Command.FIRST_STEPS,
        Command.SHORTCUTS,
        Part.LINE,
        Command.NOTE,
        Command.STUDIES_FOLDER,
        Command.LOG_FOLDER,
        Part.LINE,
        Command.REPORT,
        Command.ABOUT,
    ),
}
FONT_MENU: tuple[Item, ...] = (Command.LARGER_FONT, Command.SMALLER_FONT, Command.NORMAL_FONT)
TOOLBAR: tuple[Item, ...] = (
    Command.NEW,
    Command.OPEN,
    Command.SAVE_AS,
    Part.LINE,
    *_STEPS,
    Part.LINE,
    Command.EXPORT,
)


def shortcuts() -> dict[Command, str]:
    """Return the shortcut of each command that has one, as this system writes it."""
    keys = {command: _keys(entry) for command, entry in ENTRIES.items()}
    return {command: text for command, text in keys.items() if text}


def shortcuts_by_menu() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for each menu its name and, in its order, the keys and the words of the commands that have a shortcut."""
    keys = shortcuts()
    menus = {title: (*items, *(FONT_MENU if Part.FONT in items else ())) for title, items in MENUS.items()}
    return [(f"Menu {_plainly(title)}", list(_with_keys(items, keys))) for title, items in menus.items()]


def _with_keys(items: tuple[Item, ...], keys: Mapping[Command, str]) -> Iterator[tuple[str, str]]:
    """Yield keys and words of those items of a menu that have keys."""
    for item in items:
        if item is Part.DOCKS:
            yield TABLE_KEY, "Trials"
        elif isinstance(item, Command) and item in keys:
            yield keys[item], _plainly(ENTRIES[item].text)


def _plainly(text: str) -> str:
    return text.replace("&", "")


def _keys(entry: Entry) -> str:
    return "".join(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in _all_keys(entry)[:1])


def _all_keys(entry: Entry) -> list[QKeySequence]:
    match entry.shortcut:
        case None:
            return []
        case str():
            return QKeySequence.listFromString(entry.shortcut)
        case standard:
            return [QKeySequence(standard)]


class Actions(QObject):
    """The action of each command: `actions[Command.START]`. They follow the session and the form's problem."""

    def __init__(self, session: Session, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._problem = ""
        self._undoable = self._redoable = self._listed = False
        self._actions = {command: self._make(entry) for command, entry in ENTRIES.items()}
        self._help = {command: action.toolTip() for command, action in self._actions.items()}
        theme.changed.connect(self._set_icons)
        session.changed.connect(self._on_changed)
        session.run_state_changed.connect(self.refresh)
        session.selection_changed.connect(self.refresh)
        self._set_icons(theme.colours)
        self.refresh()

    def _make(self, entry: Entry) -> QAction:
        action = QAction(entry.text, self)
        if entry.short:
            action.setIconText(entry.short)
        action.setShortcuts(_all_keys(entry))
        keys = _keys(entry)
        action.setToolTip(plain_tip(f"{entry.help} ({keys})" if keys else entry.help))
        return action

    def __getitem__(self, command: Command) -> QAction:
        return self._actions[command]

    def can(self, command: Command) -> bool:
        """Return whether the command is possible now."""
        return not why_not(command, self._now())

    def _now(self) -> RunState:
        state = self._session.state(self._problem)
        return replace(state, undoable=self._undoable, redoable=self._redoable, listed=self._listed)

    def connect(self, handlers: Mapping[Command, Callable[[], object]]) -> None:  # type: ignore[override]
        """Connect each command to its handler."""
        for command, handler in handlers.items():
            self._actions[command].triggered.connect(lambda _checked=False, handler=handler: handler())

    def set_problem(self, problem: str) -> None:
        """Set the form's problem, which keeps Start from working; empty when there is none."""
        if problem != self._problem:
            self._problem = problem
            self.refresh()

    def set_steps(self, *, undoable: bool, redoable: bool) -> None:
        """Set whether a change of the form can be taken back, and whether one can be made again."""
        if (undoable, redoable) != (self._undoable, self._redoable):
            self._undoable, self._redoable = undoable, redoable
            self.refresh()

    def set_listed(self, *, listed: bool) -> None:
        """Set whether the list of studies takes the window."""
        if listed is not self._listed:
            self._listed = listed
            self.refresh()

    def _set_icons(self, colours: Colours) -> None:
        for command, action in self._actions.items():
            if ENTRIES[command].icon:
                action.setIcon(icon(ENTRIES[command].icon, colours))

    def _on_changed(self, changes: Changes) -> None:
        if changes.in_rows:
            self.refresh()

    def refresh(self) -> None:
        """Switch each action on, or off with the reason in its tool tip."""
        now = self._now()
        for command in ENTRIES:
            self._switch(command, why_not(command, now))
        self._name_skip()
        progress = self._session.progress
        self[Command.EVALUATE].setVisible(progress is not None and progress.settings.data.test_fraction > 0)

    def _switch(self, command: Command, reason: str) -> None:
        action, tip = self._actions[command], plain_tip(reason) or self._help[command]
        if action.isEnabled() is bool(reason) or action.toolTip() != tip:
            action.setEnabled(not reason)
            action.setToolTip(tip)

    def _name_skip(self) -> None:
        """Let Skip's text name the trial that it gives up, if several train."""
        progress, trial = self._session.progress, self._session.skippable()
        several = progress is not None and len(progress.under_way) > 1
        text = ENTRIES[Command.SKIP].text
        self[Command.SKIP].setText(f"{text} {trial.number}" if several and trial is not None else text)
