"""Exporting without a window: one format to standard output or to a file, or several to files side by side."""

import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import ExportError
from core.export.exporters import EXPORTERS, Exporter
from core.export.saving import save_exports
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
        if caution := "" if exporter.why_not(progress, None) else exporter.caution(progress, None):
            note(caution.removesuffix("."))
    if out is None:
        return _put_out(exporters[0], progress)
    endings = {exporter.suffix for exporter in EXPORTERS.values()}
    stem = out.with_suffix("") if out.suffix.lower() in endings else out
    paths = [out] if len(exporters) == 1 else [stem.with_name(stem.name + exporter.suffix) for exporter in exporters]
    outcome = save_exports([*zip(exporters, paths, strict=True)], progress, study=path)
    for written in outcome.written:
        print(f"Wrote {written}", file=sys.stderr)
    for problem in outcome.problems:
        print(f"Error: {plain(problem)}", file=sys.stderr)
    return BAD_INPUT if outcome.problems else DONE


def _put_out(exporter: Exporter, progress: StudyProgress) -> int:
    put_out(exporter.text(progress))
    beside = exporter.missing_file(progress)
    if beside:
        note(f"The script reads {beside}, which --out writes beside it")
    return DONE
