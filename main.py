"""Start Afina: the window, or a command of its headless twin.

Standard library only at module level: a spawned worker imports this module again.
"""

import argparse
import gc
import multiprocessing
import os
import signal
import sys

_INTERRUPTED = 128 + 2
"""The exit code after Ctrl-C in a command with nothing to end in good order, as a shell shows it (SIGINT)."""
_NO_SCREEN = 2
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""The variables of which one leads Qt to a screen on Linux; without a screen it would end the program itself."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command, or the window; return the exit code: 0 done, 1 failed, 2 bad input, 130 ended by Ctrl-C."""
    from core.headless.parser import parse

    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options.command is not None:
        try:
            return _run_command(options)
        except KeyboardInterrupt:
            return _INTERRUPTED
    if sys.platform == "linux" and not any(map(os.environ.get, _SCREENS)):
        print("Error: There is no screen for the window. main.py --help shows what works without", file=sys.stderr)
        return _NO_SCREEN
    gc.disable()  # imported objects stay; `gui.program.garbage` collects once the window is open
    from gui.app import run_window

    return run_window(options.study)


def _run_command(options: argparse.Namespace) -> int:
    from core.headless import commands, exporting, listing

    match options.command:
        case "run":
            return commands.run(
                options.settings,
                out=options.out,
                name=options.name,
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
                more=options.more,
                with_changed_data=options.with_changed_data,
                trust_model=options.trust_model,
            )
        case "evaluate":
            return commands.evaluate(options.study, trust_model=options.trust_model)
        case "export":
            return exporting.export(options.study, options.format, options.out)
        case "explain":
            from core.headless import explaining  # heavier than the others

            return explaining.explain(options.study, as_json=options.json)
        case "settings":
            return listing.settings(options.study)
        case "rescue":
            return commands.rescue(options.study, options.out)
        case _:
            return listing.show(options.study)


def _start() -> int:
    """Run the program on the standard streams; return its exit code, for help and wrong arguments too."""
    try:
        from core.headless.output import outcome, prepare_output
        from core.headless.terminal import guard_output

        prepare_output()
        guard_output()  # to the very end, for a traceback too
        try:
            code = main()
        except SystemExit as exit_:  # of the parser, which gives a number
            code = exit_.code if isinstance(exit_.code, int) else 0
        return outcome(code)
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    multiprocessing.freeze_support()
    code = _start()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # and not ignored, as in the background
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # while Python ends, Ctrl-C ends it without a traceback
    sys.exit(code)
