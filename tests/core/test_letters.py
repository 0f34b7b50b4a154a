"""Letters that cannot be seen, or that a terminal obeys."""

import json
import sys
import unicodedata

import pytest

from core.letters import (
    escaped_in_json,
    escaped_in_python,
    harmless,
    hidden_kinds,
    is_hidden,
    on_one_line,
    revealed,
)

TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u034f\u115f\u3164\u2800\ufe0f\U000e0041\U000e0100"
SPACES = "\u00a0\u1680\u2003\u2009\u202f\u205f\u3000"
LINE_ENDS = "\x0b\x0c\r\x85\u2028\u2029"
CODES = "\x00\x07\x08\x1b\x7f\x80\x9b"
VISIBLE = "aé漢字🙂ß„–†א ع~"


@pytest.mark.parametrize("letter", TURNS + INVISIBLE + SPACES + LINE_ENDS + CODES, ids=ascii)
def test_that_what_cannot_be_seen_is_shown_by_its_number(letter: str) -> None:
    assert is_hidden(letter)
    assert revealed(f"a{letter}b") == f"a‹U+{ord(letter):04X}›b"


def test_that_what_can_be_seen_stays_as_it_is() -> None:
    assert revealed(VISIBLE) == harmless(VISIBLE) == on_one_line(VISIBLE) == VISIBLE
    assert escaped_in_json(VISIBLE) == escaped_in_python(VISIBLE) == VISIBLE
    assert hidden_kinds(f"{VISIBLE}\n\t") == {}


def test_that_hidden_letters_are_counted_by_their_kind() -> None:
    assert hidden_kinds(TURNS) == {"turn of the writing direction": len(TURNS)}
    assert hidden_kinds(SPACES) == {"unusual space": len(SPACES)}
    assert hidden_kinds(LINE_ENDS) == {"unusual line end": len(LINE_ENDS)}
    assert hidden_kinds(CODES) == {"control code": len(CODES)}
    assert hidden_kinds(INVISIBLE) == {"invisible letter": len(INVISIBLE)}


def test_that_every_letter_that_unicode_calls_a_control_or_a_format_is_hidden() -> None:
    letters = (chr(code) for code in range(sys.maxunicode + 1))
    controls = [letter for letter in letters if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp")]
    assert len(controls) > 200
    assert all(map(is_hidden, controls))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b2Jgone", "gone"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
        ("good\rbad", "good bad"),
        ("a\x08b\x07", "a b "),
        ("\x1bcreset", " creset"),
        ("abc\u202edef", "abc def"),
        ("one\r\ntwo\n\tthree", "one\r\ntwo\n\tthree"),
    ],
    ids=ascii,
)
def test_that_a_terminal_gets_nothing_to_obey(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize("part", ["\x9d", "\x9b", "\x1b]", "\x1b[", "\x1b[1;"], ids=ascii)
def test_that_orders_without_an_end_take_no_time(part: str) -> None:
    assert len(on_one_line(part * 200_000)) <= len(part) * 200_000


def test_that_a_text_on_one_line_is_on_one_line() -> None:
    assert on_one_line("a\nb\r\nc\u2028d\x85e\x1b[1mf") == "a b  c d ef"


@pytest.mark.parametrize("text", [TURNS, INVISIBLE, SPACES, LINE_ENDS, CODES, VISIBLE, '"\\', "\u2028\n"], ids=ascii)
def test_that_escapes_mean_the_same_text(text: str) -> None:
    written = escaped_in_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert not any(map(is_hidden, written))
    literal = escaped_in_python(text.replace("\\", "\\\\").replace('"', '\\"'))
    assert eval(f'"""{literal}"""') == text
    assert not any(is_hidden(letter) for letter in literal if letter not in "\n\t")
