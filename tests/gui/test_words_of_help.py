"""What pages of help name in *stars*, **heavier ones** or “quotes”: the window has it under this name."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from core.events import TrialState
from core.export.exporters import EXPORTERS
from core.models.catalogue import FAMILIES
from core.parameters import ChoiceParameter, Scale
from gui.help.pages import Pages, page_names
from gui.session.run_state import Command
from gui.window.actions import ENTRIES, FONT_MENU, MENUS

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"\*\*(.+?)\*\*|\*([^*]+)\*|“([^”]+)”")
ID = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*")
"""What a value in the code can be called that nobody sees: only the window's own rooms write a word so for people."""
OTHERS = {
    "import": {"NA"},
    "own_model": {"PARAMETERS", "build_model", "build_model(hp)"},
    "report": {"Study ends: finished"},
    "rules": {"units × hidden layers ≤ 512"},
    "studies": {".afina"},
}
"""Names that are none of the window's, by their pages: of cells, a program, a line of the log, a file, an example."""


def named_on(page: str) -> list[str]:
    """Return what a page names, in the words of its file."""
    words = " ".join(Pages((), lambda: {"training rows": ""}).markdown(page).split())
    return ["".join(found) for found in NAMED.findall(words)]


def plainly(text: str) -> str:
    """Return a name as it stands in the middle of a sentence, without the letter that chooses it."""
    return text.replace("&", "").casefold()


@cache
def said() -> frozenset[str]:
    """Return the names that the window can show."""
    parameters = [parameter for family in FAMILIES.values() for parameter in family.parameters]
    choices = [label for one in parameters if isinstance(one, ChoiceParameter) for _name, label in one.choices]
    shown = [*(parameter.label for parameter in parameters), *choices, *(family.label for family in FAMILIES.values())]
    shown += [exporter.label for exporter in EXPORTERS.values()]
    shown += [*(state.value for state in TrialState), *(scale.value for scale in Scale), "standardised"]
    return frozenset(map(plainly, [*shown, *texts_of("gui"), *texts_of("core/words"), *texts_of("core/objective.py")]))


def texts_of(place: str) -> Iterator[str]:
    """Yield the texts in the files of a place that can be meant for people."""
    files = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and not ID.fullmatch(node.value):
                yield node.value.removesuffix(" (")  # a count follows


def faults(page: str, names: list[str]) -> list[str]:
    """Return what a page names that the window has not."""
    others = OTHERS.get(page, set())
    menus = {plainly(title): [*items, *FONT_MENU] for title, items in MENUS.items()}
    wrong = []
    for name in names:
        menu, arrow, entry = map(plainly, name.partition(" → "))
        if arrow:
            commands = [item for item in menus.get(menu, []) if isinstance(item, Command)]
            is_there = entry in [plainly(ENTRIES[command].text) for command in commands]
        else:
            is_there = name in others or plainly(name) in said()
        wrong += [] if is_there else [name]
    return wrong


@pytest.mark.parametrize("page", sorted(page_names()))
def test_that_a_page_names_only_what_the_window_has(page: str) -> None:
    assert faults(page, named_on(page)) == []


def test_that_a_name_that_the_window_has_not_is_found() -> None:
    wrong = ["K-fold", "Sobol", "Press me…", "Study → Load settings…", "Edit → Undo", "k-fold"]
    right = ["Sobol sequence", "File → Load settings…", "in steps…", "Units of layer 2", "Scale", "Why?"]
    assert faults("validation", [*wrong, *right]) == wrong
    assert "K-fold cross-validation" in named_on("validation")


def test_that_no_exception_outlives_its_page() -> None:
    for page, names in OTHERS.items():
        assert names <= set(named_on(page))
