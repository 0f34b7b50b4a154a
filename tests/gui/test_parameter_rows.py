"""The rows of the search space: what a person types becomes a range, or a sentence beside the field."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.errors import InvalidSetting
from core.models.declarations import BATCH_SIZE, EPOCHS, L2, LEARNING_RATE, OPTIMISER, PATIENCE
from core.parameters import (
    ChoiceParameter,
    Choices,
    Fixed,
    FloatRange,
    IntegerParameter,
    IntegerRange,
    Parameter,
    Scale,
)
from gui.setup.parameters.row import ParameterRow
from gui.setup.parameters.rows import ChoiceRow, NumberRow, row_for
from gui.widgets.number_fields import (
    FloatField,
    PercentField,
    read_float,
    read_integer,
    read_minutes,
    read_percentage,
)
from gui.widgets.theme import LIGHT, make_palette

UNITS = IntegerParameter(
    name="units",
    label="Units & more",
    help="Neurons in the hidden layer.",
    default=16,
    low=4,
    high=256,
    minimum=1,
    maximum=4096,
    scale=Scale.LOG,
    unit="neurons",
)
ACTIVATION = ChoiceParameter(
    name="activation",
    label="Activation",
    help="What bends the line.",
    default="relu",
    choices=(("relu", "ReLU"), ("tanh", "Tanh"), ("selu", "SELU"), ("gelu", "GELU"), ("elu", "ELU")),
    vary=True,
)


def number_row(qtbot: QtBot, parameter: Parameter) -> NumberRow:
    row = row_for(parameter)
    assert isinstance(row, NumberRow)
    qtbot.addWidget(row)
    row.show()
    return row


def choice_row(qtbot: QtBot, parameter: Parameter) -> ChoiceRow:
    row = row_for(parameter)
    assert isinstance(row, ChoiceRow)
    qtbot.addWidget(row)
    row.show()
    return row


def refused(row: ParameterRow) -> tuple[str, str]:
    with pytest.raises(InvalidSetting) as caught:
        row.range()
    return caught.value.field, caught.value.message


def visible_texts(row: ParameterRow) -> list[str]:
    return [label.text() for label in row.findChildren(QLabel) if label.isVisibleTo(row)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1e-4", 1e-4),
        (" 0.5 ", 0.5),
        ("0,1", 0.1),
        ("1,5e-3", 1.5e-3),
        ("0,001", 0.001),
        ("1234,567", 1234.567),
        (".5", 0.5),
        ("5.", 5.0),
        ("−3", -3.0),
        ("+2E3", 2000.0),
    ],
)
def test_that_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert read_float(text) == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("abc", "“abc” is not a number"),
        ("", "Enter a number"),
        ("   ", "Enter a number"),
        ("1 000", "“1 000” is not a number"),
        ("nan", "“nan” is not a number"),
        ("inf", "“inf” is not a number"),
        ("1_000", "“1_000” is not a number"),
        ("١٢", "“١٢” is not a number"),
        ("1,2,3", "“1,2,3” is not a number"),
        ("1,000", "“1,000” can be read in two ways: write it without a comma"),
        ("12,000.5", "“12,000.5” can be read in two ways: write it without a comma"),
        ("1e999", "“1e999” is too large"),
        ("-1e999", "“-1e999” is too large"),
        ("1e-999", "“1e-999” is too close to 0"),
        ("1e99999999999999999999", "“1e99999999999999999…” is beyond what can be computed with"),
        ("1" + "0" * 400, "“1000000000000000000…” is too large"),
    ],
)
def test_that_what_is_no_number_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        read_float(text)
    assert caught.value.message == sentence


@pytest.mark.parametrize(
    "text",
    [
        *("1" + "0" * 400, "1e400", "9" * 5000, "1e99999999999999999999", "1e-99999"),
        *("1e999999", "-1e999999", "−1e999999", "1e-999999", "1E+999999999999999999", "nan", "inf", "-inf"),
        *("٣", "1_0", "0x10", "½", "²", "𝟙", "1e", "e5", "--5", ".", "−", "1e5.5", "0." + "0" * 5000 + "1"),
    ],
)
@pytest.mark.parametrize("read", [read_float, read_integer, read_percentage, read_minutes])
def test_that_no_number_is_too_big_or_small_for_a_sentence(read: Callable[[str], float], text: str) -> None:
    with pytest.raises(InvalidSetting):
        read(text)


@pytest.mark.parametrize(("text", "number"), [("1e3", 1000), ("32", 32), ("2.0", 2), (" 7 ", 7), ("0", 0)])
def test_that_whole_numbers_may_be_written_as_real_ones(text: str, number: int) -> None:
    assert read_integer(text) == number
    assert isinstance(read_integer(text), int)


@pytest.mark.parametrize("text", ["2.5", "1e-3"])
def test_that_a_fraction_for_a_whole_number_gets_a_sentence(text: str) -> None:
    with pytest.raises(InvalidSetting, match=f"“{text}” is not a whole number"):
        read_integer(text)


@pytest.mark.parametrize("fraction", [0.05, 0.07, 0.2, 0.29, 0.333, 1 / 3, 0.57, 0.9])
def test_that_a_percentage_reads_back_as_the_fraction_that_it_shows(qtbot: QtBot, fraction: float) -> None:
    field = PercentField("Share")
    qtbot.addWidget(field)
    field.set_value(fraction)
    assert field.value() == fraction


def test_that_a_row_starts_with_what_its_parameter_declares(qtbot: QtBot) -> None:
    for parameter in (LEARNING_RATE, BATCH_SIZE, EPOCHS, OPTIMISER, UNITS, ACTIVATION):
        row = row_for(parameter)
        qtbot.addWidget(row)
        assert row.range() == parameter.first_range()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-4, "0.0001"),
        (2.5e-4, "0.00025"),
        (1e-5, "0.00001"),
        (1e-6, "1e-6"),
        (2.5e-7, "2.5e-7"),
        (1 / 3 * 1e-3, "3.333333333333333e-4"),
    ],
)
def test_that_a_small_number_has_an_exponent_only_where_it_would_be_long(qtbot: QtBot, value: float, text: str) -> None:
    row = number_row(qtbot, LEARNING_RATE)
    row.set_range(Fixed(value))
    assert row.value_field.text() == text
    assert row.range() == Fixed(value)


def test_that_typing_makes_a_range(qtbot: QtBot) -> None:
    row = number_row(qtbot, LEARNING_RATE)
    row.low.selectAll()
    with qtbot.waitSignal(row.changed):
        QTest.keyClicks(row.low, "0,002")
    row.scale.set_value(Scale.LINEAR)
    assert row.range() == FloatRange(0.002, 0.1, Scale.LINEAR)


def test_that_only_the_fields_of_the_mode_are_shown(qtbot: QtBot) -> None:
    row = number_row(qtbot, BATCH_SIZE)
    assert (row.value_field.isVisible(), row.low.isVisible(), row.scale.isVisible()) == (False, True, True)
    row.vary.setChecked(False)
    assert (row.value_field.isVisible(), row.low.isVisible(), row.scale.isVisible()) == (True, False, False)
    assert row.range() == Fixed(32)


def test_that_a_hidden_field_cannot_be_wrong(qtbot: QtBot) -> None:
    row = number_row(qtbot, BATCH_SIZE)
    row.low.setText("abc")
    row.vary.setChecked(False)
    assert row.range() == Fixed(32)


@pytest.mark.parametrize(
    ("low", "high", "field", "sentence"),
    [
        ("0.1", "0.01", "low", "Low (0.1) must be below high (0.01)"),
        ("0", "0.1", "low", "Low (0) must be above 0 for a log scale"),
        ("1e-4", "1e7", "high", "High (10000000) must be above 0 and at most 1000000"),
        ("1e-4", "abc", "high", "“abc” is not a number"),
        ("", "0.1", "low", "Enter a number"),
    ],
)
def test_that_a_wrong_range_names_the_field_to_blame(
    qtbot: QtBot, low: str, high: str, field: str, sentence: str
) -> None:
    row = number_row(qtbot, LEARNING_RATE)
    row.low.setText(low)
    row.high.setText(high)
    assert refused(row) == (field, sentence)


def test_that_a_problem_is_said_shown_and_announced_at_its_field_only(qtbot: QtBot) -> None:
    row = number_row(qtbot, LEARNING_RATE)
    unmarked = row.high.grab().toImage()
    row.show_problem("High is wrong", "high")
    assert "High is wrong" in visible_texts(row)
    assert (row.low.problem, row.high.problem) == ("", "High is wrong")
    assert row.high.accessibleDescription() == "High is wrong"
    assert row.high.grab().toImage() != unmarked
    row.show_problem("")
    assert "High is wrong" not in visible_texts(row)
    assert row.high.accessibleDescription() == LEARNING_RATE.help
    assert row.high.grab().toImage() == unmarked


def test_that_a_wrong_field_has_a_sign_beside_its_border(qtbot: QtBot) -> None:
    field = FloatField("Number")
    qtbot.addWidget(field)
    field.setPalette(make_palette(LIGHT))
    field.resize(100, 26)
    inside = QRect(70, 4, 26, 18)
    unmarked = field.grab(inside).toImage()
    field.show_problem("Wrong")
    assert field.grab(inside).toImage() != unmarked
    assert field.textMargins().right() > 0


def test_that_text_is_not_touched_while_it_is_typed(qtbot: QtBot) -> None:
    row = number_row(qtbot, LEARNING_RATE)
    row.low.selectAll()
    QTest.keyClicks(row.low, "0.00010")
    assert row.low.text() == "0.00010"
    QTest.keyClick(row.low, Qt.Key.Key_Return)
    assert row.low.text() == "0.0001"


def test_that_leaving_a_field_keeps_text_that_is_no_number(qtbot: QtBot) -> None:
    row = number_row(qtbot, BATCH_SIZE)
    row.high.selectAll()
    QTest.keyClicks(row.high, "abc")
    QTest.keyClick(row.high, Qt.Key.Key_Return)
    assert row.high.text() == "abc"


@pytest.mark.parametrize(
    ("parameter", "given"),
    [
        (LEARNING_RATE, FloatRange(1e-5, 0.3, Scale.LOG)),
        (LEARNING_RATE, Fixed(0.1 + 0.2)),
        (BATCH_SIZE, IntegerRange(2, 64, Scale.LOG)),
        (BATCH_SIZE, Fixed(7)),
        (OPTIMISER, Fixed("adam")),
        (OPTIMISER, Choices(("sgd", "rmsprop"))),
        (UNITS, IntegerRange(8, 16)),
        (ACTIVATION, Choices(("tanh", "elu"))),
    ],
)
def test_that_a_row_gives_back_what_it_was_given(
    qtbot: QtBot, parameter: Parameter, given: Fixed | FloatRange | IntegerRange | Choices
) -> None:
    row = row_for(parameter)
    qtbot.addWidget(row)
    row.set_range(given)
    assert row.range() == given


def test_that_setting_a_value_puts_the_hidden_range_back_to_the_declared_one(qtbot: QtBot) -> None:
    row = number_row(qtbot, BATCH_SIZE)
    row.low.setText("abc")
    row.set_range(Fixed(5))
    row.vary.setChecked(True)
    assert row.range() == IntegerRange(BATCH_SIZE.low, BATCH_SIZE.high)


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", r"does not support raise\(\)", extend=True)
def test_that_a_choice_is_picked_when_fixed_and_ticked_when_varied(qtbot: QtBot) -> None:
    row = choice_row(qtbot, OPTIMISER)
    row.choice.set_value("rmsprop")
    assert row.range() == Fixed("rmsprop")
    row.vary.setChecked(True)
    assert not row.choice.isVisible()
    QTest.mouseClick(row.ticks, Qt.MouseButton.LeftButton)
    opened = row.ticks.popup
    assert opened is not None
    adam = opened.visualRect(row.ticks.model.index(OPTIMISER.names.index("adam")))
    QTest.mouseClick(opened.viewport(), Qt.MouseButton.LeftButton, pos=adam.center())
    assert row.range() == Choices(tuple(name for name in OPTIMISER.names if name != "adam"))


def test_that_fewer_than_two_ticks_are_refused(qtbot: QtBot) -> None:
    row = choice_row(qtbot, OPTIMISER)
    row.vary.setChecked(True)
    row.ticks.tick({"sgd"})
    assert refused(row) == ("values", "Tick at least two choices to vary, or fix the value")


@pytest.mark.parametrize("count", [101, 15_800, 100_000])
def test_that_many_choices_are_ticked_in_a_list(qtbot: QtBot, count: int) -> None:
    names = tuple(f"c{place}" for place in range(count))
    many = ChoiceParameter(
        name="token", label="Token", help="One of many.", default="c7", choices=tuple((n, n) for n in names), vary=True
    )
    row = choice_row(qtbot, many)
    assert row.range() == Choices(names)
    changes: list[None] = []
    row.changed.connect(lambda: changes.append(None))
    assert row.ticks.model.setData(row.ticks.model.index(1), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert row.range() == Choices((names[0], *names[2:]))
    assert len(changes) == 1
    row.set_range(Choices(("c3", "c5")))
    assert row.range() == Choices(("c3", "c5"))
    row.set_range(Fixed("c9"))
    assert row.range() == Fixed("c9")
    assert row.sizeHint().width() < 1000


def test_that_help_is_read_in_place_and_in_no_tool_tip_alone(qtbot: QtBot) -> None:
    row = number_row(qtbot, LEARNING_RATE)
    assert row.low.accessibleDescription() == LEARNING_RATE.help
    assert LEARNING_RATE.help not in visible_texts(row)
    QTest.mouseClick(row.help, Qt.MouseButton.LeftButton)
    assert LEARNING_RATE.help in visible_texts(row)


def test_that_every_field_has_a_name_to_be_read_aloud(qtbot: QtBot) -> None:
    row = number_row(qtbot, LEARNING_RATE)
    names = [field.accessibleName() for field in (row.vary, row.value_field, row.low, row.high, row.scale)]
    assert names == [
        "Learning rate, varied",
        "Learning rate",
        "Learning rate, low",
        "Learning rate, high",
        "Learning rate, scale",
    ]


def test_that_a_fixed_value_says_what_it_means(qtbot: QtBot) -> None:
    for parameter, value, meaning in (
        (L2, 0.0, "off"),
        (L2, 0.5, "L2"),
        (LEARNING_RATE, 0.5, ""),
        (PATIENCE, 0, "never ends early"),
        (PATIENCE, 5, "epochs"),
    ):
        row = number_row(qtbot, parameter)
        row.set_range(Fixed(value))
        assert row.value_field.meaning == meaning
    row.value_field.setText("x")
    assert row.value_field.meaning == "epochs"
