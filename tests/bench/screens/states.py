"""The states of the window that are drawn: each brings a studio's window into one, and yields the picture's name."""

import csv
import random
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea

from core.events import StudyEnd
from core.rules import Relation, Rule
from core.settings import tutorial_settings
from gui.data_import.dialog import ImportDialog
from gui.session.run_state import Command
from tests.bench.screens import live_states as live
from tests.listed import listed_study

if TYPE_CHECKING:
    from tests.bench.screens.drawing import Studio

_PENGUINS = "Sample Number", "Region", "Island", "Bill mm", "Flipper mm", "Date Egg", "Comments", "Species"


def first_start(studio: "Studio") -> Iterator[str]:
    """Draw what a newcomer sees."""
    assert studio.form.settings() == tutorial_settings()
    yield "tutorial"


def perceptron(studio: "Studio") -> Iterator[str]:
    """Draw the top and the bottom of the longest of the forms."""
    studio.form.model.family.set_value("mlp")
    yield "perceptron-top"
    _scroll_to_end(studio)
    yield "perceptron-bottom"


def sections(studio: "Studio") -> Iterator[str]:
    """Draw each section open."""
    for section in studio.form.card.folded:
        studio.form.card.set_open([section.title])
        _scroll_to_end(studio)
        yield f"open-{section.caption.lower().replace(' ', '-')}"


def _scroll_to_end(studio: "Studio") -> None:
    """Show the last lines of the form."""
    studio.settle()
    bar = studio.form.findChildren(QScrollArea)[0].verticalScrollBar()
    bar.setValue(bar.maximum())


def helping(studio: "Studio") -> Iterator[str]:
    """Draw the pane of help on a parameter, on a section, on all keys, and the list of all pages."""
    studio.form.space.rows["batch_size"].vary.setFocus()
    studio.window.actions_[Command.HELP].trigger()
    yield "help"
    for page in ("validation", "shortcuts", "index"):
        studio.window.helping.open(page)
        yield f"help-{page}"


def mistakes(studio: "Studio") -> Iterator[str]:
    """Draw two warnings and an error."""
    form = studio.form
    form.validation.share.setText("90")
    form.preparation.standardise.setChecked(False)
    form.card.set_open([form.preparation.title])
    form.limits.trial_megabytes.setText("500")
    form.space.rules.set_rules([Rule("batch_size", Relation.AT_MOST, 1000.0)])
    form.space.rules.changed.emit()
    yield "mistakes"


def own_table(studio: "Studio") -> Iterator[str]:
    """Draw the form with a table of one's own, of which some is doubtful."""
    path = studio.folder / "penguins.csv"
    _write_penguins(path)
    studio.window.importing.open(path)
    dialog = studio.window.findChild(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    studio.wait(dialog.import_button.isEnabled)
    dialog.import_button.click()
    studio.wait(lambda: studio.form.data.file is not None)
    yield "own-table"


def own_model(studio: "Studio") -> Iterator[str]:
    """Draw the form with a model file."""
    studio.window.model_files.save_template(studio.folder / "my_model.py")
    studio.wait(lambda: studio.form.model.file is not None)
    yield "own-model"


def welcome(studio: "Studio") -> Iterator[str]:
    """Draw the list of studies, two of which did not come to their end."""
    now, folder = time.time(), studio.preferences.studies_folder
    folder.mkdir(parents=True)
    for stem, name, end, hours in (
        ("dietox", "Weight of pigs, grouped", StudyEnd.PAUSED, 16),
        ("digits", "Digits, small network", None, 80),
        ("boston", "", StudyEnd.FINISHED, 1),
        ("wine", "Wine, optimisers compared", StudyEnd.STOPPED, 90),
        ("cancer", "Breast cancer, few rows", StudyEnd.TARGET_REACHED, 200),
    ):
        listed_study(folder, stem, end, name=name, age=hours * 3600.0, now=now)
    studio.window.start_with(None)
    studio.wait(lambda: not studio.window.welcoming.page.reading.active)
    yield "welcome"


def _write_penguins(path: Path) -> None:
    rng = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Sample Number", "Region", "Island", "Bill mm", "Flipper mm", "Date Egg", "Comments", "Species"]
        )
        for number in range(1, 345):
            kind = rng.randrange(3)
            bill, flipper = rng.gauss(39 + 5 * kind, 2.5), rng.gauss(190 + 13 * kind, 6)
            remark = "Nest never observed with full clutch." if rng.random() < 0.16 else ""
            island, day = rng.choice(["Torgersen", "Biscoe", "Dream"]), rng.randrange(1, 29)
            species = ["Adelie", "Chinstrap", "Gentoo"][kind]
            row = [number, "Anvers", island, f"{bill:.1f}", f"{flipper:.0f}", f"2008-11-{day:02}", remark, species]
            writer.writerow(row)


STATES: Mapping[str, Callable[["Studio"], Iterator[str]]] = {
    "first-start": first_start,
    "perceptron": perceptron,
    "sections": sections,
    "mistakes": mistakes,
    "running": live.running,
    "compiling": live.compiling,
    "long": live.long,
    "blocked": live.blocked,
    "failing": live.failing,
    "pages": live.pages,
    "many": live.many,
    "accuracy": live.accuracy,
    "zero": live.zero,
    "help": helping,
    "own-table": own_table,
    "own-model": own_model,
    "welcome": welcome,
}
"""The states by their names."""
