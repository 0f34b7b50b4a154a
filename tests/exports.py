"""Saving one export, for tests: what keeps it from being saved is raised."""

from pathlib import Path

from core.errors import ExportError
from core.export.exporters import Exporter
from core.export.saving import save_exports
from core.progress import StudyProgress


def save_export(
    exporter: Exporter, progress: StudyProgress, path: Path, number: int | None = None, study: Path | None = None
) -> list[Path]:
    """Save the export, and return the files that were written. Raises ExportError with a sentence."""
    outcome = save_exports([(exporter, path)], progress, number, study)
    if outcome.problems:
        raise ExportError(" ".join(outcome.problems))
    return outcome.written
