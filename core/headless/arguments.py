"""Reads arguments by argparse's declarations, and says in Afina's own sentences what is wrong with them."""

import argparse
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, TypeAlias

from core.errors import InvalidSetting
from core.formatting import in_short, listed
from core.headless.console import BAD_INPUT, plain
from core.study_name import checked_name

_MAX_DIGITS = 18
_STANDARD_OUTPUT = ("-", "/dev/stdout")

_Given: TypeAlias = list[tuple[argparse.Action, str | None]]
"""The options that were given, each with its value; None for one that takes no value."""


class Parser(argparse.ArgumentParser):
    """A parser for options and files, each declared as argparse has it. Its help is argparse's; its errors are not."""

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return the options. Exits after help or version, and after a sentence on what is wrong."""
        if "-h" in arguments or "--help" in arguments:
            self.print_help()
            self.exit()
        given, files = self._sorted(arguments)
        self._check_presence(given, files)
        self._check_values(given, files)
        options = [_whole(action, value) for action, value in given]
        return self.parse_args([*options, *(["--", *files] if files else [])])

    def error(self, message: str) -> NoReturn:
        """Print the sentence and exit. `read` finds all that argparse itself would complain about."""
        self.exit(BAD_INPUT, f"Error: {plain(message)}\n{self.prog} --help shows what can be given.\n")

    def _sorted(self, arguments: Sequence[str]) -> tuple[_Given, list[str]]:
        """Tell options with their values from files."""
        given: _Given = []
        files: list[str] = []
        rest = list(arguments)
        while rest:
            argument = rest.pop(0)
            if argument == "--":
                return given, [*files, *rest]
            if not argument.startswith("-") or argument == "-":
                files.append(argument)
                continue
            name, equals, value = argument.partition("=")
            action = self._option(name)
            if action.nargs == 0:
                if equals:
                    self.error(f"{_name(action)} takes no value: leave out ={in_short(value)}")
                given.append((action, None))
                continue
            if not equals:
                if not rest or self._is_option(rest[0]):
                    self.error(f"{_name(action)} needs a value: {_wanted(action)}")
                value = rest.pop(0)
            given.append((action, value))
        return given, files

    def _option(self, name: str) -> argparse.Action:
        """Return the option with this name, or the only one that begins with it."""
        options = self._options()
        matching = [other for other in options if other.startswith(name) and name.startswith("--")]
        if name in options:
            return options[name]
        if not matching:
            similar = get_close_matches(name, options, n=1, cutoff=0.7)
            self.error(f"There is no option {in_short(name)} here" + (f"; is {similar[0]} meant?" if similar else ""))
        if len(matching) > 1:
            self.error(f"{name} could be {listed(matching, 'or')}: write more of it")
        return options[matching[0]]

    def _options(self) -> dict[str, argparse.Action]:
        return {name: action for action in self._actions for name in action.option_strings}

    def _is_option(self, argument: str) -> bool:
        return argument.startswith("--") or argument in self._options()

    def _check_presence(self, given: _Given, files: Sequence[str]) -> None:
        """Refuse what is too much, what is missing, and what excludes each other."""
        places = self._places()
        if len(files) > len(places):
            self.error(f"{in_short(files[len(places)])} is one too many: {_how_many(places)}")
        present = [*(action for action, _value in given), *places[: len(files)]]
        for group in self._mutually_exclusive_groups:
            choice = group._group_actions
            found = [action for action in choice if action in present]
            if len(found) > 1:
                self.error(f"{listed(map(_name, found))} exclude each other: give one of them")
            if group.required and not found:
                self.error(f"{listed(map(_name, choice), 'or')} is missing: give one of them")
        for action in self._actions:
            if action.required and action not in present:
                self.error(f"{_name(action)} is missing: {_wanted(action)}")

    def _check_values(self, given: _Given, files: Sequence[str]) -> None:
        for action, value in [*given, *zip(self._places(), files, strict=False)]:
            if value is None:
                continue
            if action.choices is not None and value not in action.choices:
                self.error(f"{_name(action)} cannot be {_quoted(value)}: {_wanted(action)}")
            if callable(action.type):
                try:
                    action.type(value)
                except argparse.ArgumentTypeError as error:
                    self.error(f"{_name(action)} cannot be {_quoted(value)}: {error}")
                except ValueError:  # whose words are those of Python's own int, say
                    self.error(f"{_name(action)} cannot be {_quoted(value)}: {_wanted(action)}")

    def _places(self) -> list[argparse.Action]:
        return [action for action in self._actions if not action.option_strings]


def whole_number(text: str) -> int:
    """Return the whole number that the text means. Raises ArgumentTypeError."""
    if len(text) > _MAX_DIGITS and text.strip().lstrip("+-").isdecimal():
        raise argparse.ArgumentTypeError("it is too large")
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a whole number, like 20") from None


def file_path(text: str) -> Path:
    """Return the path; a shell leaves ~ for the home folder as it is in --out=~/a. Raises ArgumentTypeError."""
    if not text:
        raise argparse.ArgumentTypeError("a file needs a name")
    path = Path(text)
    if not path.name:
        raise argparse.ArgumentTypeError("it is a folder. Name a file in it")
    if path.parts[:1] == ("~",):
        with suppress(RuntimeError):
            return path.expanduser()
    return path


def study_path(text: str) -> Path:
    """Return the path for a study to make. Raises ArgumentTypeError."""
    if text in _STANDARD_OUTPUT:
        raise argparse.ArgumentTypeError("a study is a file; name one")
    return file_path(text)


def output_path(text: str) -> Path | None:
    """Return the path to write, None for standard output. Raises ArgumentTypeError."""
    return None if text in _STANDARD_OUTPUT else file_path(text)


def name_of_study(text: str) -> str:
    """Return the text as the name of a study. Raises ArgumentTypeError."""
    try:
        return checked_name(text)
    except InvalidSetting as error:
        raise argparse.ArgumentTypeError(f"{error.message[0].lower()}{error.message[1:]}") from None


def _whole(action: argparse.Action, value: str | None) -> str:
    return _name(action) if value is None else f"{_name(action)}={value}"


def _name(action: argparse.Action) -> str:
    return action.option_strings[-1] if action.option_strings else str(action.metavar)


def _wanted(action: argparse.Action) -> str:
    """Return what to give, as the end of a sentence."""
    if action.choices is not None:
        return f"choose {listed(map(str, action.choices), 'or')}"
    return "name a file" if not action.option_strings else f"{action.help}"


def _how_many(places: Sequence[argparse.Action]) -> str:
    return f"only {listed(map(_name, places))} can be given" if places else "no file can be given"


def _quoted(text: str) -> str:
    return f"“{in_short(text)}”"
