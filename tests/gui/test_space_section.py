"""The section of the search space: its state as plain data, values that are held, and the way back."""

import json

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.models.catalogue import family_named
from core.parameters import Choices, Fixed, FloatRange, IntegerRange, Scale
from gui.setup.parameters.rows import NumberRow
from gui.setup.section import Problems
from gui.setup.space_section import SpaceSection


@pytest.fixture
def section(qtbot: QtBot) -> SpaceSection:
    made = SpaceSection()
    qtbot.addWidget(made)
    qtbot.addWidget(made.rules)
    made.set_model("mlp")
    return made


def number(section: SpaceSection, name: str) -> NumberRow:
    row = section.rows[name]
    assert isinstance(row, NumberRow)
    return row


def test_that_the_state_goes_through_json_and_comes_back(section: SpaceSection) -> None:
    number(section, "units").set_range(IntegerRange(16, 64, Scale.LOG, 2))
    number(section, "learning_rate").low.setText("x")
    section.rows["optimizer"].set_range(Choices(("sgd", "adam")))
    state = json.loads(json.dumps(section.state()))
    section.go_back()
    assert not section.differs
    section.set_state({**state, "model.ranges.unknown": {"vary": True}, "model.ranges.epochs": "30"})
    assert section.state() == state
    assert number(section, "learning_rate").low.text() == "x"


def test_that_values_are_held_and_ranges_kept_with_one_signal(section: SpaceSection) -> None:
    section.rows["units"].set_range(IntegerRange(16, 32))
    told: list[None] = []
    section.changed.connect(lambda: told.append(None))
    section.hold_values({"units": 24, "optimizer": "sgd", "learning_rate": 0.002, "batch_size": "many"})
    assert told == [None]
    ranges = {name: row.range() for name, row in section.rows.items()}
    defaults = {parameter.name: Fixed(parameter.default) for parameter in family_named("mlp").parameters}
    assert ranges == defaults | {
        "units": Fixed(24),
        "optimizer": Fixed("sgd"),
        "learning_rate": Fixed(0.002),
    }
    section.rows["units"].vary.click()
    section.rows["learning_rate"].vary.click()
    assert section.rows["units"].range() == IntegerRange(16, 32)
    assert section.rows["learning_rate"].range() == FloatRange(1e-4, 0.1, Scale.LOG)


def test_that_only_rows_that_apply_are_marked(section: SpaceSection) -> None:
    problems = Problems()
    number(section, "units_3").set_range(Fixed(32))
    assert section.settings(problems) is not None
    assert section.marked_rows == [section.rows["units_3"]]
    section.rows["layers"].set_range(Fixed(2))
    assert section.settings(problems) is not None
    assert section.marked_rows == [section.rows["layers"]]
    section.go_back()
    assert section.marked_rows == []
    assert not section.differs


def test_that_the_title_leads_into_the_table(section: SpaceSection, qtbot: QtBot) -> None:
    section.show()
    section.activateWindow()
    qtbot.waitUntil(section.isActiveWindow)
    section.entry.setFocus()
    assert section.rows["layers"].vary.hasFocus()
    qtbot.keyClick(section.rows["layers"].vary, Qt.Key.Key_Space)
    assert section.rows["layers"].range() == Fixed(2)
