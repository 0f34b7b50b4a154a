"""The steps of the form, back and forth: what stood in it before each change, and not how it is shown."""

from collections import deque

from gui.setup.section import State

_MOST = 100
"""The most steps that can be taken back."""


class History:
    """What stands in the form `now`, and what stood there before and after it."""

    def __init__(self, now: State, most: int = _MOST) -> None:
        self.now = now
        self._before: deque[State] = deque(maxlen=most)
        self._after: list[State] = []
        self._dropped: list[State] = []
        """What could be taken again before the last step, which may come to nothing."""
        self._typed_in: object = None

    def note(self, state: State, typed_in: object = None, *, joins: bool = False, rewritten: bool = False) -> None:
        """Take in what stands in the form now, as a new step.

        It belongs to the last step if it `joins` it, or if it was typed in the same place, such as a text field. Of
        typing that comes back to what was there before, no step is left. What is only `rewritten` means the same as
        before, and is no step at all.
        """
        if not changes(self.now, state):
            return
        if rewritten:
            self._rewrite(state)
            return
        same = joins or (typed_in is not None and typed_in is self._typed_in)
        if not same:
            self._before.append(self.now)
            self._dropped = self._after
        self._after = []
        self.now, self._typed_in = state, typed_in
        if same and self._before and not changes(self._before[-1], state):
            self.now, self._after = self._before.pop(), self._dropped

    def _rewrite(self, state: State) -> None:
        """Take the place of what stands in the form now, and drop the steps that changed no more than this."""
        self.now = state
        for steps in (self._before, self._after):
            if steps and not changes(steps[-1], state):
                steps.pop()

    def end_typing(self) -> None:
        """Let what is typed from now on be another step."""
        self._typed_in = None

    @property
    def before(self) -> State | None:
        """What stood in the form before the last step; None if there is none to take back."""
        return self._before[-1] if self._before else None

    @property
    def after(self) -> State | None:
        """What stood in the form before the last step was taken back; None if there is none to take again."""
        return self._after[-1] if self._after else None

    def undo(self) -> State:
        """Go one step back, and return what stands in the form then."""
        self._after.append(self.now)
        self.now = self._before.pop()
        self._typed_in = None
        return self.now

    def redo(self) -> State:
        """Go one step forth again, and return what stands in the form then."""
        self._before.append(self.now)
        self.now = self._after.pop()
        self._typed_in = None
        return self.now

    def settle(self, state: State) -> None:
        """Note what the form made of the state of a step: what cannot be shown any more is not in it."""
        self.now = state


def changes(before: State, after: State) -> list[str]:
    """Return the paths at which two states differ, in the order of the later one."""
    paths = dict.fromkeys((*after, *before))
    return [path for path in paths if before.get(path) != after.get(path)]
