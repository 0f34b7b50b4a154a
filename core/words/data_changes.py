"""A data file that has changed while a study ran, in words."""

from collections.abc import Iterator

from core.progress import StudyProgress


def data_change_in_words(progress: StudyProgress, change: str) -> str:
    """Return the sentence on a change of the data file; without a `change` it is as it was again."""
    if change:
        how = (
            "goes on with the rows that it has loaded"
            if progress.running
            else "went on with the rows that it had loaded"
        )
        return f"{change.rstrip('.')}. The study {how}."
    file = progress.settings.data.file
    return f"{'The data file' if file is None else file.file_path.name} is again as it was."


def data_changes_in_words(progress: StudyProgress) -> Iterator[str]:
    """Yield a sentence on each change of the data file that was found: "During trial 3: …"."""
    for trial, change in progress.data_changes:
        when = f"During trial {trial}" if trial else "Before the first trial"
        yield f"{when}: {data_change_in_words(progress, change)}"
