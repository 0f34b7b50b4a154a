"""Arguments: what is wrong with them is said in Afina's words, never in argparse's."""

import re
from pathlib import Path

import pytest

from core.headless.console import BAD_INPUT
from core.headless.parser import COMMANDS, parse

OF_ARGPARSE = re.compile(
    r"\bargument |invalid|unrecognized|are required|is required|expected|explicit|choose from|not allowed|usage:|int\b|"
    r"_positive|Traceback|Error: .*Error"
)


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return the sentence with which the arguments are refused."""
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == BAD_INPUT
    printed = capsys.readouterr()
    assert printed.out == ""
    first, second, *more = printed.err.splitlines()
    assert not more
    assert second.endswith("--help shows what can be given.")
    assert not OF_ARGPARSE.search(printed.err)
    return first.removeprefix("Error: ")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("run --tutorial --trials x", "--trials cannot be “x”: write a whole number, like 20"),
        ("run --tutorial --trials 1e999999", "--trials cannot be “1e999999”: write a whole number, like 20"),
        ("run --tutorial --trials 2.5", "--trials cannot be “2.5”: write a whole number, like 20"),
        ("run --tutorial --workers nan", "--workers cannot be “nan”: write a whole number, like 20"),
        ("run --tutorial --epochs=-inf", "--epochs cannot be “-inf”: write a whole number, like 20"),
        ("run --tutorial --seed 0x10", "--seed cannot be “0x10”: write a whole number, like 20"),
        ("run --tutorial --seed ½", "--seed cannot be “½”: write a whole number, like 20"),
        ("run --tutorial --seed " + "9" * 30, f"--seed cannot be “{'9' * 30}”: it is too large"),
        ("resume s.afina --trials -" + "9" * 5000, f"--trials cannot be “-{'9' * 58}…”: it is too large"),
        ("run --tutorial --trials=", "--trials cannot be “”: write a whole number, like 20"),
        ("run --tutorial --trials", "--trials needs a value: trials instead of those in the settings"),
        ("run --trials --tutorial", "--trials needs a value: trials instead of those in the settings"),
        ("export s.afina --format", "--format needs a value: choose json, csv or python"),
        ("export s.afina", "--format is missing: choose json, csv or python"),
        ("export s.afina --format yaml", "--format cannot be “yaml”: choose json, csv or python"),
        ("export --format json", "STUDY.afina is missing: name a file"),
        ("show", "STUDY.afina is missing: name a file"),
        ("show .", "STUDY.afina cannot be “.”: it is a folder. Name a file in it"),
        ("run /", "SETTINGS.json cannot be “/”: it is a folder. Name a file in it"),
        ("export s.afina --format csv --out ./", "--out cannot be “./”: it is a folder. Name a file in it"),
        ("run", "--tutorial or SETTINGS.json is missing: give one of them"),
        ("resume s.afina --more 20 --trials 40", "--trials and --more exclude each other: give one of them"),
        ("resume s.afina --more", "--more needs a value: trials that are added to the study's budget"),
        ("resume s.afina --more many", "--more cannot be “many”: write a whole number, like 20"),
        ("rehearse a.json --tutorial", "--tutorial and SETTINGS.json exclude each other: give one of them"),
        ("show a.afina b.afina c.afina", "b.afina is one too many: only STUDY.afina can be given"),
        ("run --tutorial --trails 3", "There is no option --trails here; is --trials meant?"),
        ("show s.afina --out=3", "There is no option --out here"),
        ("-x show s.afina", "There is no option -x here"),
        ("show s.afina -hx", "There is no option -hx here; is -h meant?"),
        ("run --t", "--t could be --tutorial, --trials or --trust-model: write more of it"),
        ("run --tutorial --trust-model=yes", "--trust-model takes no value: leave out =yes"),
        ("run --tutorial --help=3", "--help takes no value: leave out =3"),
        ("--bogus", "There is no option --bogus here"),
        ("run --tutorial --out=", "--out cannot be “”: a file needs a name"),
        ("run --tutorial --out -", "--out cannot be “-”: a study is a file; name one"),
        ("rescue s.afina --out /dev/stdout", "--out cannot be “/dev/stdout”: a study is a file; name one"),
        (
            "exprt s.afina --format json",
            "exprt is no command: choose run, rehearse, resume, evaluate, export, show, explain, settings or rescue, "
            "or name a study alone for the window",
        ),
    ],
)
def test_that_wrong_arguments_are_refused_with_the_reason(
    line: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(line.split(), capsys) == sentence


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "wrong", [["--bogus"], ["--bogus=1"], ["a", "b", "c"], ["-z"], ["--"] + ["x"] * 3, ["--trials"]]
)
def test_that_every_command_refuses_in_a_sentence(
    command: str, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal([command, *wrong], capsys)


def test_that_codes_in_an_argument_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in refusal(["show", "a", "\x1b[2J"], capsys)
    assert "\x1b" not in refusal(["run", "--tutorial", "--trials", "\x1b[2J\n"], capsys)


def test_that_options_are_read_wherever_they_stand_and_may_be_shortened() -> None:
    for line in ("run a.json --trials 3 --seed 7", "run --seed=7 a.json --tri 3", "run --trials +3 --seed 7 -- a.json"):
        options = parse(line.split())
        assert (options.command, options.settings, options.trials, options.seed) == ("run", Path("a.json"), 3, 7)
    assert parse(["run", "--tutorial", "--seed", "-4"]).seed == -4  # the settings say which seeds there are
    assert parse(["show", "--", "--odd.afina"]).study == Path("--odd.afina")
    assert parse(["run", "--tutorial", "--out", "-odd.afina"]).out == Path("-odd.afina")
    assert parse(["run", "--tutorial", "--out=a=b -c.afina"]).out == Path("a=b -c.afina")
    assert parse(["s.afina"]).study == Path("s.afina")
    assert parse([]).study is None


def test_that_an_export_goes_to_standard_output_by_its_usual_names() -> None:
    line = ["export", "s.afina", "--format", "csv"]
    assert [parse([*line, *out]).out for out in ([], ["--out", "-"], ["--out=/dev/stdout"])] == [None] * 3
    assert parse([*line, "--out", "./-x"]).out == Path("-x")


def test_that_a_tilde_that_the_shell_has_left_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "expanduser", lambda path: Path("/home/me", *path.parts[1:]))
    assert parse(["run", "--tutorial", "--out=~/s.afina"]).out == Path("/home/me/s.afina")
    assert parse(["show", "~x.afina"]).study == Path("~x.afina")


@pytest.mark.parametrize("command", COMMANDS)
def test_that_every_command_has_its_help_whatever_else_is_wrong(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in (["--help"], ["a", "-h"], ["--bogus", "--help"]):
        with pytest.raises(SystemExit) as ended:
            parse([command, *line])
        assert ended.value.code == 0
        printed = capsys.readouterr().out
        assert printed.startswith(f"usage: main.py {command} [-h]")
        assert "show this help message and exit" in printed
