"""A label of a few lines: what it leaves out where there is no room, and its links in another appearance."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.brief_label import BriefLabel
from gui.widgets.fields import without_tags
from gui.widgets.theme import Appearance, Theme

FIRST = "Learning rate <b>0.01</b>, batch size <b>10</b>."
SECOND = 'The <a href="why">noise</a> is 0.23.'


@pytest.fixture
def label(qtbot: QtBot, theme: Theme) -> BriefLabel:
    made = BriefLabel("Facts")
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def fit_to(label: BriefLabel) -> Callable[[str], None]:
    def fit(text: str) -> None:
        label.resize(label.fontMetrics().horizontalAdvance(text) + 16, 60)

    return fit


def test_that_whole_sentences_are_left_out_from_the_last_and_the_tip_has_them(
    label: BriefLabel, fit_to: Callable[[str], None]
) -> None:
    label.say((f"{FIRST} {SECOND}",))
    fit_to(without_tags(f"{FIRST} The nois"))
    assert label.text() == FIRST
    assert label.toolTip().startswith("<p>Learning rate 0.01, batch size 10. The noise is 0.23.")
    fit_to(without_tags(f"{FIRST} {SECOND} ") * 2)
    assert label.text() == f"{FIRST} {SECOND}"
    assert not label.toolTip()


def test_that_a_sentence_is_cut_where_no_whole_one_fits_or_a_short_one_would_be_all(
    label: BriefLabel, fit_to: Callable[[str], None]
) -> None:
    label.say((FIRST,))
    fit_to("Learning rate 0.01,")
    assert label.text() == "Learning rate <b>0.01</b>,…"
    label.say((f"It broke. {FIRST}",))
    fit_to("It broke. Learning rate 0.01,")
    assert label.text().startswith("It broke. Learning rate")
    assert label.text().endswith("…")


def test_that_a_shorter_text_stands_for_one_that_does_not_fit_before_anything_is_cut(
    label: BriefLabel, fit_to: Callable[[str], None]
) -> None:
    label.say((f"{FIRST} {SECOND}",), shorter=(SECOND, "The noise."))
    fit_to(without_tags(f"{FIRST} {SECOND} "))
    assert label.text() == f"{FIRST} {SECOND}"
    fit_to(without_tags(f"{SECOND} "))
    assert label.text() == SECOND
    assert label.toolTip().startswith("<p>Learning rate 0.01, batch size 10. The noise is 0.23.")
    fit_to("The noise. ")
    assert label.text() == "The noise."
    label.resize(label.fontMetrics().horizontalAdvance("The nois"), 60)
    assert label.text().endswith("…")


def test_that_the_first_paragraph_takes_the_lines_of_the_others_where_it_must(
    label: BriefLabel, fit_to: Callable[[str], None]
) -> None:
    label.say((f"{FIRST} {SECOND}", SECOND), first_whole=True)
    fit_to("Learning rate 0.01, batch")
    assert label.text() == f"{FIRST} {SECOND}"
    fit_to("Learning rate 0.01, batch size 10.  ")
    assert label.text() == f"{FIRST}<br>{SECOND}"
    label.say((FIRST, SECOND))
    fit_to("Learning rate 0.01, batch")
    assert "…" in label.text()
    assert label.text().endswith(f"<br>{SECOND}")


def test_that_links_follow_the_appearance(label: BriefLabel, theme: Theme) -> None:
    """A label takes the colour of its links when its text is set."""
    label.say(('<a href="trial:1">Trial 1</a>',))
    label.resize(200, 40)
    for appearance in (Appearance.DARK, Appearance.LIGHT):
        theme.set_appearance(appearance)
        QApplication.processEvents()
        image = label.grab().toImage()
        seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert QApplication.palette().link().color().name() in seen
