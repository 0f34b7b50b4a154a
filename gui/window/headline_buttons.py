"""The buttons of the headline: those that the moment calls for, at most one of them filled."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from core.phases import Job, Phase
from core.progress import MORE_TRIALS, StudyProgress
from gui.session.run_state import Command
from gui.widgets.action_button import ActionButton
from gui.widgets.theme import Theme
from gui.window.actions import ENTRIES, Actions

_GAP = 12
_FILLED = frozenset({Command.START, Command.RESUME, Command.EXPORT})
"""Commands whose button is filled when it is the most likely one."""
_SHOWN = (
    Command.REHEARSE,
    Command.START,
    Command.PAUSE,
    Command.SAVE_AS,
    Command.STOP,
    Command.MORE,
    Command.EXPORT,
    Command.RESUME,
)
"""All commands that can have a button, in the order in which they stand."""


def wanted(job: Job | None, phase: Phase | None, progress: StudyProgress | None) -> Sequence[Command]:
    """Return the commands that the moment calls for; the last one is the most likely."""
    match job, phase:
        case None, _:
            return (Command.REHEARSE, Command.START) if progress is None else _after(progress)
        case Job.WATCH, _:
            return ()
        case _, Phase.BLOCKED:
            return Command.SAVE_AS, Command.RESUME
        case _, Phase.PAUSED | Phase.HELD:
            return Command.STOP, Command.RESUME
        case (_, Phase.STARTING) | (Job.EVALUATION, _):
            return (Command.STOP,)
    return (Command.PAUSE,)


def _after(progress: StudyProgress) -> Sequence[Command]:
    if progress.resumable:
        return Command.EXPORT, Command.RESUME
    return (Command.EXPORT,) if progress.exhausted else (Command.MORE, Command.EXPORT)


class HeadlineButtons(QWidget):
    """Buttons of the window's actions. `more_requested`: the user wants so many more trials as the button says."""

    more_requested = Signal()

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        self._shown: Sequence[Command] = ()
        self._used = False
        self._buttons = {command: self._make(command, actions, theme) for command in _SHOWN}
        for button in self._buttons.values():
            row.addWidget(button)
            button.hide()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._note_focus)

    def _make(self, command: Command, actions: Actions, theme: Theme) -> ActionButton:
        more = command is Command.MORE
        text = f"{MORE_TRIALS} more trials" if more else ENTRIES[command].text.replace("&", "")
        button = ActionButton(actions[command], text, ENTRIES[command].icon or "more", theme)
        actions[command].changed.connect(self._go_on)
        button.clicked.connect(self._note_use)
        button.clicked.connect(self.more_requested if more else actions[command].trigger)
        return button

    def __getitem__(self, command: Command) -> ActionButton:
        return self._buttons[command]

    def suit(self, job: Job | None, phase: Phase | None, progress: StudyProgress | None) -> None:
        """Show the buttons of the moment. Whoever has just used one is led to the one that is most likely wanted."""
        commands = wanted(job, phase, progress)
        if commands == self._shown:
            return
        self._shown = commands
        for command, button in self._buttons.items():
            button.filled = command in _FILLED and command is commands[-1] if commands else False
        for command in sorted(_SHOWN, key=commands.__contains__, reverse=True):  # the focus may go to one that comes
            self._buttons[command].setVisible(command in commands)
        if self._used and commands:
            self._lead()
        self._used = False
        self._go_on()

    @property
    def shown(self) -> Sequence[Command]:
        """The commands of the moment; the last one is the most likely."""
        return self._shown

    @property
    def likeliest(self) -> ActionButton | None:
        """The button that is most likely wanted, of those that can be pressed."""
        usable = (self._buttons[command] for command in reversed(self._shown))
        return next((button for button in usable if button.isEnabled()), None)

    @property
    def width_with_words(self) -> int:
        """The width of the buttons of the moment with their words."""
        widths = [self._buttons[command].width_with_words for command in self._shown]
        return sum(widths) + _GAP * max(0, len(widths) - 1)

    def set_compact(self, compact: bool) -> None:
        """Show the buttons without words, or with them."""
        for button in self._buttons.values():
            button.compact = compact

    def _note_use(self) -> None:
        self._used = True

    # The focus

    @Slot(QWidget, QWidget)
    def _note_focus(self, before: QWidget | None, _now: QWidget | None) -> None:
        """Keep the focus of a button that goes, or can be pressed no more: Qt has moved it on to any widget."""
        if before is not None and before in self._buttons.values() and (before.isHidden() or not before.isEnabled()):
            self._lead()

    def _lead(self) -> None:
        """Give the focus to the button that is likely wanted next; until one can be pressed it stays between them."""
        likely = (self._buttons[command] for command in reversed(self._shown))
        next((button for button in likely if button.isEnabled()), self).setFocus()

    def _go_on(self) -> None:
        if self.hasFocus():
            self._lead()
