"""What axes of values are called: in full, and shorter where there is little room."""

from core.objective import ObjectiveSettings, in_words

_ABBREVIATIONS = {"Mean squared error": "MSE"}
_PARTS = {True: ("Validation", "Val."), False: ("Training", "Train.")}


def names_of_values(quantity: str, *, in_validation: bool | None, formula: str = "") -> tuple[str, ...]:
    """Return the names, the longest first: "Validation loss (MSE)", "Validation loss", "Val. loss", "Loss".

    `in_validation` is None where the values are from both parts of the data; `formula` is what a loss computes.
    """
    words = in_words(quantity)
    alone = words[:1].upper() + words[1:]
    long, *short = [alone] if in_validation is None else [f"{part} {words}" for part in _PARTS[in_validation]]
    explained = [f"{long} ({text})" for text in _formulas(formula)]
    return tuple(dict.fromkeys([*explained, long, *short, alone]))


def names_of_objective(objective: ObjectiveSettings) -> tuple[str, ...]:
    """Return the names of the axis of a study's objectives, the longest first."""
    return names_of_values(objective.quantity, in_validation=objective.in_validation)


def _formulas(formula: str) -> list[str]:
    """Return how a loss is written in brackets, in full and as an abbreviation, as far as there are these."""
    if not formula:
        return []
    full = formula if formula[:2].isupper() else formula[:1].lower() + formula[1:]
    return [full, *([_ABBREVIATIONS[formula]] if formula in _ABBREVIATIONS else [])]
