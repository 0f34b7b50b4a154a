"""Sentences on whether an exported script will print the recorded number."""

PROMISED = (
    "The script prints the recorded number, to six digits, on a processor like the study's and with the same versions."
)
ELSEWHERE = "Elsewhere its last digits may differ."
AS_USUAL = f"{PROMISED} {ELSEWHERE}"
THREADS_NOT_RECORDED = (
    "an earlier Afina did not record on how many threads it computed, on which convolutions, recurrent layers and "
    "large products depend: the script takes the number that Afina would take on its computer"
)
DRAWN_BEFORE = (
    "with an earlier Afina the random numbers of layers that draw in every call depended on which trials the same "
    "process had trained before"
)
DRAWN_ELSEWHERE = (
    "the model file draws random numbers by TensorFlow, NumPy or Python itself, and how often that was done before the "
    "training began is not recorded: only keras.random with a SeedGenerator repeats"
)

HALF_PRECISION = "it computes with numbers of 16 bits, which TensorFlow rounds otherwise in a script than in a study"


def chaotic_in_words(label: str, share: float) -> str:
    """Return the sentence on a training whose metric gets worse by this share per epoch."""
    return (
        f"Elsewhere it may be quite another, as the training is chaotic: towards its end the {label} got worse by "
        f"{100 * share:.0f} % from one epoch to the next on average, so what is rounded otherwise makes a difference."
    )


def doubts_in_words(reasons: list[str]) -> str:
    """Return the sentence on a script that may print another number."""
    return f"The script may print another number than the recorded one: {'; and '.join(reasons)}."
