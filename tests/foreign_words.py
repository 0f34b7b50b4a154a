"""Words that must not be in a sentence for the user: those of parsers and other libraries."""

import re

_FOREIGN = re.compile(
    r"polars|calamine|fastexcel|msgspec|sqlite|sklearn|zipfile|numpy\.|codec|errno|traceback|0x[0-9a-f]|dtype|infer_schema|"
    r"allow_pickle|PyObject|panick|embedded null|strerror|no such column|malformed|\$\.|`|\x1b|"
    r"\b(core|gui)\.\w+|\b\w+(Error|Exception)\b|\bexpected\b.*\bgot\b",
    re.IGNORECASE,
)


def foreign_words(sentence: str) -> list[str]:
    """Return the words in the sentence that are not ours, but for those in quotes, which are the user's."""
    return [found[0] for found in _FOREIGN.finditer(re.sub("“[^”]*”", "“”", sentence))]
