"""A program's text as it is read before it runs."""

import pytest

from core.words.program_text import (
    MARK,
    can_compare,
    difference,
    hidden_in_words,
    readable_lines,
    size_in_words,
)


def shown(source: str) -> str:
    return "\n".join(line.text for line in readable_lines(source))


@pytest.mark.parametrize("source", ["", "a = 1\n", "a\n\n\n\tb  # é 漢\n", "x = 'a'", " " * 100 + "x\n" + "\n" * 20])
def test_that_an_honest_text_is_shown_to_the_letter(source: str) -> None:
    assert shown(source) == source
    assert hidden_in_words(source) == ""


def test_that_a_line_is_one_wherever_python_begins_it_and_nowhere_else() -> None:
    lines = readable_lines("# a\rimport os\r\nb\x0cc\u2028d\x85e\x0bf\n")
    assert [(line.number, line.text) for line in lines[:-1]] == [
        (1, "# a‹U+000D›"),
        (2, "import os"),
        (3, "b‹U+000C›c‹U+2028›d‹U+0085›e‹U+000B›f"),
    ]


def test_that_nothing_is_pushed_out_of_sight() -> None:
    text = shown("x = 1" + " " * 10_000 + "; evil()\n" + "\n \n" * 5000 + "evil()\n" + "\u200b" * 3000 + "evil()")
    assert text.splitlines() == [
        "x = 1‹10,000 spaces›; evil()",
        "‹10,000 empty lines›",
        "evil()",
        "‹U+200B› × 3,000evil()",
    ]


def test_that_a_number_tells_a_line_from_the_rest_of_a_long_one() -> None:
    lines = readable_lines("x" * 5000 + "\ny\n")
    assert [line.number for line in lines] == [1, None, None, 2, None]
    assert "".join(line.text for line in lines[:3]) == "x" * 5000


def test_that_hidden_letters_are_counted_in_a_sentence() -> None:
    said = hidden_in_words("a\u202eb\u2066c\u200b \u00a0\x1b\n\t\r\n")
    assert "5 letters that cannot be seen" in said
    assert "2 × turn of the writing direction, 1 × invisible letter, 1 × unusual space and 1 × control code" in said
    assert "1 letter that cannot be seen" in hidden_in_words("\ufeff")


@pytest.mark.parametrize("mark", ["‹U+202E›", "‹10,000 spaces›", "‹U+200B› × 3,000", "‹5 empty lines›"])
def test_that_marks_are_found_again(mark: str) -> None:
    found = MARK.search(f"a{mark}b")
    assert found is not None
    assert found.group() == mark


@pytest.mark.parametrize(
    "source", ["x" * 2_000_000, "ab\n" * 500_000, "\x01\u2066" * 300_000], ids=["long", "many", "odd"]
)
def test_that_a_huge_text_is_bounded_and_it_is_told(source: str) -> None:
    lines = readable_lines(source)
    assert len(lines) <= 100_002
    assert max(len(line.text) for line in lines) <= 2000
    assert ("can be shown" in size_in_words(source)) is (source.count("\n") > 100_000)
    assert ("not shown" in lines[-2].text) is (source.count("\n") > 100_000)


def test_that_the_difference_shows_both_texts_readably() -> None:
    lines = [line.text for line in difference("a\nb\nc\n", "a\nb\u202e\nc\n")]
    assert lines[1:] == ["  a", "− b", "+ b‹U+202E›", "  c", "  "]
    assert not can_compare("a", "a\n" * 2000)
