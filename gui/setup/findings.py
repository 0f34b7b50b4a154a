"""What is wrong and what is doubtful in the form: each finding is told at its place."""

from collections.abc import Iterable, Mapping, Set

from gui.setup.section import Place, Section

Told = tuple[str, str]
"""A sentence, and the part of its place that it is about."""


class Findings:
    """The mistakes and the warnings that were found last. `above` is a mistake that has no place."""

    def __init__(self) -> None:
        self.mistakes: dict[Place, Told] = {}
        self.warnings: dict[Place, str] = {}
        self.above = ""
        self.first = ""
        """The first mistake, as a sentence that stands alone; empty when there is none."""

    @property
    def count(self) -> int:
        """The number of mistakes."""
        return len(self.mistakes) + bool(self.above)

    def show(self, sections: Iterable[Section], problems: Mapping[str, str], warnings: Mapping[str, str]) -> None:
        """Show each mistake and each warning at its place; both are given by the path of the setting."""
        places = {path: place for section in sections for path, place in section.places.items()}
        before = self.mistakes.keys() | self.warnings.keys()
        self._note_mistakes(problems, places)
        found = ((_place_of(path, places)[0], sentence) for path, sentence in warnings.items())
        self.warnings = {
            place: sentence for place, sentence in found if place is not None and place not in self.mistakes
        }
        self._tell(places.values(), before)

    def _note_mistakes(self, problems: Mapping[str, str], places: Mapping[str, Place]) -> None:
        mistakes: dict[Place, Told] = {}
        self.above = ""
        for path, sentence in problems.items():
            place, part = _place_of(path, places)
            if place is None:
                self.above = self.above or sentence
            else:
                mistakes.setdefault(place, (sentence, part))
        self.mistakes = mistakes
        first = next((place for place in places.values() if place in mistakes), None)
        self.first = self.above or ("" if first is None else _with_caption(mistakes[first][0], first))

    def _tell(self, places: Iterable[Place], before: Set[Place]) -> None:
        """Let each place say what is wrong or doubtful there; all others had nothing to say `before`, and have not."""
        speaking = before | self.mistakes.keys() | self.warnings.keys()
        for place in dict.fromkeys(place for place in places if place in speaking):
            place.show_problem(*self.mistakes.get(place, ("", "")))
            place.show_warning(self.warnings.get(place, ""))

    def within(self, section: Section) -> tuple[str, str]:
        """Return the first mistake and the first warning in a section, empty where there is none."""
        places = section.places.values()
        mistake = next((self.mistakes[place][0] for place in places if place in self.mistakes), "")
        return mistake, next((self.warnings[place] for place in places if place in self.warnings), "")


def _place_of(path: str, places: Mapping[str, Place]) -> tuple[Place | None, str]:
    """Return the place that shows what is at a path, if there is one, and the part of it that is meant."""
    known, part = path, ""
    while known and known not in places:
        known, _, last = known.rpartition(".")
        part = f"{last}.{part}" if part else last
    return (places[known], part) if known else (None, "")


def _with_caption(sentence: str, place: Place) -> str:
    """Return a sentence that stands alone: the field's name is put before it, unless the sentence contains it.

    A parameter may have the name of anything, such as "low", so only a sentence that begins with it contains it. What
    concerns a whole section needs no name.
    """
    if isinstance(place, Section):
        return sentence
    caption, is_parameter = place.caption, getattr(place, "parameter", None) is not None
    is_told = sentence.startswith(caption) if is_parameter else caption.lower() in sentence.lower()
    return sentence if is_told else f"{caption}: {sentence}"
