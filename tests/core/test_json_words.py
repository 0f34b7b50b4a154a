"""What is said of settings and presets that people, or other programs, wrote: in our words, with the field's name."""

import logging
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from core.conditions import IsOneOf
from core.errors import AfinaError, InvalidSetting
from core.json_faults import fault_in
from core.presets import PresetError, read_preset
from core.settings_file import read_settings, settings_from_json
from core.store.reader import read_study
from core.store.salvage import salvage
from tests.bench.reliability.mutations import mutate, mutate_text
from tests.foreign_words import foreign_words

DATA = Path(__file__).parents[1] / "data"
RANGE = '{"model": {"ranges": {"batch_size": %s}}}'


def refusal(text: str | bytes) -> InvalidSetting:
    with pytest.raises(InvalidSetting) as caught:
        settings_from_json(text)
    assert foreign_words(caught.value.message) == []
    return caught.value


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        ('{"budget": {"trials": "x"}}', "budget.trials", "Trials must be a whole number, not the text “x”"),
        ('{"budget": {"trials": 2.5}}', "budget.trials", "Trials must be a whole number, not 2.5"),
        ('{"budget": {"trials": true}}', "budget.trials", "Trials must be a whole number, not true"),
        ('{"budget": {"trials": null}}', "budget.trials", "Trials must be a whole number, not null"),
        ('{"budget": {"trials": [1]}}', "budget.trials", "Trials must be a whole number, not a list"),
        ('{"budget": {"seconds": "1 h"}}', "budget.seconds", "Time limit must be a number or null, not the text “1 h”"),
        ('{"budget": 5}', "budget", "“budget” must be a group in braces, not 5"),
        ('{"data": {"standardise": 1}}', "data.standardise", "Standardise the features must be true or false, not 1"),
        ('{"data": {"excluded": ["b", 1]}}', "data.excluded.1", "Entry 2 of “excluded” must be a text, not 1"),
        ('{"data": {"excluded": "b"}}', "data.excluded", "“excluded” must be a list in brackets, not the text “b”"),
        ('{"search": {"surrogate": "svm"}}', "search.surrogate", "Surrogate cannot be “svm”; it can be gp, rf, et or"),
        ('{"seed": 4294967296}', "seed", "Random seed must be at most 4,294,967,295, not 4294967296"),
        ('{"seed": 1e999}', "seed", "Random seed must be a whole number, not a number that is too large"),
        ('{"budgt": {}}', "", "There is no field “budgt” in the settings. Is “budget” meant?"),
        ('{"search": {"{x}": 1}}', "search", "There is no field “{x}” in “search”"),
        (
            '{"format": "afina-preset-1", "name": "x"}',
            "format",
            "“format” cannot be “afina-preset-1”; it can be afina-",
        ),
        (RANGE % "5", "model.ranges.batch_size", "Batch size must be a group in braces, not 5"),
        (
            RANGE % "{}",
            "model.ranges.batch_size",
            "The field “kind” is missing in “model.ranges.batch_size”; it can be",
        ),
        (
            RANGE % '{"kind": "log"}',
            "model.ranges.batch_size.kind",
            "Batch size, kind cannot be “log”; it can be fixed",
        ),
        (
            RANGE % '{"kind": "integer", "low": 1}',
            "model.ranges.batch_size",
            "The field “high” is missing in “model.ran",
        ),
        (
            RANGE % '{"kind": "integer", "low": 1, "high": "9"}',
            "model.ranges.batch_size.high",
            "Batch size, high must be a whole number, not the text “9”",
        ),
        (
            RANGE % '{"kind": "integer", "low": 9, "high": 1}',
            "model.ranges.batch_size.low",
            "Low (9) must be below high (1)",
        ),
        (
            RANGE % '{"kind": "fixed", "value": null}',
            "model.ranges.batch_size.value",
            "Batch size, value must be true or false, a number or a text, not null",
        ),
        ('{"data": {"file": {"path": "a.csv"}}}', "data.file", "The field “layout” is missing in “data.file”"),
        (
            '{"model": {"rules": [{"left": "a"}]}}',
            "model.rules.0",
            "The field “relation” is missing in “model.rules.0”",
        ),
    ],
)
def test_that_a_wrong_field_is_named_as_in_the_form(text: str, field: str, sentence: str) -> None:
    error = refusal(text)
    assert error.field == field
    assert error.message.startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "It is empty"),
        (" \n\n", "It is empty"),
        ("{", "it breaks off in line 1"),
        ('{\n "seed": 1,\n', "it breaks off in line 2"),
        ('{"seed": 1,}', "line 1, column 12: “}” does not belong there"),
        ('{\n  "seed": 1\n  "workers": 2\n}', 'line 3, column 3: “"workers": 2” does not belong there'),
        ("{'seed': 1}", "line 1, column 2: “'seed': 1}” does not belong there"),
        ('{"seed": NaN}', "line 1, column 10: “NaN}” does not belong there"),
        ('{"größe": 1, x}', "line 1, column 14: “x}” does not belong there"),
        ("// mine\n{}", "line 1, column 1: “// mine” does not belong there"),
        ("size,price\n1,2\n", "line 1, column 1: “size,price” does not belong there"),
        ('{"data": {"dataset": "\\ud800"}}', "a text in it has half a character"),
        ("[" * 100_000, "nested too deeply"),
        ('{"seed": 1} {"seed": 2}', '“"seed": 2}” does not belong there'),
        ("[1, 2]", "The settings must be a group in braces, not a list"),
        ("null", "The settings must be a group in braces, not null"),
        ("5", "The settings must be a group in braces, not 5"),
        (b"\xff\xfe{\0}\0", "line 1 is not text in UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "line 1 is not text in UTF-8"),
        (b"PK\x03\x04\x14\0\0\0", "line 1, column 1: “PK"),
        (b'{"seed": 1,\n"x": "\xff"}', "line 2 is not text in UTF-8"),
        (b"SQLite format 3\0" + bytes(100), "This is a study or another database, and no settings"),
        (b"9" * 5000, "The settings hold a number that is too large"),
    ],
)
def test_that_what_is_no_json_is_told_with_its_place(text: str | bytes, sentence: str) -> None:
    assert sentence in refusal(text).message


def test_that_a_mark_before_the_text_is_overlooked() -> None:
    assert settings_from_json(b'\xef\xbb\xbf{"seed": 7}').seed == 7
    assert refusal(b'\xef\xbb\xbf{"seed": "x"}').field == "seed"


def test_that_the_message_of_a_file_names_it_and_the_field(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"budget": {"trials": "x"}}')
    told = r"mine\.json: Trials must be a whole number, not the text “x” \(at budget\.trials\)"
    with pytest.raises(InvalidSetting, match=told):
        read_settings(tmp_path / "mine.json")
    with pytest.raises(InvalidSetting, match="cannot be read: no file can have such a name"):
        read_settings(tmp_path / "a\0b")


def test_that_the_parsers_own_words_go_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "core"):
        refusal('{"budget": {"trials": "x"')
    assert "got `str`" in caplog.text


def test_that_a_study_given_as_settings_is_recognised(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="is a study or another database"):
        read_settings(DATA / "schema-3.afina")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "It is empty"),
        ('{"name": "x"}', "The field “ranges” is missing in the ranges of a preset"),
        ('{"name": 1, "ranges": {}}', "“name” must be a text, not 1"),
        ('{"name": "x", "ranges": {"units": {"kind": "float", "low": "1", "high": 2}}}', "units, low must be a number"),
        ('{"name": "x", "ranges": {"units": {"kind": "float", "low": 2, "high": 1}}}', r"Low \(2\) must be below high"),
        ('{"format": "afina-settings-1"}', "“format” cannot be “afina-settings-1”; it can be afina-preset-1"),
        ('{"name": "x",', "it breaks off in line 1"),
    ],
)
def test_that_a_preset_that_cannot_be_used_is_told_in_our_words(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "Mine.json").write_text(text)
    with pytest.raises(PresetError, match=sentence) as caught:
        read_preset(tmp_path, "Mine")
    assert foreign_words(str(caught.value)) == []


def test_that_arguments_in_a_model_file_are_told_of_in_our_words() -> None:
    assert fault_in({"kind": "one_of", "parameter": 1, "values": []}, IsOneOf, "arguments") == (
        "“parameter” must be a text, not 1"
    )
    assert fault_in({"kind": "one_of", "parameter": "a", "values": ()}, IsOneOf, "arguments") == ""


def sentence_of(use: Callable[[], object]) -> str:
    """Return the sentence with which something is refused; empty when it is not."""
    try:
        use()
    except AfinaError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("seed", range(150))
def test_that_of_mutated_settings_no_parser_speaks(seed: int) -> None:
    text = settings_from_json("{}").to_json().encode()
    assert foreign_words(sentence_of(lambda: settings_from_json(mutate_text(text, random.Random(seed))))) == []


@pytest.mark.parametrize("seed", range(60))
def test_that_of_mutated_studies_neither_sqlite_nor_a_parser_speaks(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "a.afina"
    path.write_bytes(mutate((DATA / "schema-3.afina").read_bytes(), random.Random(seed))[1])
    assert foreign_words(sentence_of(lambda: read_study(path))) == []
    assert foreign_words(sentence_of(lambda: salvage(path, tmp_path / "saved.afina"))) == []
