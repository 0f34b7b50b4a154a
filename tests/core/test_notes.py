"""The note on a trial, and what its duration holds besides training."""

from dataclasses import replace

import pytest

from core.events import EpochEnded, Epochs, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.parameters import Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.settings import tutorial_settings
from core.trial_progress import Curves, TrialProgress
from core.words.notes import compiling_in_words, note_in_words

VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 10, "optimizer": "sgd"}
STARTED = StudyStarted(settings=tutorial_settings(), time=0.0, versions={})
BEGAN = TrialStarted(trial=1, values=VALUES, seed=1, origin=PointOrigin.INITIAL)


def ended(first: float, others: float = 0.01, epochs: int = 10) -> TrialProgress:
    """A trial whose first epoch took so many seconds, and each other one so many."""
    seconds = [first + number * others for number in range(epochs)]
    epochs_ended = [
        EpochEnded(trial=1, epoch=number, loss=1.0, val_loss=1.0, metrics={}, seconds=at)
        for number, at in enumerate(seconds, 1)
    ]
    end = TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=epochs, seconds=seconds[-1], objective=1.0)
    return StudyProgress.of([STARTED, BEGAN, *epochs_ended, end]).trials[1]


def test_that_compiling_is_what_the_first_epoch_took_more_than_the_others() -> None:
    trial = ended(first=1.21)
    assert trial.seconds_compiling == pytest.approx(1.2)
    assert note_in_words(trial, None) == "1.2 s compiling"
    assert compiling_in_words(trial) == "About 1.2 s of it to build and compile the model"


def test_that_little_compiling_is_no_note() -> None:
    assert note_in_words(ended(first=0.05), None) == ""
    assert note_in_words(ended(first=1.0, others=1.0), None) == ""
    assert compiling_in_words(ended(first=0.05)) == "About 0.04 s of it to build and compile the model"


def test_that_nothing_is_said_of_a_single_epoch_or_of_a_trial_under_way() -> None:
    assert ended(first=2.0, epochs=1).seconds_compiling is None
    assert replace(ended(first=2.0), state=TrialState.RUNNING).seconds_compiling is None
    assert compiling_in_words(ended(first=2.0, epochs=1)) == ""


def test_that_a_study_read_from_its_file_tells_the_same() -> None:
    seconds = 1.21, 1.22, 1.23
    together = Epochs(trial=1, first=1, losses=(1.0,) * 3, val_losses=(1.0,) * 3, seconds=seconds, metrics={})
    progress = StudyProgress.of([STARTED, BEGAN, together])
    for event in together.one_by_one():
        assert progress.trials[1].first_epoch_at == seconds[0], event


def test_that_a_message_is_the_note_of_an_ended_trial() -> None:
    trial = replace(ended(first=5.0), message="Trained by Keras's fit")
    assert note_in_words(trial, None) == "Trained by Keras's fit"


def test_that_a_running_trial_tells_how_far_it_is() -> None:
    settings = tutorial_settings()
    trial = TrialProgress(1, VALUES, 1, PointOrigin.INITIAL)
    assert note_in_words(trial, settings) == "before its first epoch"
    trial.fits, trial.epoch = [Curves([1.0] * 6, [1.0] * 6)], 6
    assert note_in_words(trial, settings) == "epoch 6 of 10"
