"""Start Afina: the window, or a command of its headless twin.

Standard library only at module level: a spawned worker imports this module again.
"""

import argparse
import gc
import multiprocessing
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line's command, or the window; return the exit code: 0 done, 1 failed, 2 bad input."""
    from core.headless.parser import parse

    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options.command is not None:
        return _run_command(options)
    gc.disable()  # imported objects stay; `gui.program.garbage` collects once the window is open
    from gui.app import run_window

    return run_window(options.study)


def _run_command(options: argparse.Namespace) -> int:
    from core.headless import commands, listing

    match options.command:
        case "run":
            return commands.run(
                options.settings,
                out=options.out,
                trials=options.trials,
                seed=options.seed,
                epochs=options.epochs,
                workers=options.workers,
                trust_model=options.trust_model,
            )
        case "rehearse":
            return commands.rehearse(options.settings, trust_model=options.trust_model)
        case "resume":
            return commands.resume(
                options.study,
                trials=options.trials,
                with_changed_data=options.with_changed_data,
                trust_model=options.trust_model,
            )
        case "evaluate":
            return commands.evaluate(options.study, trust_model=options.trust_model)
        case "export":
            return commands.export(options.study, options.format, options.out)
        case "settings":
            return listing.settings(options.study)
        case "rescue":
            return commands.rescue(options.study, options.out)
        case _:
            return listing.show(options.study)


if __name__ == "__main__":
    multiprocessing.freeze_support()
    from core.headless.terminal import guard_output

    guard_output()  # to the very end, for a traceback too
    sys.exit(main())
