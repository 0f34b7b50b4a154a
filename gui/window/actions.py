"""What the user can ask for: every action with its text, icon, shortcut and help, in toolbar and menus alike."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from core.study.evaluation import why_not_evaluated
from gui.session.run_state import RunState
from gui.session.session import Session
from gui.widgets.icons import icon
from gui.widgets.theme import Colours, Theme

Shortcut = QKeySequence.StandardKey | str | None
_ELSEWHERE = "Another Afina window is running this study"


class Actions(QObject):
    """All actions. `refresh` sets which of them can be used, from the session and the form's problem."""

    def __init__(self, session: Session, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._icons: dict[QAction, str] = {}
        self._problem = ""
        key = QKeySequence.StandardKey
        self.new = self._make("&New study", "new", key.New, "Close this study and set up another")
        self.copy = self._make(
            "New study &from this one",
            None,
            "Ctrl+Shift+N",
            "Close this study and set up another with all of its settings, data and seed included",
        )
        self.open = self._make("&Open study…", "open", key.Open, "Open a study file")
        self.save_as = self._make("Save study &as…", "save", key.SaveAs, "Keep this study under another name")
        self.load_settings = self._make("&Load settings…", "load-settings", "Ctrl+L", "Fill the form from a JSON file")
        self.save_settings = self._make(
            "Save se&ttings…", "save-settings", "Ctrl+Shift+L", "Write the form to a JSON file"
        )
        self.reset_settings = self._make(
            "&Reset to defaults", "settings-reset", None, "Fill the form with the tutorial's experiment"
        )
        self.import_data = self._make(
            "&Import data…", "import", "Ctrl+I", "Use a table of your own: CSV, Excel, Parquet or NumPy"
        )
        self.choose_model = self._make(
            "Choose &model file…", None, "Ctrl+M", "Use a model of your own: a Python file, for Afina or Keras Tuner"
        )
        self.export = self._make("&Export…", "export", "Ctrl+E", "Take the results away as JSON, CSV or a Keras script")
        self.quit = self._make("&Quit", None, key.Quit, "Close Afina")
        self.start = self._make("&Start", "start", "Ctrl+R", "Start a new study with these settings")
        self.rehearse = self._make(
            "&Rehearse…", "rehearse", "Ctrl+D", "Try the extreme configurations; see how long the study will take"
        )
        self.pause = self._make("&Pause", "pause", "Ctrl+P", "Let the training stand still where it is")
        self.resume = self._make("Res&ume", "resume", "Ctrl+Shift+R", "Let a paused or an ended study go on")
        self.skip = self._make("S&kip trial", "skip", "Ctrl+K", "Give this trial up and go on with the next")
        self.stop = self._make("S&top", "stop", "Ctrl+T", "End the study and keep what it found")
        self.evaluate = self._make(
            "&Evaluate on test part…", None, None, "Judge the best trial on the rows that the search never saw"
        )
        self.note = self._make("About this &data…", "info", None, "Where the data comes from, and what to think of")
        self.folder = self._make("Open studies &folder", "folder", None, "Show where new studies are put")
        self.log_folder = self._make(
            "Open &log folder", None, None, "Show what Afina wrote down, for whoever helps you"
        )
        self.about = self._make("&About Afina", None, None, "Version and licence")
        theme.changed.connect(self._set_icons)
        self._set_icons(theme.colours)

    def _make(self, text: str, icon_name: str | None, shortcut: Shortcut, help_text: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(help_text)
        if shortcut is not None:
            action.setShortcut(QKeySequence(shortcut))
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{help_text} ({keys})" if keys else help_text)
        action.setProperty("help", action.toolTip())
        if icon_name is not None:
            self._icons[action] = icon_name
        return action

    def _set_icons(self, colours: Colours) -> None:
        for action, name in self._icons.items():
            action.setIcon(icon(name, colours))

    def connect(self, handlers: dict[QAction, Callable[[], object]]) -> None:  # type: ignore[override]
        """Connect each action to what it does."""
        for action, handler in handlers.items():
            action.triggered.connect(lambda _checked=False, handler=handler: handler())

    def set_problem(self, problem: str) -> None:
        """Tell what keeps Start from working; empty when nothing does."""
        self._problem = problem
        self.refresh()

    def refresh(self) -> None:
        session = self._session
        state, progress = session.run_state, session.progress
        idle = state is RunState.IDLE
        followed, blocked = state is RunState.FOLLOWING, state is RunState.BLOCKED
        has_study = progress is not None
        judging = state is RunState.JUDGING
        running_where = _ELSEWHERE if followed else "The test part is evaluated" if judging else "A study is running"
        for action in (self.start, self.rehearse):
            self._enable(action, idle and not self._problem, (idle and self._problem) or running_where)
        self._enable(
            self.pause,
            state in (RunState.STARTING, RunState.RUNNING),
            _ELSEWHERE if followed else "The study is waiting for its file" if blocked else "Nothing is training",
        )
        can_go_on = state in (RunState.PAUSING, RunState.PAUSED, RunState.BLOCKED) or (
            idle and progress is not None and progress.resumable
        )
        self._enable(self.resume, can_go_on, self._no_resume_reason())
        running = state in (RunState.RUNNING, RunState.PAUSING, RunState.PAUSED)
        skippable = session.skippable()
        several = progress is not None and len(progress.under_way) > 1
        self.skip.setText(f"Skip trial {skippable.number}" if several and skippable is not None else "Skip trial")
        self._enable(
            self.skip,
            running and skippable is not None,
            _ELSEWHERE if followed else "The study is waiting for its file" if blocked else "No trial is training",
        )
        self._enable(
            self.stop,
            session.busy and state is not RunState.STOPPING,
            _ELSEWHERE if followed else "No study is running" if idle else "The study is stopping",
        )
        self.evaluate.setVisible(progress is not None and progress.settings.data.test_fraction > 0)
        why_not = "No trial has finished yet" if progress is None else why_not_evaluated(progress)
        self._enable(self.evaluate, idle and not why_not, why_not if idle else running_where)
        self._enable(self.export, progress is not None and bool(progress.trials), "There are no trials yet")
        for action in (self.new, self.open):
            self._enable(action, not session.busy, "Stop the running study first")
        self._enable(
            self.copy,
            has_study and not session.busy,
            "Stop the running study first" if has_study else "There is no study yet",
        )
        for action in (self.load_settings, self.reset_settings, self.import_data, self.choose_model):
            self._enable(action, idle, _ELSEWHERE if followed else "Stop the running study first")
        self._enable(
            self.save_as,
            blocked or (has_study and not session.busy),
            "Stop the study first" if has_study else "There is no study yet",
        )

    def _no_resume_reason(self) -> str:
        progress = self._session.progress
        if self._session.run_state is RunState.FOLLOWING:
            return _ELSEWHERE
        if progress is None:
            return "There is no study to go on with"
        if self._session.run_state is RunState.IDLE:
            return "All trials of this study are done; for more, raise Trials and start anew"
        return "The study is running"

    def _enable(self, action: QAction, enabled: bool, why_not: str) -> None:
        tip = str(action.property("help")) if enabled else why_not
        if action.isEnabled() is not enabled or action.toolTip() != tip:
            action.setEnabled(enabled)
            action.setToolTip(tip)
