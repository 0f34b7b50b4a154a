"""The steps of the form: what is one step, and the way back and forth."""

from gui.setup.history import History, changes

FIELD = object()
"""A place where a user types."""


def test_that_each_change_is_a_step_back_and_forth() -> None:
    history = History({"trials": "20"})
    history.note({"trials": "30"})
    history.note({"trials": "30", "seed": "1"})
    assert history.undo() == {"trials": "30"}
    assert history.undo() == {"trials": "20"}
    assert history.before is None
    assert history.redo() == {"trials": "30"}
    assert history.redo() == {"trials": "30", "seed": "1"}
    assert history.after is None


def test_that_nothing_changed_is_no_step() -> None:
    history = History({"trials": "20"})
    history.note({"trials": "20"})
    assert history.before is None


def test_that_a_new_change_ends_the_way_forth() -> None:
    history = History({"trials": "20"})
    history.note({"trials": "30"})
    history.undo()
    history.note({"trials": "40"})
    assert history.after is None
    assert history.undo() == {"trials": "20"}


def test_that_typing_in_one_place_is_one_step_until_it_is_left() -> None:
    history = History({"trials": "20"})
    for typed in ("2", "", "3", "30"):
        history.note({"trials": typed}, FIELD)
    history.end_typing()
    history.note({"trials": "300"}, FIELD)
    assert history.undo() == {"trials": "30"}
    assert history.undo() == {"trials": "20"}


def test_that_typing_that_is_given_up_leaves_the_way_forth() -> None:
    history = History({"trials": "20"})
    history.note({"trials": "30"})
    history.undo()
    history.note({"trials": "4"}, FIELD)
    assert history.after is None
    history.note({"trials": "20"}, FIELD)
    assert history.redo() == {"trials": "30"}


def test_that_typing_after_another_change_is_another_step() -> None:
    history = History({"trials": "20"})
    history.note({"trials": "25"}, FIELD)
    history.note({"trials": "20"})  # the way back
    history.note({"trials": "28"}, FIELD)
    assert [history.undo()["trials"] for _ in range(3)] == ["20", "25", "20"]


def test_that_typing_that_comes_back_leaves_no_step() -> None:
    history = History({"trials": "20"})
    history.note({"trials": "2"}, FIELD)
    history.note({"trials": "20"}, FIELD)
    assert history.before is None


def test_that_typing_after_undo_is_a_step_of_its_own() -> None:
    history = History({"trials": "20"})
    history.note({"trials": "2"}, FIELD)
    history.undo()
    history.note({"trials": "201"}, FIELD)
    assert history.undo() == {"trials": "20"}


def test_that_another_way_to_write_a_number_is_no_step() -> None:
    history = History({"trials": "20"})
    history.note({"trials": "3e1"}, FIELD)
    history.note({"trials": "30"}, rewritten=True)
    assert history.undo() == {"trials": "20"}
    assert history.before is None
    assert history.redo() == {"trials": "30"}


def test_that_another_way_to_write_a_number_keeps_the_way_forth() -> None:
    history = History({"trials": "20"})
    history.note({"trials": "3e1"}, FIELD)
    history.note({"trials": "3e1", "seed": "1"})
    history.undo()
    history.note({"trials": "30"}, rewritten=True)
    assert history.redo() == {"trials": "3e1", "seed": "1"}
    assert history.undo() == {"trials": "30"}
    assert history.undo() == {"trials": "20"}


def test_that_no_step_is_left_between_two_ways_to_write_a_number() -> None:
    history = History({"trials": "3e1"})
    history.note({"trials": "30"}, FIELD)
    history.undo()
    history.note({"trials": "30"}, rewritten=True)
    assert (history.before, history.after) == (None, None)
    history.note({"trials": "3e1"}, FIELD)
    history.note({"trials": "30"}, rewritten=True)
    assert (history.before, history.after) == (None, None)


def test_that_the_oldest_steps_are_forgotten() -> None:
    history = History({"trials": "0"}, most=3)
    for trials in range(1, 10):
        history.note({"trials": str(trials)})
    assert [history.undo()["trials"] for _ in range(3)] == ["8", "7", "6"]
    assert history.before is None


def test_that_changes_are_named_by_their_paths() -> None:
    assert changes({"a": 1, "b": 2, "d": 4}, {"a": 1, "b": 3, "c": 0}) == ["b", "c", "d"]
