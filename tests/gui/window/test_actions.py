"""What can be asked for: its texts, keys and places, and the reason whenever it cannot."""

from collections import Counter
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar

from core.phases import Job, Phase
from core.progress import StudyProgress
from core.settings import tutorial_settings
from core.study.loop import study_started
from gui.session.run_state import OBSTACLES, Command, RunState, why_not
from gui.window.actions import ENTRIES, FONT_MENU, MENUS, TOOLBAR, shortcuts
from gui.window.main_window import MainWindow

STATES: list[tuple[Job | None, Phase | None]] = [(None, None), *product(Job, Phase)]
ALWAYS = {
    Command.SAVE_SETTINGS,
    Command.QUIT,
    Command.LIVE_PAGE,
    Command.BELIEF_PAGE,
    Command.PARAMETERS_PAGE,
    Command.RESET_LAYOUT,
    Command.LARGER_FONT,
    Command.SMALLER_FONT,
    Command.NORMAL_FONT,
    Command.NEXT_PART,
    Command.PREVIOUS_PART,
    Command.HELP,
    Command.FIRST_STEPS,
    Command.SHORTCUTS,
    Command.REPORT,
    Command.NOTE,
    Command.STUDIES_FOLDER,
    Command.LOG_FOLDER,
    Command.ABOUT,
}


def just_begun() -> StudyProgress:
    return StudyProgress(study_started(tutorial_settings()))


def possible(now: RunState) -> set[Command]:
    return {command for command in Command if not why_not(command, now)} - ALWAYS


def mnemonics(actions: list[QAction]) -> list[str]:
    """Return the letters that choose something in a menu, in lower case."""
    texts = [action.text().replace("&&", "") for action in actions if action.isVisible()]
    return [text[text.index("&") + 1].lower() for text in texts if "&" in text]


def test_that_every_command_has_a_text_a_help_and_an_entry_in_each_table() -> None:
    assert set(ENTRIES) == set(OBSTACLES) == set(Command)
    for entry in ENTRIES.values():
        assert entry.text.strip("&")
        assert entry.help[0].isupper()
        assert not entry.help.endswith(".")
    assert len({entry.text for entry in ENTRIES.values()}) == len(ENTRIES)


def test_that_every_command_stands_in_one_menu_and_the_toolbar_has_none_of_its_own() -> None:
    menus = [*MENUS.values(), FONT_MENU]
    in_menus = Counter(item for items in menus for item in items if isinstance(item, Command))
    assert in_menus == Counter(Command)
    assert {item for item in TOOLBAR if isinstance(item, Command)} <= set(in_menus)


def test_that_every_command_has_one_handler(window: MainWindow) -> None:
    subjects = (
        window.study_files,
        window.settings_files,
        window.importing,
        window.model_files,
        window.exporting,
        window.running,
        window.drafting,
        window.helping,
        window.view,
    )
    handled = Counter(command for subject in subjects for command in subject.handlers)
    assert handled == Counter(set(Command) - {Command.QUIT})


def test_that_no_two_commands_have_the_same_keys(window: MainWindow) -> None:
    keys = shortcuts()
    assert len(set(keys.values())) == len(keys)
    assert keys[Command.START] == "Ctrl+R"
    for command in Command:
        assert window.actions_[command].shortcut() == QKeySequence(keys.get(command, ""))


def test_that_in_every_menu_a_letter_chooses_one_thing(window: MainWindow) -> None:
    bar = window.menuBar()
    directly = Qt.FindChildOption.FindDirectChildrenOnly
    menus = [*bar.findChildren(QMenu, options=directly), *window.findChildren(QMenu, options=directly)]
    assert len(menus) >= len(MENUS) + 3  # with those of recent studies, appearances and font sizes
    for actions in (bar.actions(), *(menu.actions() for menu in menus)):
        letters = mnemonics(actions)
        assert len(set(letters)) == len(letters), letters
    assert mnemonics(bar.actions()) == ["f", "s", "v", "h"]


def test_that_menus_and_toolbar_show_what_the_tables_say(window: MainWindow) -> None:
    tools = window.findChild(QToolBar, "toolbar")
    assert tools is not None
    assert [a for a in tools.actions() if not a.isSeparator()] == [
        window.actions_[item] for item in TOOLBAR if isinstance(item, Command)
    ]
    for menu_action, items in zip(window.menuBar().actions(), MENUS.values(), strict=True):
        menu = menu_action.menu()
        assert isinstance(menu, QMenu)
        shown = menu.actions()
        assert [window.actions_[item] for item in items if isinstance(item, Command)] == [
            action for action in shown if action in [window.actions_[command] for command in Command]
        ]


@pytest.mark.parametrize(("job", "phase"), STATES)
@pytest.mark.parametrize("has_study", [False, True])
def test_that_whatever_cannot_be_asked_for_has_a_sentence(
    job: Job | None, phase: Phase | None, has_study: bool
) -> None:
    for skippable, problem in product((False, True), ("", "Trials (0) must be above 0")):
        now = RunState(job, phase, just_begun() if has_study else None, skippable, problem)
        for command in Command:
            reason = why_not(command, now)
            assert not reason or (reason[0].isupper() and len(reason) > 10 and not reason.endswith("."))
            assert not (command in ALWAYS and reason)


@pytest.mark.parametrize(
    ("job", "phase", "expected"),
    [
        (Job.STUDY, Phase.STARTING, {Command.PAUSE, Command.STOP}),
        (Job.STUDY, Phase.RUNNING, {Command.PAUSE, Command.SKIP, Command.STOP}),
        (Job.STUDY, Phase.PAUSING, {Command.RESUME, Command.SKIP, Command.STOP}),
        (Job.STUDY, Phase.PAUSED, {Command.RESUME, Command.SKIP, Command.STOP}),
        (Job.STUDY, Phase.BLOCKED, {Command.RESUME, Command.SAVE_AS, Command.STOP}),
        (Job.STUDY, Phase.HELD, {Command.RESUME, Command.STOP}),
        (Job.STUDY, Phase.STOPPING, set()),
        (Job.EVALUATION, Phase.STARTING, {Command.STOP}),
        (Job.EVALUATION, Phase.RUNNING, {Command.STOP}),
        (Job.EVALUATION, Phase.BLOCKED, {Command.RESUME, Command.SAVE_AS, Command.STOP}),
        (Job.EVALUATION, Phase.STOPPING, set()),
        (Job.WATCH, Phase.RUNNING, {Command.NEW, Command.COPY, Command.OPEN, Command.STUDIES, Command.SAVE_AS}),
    ],
)
def test_that_each_job_in_each_phase_allows_what_it_can_do(job: Job, phase: Phase, expected: set[Command]) -> None:
    assert possible(RunState(job, phase, just_begun(), skippable=True)) == expected


def test_that_with_nothing_open_a_study_can_be_set_up_but_not_gone_on_with() -> None:
    assert possible(RunState()) == {
        Command.NEW,
        Command.OPEN,
        Command.STUDIES,
        Command.LOAD_SETTINGS,
        Command.RESET_SETTINGS,
        Command.IMPORT_DATA,
        Command.CHOOSE_MODEL,
        Command.REHEARSE,
        Command.START,
    }
    assert not {Command.START, Command.REHEARSE} & possible(RunState(problem="Trials (0) must be above 0"))


def test_that_what_is_off_says_why_in_its_tool_tip_and_else_what_it_does(window: MainWindow) -> None:
    for command, entry in ENTRIES.items():
        action = window.actions_[command]
        reason = why_not(command, window.session.state())
        assert action.isEnabled() is not bool(reason)
        assert action.toolTip().startswith(reason or entry.help)
