"""Start Afina: the window, or a command of its headless twin.

Standard library only at module level: a spawned worker imports this module again.
"""

import argparse
import gc
import multiprocessing
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; return the exit code: 0 done, 1 failed, 2 bad input."""
    arguments = sys.argv[1:] if arguments is None else arguments
    first = next((argument for argument in arguments if not argument.startswith("-")), None)
    if first in COMMANDS:
        options = _command_parser().parse_args(arguments)
        return _run_command(options)
    options = _window_parser().parse_args(arguments)
    gc.disable()  # what is imported stays; `gui.program.garbage` collects when the window stands
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


COMMANDS = ("run", "rehearse", "resume", "evaluate", "export", "show", "settings", "rescue")

_TRUST_HELP = "let a model file of the study's own run: it is a program that can do all that you can do"
_COMMANDS_HELP = """\
commands (each has its own --help):
  run (--tutorial | SETTINGS.json)   run a study without the window
  rehearse (--tutorial | SETTINGS.json)
                                     try the extreme configurations; predict duration and memory of the study
  resume STUDY.afina                 go on with a study without the window
  evaluate STUDY.afina               judge the best trial on the test part, once, at the end
  export STUDY.afina --format F      write the best settings, all trials or a Keras script
  show STUDY.afina                   list a study's trials
  settings STUDY.afina               print a study's settings as JSON, for run
  rescue STUDY.afina                 save what can be read of a damaged study as another one
"""


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Tune the hyperparameters of Keras models by Bayesian optimisation, in a window.",
        epilog=_COMMANDS_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=_version())
    parser.add_argument("study", nargs="?", type=Path, metavar="STUDY.afina", help="a study to open in the window")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py", description="Afina without the window.")
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", required=True)

    run = commands.add_parser("run", help="run a study", description="Run a study; print its best settings as JSON.")
    _add_settings(run)
    run.add_argument("--out", type=Path, metavar="STUDY.afina", help="the study file to make (default: study.afina)")
    run.add_argument("--trials", type=int, metavar="N", help="trials instead of those in the settings")
    run.add_argument("--seed", type=int, metavar="N", help="random seed instead of the one in the settings")
    run.add_argument("--workers", type=int, metavar="N", help="trials that are trained at the same time")
    run.add_argument("--epochs", type=int, metavar="N", help="epochs of every trial, fixed")

    run.add_argument("--trust-model", action="store_true", help=_TRUST_HELP)
    rehearse = commands.add_parser(
        "rehearse",
        help="try the extreme configurations",
        description="Train the smallest, a middle, the largest and the slowest configuration for some steps; predict "
        "duration and memory of the study. Exit code 1 when one cannot be trained.",
    )
    _add_settings(rehearse)
    rehearse.add_argument("--trust-model", action="store_true", help=_TRUST_HELP)

    resume = commands.add_parser(
        "resume", help="go on with a study", description="Go on with a study; print its best settings as JSON."
    )
    resume.add_argument("study", type=Path, metavar="STUDY.afina")
    resume.add_argument("--trials", type=int, metavar="N", help="trials in all, instead of the study's budget")

    resume.add_argument("--with-changed-data", action="store_true", help="even if the data file is another one by now")
    resume.add_argument("--trust-model", action="store_true", help=_TRUST_HELP)

    evaluate = commands.add_parser(
        "evaluate",
        help="judge the best trial on the test part",
        description="Train a study's best trial again and judge it on the test part, which the search never saw.",
    )
    evaluate.add_argument("study", type=Path, metavar="STUDY.afina")
    evaluate.add_argument("--trust-model", action="store_true", help=_TRUST_HELP)

    export = commands.add_parser("export", help="export a study", description="Export a study.")
    export.add_argument("study", type=Path, metavar="STUDY.afina")
    export.add_argument("--format", choices=("json", "csv", "python"), required=True)
    export.add_argument("--out", type=Path, metavar="FILE", help="the file to write (default: standard output)")

    show = commands.add_parser("show", help="list a study's trials", description="List a study's trials.")
    show.add_argument("study", type=Path, metavar="STUDY.afina")

    settings = commands.add_parser(
        "settings", help="print a study's settings", description="Print a study's settings as JSON, for run."
    )
    settings.add_argument("study", type=Path, metavar="STUDY.afina")

    rescue = commands.add_parser(
        "rescue", help="mend a damaged study", description="Save what can be read of a damaged study as another one."
    )
    rescue.add_argument("study", type=Path, metavar="STUDY.afina")
    rescue.add_argument("--out", type=Path, metavar="NEW.afina", help="the study file to make")
    return parser


def _add_settings(command: argparse.ArgumentParser) -> None:
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--tutorial", action="store_true", help="the tutorial's experiment on Boston Housing")
    what.add_argument("settings", nargs="?", type=Path, metavar="SETTINGS.json", help="settings saved by the window")


def _version() -> str:
    from core import APP_NAME, VERSION

    return f"{APP_NAME} {VERSION}"


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
