"""What libraries raise and print, in words for users: without colours, stacks, names of graph nodes and logs."""

import re

from core.letters import on_one_line, without_orders

_MOST = 100_000
"""The most characters that are read of a text; TensorFlow writes some 20,000."""
_WRITTEN_CODES = re.compile(r"\\033\[[0-?]*[ -/]*[@-~]")
"""Colours of a message that was formatted as a value, so that its codes are spelt out."""
_STACK_LINE = re.compile(r"\s*File \"(?P<file>.*)\", line (?P<line>\d+)")

# The reason in an error

_IN_A_LAYER = r"Exception encountered when calling (?P<layer>\w+)\.call\(\)\."
_INSIDE = (
    re.compile(_IN_A_LAYER + r"\n\n(?P<inside>.*?)(?:\n\nArguments received by .*)?", re.S),
    re.compile(r"Could not automatically infer the output shape .*?Error encountered:\n\n(?P<inside>.*)", re.S),
    re.compile(r"(?:.*?: )?Graph execution error:\n\n(?P<inside>.*)", re.S),
    re.compile(r"\d+ root error\(s\) found\.\n\s*\(0\) [\w ]+: +(?P<inside>.*?)(?:\n\s*\(1\) .*)?", re.S),
    re.compile(r"in user code:\n(?P<inside>.*)", re.S),
)
"""Wrappings that Keras and TensorFlow put round a message, from the outside to the inside."""
_HINTS = re.compile(
    r"\n\s*(?:Traceback \(most recent call last\):|The op is created at:|Original stack trace for |Function call stack:"
    r"|Stack trace for op definition|Errors may have originated from an input operation)"
    r"|\s*(?:Label values: |You can attempt the following resolutions |Hint: If you want to see a list of allocated )"
)
"""Where explanations for the authors of TensorFlow begin; the reason stands before."""
_MARKS = re.compile(
    r"\s*\[\[\{\{.{0,300}?\}\}.{0,300}?\]\]|\n\t \[\[[^\]]{0,300}\]\]"  # [[{{node …}}]], [[gradients/…]]
    r"| for '\{\{node [^}]{0,300}\}\} = .{0,1000}?'(?= with |\.?\s*$|\n)"
    r"|\{\{(?:function_node|node) [^}]{0,300}\}\}\s*"
    r"|\s*\[Op:\w+\](?:\s*name:(?:\s*[\w/.:-]+)?)?"
    r"| on /job:\S+"
    r"|/job:\S+"
    r"| by allocator \S+"
    r"|\b__(?:inference|forward|backward|wrapped)_\S+"
    r"| and with (?:computed )?input tensors(?: computed as partial shapes)?: .{0,1000}?(?=\.?$|\n)"
    r"|^\s*\d+ (?:successful operations|derived errors ignored)\.",
    re.M,
)
"""What TensorFlow writes for its authors; each has a limit, so that no text takes long."""
_ASSERTED = re.compile(r"assertion failed: (?P<told>\[.*)", re.S)
_ASSERTED_VALUES = re.compile(r"\[[^\[\]]*:\d+\)? = \].*", re.S)
"""The names and values of the tensors that an assertion compared: "[x (model/layer/x:0) = ] [1 2 3]"."""
_SHAPES = re.compile(r"\.? with input shapes:")
_NO_ROOM = re.compile(r"OOM when allocating tensor with shape(?P<shape>\[[\d,]*\])(?: and type \w+)?")


def as_words(text: str) -> str:
    """Return the text on one line, without letters that cannot be seen, its words a space apart."""
    return " ".join(on_one_line(text).split())


def reason_in(text: str) -> str:
    """Return the reason that the message of an error of Keras or TensorFlow tells, on one line.

    What is wrapped round the reason is left out: stacks, names of nodes, functions and devices, colours.
    """
    left = _WRITTEN_CODES.sub("", without_orders(text[:_MOST])).strip()
    for wrapping in _INSIDE:
        match = wrapping.fullmatch(left)
        if match is not None:
            left = _without_stack(match["inside"])
    hints = _HINTS.search(left)
    if hints is not None and hints.start():
        left = left[: hints.start()]
    left = _NO_ROOM.sub(r"there is no room for a tensor of shape \g<shape>", _MARKS.sub("", left))
    left = _ASSERTED.sub(_asserted, left)
    left = _SHAPES.sub(", with input shapes:", left)
    return as_words(left) or as_words(text[:_MOST])


def _asserted(match: re.Match[str]) -> str:
    """Return what an assertion in a graph says, of which TensorFlow puts each part into brackets."""
    parts = re.split(r"\]\s*\[", _ASSERTED_VALUES.sub("", match["told"]).strip().strip("[]"))
    told = ". ".join(part.strip().rstrip(":.") for part in parts if part.strip())
    return f"assertion failed: {told}" if told else "an assertion failed"


def layer_in(text: str) -> str:
    """Return the class of the layer in which an error arose, by the message that Keras makes; else an empty text."""
    match = re.match(_IN_A_LAYER, text)
    return match["layer"] if match is not None else ""


def stack_lines(text: str, file: str) -> list[int]:
    """Return the numbers of the file's lines that stand in the stacks of a message, the outermost first."""
    found = (_STACK_LINE.match(line) for line in text[:_MOST].splitlines())
    return [int(match["line"]) for match in found if match is not None and match["file"] == file]


def _without_stack(text: str) -> str:
    """Return what follows the stack with which a message begins; the whole text if it begins with none."""
    lines = text.strip("\n").splitlines()
    ends = [number for number, line in enumerate(lines) if _STACK_LINE.match(line)]
    if not ends or ends[0] > 1:
        return text.strip()
    rest = lines[ends[-1] + 1 :]
    if rest and rest[0].strip() and len(rest) > 1:  # the line of code at the end of the stack
        rest = rest[1:]
    return "\n".join(rest).strip()


# The last that a process printed

_OF_A_LOG = re.compile(
    r"[IWE]\d{4} |\d{4}-\d\d-\d\d [\d:.]+: [IWE] |WARNING: All log messages"
    r"|(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):(?:tensorflow|absl|py\.warnings|jax|h5py|matplotlib)\b"
    r"|(?:oneDNN|To enable the following instructions|Extension modules: )"
)
_FATAL = re.compile(r"(?:F\d{4} |\d{4}-\d\d-\d\d [\d:.]+: F )[^\]]*\] (?P<said>.+)")
_WARNING = re.compile(r"\S.*:\d+: \w*Warning: ")
_STACK_BEGINS = re.compile(
    r"Traceback \(most recent call last\):|During handling of the above|The above exception was"
    r"|(?:Current thread|Thread) 0x\w+.*\(most recent call first\):|Exception in thread .*:$|Detected at node "
)
_BAR = re.compile(
    r"\d+%\||[━█▏▎▍▌▋▊▉░▒▓]{2,}|\b\d+/\d+ \[[=>.]*\]|[\d.?](?:it/s|s/it|ms/step|s/step)\b|^Epoch \d+/\d+$"
)
_WHAT = re.compile(r"what\(\): +")


def last_words(printed: str) -> str:
    """Return the last line of a process's output that tells a user something; empty if none does.

    Left out are warnings, the logs of libraries, the stacks of tracebacks (not the errors after them), bars that show
    progress, and lines without a letter or number. Of a fatal error in TensorFlow's log the message is told.
    """
    told = ""
    before = ""
    for line in _as_seen(printed):
        words = _WHAT.sub("", _MARKS.sub("", line).strip())
        if _tells(line, before) and any(letter.isalnum() for letter in words):
            fatal = _FATAL.match(words)
            told = as_words(fatal["said"] if fatal is not None else words)
        before = line
    return told


def _as_seen(printed: str) -> list[str]:
    """Return the lines as a terminal shows them: a carriage return or backspaces begin a line anew."""
    lines = without_orders(printed).replace("\r\n", "\n").split("\n")
    return [re.split(r"[\r\b]+", line.rstrip("\r\b"))[-1].rstrip() for line in lines]


def _tells(line: str, before: str) -> bool:
    start = line.lstrip()
    if line != start and (_STACK_LINE.match(before) or _WARNING.match(before)):
        return False  # the line of code that a stack or a warning quotes
    noise = (_OF_A_LOG, _WARNING, _STACK_BEGINS, _STACK_LINE)
    return not any(pattern.match(start) for pattern in noise) and not _BAR.search(line)
