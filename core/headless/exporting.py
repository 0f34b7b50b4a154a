"""Exporting without a window: one format to standard output or to a file, or several to files side by side."""

import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import ExportError
from core.export.exporters import EXPORTERS, Exporter
from core.export.saving import Exports, save_exports
from core.headless.console import BAD_INPUT, DONE, note, plain, put_out, refusing
from core.headless.studies import opened
from core.progress import StudyProgress


@refusing
def export(path: Path, format_names: Sequence[str], out: Path | None) -> int:
    """Write an export to the file, or to standard output; several to files that differ from `out` in their endings."""
    exporters = [EXPORTERS[name] for name in dict.fromkeys(format_names)]
    if out is None and len(exporters) > 1:
        raise ExportError("Several formats go into a file each: name them with --out; each gets its own ending")
    progress = opened(path)
    for exporter in exporters:
        _warn(exporter, progress)
    if out is None:
        return _put_out(exporters[0], progress)
    outcome = save_exports(_with_paths(exporters, out), progress, study=path)
    for written in outcome.written:
        print(f"Wrote {written}", file=sys.stderr)
    for problem in outcome.problems:
        print(f"Error: {plain(problem)}", file=sys.stderr)
    return BAD_INPUT if outcome.problems else DONE


def _warn(exporter: Exporter, progress: StudyProgress) -> None:
    """Print what is to be known beforehand of what will be exported, if anything will."""
    caution = "" if exporter.why_not(progress, None) else exporter.caution(progress, None)
    if caution:
        note(caution.removesuffix("."))


def _with_paths(exporters: Sequence[Exporter], out: Path) -> Exports:
    """Return each format with its file: `out` itself or, for several formats, with their own endings."""
    if len(exporters) == 1:
        return [(exporters[0], out)]
    endings = {exporter.suffix for exporter in EXPORTERS.values()}
    name = out.stem if out.suffix.lower() in endings else out.name
    return [(exporter, out.with_name(f"{name}{exporter.suffix}")) for exporter in exporters]


def _put_out(exporter: Exporter, progress: StudyProgress) -> int:
    put_out(exporter.text(progress))
    beside = exporter.missing_file(progress)
    if beside:
        note(f"The script reads {beside}, which --out writes beside it")
    return DONE
