"""Tells the encoding of a text that is not Unicode, by whether its letters make words."""

import re

_GUESSED = ("cp1252", "cp1251", "cp932", "gb18030", "big5", "cp949")
"""The encodings tried for texts of other scripts. A guess among all encodings of a script would be mere chance."""
_LETTERS = 2**15
"""The bytes by which an encoding is told."""
_WEST = "àáâãäåæçèéêëíîïñóôõöøùúûüßÿœÀÁÂÃÄÅÆÇÈÉÊËÍÎÏÑÓÔÕÖØÙÚÛÜŒªº"
_EAST = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽöőüűÖŐÜŰäßâăîşţÂĂÎŞŢ"
_LATIN = {"cp1252": _WEST, "cp1250": _EAST, "mac_roman": _WEST, "cp850": _WEST}
"""The encodings of Latin script, the likelier first, and letters that are usual in their languages."""
_RARE = "ìòÌÒðþýÐÞÝšžŠŽŸ"
"""Letters that are rare in the languages of the West."""
_APOSTROPHES, _BESIDE_LETTERS, _BEHIND_LETTERS = "‘’", "‘’‚“”„«»¿¡µ°…–—", "²³®™"
_GOOD, _MOST_FOREIGN = 0.9, 0.5
"""How many of the letters must be usual, and how many of a word's letters may be none of ASCII in Latin script."""
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_CYRILLIC = ("cp1251", "koi8_r", "cp866")


def old_encoding(text: bytes) -> str:
    """Return the likeliest encoding of a text that is not UTF-8."""
    foreign = b"\n".join(line for line in re.split(rb"[\r\n]+", text) if not line.isascii())[:_LETTERS]
    words = _WORD.findall(foreign)
    fits = {encoding: _usual(words, encoding) for encoding in _LATIN}
    latin = next((encoding for encoding in fits if fits[encoding] >= _GOOD), max(fits, key=fits.__getitem__))
    if _share_of_foreign(words) <= _MOST_FOREIGN and fits[latin] >= _GOOD:
        return latin
    cyrillic = max(_CYRILLIC, key=lambda encoding: _written_as_words(words, encoding))
    if _written_as_words(words, cyrillic) >= _GOOD:
        return cyrillic
    return _guess(foreign) or latin


def _guess(foreign: bytes) -> str:
    from charset_normalizer import from_bytes

    found = from_bytes(foreign, cp_isolation=list(_GUESSED)).best()
    return "" if found is None else str(found.encoding)


def _share_of_foreign(words: list[bytes]) -> float:
    """Return how many of the letters of words with letters are not of ASCII; 0 if only signs stand alone."""
    whole = [word for word in words if len(word) > 1]
    letters = sum(map(len, whole))
    return sum(byte > 0x7F for word in whole for byte in word) / letters if letters else 0.0


def _usual(words: list[bytes], encoding: str) -> float:
    """Return how many of the letters beyond ASCII are usual ones in the languages that are written so; 0 to 1."""
    try:
        texts = [word.decode(encoding) for word in words]
    except UnicodeDecodeError:
        return 0.0
    usual = [
        _how_usual(text, place, encoding) for text in texts for place, letter in enumerate(text) if not letter.isascii()
    ]
    return sum(usual) / len(usual) if usual else 0.0


def _how_usual(text: str, place: int, encoding: str) -> float:
    """Return how usual a letter or sign is at this place of a word, from 0 to 1."""
    letter = text[place]
    if letter in _LATIN[encoding]:
        return float(place == 0 or not (text[place - 1].islower() and letter.isupper()))
    if letter in _RARE:
        return 0.5 if 0 < place < len(text) - 1 else 0.75
    alone = len(text) == 1 and (letter == "\u00a0" or letter.isprintable())
    behind = letter in _BEHIND_LETTERS and place == len(text) - 1
    inside = 0 < place < len(text) - 1
    return float(alone or behind or letter in (_APOSTROPHES if inside else _BESIDE_LETTERS))


def _written_as_words(words: list[bytes], encoding: str) -> float:
    """Return how many of the words are Cyrillic letters in which no capital stands after a small one; 0 to 1."""
    try:
        texts = [word.decode(encoding) for word in words if len(word) > 1]
    except UnicodeDecodeError:
        return 0.0
    right = sum(
        all("А" <= letter <= "ё" or letter in "Ёё" for letter in text) and not re.search("[а-яё][А-ЯЁ]", text)
        for text in texts
    )
    return right / len(texts) if texts else 0.0
