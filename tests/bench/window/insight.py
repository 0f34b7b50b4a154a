"""The pages Belief and Parameters of a study of 10,000 trials: how soon they say what, and the gaps meanwhile.

Run: QT_QPA_PLATFORM=offscreen python -m tests.bench.window.insight
Prints for each page the seconds until its frame, its first answer and all answers, and gaps and own work in them in ms.
"""

import sys
from functools import partial
from time import perf_counter

from gui.insight.analyst import Analyst, Kind
from gui.pages.pages import Pages
from tests.bench.window.harness import spin, spin_until, window_on_screen
from tests.bench.window.studies import large_study

PAGES: tuple[tuple[str, Kind], ...] = (("belief", "belief"), ("parameters", "importance"))


def main() -> int:
    with window_on_screen() as bench:
        window = bench.window
        window.study_files.open(large_study(bench.folder / "large.afina", epochs=2))
        spin_until(lambda: window.session.progress is not None)
        spin(3000)
        analyst, pages = window.findChild(Analyst), window.findChild(Pages)
        assert analyst is not None
        assert pages is not None
        for name, first in PAGES:
            spin_until(lambda: not analyst.busy)
            bench.meter.start()
            began, seconds = perf_counter(), []
            pages.choose(name)
            spin(0)
            seconds.append(perf_counter() - began)
            spin_until(partial(_is_told, analyst, first))
            seconds.append(perf_counter() - began)
            spin_until(lambda: not analyst.busy, 120)
            seconds.append(perf_counter() - began)
            spin(500)
            bench.meter.stop()
            told = "  ".join(
                f"{what} {took:.2f}" for what, took in zip(("frame", "first", "all"), seconds, strict=True)
            )
            gaps = "  ".join(f"{what} {took:.0f}" for what, took in bench.meter.report().items())
            print(f"{name}: {told}  gaps: {gaps}", flush=True)
    return 0


def _is_told(analyst: Analyst, kind: Kind) -> bool:
    return bool(analyst.reason_of(kind)) or getattr(analyst, kind) is not None


if __name__ == "__main__":
    sys.exit(main())
