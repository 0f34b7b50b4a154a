"""Ends a training: after its last epoch, or when the objective's metric has stopped improving."""

import math
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing

from core.errors import TrialFailed
from core.events import FailureReason
from core.formatting import listed
from core.models.declarations import PATIENCE
from core.objective import ObjectiveSettings
from core.training.request import TrialRequest

_Epochs = Sequence[Mapping[str, float]]
"""The logs of epochs, one after the other."""


def up_to(pieces: Generator[_Epochs, None, None], last: int) -> Generator[_Epochs, None, str]:
    """Pass on the first `last` epochs of a training; later ones from the same piece are dropped."""
    with closing(pieces):
        for epochs in pieces:
            yield epochs[:last]
            last -= len(epochs)
            if last <= 0:
                break
    return ""


def as_far_as_it_improves(
    pieces: Generator[_Epochs, None, None], request: TrialRequest
) -> Generator[_Epochs, None, str]:
    """Pass on the epochs of a training until it is over or stops improving; return a note if it stopped early.

    The number of epochs in a piece makes no difference: epochs after the last one are dropped, as if never trained. The
    model may have the weights of a dropped epoch, so do not use them. Raises TrialFailed when the model does not report
    the objective's metric.
    """
    patience = _patience(request)
    improvement = _Improvement(request.objective)
    done = 0
    with closing(pieces):
        for epochs in pieces:
            for number, logs in enumerate(epochs, 1):
                waited = improvement.epochs_since(_metric_in(logs, request.objective.metric))
                if patience and waited >= patience:
                    yield epochs[:number]
                    done += number
                    whole = done == request.values["epochs"]
                    return "" if whole else f"Stopped early after {done} of {request.values['epochs']} epochs"
            done += len(epochs)
            yield epochs
    return ""


def is_trained(course: Sequence[float], request: TrialRequest, fit: int) -> bool:
    """Return whether a training is over; `course` holds the objective's metric after each of its epochs."""
    if request.test_epochs:
        return len(course) >= request.test_epochs[fit - 1]
    patience, improvement = _patience(request), _Improvement(request.objective)
    stopped_early = any(0 < patience <= improvement.epochs_since(value) for value in course)
    return stopped_early or len(course) >= int(request.values["epochs"])


def _patience(request: TrialRequest) -> int:
    return int(request.values.get(PATIENCE.name, 0))


class _Improvement:
    """Counts the epochs since the best value of the objective's metric in this training."""

    def __init__(self, objective: ObjectiveSettings) -> None:
        self._objective = objective
        self._least = math.inf
        self._waited = 0

    def epochs_since(self, value: float) -> int:
        """Add the metric after the next epoch; return how many epochs ago the best value was."""
        cost = self._objective.cost(value)
        self._waited = 0 if cost < self._least else self._waited + 1
        self._least = min(cost, self._least)
        return self._waited


def _metric_in(logs: Mapping[str, float], name: str) -> float:
    try:
        return logs[name]
    except KeyError:
        message = f"The model reports no metric “{name}”; it reports {listed(sorted(logs))}"
        raise TrialFailed(FailureReason.MODEL_ERROR, message, 1) from None
