"""Rich text with links to what it tells of, and what strangers' texts become in it."""

import html

from core.letters import in_brief, on_one_line

FIELD, WARNINGS, WHY, TRIAL = "field", "warnings", "why", "trial:"
"""What a link leads to; a trial's number follows."""
_MOST = 700
"""Letters of a text that anybody reads."""


def trial_link(number: int, word: str = "Trial ") -> str:
    """Return the number after the word, as a link to the trial."""
    return linked(f"{word}{number}", f"{TRIAL}{number}")


def linked(words: str, to: str) -> str:
    """Return words that lead there."""
    return f'<a href="{to}">{words}</a>'


def plain(words: str) -> str:
    """Return the rest of a title in letters that are not bold."""
    return f'<span style="font-weight: normal"> {words}</span>'


def with_bold_beginning(message: str) -> str:
    """Return the message as rich text, in bold up to its first colon or else its first full stop."""
    first, mark, rest = message.partition(": ")
    if not mark:
        first, mark, rest = message.partition(". ")
    return f"<b>{escaped((first + mark).rstrip())}</b> {escaped(rest)}"


def joined(*sentences: str) -> str:
    """Return those of the sentences that are not empty as one text."""
    return " ".join(filter(None, sentences))


def sentence(text: str) -> str:
    """Return anybody's text with one full stop."""
    return f"{escaped(text.rstrip('.'))}."


def first_sentence(text: str) -> tuple[str, str]:
    """Return the text up to its first full stop, without that, and the rest."""
    first, _, rest = text.partition(". ")
    return first.rstrip("."), rest


def escaped(text: str) -> str:
    """Return anybody's text as HTML, without hidden letters, and not longer than anybody reads."""
    return html.escape(in_brief(on_one_line(text), _MOST))
