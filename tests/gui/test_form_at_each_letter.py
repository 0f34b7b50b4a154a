"""What the setup form does not do again at each letter that is typed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from gui.setup.form import SettingsForm
from gui.widgets.theme import Theme
from tests.windows import lay_out


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path, theme: Theme) -> SettingsForm:
    made = SettingsForm(theme, tmp_path)
    made.resize(436, 693)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    lay_out(made)
    return made


class Paints(QObject):
    """Counts how often the top of a widget's left margin is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent) and event.rect().left() == 0 and event.rect().top() == 0:
            self.count += 1
        return False


def test_that_a_model_that_stays_as_it_is_is_kept_with_what_it_knows(form: SettingsForm) -> None:
    before = form.settings()
    form.budget.trials.setText("201")
    after = form.settings()
    assert before is not None
    assert after is not None
    assert after.model is before.model
    form.space.rows["learning_rate"].vary.setChecked(False)
    other = form.settings()
    assert other is not None
    assert other.model != before.model


def test_that_the_margin_is_painted_when_another_row_differs(form: SettingsForm) -> None:
    content = form.data.parentWidget()
    assert content is not None
    content.installEventFilter(paints := Paints())
    form.execution.seed.setText("1")
    lay_out(form)
    assert paints.count > 0
    before = paints.count
    form.execution.seed.setText("12")
    lay_out(form)
    assert paints.count == before
    form.execution.seed.setText("0")
    lay_out(form)
    assert paints.count > before
