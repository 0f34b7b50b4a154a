"""Real Keras: any metric as the objective, of the last or the best epoch; early stopping; scripts that repeat it."""

from pathlib import Path
from typing import Any

import pytest

from core.datasets.settings import DataSettings
from core.events import EpochEnded, FailureReason, StudyEnd, TrialEnded, TrialReport, TrialState
from core.export.exporters import PYTHON
from core.models.settings import ModelSettings
from core.objective import Direction, EpochChoice, ObjectiveSettings
from core.parameters import Fixed, FloatRange, Scale, Value
from core.progress import StudyProgress
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, StudySettings, TrainerKind
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.local_engine import LocalEngine
from core.training.request import TrialRequest
from tests.exports import save_export
from tests.scripts import numbers_of, run_script

pytestmark = pytest.mark.slow

BEST_ACCURACY = ObjectiveSettings(metric="val_accuracy", direction=Direction.MAXIMISE, epoch=EpochChoice.BEST)
POINT: dict[str, Value] = {
    "layers": 1,
    "units": 16,
    "activation": "relu",
    "dropout": 0.0,
    "optimizer": "adam",
    "learning_rate": 0.01,
    "batch_size": 16,
    "epochs": 80,
    "patience": 3,
}


def request(objective: ObjectiveSettings) -> TrialRequest:
    return TrialRequest(1, "mlp", POINT, 5, DataSettings(dataset="wine"), 0, objective=objective)


def train(asked: TrialRequest) -> tuple[list[EpochEnded], TrialEnded]:
    from core.training.trial import Training

    run = Training().begin(asked)
    reports: list[TrialReport] = []
    while not reports or not isinstance(reports[-1], TrialEnded):
        reports += run.advance()
    *epochs, end = reports
    assert isinstance(end, TrialEnded)
    return [epoch for epoch in epochs if isinstance(epoch, EpochEnded)], end


def test_that_early_stopping_ends_every_way_of_training_at_the_same_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    import core.training.plan
    from core.training.trial import Training

    whole, end = train(request(BEST_ACCURACY))
    accuracies = [epoch.metrics["val_accuracy"] for epoch in whole]
    assert end.state is TrialState.COMPLETE
    assert end.epoch == len(whole) < 80
    assert end.objective == max(accuracies)
    assert accuracies.index(max(accuracies)) == len(whole) - 1 - 3
    assert end.message == f"Stopped early after {len(whole)} of 80 epochs"
    with monkeypatch.context() as patch:
        patch.setattr(core.training.plan, "SHORT_EPOCH", 0.0)
        pieces, same_end = train(request(BEST_ACCURACY))
    assert [epoch.metrics for epoch in pieces] == [epoch.metrics for epoch in whole]
    assert (same_end.epoch, same_end.objective, same_end.message) == (end.epoch, end.objective, end.message)
    monkeypatch.setattr(Training, "_why_fit", lambda _training, _task: "the test asks for it")
    by_fit, last_end = train(request(BEST_ACCURACY))
    assert len(by_fit) == len(whole)
    assert last_end.objective == pytest.approx(end.objective)
    assert last_end.message == f"{end.message}. Trained by Keras's fit, which is slower: the test asks for it"


def test_that_a_metric_that_the_model_does_not_report_fails_the_trial_with_those_that_it_does() -> None:
    epochs, end = train(request(ObjectiveSettings(metric="val_f1")))
    assert epochs == []
    assert (end.state, end.reason) == (TrialState.FAILED, FailureReason.MODEL_ERROR)
    assert end.message == ("The model reports no metric “val_f1”; it reports accuracy, loss, val_accuracy and val_loss")


def run_study(folder: Path, dataset: str, objective: ObjectiveSettings) -> StudyProgress:
    given: dict[str, Any] = {name: Fixed(value) for name, value in POINT.items()}
    settings = StudySettings(
        data=DataSettings(dataset=dataset),
        model=ModelSettings(family_name="mlp", ranges=given | {"learning_rate": FloatRange(0.001, 0.01, Scale.LOG)}),
        objective=objective,
        search=SearchSettings(initial_points=2),
        budget=BudgetSettings(trials=3),
        trainer=TrainerKind.INLINE,
    )
    engine = LocalEngine()
    try:
        end = engine.start(settings, folder / "study.afina", lambda _events: None, StudyControl())
    finally:
        engine.close()
    assert end.reason is StudyEnd.FINISHED
    return StudyProgress.of(read_study(folder / "study.afina"))


@pytest.mark.parametrize(
    ("dataset", "objective"), [("wine", BEST_ACCURACY), ("breast_cancer", ObjectiveSettings(metric="val_loss"))]
)
def test_that_the_script_stops_at_the_same_epoch_and_gets_the_objective_of_the_best_trial(
    tmp_path: Path, dataset: str, objective: ObjectiveSettings
) -> None:
    progress = run_study(tmp_path, dataset, objective)
    objectives = [trial.objective for trial in progress.trials.values() if trial.objective is not None]
    best = progress.best
    assert len(objectives) == 3
    assert best is not None
    assert best.objective == (max if objective is BEST_ACCURACY else min)(objectives)
    place = tmp_path / "best.py"
    save_export(PYTHON, progress, place)
    again = (
        f"validated = keras.models.load_model(saved).evaluate(x_val, y_val, verbose=0, return_dict=True)\n"
        f'print("again", validated[{objective.metric.removeprefix("val_")!r}], "after", epoch)\n'
    )
    place.write_text(f"{place.read_text(encoding='utf-8')}{again}", encoding="utf-8")
    said = run_script(place)
    found, recorded = numbers_of(said)
    saved, epochs = (float(said.split()[word]) for word in (-3, -1))
    assert recorded == pytest.approx(best.objective, rel=1e-5)
    assert found == pytest.approx(recorded, rel=1e-3)
    assert saved == pytest.approx(found, rel=1e-4), "the saved model is that of the epoch that counted"
    assert epochs == len(best.losses) < 80
