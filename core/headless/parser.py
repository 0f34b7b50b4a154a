"""The command line's arguments: those of the window, and those of each command. Imports nothing heavy."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from core import APP_NAME, VERSION
from core.formatting import listed
from core.headless.arguments import Parser, file_path, name_of_study, output_path, study_path, whole_number

COMMANDS = ("run", "rehearse", "resume", "evaluate", "export", "show", "explain", "settings", "rescue")

_PROGRAM = "main.py"
_STUDY = "STUDY.afina"
_COMMANDS_HELP = """\
commands (each has its own --help):
  run (--tutorial | SETTINGS.json)   run a study without the window
  rehearse (--tutorial | SETTINGS.json)
                                     try the extreme configurations; predict duration and memory of the study
  resume STUDY.afina                 go on with a study without the window
  evaluate STUDY.afina               judge the best trial on the test part, once, at the end
  export STUDY.afina --format F      write the best settings, all trials or a Keras script
  show STUDY.afina                   list a study's trials
  explain STUDY.afina                say what matters, where the best is, and how far to trust that
  settings STUDY.afina               print a study's settings as JSON, for run
  rescue STUDY.afina                 save what can be read of a damaged study as another one
"""

_Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
_WAITING_HELP = (
    "While the study waits, because its file is gone, the disk is full or a process was lost, it says so and tries "
    "again by itself. The signal USR1 (on Windows: Ctrl-Break) lets it try at once, and go on in another file if its "
    "own still cannot be written. Ctrl-C and the signal TERM end it; if its file cannot be written, it is saved in "
    "another one."
)

_EXPLAIN_HELP = """\
--json prints an object with
  importance  a list of {parameter, share, low, high}: of how results vary over the ranges, 0 to 1; 90 % interval
  pairs       a list of {parameters, share, low, high}: what two explain only together
  belief      {trial, values, mean, low, high, deviation, unit, lowest} of the best observed trial; low to high is
              95 %; lowest has the same, without the unit, of the trial with the best mean
  ranges      a list of {parameter, applies, told, from, to, values, range}: which values are as good as the best;
              null where they end with the range
  trust       {r2, low, high, trials}: the share explained of results left out one by one, with a 90 % interval
  findings    a list of {kind, sentence, evidence}
  untold      a sentence for each of importance, belief and trust that cannot be told yet; these are empty or null
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; `command` is one of COMMANDS, or None for the window. Exits on bad ones, after a sentence."""
    words = [argument for argument in arguments if not argument.startswith("-")]
    if not words or words[0] not in COMMANDS:
        parser = _window_parser()
        if len(words) > 1:
            parser.error(
                f"{words[0]} is no command: choose {listed(COMMANDS, 'or')}, or name a study alone for the window"
            )
        return parser.read(arguments)
    place = arguments.index(words[0])
    _window_parser().read(arguments[:place])  # help or version
    options = _commands()[words[0]].read(arguments[place + 1 :])
    options.command = words[0]
    return options


def _window_parser() -> Parser:
    parser = Parser(
        prog=_PROGRAM,
        description="Tune the hyperparameters of Keras models by Bayesian optimisation, in a window.",
        epilog=_COMMANDS_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{APP_NAME} {VERSION}")
    parser.add_argument("study", nargs="?", type=file_path, metavar=_STUDY, help="a study to open in the window")
    parser.set_defaults(command=None)
    return parser


def _commands() -> Mapping[str, Parser]:
    """Return the parser of each command."""
    commands = Parser(prog=_PROGRAM).add_subparsers()
    for add in (
        _add_run,
        _add_rehearse,
        _add_resume,
        _add_evaluate,
        _add_export,
        _add_show,
        _add_explain,
        _add_settings,
        _add_rescue,
    ):
        add(commands)
    return commands.choices


def _add_run(commands: _Commands) -> None:
    run = commands.add_parser(
        "run", help="run a study", description="Run a study; print its best settings as JSON.", epilog=_WAITING_HELP
    )
    _settings_argument(run)
    run.add_argument("--out", type=study_path, metavar=_STUDY, help="the study file to make (default: study.afina)")
    run.add_argument("--name", type=name_of_study, metavar="NAME", default="", help="a name for the study")
    run.add_argument("--trials", type=whole_number, metavar="N", help="trials instead of those in the settings")
    run.add_argument("--seed", type=whole_number, metavar="N", help="random seed instead of the one in the settings")
    run.add_argument("--workers", type=whole_number, metavar="N", help="trials that are trained at the same time")
    run.add_argument("--epochs", type=whole_number, metavar="N", help="epochs of every trial, fixed")
    _trust_argument(run)


def _add_rehearse(commands: _Commands) -> None:
    rehearse = commands.add_parser(
        "rehearse",
        help="try the extreme configurations",
        description="Train the smallest, a middle, the largest and the slowest configuration for some steps; predict "
        "duration and memory of the study. Exit code 1 when one cannot be trained.",
    )
    _settings_argument(rehearse)
    _trust_argument(rehearse)


def _add_resume(commands: _Commands) -> None:
    resume = commands.add_parser(
        "resume",
        help="go on with a study",
        description="Go on with a study; print its best settings as JSON.",
        epilog=_WAITING_HELP,
    )
    _study_argument(resume)
    budget = resume.add_mutually_exclusive_group()
    budget.add_argument("--trials", type=whole_number, metavar="N", help="trials in all, instead of the study's budget")
    budget.add_argument("--more", type=whole_number, metavar="N", help="trials that are added to the study's budget")
    resume.add_argument("--with-changed-data", action="store_true", help="even if the data file is another one by now")
    _trust_argument(resume)


def _add_evaluate(commands: _Commands) -> None:
    evaluate = commands.add_parser(
        "evaluate",
        help="judge the best trial on the test part",
        description="Train a study's best trial again and judge it on the test part, which the search never saw.",
        epilog=_WAITING_HELP,
    )
    _study_argument(evaluate)
    _trust_argument(evaluate)


def _add_export(commands: _Commands) -> None:
    export = commands.add_parser(
        "export",
        help="export a study",
        description="Export a study: its best settings (json), all its trials (csv), a Keras script (python). Several "
        "formats, each with a --format of its own, are written to --out, to which each adds its ending.",
    )
    _study_argument(export)
    export.add_argument("--format", choices=("json", "csv", "python"), required=True, action="append")
    export.add_argument("--out", type=output_path, metavar="FILE", help="the file to write (default: standard output)")


def _add_show(commands: _Commands) -> None:
    show = commands.add_parser("show", help="list a study's trials", description="List a study's trials.")
    _study_argument(show)


def _add_explain(commands: _Commands) -> None:
    explain = commands.add_parser(
        "explain",
        help="say what a study has learnt",
        description="Say what a study has learnt, also while it runs: which parameters matter, what is believed about "
        "the best trial, how far to trust that, which values of each range are as good, and findings.",
        epilog=_EXPLAIN_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _study_argument(explain)
    explain.add_argument("--json", action="store_true", help="for programs: JSON in place of sentences and tables")


def _add_settings(commands: _Commands) -> None:
    settings = commands.add_parser(
        "settings", help="print a study's settings", description="Print a study's settings as JSON, for run."
    )
    _study_argument(settings)


def _add_rescue(commands: _Commands) -> None:
    rescue = commands.add_parser(
        "rescue", help="mend a damaged study", description="Save what can be read of a damaged study as another one."
    )
    _study_argument(rescue)
    rescue.add_argument("--out", type=study_path, metavar="NEW.afina", help="the study file to make")


def _settings_argument(command: Parser) -> None:
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--tutorial", action="store_true", help="the tutorial's experiment on Boston Housing")
    source.add_argument(
        "settings", nargs="?", type=file_path, metavar="SETTINGS.json", help="settings saved by the window"
    )


def _study_argument(command: Parser) -> None:
    command.add_argument("study", type=file_path, metavar=_STUDY)


def _trust_argument(command: Parser) -> None:
    command.add_argument(
        "--trust-model",
        action="store_true",
        help="let a model file of the study's own run: it is a program that can do all that you can do",
    )
