"""What the analysis asks about: the same as the search, so that the next point is the one that will be tried."""

import msgspec
import pytest

from core.analysis.asked import request_after, request_maker
from core.analysis.beliefs import belief
from core.analysis.maps import belief_map
from core.analysis.questions import BeliefQuestion, MapQuestion
from core.events import TrialEnded, TrialState
from core.progress import StudyProgress
from core.search.propose import propose
from core.search.settings import Acquisition
from core.settings import StudySettings, tutorial_settings
from core.study.loop import study_started
from core.study.next_points import NextPoints
from core.words.believed import sure_in_words


def hedged() -> StudySettings:
    settings = tutorial_settings()
    search = msgspec.structs.replace(settings.search, acquisition=Acquisition.HEDGE)
    return msgspec.structs.replace(settings, search=search)


class Here:
    """A searcher that proposes at once."""

    def ask(self, request: object) -> None:
        self.request = request

    def answer(self, seconds: float) -> object:
        return propose(self.request)  # type: ignore[arg-type]

    def close(self) -> None:
        pass


def cost(number: int) -> float:
    return 15.0 + number * 7 % 11


def run(settings: StudySettings, trials: int) -> tuple[StudyProgress, NextPoints]:
    """Run a study of so many trials, one after the other."""
    progress = StudyProgress.of([study_started(settings)])
    points = NextPoints(progress, Here())  # type: ignore[arg-type]
    for _ in range(trials):
        end(progress, begin(progress, points))
    return progress, points


def begin(progress: StudyProgress, points: NextPoints) -> int:
    started = points.next()
    if started is None:
        points.wait(0)
        started = points.next()
    assert started is not None
    progress.apply(started)
    points.take(started)
    return started.trial


def end(progress: StudyProgress, number: int) -> None:
    progress.apply(TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=1, seconds=1.0, objective=cost(number)))


@pytest.mark.parametrize("settings", [tutorial_settings(), hedged()], ids=["ei", "gp_hedge"])
def test_that_the_next_point_is_the_one_that_the_search_takes(settings: StudySettings) -> None:
    progress, points = run(settings, 11)
    shown = belief(BeliefQuestion(request_after(progress)))
    past = belief(BeliefQuestion(request_after(progress, 10)))
    begin(progress, points)
    assert shown.next == {name: progress.trials[12].values[name] for name in settings.varied}
    assert past.next == {name: progress.trials[11].values[name] for name in settings.varied}


def test_that_an_interrupted_trial_is_the_next_point() -> None:
    progress, points = run(tutorial_settings(), 11)
    begin(progress, points)
    progress.mark_interrupted()
    asked = request_maker(progress)()
    assert asked.repeated is not None
    found = belief(BeliefQuestion(asked.request, repeated=asked.repeated))
    assert found.next == {name: progress.trials[12].values[name] for name in progress.settings.varied}
    assert found.next_trial == 12
    assert "At trial 12, which runs again first, ◆ an improvement" in sure_in_words(progress, found)
    assert max(belief(BeliefQuestion(asked.request)).slices[0].improvement) != max(found.slices[0].improvement)
    across, up = list(progress.settings.varied)
    assert belief_map(MapQuestion(asked.request, across, up, repeated=asked.repeated)).improvement


def test_that_of_two_interrupted_trials_the_other_one_is_known_to_come() -> None:
    progress, points = run(tutorial_settings(), 11)
    begin(progress, points)
    begin(progress, points)
    progress.mark_interrupted()
    asked = request_maker(progress)()
    assert asked.repeated is not None
    assert asked.repeated.trial == 12
    assert len(asked.request.pending) == 1


def test_that_a_request_is_as_of_when_it_was_asked_for() -> None:
    progress, points = run(tutorial_settings(), 11)
    make, expected = request_maker(progress), request_after(progress)
    end(progress, begin(progress, points))
    assert make().request == expected
    assert make() is make()
