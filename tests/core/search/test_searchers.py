"""The search process, when it is lost and when it hangs."""

import os
import signal
from collections.abc import Iterator
from time import monotonic

import msgspec
import psutil
import pytest

import core.search.searchers
from core.errors import AfinaError, SearchRefused
from core.models.catalogue import family_named
from core.search.proposal import Proposal, ProposalRequest
from core.search.searchers import SearchProcess
from core.search.settings import InitialDesign, SearchSettings
from tests import children

RANGES = {parameter.name: parameter.first_range() for parameter in family_named("linear").parameters}
REQUEST = ProposalRequest(RANGES, SearchSettings(), 0, 1, ())


@pytest.fixture
def search() -> Iterator[SearchProcess]:
    made = SearchProcess()
    yield made
    made.close()


def answer_of(search: SearchProcess) -> Proposal:
    deadline = monotonic() + 60
    while (proposal := search.answer(0.02)) is None:
        assert monotonic() < deadline
    return proposal


@pytest.mark.parametrize(
    ("target", "silence", "said"),
    [(children.log_and_end, 600.0, "it ended itself with exit code 5"), (children.hold, 0.2, "it did not answer for ")],
)
def test_that_a_search_that_is_lost_twice_is_a_sentence(
    target: object, silence: float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.search.searchers, "run_search", target)
    monkeypatch.setattr(core.search.searchers, "SILENCE", silence)
    search = SearchProcess()
    pid = search.pid
    search.ask(REQUEST)
    with pytest.raises(AfinaError, match=f"The next point could not be computed, .* was lost twice: {said}"):
        answer_of(search)
    assert not psutil.pid_exists(pid)
    search.close()


def test_that_sobol_points_that_collapse_are_a_sentence_and_other_points_still_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(core.search.searchers, "run_search", children.search_without_direction_numbers)
    search = SearchProcess()
    for _ in range(2):
        search.ask(REQUEST)
        with pytest.raises(SearchRefused, match="SciPy's file of Sobol' numbers is missing or damaged"):
            answer_of(search)
    halton = SearchSettings(initial_design=InitialDesign.HALTON)
    search.ask(msgspec.structs.replace(REQUEST, search=halton))
    assert answer_of(search).point is not None
    search.close()


@pytest.mark.slow
def test_that_a_request_is_answered_whether_its_process_is_lost_or_busy(search: SearchProcess) -> None:
    os.kill(search.pid, signal.SIGKILL)
    search.ask(REQUEST)
    assert answer_of(search).point is not None
    pid = search.pid
    search.ask(REQUEST)
    search.ask(REQUEST)  # what was asked before is given up
    assert search.pid != pid
    assert answer_of(search).point is not None
    pid = search.pid
    search.ask(REQUEST)
    assert search.pid == pid
    assert answer_of(search).point is not None
