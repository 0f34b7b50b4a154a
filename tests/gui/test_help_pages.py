"""The pages of help: whether their links lead somewhere, and whether each part of the window has one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QFont, QPalette, QTextCursor
from pytestqt.qtbot import QtBot

from core.models.catalogue import FAMILIES
from gui.help.keys import KEYS
from gui.help.pages import INDEX, PART, Pages, group_of, links_of, page_names, title_of
from gui.help.report import report
from gui.help.view import HelpView
from gui.plots.keys import _ZOOMS
from gui.plots.switches import Switches
from gui.program.messages import versions
from gui.trials.table import SORT_KEY
from gui.widgets.theme import DARK, LIGHT, Appearance, Theme, make_palette
from gui.window.actions import ENTRIES, shortcuts, shortcuts_by_menu

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("qapp")  # which knows the usual shortcuts of the system
PARAMETERS = {parameter.name for family in FAMILIES.values() for parameter in family.parameters}


def pages() -> Pages:
    return Pages(shortcuts_by_menu(), lambda: {"training rows": "(here 405)"})


@pytest.fixture
def view(qtbot: QtBot) -> HelpView:
    made = HelpView(pages(), lambda name: name == "evaluated_points")
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show()
    return made


# The files


def test_that_each_page_has_a_title_and_stands_once_in_the_list_of_all() -> None:
    listed = [link.target for link in links_of(INDEX)]
    assert sorted(listed) == sorted(f"{name}.md" for name in page_names() - {INDEX})
    for link in links_of(INDEX):
        name = link.target.removesuffix(".md")
        assert link.words == title_of(name)
        assert group_of(name)
    assert len({title_of(name) for name in page_names()}) == len(page_names())


@pytest.mark.parametrize("name", sorted(page_names()))
def test_that_the_links_of_a_page_lead_to_other_pages_and_to_what_has_one(name: str) -> None:
    for link in links_of(name):
        target = link.target.removeprefix(PART) if link.target.startswith(PART) else link.target.removesuffix(".md")
        assert link.target in (f"{PART}{target}", f"{target}.md")
        assert target in page_names()
        assert target != name, "a page does not lead to itself"


@pytest.mark.parametrize("name", sorted(page_names()))
def test_that_a_page_is_whole_and_short(name: str) -> None:
    text = pages().markdown(name)
    assert "{" not in text
    assert "<" not in text, "no mark-up but Markdown"
    if name not in (INDEX, "shortcuts"):
        assert len(text.split()) < 320
        assert f"]({INDEX}.md)" in text


def test_that_each_parameter_of_a_family_has_a_page() -> None:
    common = {name.rsplit("_", 1)[0] if name[-1].isdigit() else name for name in PARAMETERS}
    assert common <= page_names()


def test_that_the_page_of_shortcuts_tells_the_keys_of_each_command_and_of_each_part() -> None:
    text = pages().markdown("shortcuts")
    for command, keys in shortcuts().items():
        assert f"|{keys}|{ENTRIES[command].text.replace('&', '')}|" in text
    for title, rows in KEYS.values():
        assert f"## {title}\n" in text
        assert all(f"|{key}|{what}|" in text for key, what in rows)


SOURCES = {
    "folded": ("setup/folded.py",),
    "parameters": ("setup/parameters/table.py", "setup/parameters/cells.py", "setup/parameters/numbers.py"),
    "plots": ("plots/keys.py",),
    "painted": ("insight/keys.py", "insight/canvas.py"),
    "trials": ("trials/table.py", "trials/view.py"),
    "studies": ("welcome/page.py", "welcome/studies_table.py"),
    "help": ("help/pane.py", "help/view.py"),
}
"""Where the keys of a part are acted on."""
SAID = {
    "Left": ("←", "Arrows"),
    "Right": ("→", "Arrows"),
    "Up": ("↑", "Arrows"),
    "Down": ("↓", "Arrows"),
    "Return": ("Enter",),
    "Escape": ("Esc",),
    "PageUp": ("Page keys",),
    "PageDown": ("Page keys",),
    "Backspace": ("Delete",),
}
"""How a key can be called, if not by Qt's name."""


@pytest.mark.parametrize("part", SOURCES)
def test_that_each_key_on_which_a_part_acts_is_told(part: str) -> None:
    told = " ".join(f"{keys} {what}" for keys, what in KEYS[part][1])
    for source in SOURCES[part]:
        for key in re.findall(r"\bKey_(\w+)", (ROOT / "gui" / source).read_text(encoding="utf-8")):
            assert any(name in told for name in SAID.get(key, (key,))), f"{source} acts on {key}"


def test_that_the_keys_of_the_table_and_the_plots_are_told() -> None:
    assert SORT_KEY in dict(KEYS["trials"][1])
    zooms, _what = KEYS["plots"][1][1]
    assert set(zooms.split(", ")) <= set(_ZOOMS)


@pytest.mark.parametrize("page", ["loss_plot", "convergence", "evaluated_points"])
def test_that_the_page_on_a_plot_names_what_chooses_its_view(page: str) -> None:
    text, switches = pages().markdown(page), Switches()
    assert f"*{switches.action.text()}*" in text
    assert ("*Scale*" in text) == (page != "evaluated_points")


def test_that_pages_are_found_from_another_folder(tmp_path: Path) -> None:
    code = "from gui.help.pages import page_names, title_of; print(title_of('first_steps'), len(page_names()))"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.split() == ["First", "steps", str(len(page_names()))]


# Pages as they are shown


def test_that_a_page_says_its_group_its_title_and_what_the_program_knows(view: HelpView) -> None:
    view.open("batch_size")
    lines = view.toPlainText().split("\n")
    assert lines[:2] == ["Search space", "Batch size"]
    assert "the number of rows that train (here 405) nothing" in view.toPlainText()
    assert "help on the row, in place" in view.toPlainText()
    assert "What they do" not in view.toPlainText()
    assert view.accessibleName() == "Help: Batch size"


@pytest.mark.parametrize("pixels", [12, 24])
@pytest.mark.parametrize("name", sorted(page_names()))
def test_that_no_page_is_wider_than_the_pane(view: HelpView, name: str, pixels: int) -> None:
    font = QFont(view.font())
    font.setPixelSize(pixels)
    view.resize(300 * pixels // 12, 600)
    view.setFont(font)
    view.open(name)
    assert view.horizontalScrollBar().maximum() == 0


def test_that_the_way_back_leads_to_where_a_page_was_left(view: HelpView, qtbot: QtBot) -> None:
    view.open("search_method")
    assert not view.can_go_back
    view.verticalScrollBar().setValue(40)
    view.anchorClicked.emit(QUrl("budget.md"))
    assert (view.page, view.can_go_back) == ("budget", True)
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert (view.page, view.verticalScrollBar().value(), view.can_go_back) == ("search_method", 40, False)


def test_that_a_page_is_opened_at_a_heading(view: HelpView) -> None:
    view.open("search_method", "acquisition")
    assert view.verticalScrollBar().value() > 0
    block = view.cursorForPosition(QPoint(20, 14)).block()
    assert block.text() == "Acquisition"
    view.open("search_method", "no such heading")
    assert view.verticalScrollBar().value() == 0


def test_that_a_link_leads_to_a_part_or_else_to_the_page_on_it(view: HelpView, qtbot: QtBot) -> None:
    view.open("batch_size")
    with qtbot.waitSignal(view.part_asked) as asked:
        view.anchorClicked.emit(QUrl("part:evaluated_points"))
    assert asked.args == ["evaluated_points"]
    assert view.page == "batch_size"
    view.anchorClicked.emit(QUrl("part:validation"))
    assert view.page == "validation"


def test_that_nothing_outside_the_program_is_opened(view: HelpView, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    view.open("batch_size")
    for address in (
        "https://example.org/",
        "file:///etc/passwd",
        "../datasets/wine.md",
        "https://example.org/budget.md",
    ):
        view.anchorClicked.emit(QUrl(address))
        assert view.page == "batch_size"
    assert opened == []
    view.setHtml("<img src='file:///etc/passwd'>")
    assert view.loadResource(2, QUrl("file:///etc/passwd")) is None


def test_that_the_colours_and_the_letters_follow_at_once(view: HelpView) -> None:
    view.open("batch_size")

    def colour_of(words: str) -> QColor:
        cursor = view.document().find(words, QTextCursor())
        return cursor.charFormat().foreground().color()

    for colours in (LIGHT, DARK):
        view.setPalette(make_palette(colours))
        assert colour_of("Evaluated points") == QColor(colours.accent)
        assert colour_of("another cell") == QColor(colours.faint_text)
    font = QFont(view.font())
    font.setPixelSize(21)
    view.setFont(font)
    assert view.document().find("How many rows").charFormat().font().pixelSize() == 21
    assert view.palette().color(QPalette.ColorRole.Link) == QColor(DARK.accent)


# The report


def test_that_a_report_tells_versions_window_and_log_but_no_data_and_no_home(
    view: HelpView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home" / "somebody"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    theme = Theme()
    theme.set_appearance(Appearance.DARK)
    lines = [
        f"2026-11-30 10:00:00,000 INFO gui.session.run: The study is blocked: {home}/a.afina is gone",
        "2026-11-30 10:00:01,000 INFO core.tables.inspection: Row 3 holds Miller, born 1961\n    Miller",
        "2026-11-30 10:00:02,000 WARNING keras.src: A warning\n    with secret 42 in it",
        "2026-11-30 10:00:03,000 ERROR gui.program.messages: A bug:\n    Traceback\n      line 7",
    ]
    told = report(view, theme, lines)
    assert told.startswith("What I did:")
    assert "Afina" in told
    assert "Python" in told
    assert "Window 300 × 600 at 100 %, letters 100 %, dark (set to dark)" in told
    assert "a.afina" not in told
    assert "somebody" not in told
    assert "Miller" not in told
    assert "secret 42" not in told
    assert "ERROR gui.program.messages: A bug:" in told
    theme.set_appearance(Appearance.LIGHT)


def traceback_of(path: str) -> str:
    lines = [
        "A bug:",
        "Traceback (most recent call last):",
        f'  File "{ROOT}/core/tables/reading.py", line 12, in read',
        '    number = float("Miller, born 1961")',
        "             ^^^^^^^^^^",
        f'  File "{path}", line 3, in build_for_miller',
        '  File "/usr/lib/python3.12/site-packages/keras/src/layer.py", line 7, in call',
        "ValueError: could not convert string to float: 'Miller'",
        "Miller: 1961",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        f'  File "{ROOT}/gui/app.py", line 5, in <module>',
        "core.errors.DataError: The class “Miller” has 3 rows",
    ]
    return "\n    ".join(lines)


def test_that_only_lines_whose_words_are_all_ours_are_told_in_whole(view: HelpView) -> None:
    when = "2026-11-30 10:00:00,000"
    told = report(
        view,
        Theme(),
        [
            f"{when} INFO gui.session.session: Study starts: bayesian search, 20 trials, trainer worker",
            f"{when} INFO gui.session.session: The study could not go on: The class “Miller” has 3 rows",
            f"{when} INFO gui.session.run: The study is waiting for the study file: /data/Miller.afina is full",
            f"{when} INFO gui.session.run: Study ends: finished",
            f"{when} INFO gui.session.session: Study ends: finished by Miller, 1961",
            f"{when} WARNING py.warnings: Miller",
            f"{when} ERROR gui.program.messages: {traceback_of('/data/Miller.py')}",
        ],
    )
    assert told.partition("The last lines of the log:\n")[2].splitlines() == [
        f"{when} INFO gui.session.session: Study starts: bayesian search, 20 trials, trainer worker",
        f"{when} INFO gui.session.session: The study could not go on: (left out)",
        f"{when} INFO gui.session.run: The study is waiting for the study file: (left out)",
        f"{when} INFO gui.session.run: (left out)",
        f"{when} INFO gui.session.session: (left out)",
        f"{when} WARNING py.warnings: (left out)",
        f"{when} ERROR gui.program.messages: A bug:",
        "    Traceback (most recent call last):",
        '      File "core/tables/reading.py", line 12, in read',
        "      File outside of Afina",
        '      File "keras/src/layer.py", line 7, in call',
        "    ValueError",
        "    During handling of the above exception, another exception occurred:",
        "    Traceback (most recent call last):",
        '      File "gui/app.py", line 5, in <module>',
        "    core.errors.DataError",
    ]


def test_that_what_afina_notes_of_its_start_is_told(view: HelpView) -> None:
    first = f"2026-11-30 10:00:00,000 INFO gui.app: On {' on '.join(versions().splitlines())}"
    assert first in report(view, Theme(), [first])
