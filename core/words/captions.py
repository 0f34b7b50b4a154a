"""How parameters are called: by captions that tell them from what stands beside them, and in sentences."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from core.letters import on_one_line
from core.parameters import Parameter


def look(text: str) -> str:
    """Return what a reader sees of a caption: the same for texts that differ in spaces or capitals only."""
    return " ".join(on_one_line(text).split()).casefold()


def told_apart(
    captions: Mapping[str, str],
    taken: Iterable[str],
    word: str = "parameter",
    seen: Callable[[str], str] = look,
) -> dict[str, str]:
    """Return a caption for each name: its own, or "parameter …" with its name where its own is another's.

    A name can be any text, also one that Afina itself uses. `taken` are the captions of all that stands beside them,
    which they must not look like; `seen` returns what a reader tells them apart by. No two captions are equal.
    """
    others, count = set(map(seen, taken)), Counter(captions.values())
    free = {name for name, caption in captions.items() if count[caption] == 1 and seen(caption) not in others}
    used = {captions[name] for name in free}
    made = {}
    for name, caption in captions.items():
        made[name] = caption if name in free else f"{word} {name}"
        while name not in free and (made[name] in used or seen(made[name]) in others):
            made[name] = f"{word} {made[name]}"
        used.add(made[name])
    return made


def with_unit(caption: str, parameter: Parameter) -> str:
    """Return the caption with the unit of the parameter's values, if it has one."""
    return f"{caption} ({parameter.unit})" if parameter.unit else caption


def in_a_sentence(parameter: Parameter) -> str:
    """Return the parameter's label as it stands within a sentence; a name from a model file stays as it is."""
    return parameter.label if parameter.label == parameter.name else parameter.label.lower()
