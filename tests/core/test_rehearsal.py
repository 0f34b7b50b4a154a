"""Which configurations a rehearsal tries, and the arithmetic of what they say."""

from collections.abc import Mapping

import msgspec
import pytest

from core.datasets.settings import DataSettings
from core.models.catalogue import family_named
from core.models.settings import ModelSettings
from core.parameters import Fixed, IntegerRange, Range
from core.rehearsal.configurations import (
    Configuration,
    Measured,
    Part,
    Rehearsal,
    Result,
    configurations,
    is_harmless,
    same_training,
    samples,
)
from core.rehearsal.forecast import forecast
from core.rules import Relation, Rule
from core.search.settings import SearchMethod, SearchSettings
from core.settings import BudgetSettings, LimitSettings, StudySettings, tutorial_settings
from core.words.rehearsals import remedy, sheet, stage, summary, verdict, worries
from tests.families import CONDITIONAL, EVERY_KIND, declare


def settings_of(family: str, **ranges: Range) -> StudySettings:
    first = {parameter.name: parameter.first_range() for parameter in family_named(family).parameters}
    return StudySettings(model=ModelSettings(family_name=family, ranges=first | ranges))


def by_part(settings: StudySettings) -> Mapping[Part, Configuration]:
    return {configuration.part: configuration for configuration in configurations(settings)}


def test_that_the_smallest_is_small_in_large_batches_and_the_largest_is_large() -> None:
    found = by_part(settings_of("mlp", epochs=IntegerRange(2, 20), dropout=Fixed(0.0)))
    smallest, middle, largest, slowest = (found[part].values for part in (*Part,)[:4])
    assert (smallest["layers"], smallest["units"], smallest["epochs"], smallest["batch_size"]) == (1, 8, 2, 100)
    assert (middle["layers"], middle["units"], middle["epochs"], middle["batch_size"]) == (2, 31, 11, 50)
    assert (largest["layers"], largest["units"], largest["epochs"], largest["batch_size"]) == (3, 128, 20, 100)
    assert slowest == largest | {"batch_size": 1}
    assert {values["dropout"] for values in (smallest, middle, largest, slowest)} == {0.0}
    assert {values["optimizer"] for values in (smallest, middle, largest, slowest)} == {"adam"}


def test_that_a_configuration_is_tried_once_though_it_is_two_things_at_a_time() -> None:
    assert Part.SLOWEST not in by_part(settings_of("mlp", batch_size=Fixed(32)))
    only_choice = {name: Fixed(p.default) for name, p in ((p.name, p) for p in family_named("mlp").parameters)}
    found = by_part(settings_of("mlp", **only_choice | {"layers": IntegerRange(1, 2)}))
    assert [configuration.values["layers"] for configuration in found.values()] == [1, 2]


def test_that_every_kind_of_range_has_its_ends_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    found = by_part(declare(monkeypatch, EVERY_KIND))
    assert found[Part.SMALLEST].values["kernel"] == 1
    assert found[Part.MIDDLE].values["kernel"] == 3
    assert found[Part.LARGEST].values["kernel"] == 7
    assert found[Part.SMALLEST].values["bias"] is False
    assert found[Part.LARGEST].values["bias"] is True
    assert found[Part.LARGEST].values["width"] == 128


def test_that_a_configuration_has_only_what_applies_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = declare(monkeypatch, CONDITIONAL)
    found = by_part(settings)
    assert not {"second", "third"} & found[Part.SMALLEST].values.keys()
    assert "second" in found[Part.MIDDLE].values
    assert found[Part.LARGEST].values["third"] == "c"
    assert "learning_rate" not in found[Part.LARGEST].values
    random = samples(settings, 50)
    assert all(("third" in sample.values) is (sample.values["depth"] == 3) for sample in random)
    assert random == samples(settings, 50)


def measured(build: float = 0.0, trace: float = 0.0, epoch: float = 1.0, memory: int = 0) -> Measured:
    return Measured(build_seconds=build, trace_seconds=trace, epoch_seconds=epoch, memory=memory, over=True)


def rehearsal(
    settings: StudySettings, answers: Mapping[Part, Measured], *, free_memory: int = 0, random: int = 0
) -> Rehearsal:
    tried = [*configurations(settings), *samples(settings, random)]
    results = tuple(Result(one, answers.get(one.part)) for one in tried)
    return Rehearsal(settings=settings, results=results, free_memory=free_memory, over=True)


ALIKE = dict.fromkeys(Part, measured())


def random_search(trials: int = 10, workers: int = 1, **more: object) -> StudySettings:
    """Return a study whose proposals take no time."""
    return msgspec.structs.replace(
        tutorial_settings(),
        budget=BudgetSettings(trials=trials),
        search=SearchSettings(method=SearchMethod.RANDOM),
        workers=workers,
        **more,
    )


def test_that_a_study_takes_its_trials_times_the_epochs_and_what_comes_before_them() -> None:
    found = forecast(rehearsal(random_search(), dict.fromkeys(Part, measured(build=2.0, epoch=0.5))))
    assert found is not None
    assert found.trial.typical == pytest.approx(2 + 10 * 0.5)
    assert found.study.typical == pytest.approx(10 * 7, rel=0.01)


def test_that_random_configurations_weigh_as_much_as_the_middle_and_the_ends_are_the_range() -> None:
    epochs = {Part.SMALLEST: 0.1, Part.MIDDLE: 0.2, Part.LARGEST: 1.0, Part.SLOWEST: 4.0, Part.SAMPLE: 0.8}
    found = forecast(rehearsal(random_search(), {part: measured(epoch=s) for part, s in epochs.items()}, random=2))
    assert found is not None
    assert (found.trial.low, found.trial.typical, found.trial.high) == pytest.approx((1, 6, 40))


def test_that_the_first_configuration_alone_pays_for_what_is_done_once() -> None:
    answers = dict.fromkeys(Part, measured(build=1.0)) | {Part.SMALLEST: measured(build=31.0)}
    found = forecast(rehearsal(random_search(), answers))
    assert found is not None
    assert found.trial.low == pytest.approx(11)
    assert found.study.typical == pytest.approx(30 + 10 * 11, rel=0.01)


def test_that_with_folds_it_pays_once_and_its_trial_is_shown_without_that() -> None:
    settings = random_search(data=DataSettings(folds=5))
    answers = dict.fromkeys(Part, measured(build=1.0)) | {Part.SMALLEST: measured(build=31.0)}
    found = forecast(rehearsal(settings, answers))
    assert found is not None
    assert (found.trial.low, found.trial.high) == pytest.approx((55, 55))
    assert found.study.typical == pytest.approx(30 + 10 * 55, rel=0.01)
    (trials,) = (row[1:] for row in sheet(rehearsal(settings, answers)) if row[0] == "A trial")
    assert len(set(trials)) == 1


def test_that_a_trace_that_serves_all_counts_once_and_one_for_each_model_for_each_trial() -> None:
    one_graph = dict.fromkeys(Part, measured(trace=0.001)) | {Part.SMALLEST: measured(trace=5.0)}
    shared = forecast(rehearsal(random_search(), one_graph, random=2))
    each = forecast(rehearsal(random_search(), dict.fromkeys(Part, measured(trace=5.0)), random=2))
    assert shared is not None
    assert each is not None
    assert shared.study.typical == pytest.approx(100 + 5, rel=0.01)
    assert each.study.typical == pytest.approx(100 + 50, rel=0.01)


def test_that_trials_at_once_share_the_time_as_far_as_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for workers, seconds in ((1, 100), (2, 50), (4, 50)):
        found = forecast(rehearsal(random_search(workers=workers), ALIKE))
        assert found is not None
        assert found.study.typical == pytest.approx(seconds, rel=0.01)


def test_that_proposals_cost_more_the_more_trials_there_are() -> None:
    bayesian = msgspec.structs.replace(random_search(2000), search=SearchSettings())
    slow, fast = forecast(rehearsal(bayesian, ALIKE)), forecast(rehearsal(random_search(2000), ALIKE))
    assert slow is not None
    assert fast is not None
    assert 500 < slow.study.typical - fast.study.typical < 2000


def test_that_nothing_is_foretold_of_what_was_not_measured() -> None:
    assert forecast(rehearsal(random_search(), {})) is None
    assert forecast(rehearsal(random_search(), {Part.SMALLEST: Measured(problem="no", over=True)})) is None


def test_that_all_is_well_without_a_word() -> None:
    assert worries(rehearsal(random_search(), ALIKE, free_memory=2**33)) == []


def test_that_a_configuration_that_fails_is_named_with_its_values() -> None:
    answers = ALIKE | {Part.LARGEST: Measured(problem="ValueError: Negative dimension", over=True)}
    (sentence,) = worries(rehearsal(random_search(), answers))
    assert sentence.startswith("The largest configuration (learning rate 0.1, batch size 100) failed: ValueError: Neg")


def test_that_what_all_share_is_said_once() -> None:
    answers = dict.fromkeys(Part, Measured(problem="The file is gone.", over=True))
    assert worries(rehearsal(random_search(), answers)) == [
        "Every configuration that was tried failed: The file is gone."
    ]


def test_that_the_verdict_says_whether_all_can_be_trained_and_how_long_it_takes() -> None:
    fine = rehearsal(random_search(9), ALIKE, random=3)
    assert verdict(fine) == "All 4 can be trained. About 1½ minutes."
    assert remedy(fine) == ""
    assert summary(fine)[-1] == "3 random configurations tried as well, for these numbers."
    two_points = settings_of("linear", batch_size=Fixed(8), learning_rate=Fixed(0.1), epochs=IntegerRange(10, 11))
    assert verdict(rehearsal(two_points, ALIKE)).startswith("Both can be trained. About ")
    nothing = msgspec.structs.replace(fine, results=())
    assert verdict(nothing).startswith("Nothing could be tried: ")


FAILED = Measured(problem="no", over=True)


@pytest.mark.parametrize(
    ("answers", "said", "advice"),
    [
        (ALIKE | {Part.SMALLEST: FAILED}, "3 of 4 can be trained: the smallest cannot.", "Narrow the ranges"),
        (
            ALIKE | {Part.LARGEST: FAILED, Part.SLOWEST: FAILED},
            "2 of 4 can be trained: the largest and slowest cannot.",
            "Narrow the ranges",
        ),
        (ALIKE | {Part.SAMPLE: FAILED}, "All 4 can be trained, but a random one cannot.", "Narrow the ranges"),
        (dict.fromkeys(Part, FAILED), "None of 4 can be trained.", "A study would fail, too: mend first"),
        ({Part.SMALLEST: FAILED}, "None of 4 can be trained.", "A study would fail, too: mend first"),
        ({Part.SMALLEST: measured()}, "1 of 4 can be trained.", "What was not tried is likely to take long"),
    ],
)
def test_that_a_mixed_verdict_says_what_can_be_done(answers: Mapping[Part, Measured], said: str, advice: str) -> None:
    found = rehearsal(random_search(), answers, random=1)
    assert verdict(found) == said
    assert remedy(found).startswith(advice)


def test_that_a_rehearsal_under_way_says_what_it_does_and_how_far_it_is() -> None:
    def said(answers: Mapping[Part, Measured], free_memory: int = 2**32, random: int = 0) -> str:
        return stage(rehearsal(random_search(), answers, free_memory=free_memory, random=random))

    done = {Part.SMALLEST: measured(), Part.MIDDLE: measured()}
    assert said({}, free_memory=0) == "Loading TensorFlow…"
    assert said({}) == "Trying the smallest, 1 of 4: building and compiling its model…"
    training = Measured(weights=9, trace_seconds=0.5)
    assert said(done | {Part.LARGEST: training}) == "Trying the largest, 3 of 4: training…"
    named = dict.fromkeys((*Part,)[:4], measured())
    assert said(named, random=1) == "Trying random ones, to know better how long the study takes…"


def test_that_what_was_not_tried_is_said() -> None:
    answers = {Part.SMALLEST: measured(), Part.MIDDLE: measured()}
    assert worries(rehearsal(random_search(), answers)) == [
        "Not tried any more: the largest and the slowest configuration."
    ]


@pytest.mark.parametrize(
    ("data", "megabytes", "kept"),
    [
        (DataSettings(folds=5), 10, 4),
        (DataSettings(folds=5, repeats=2), 10, 9),
        (DataSettings(folds=5), 100, 3),
        (DataSettings(folds=5), 300, 1),
        (DataSettings(repeats=5), 10, 0),
        (DataSettings(), 10, 0),
    ],
    ids=["folds", "repeated folds", "more than there is room for", "no room", "repeats", "hold-out"],
)
def test_that_the_memory_of_a_study_with_folds_has_room_for_those_that_are_kept(
    data: DataSettings, megabytes: int, kept: int
) -> None:
    answer = msgspec.structs.replace(measured(memory=2**30), data_memory=megabytes * 2**20)
    found = rehearsal(msgspec.structs.replace(random_search(), data=data), dict.fromkeys(Part, answer))
    assert found.memory == 2**30 + kept * megabytes * 2**20


def test_that_memory_that_does_not_suffice_for_all_at_once_is_a_warning() -> None:
    large = dict.fromkeys(Part, measured(memory=3 * 2**30))
    assert worries(rehearsal(random_search(workers=2), large, free_memory=7 * 2**30)) == []
    assert worries(rehearsal(random_search(workers=3), large, free_memory=7 * 2**30)) == [
        "3 trials at once may need 9.0 GB of memory, and 7.0 GB are free."
    ]
    limited = random_search(limits=LimitSettings(trial_megabytes=2048))
    (sentence,) = worries(rehearsal(limited, large))
    assert "may need 3.0 GB of memory, and a trial that takes more than 2.0 GB fails" in sentence


def test_that_a_study_of_hours_is_a_warning_unless_its_time_is_limited() -> None:
    (sentence,) = worries(rehearsal(random_search(500), ALIKE))
    assert "longer than an hour" in sentence
    timed = msgspec.structs.replace(random_search(500), budget=BudgetSettings(trials=500, seconds=600.0))
    (sentence,) = worries(rehearsal(timed, ALIKE))
    assert "ends after 10 min 00 s: by then about 59 of its 500 trials" in sentence


def test_that_a_trial_that_will_pass_its_limit_is_a_warning() -> None:
    (sentence,) = worries(rehearsal(random_search(limits=LimitSettings(trial_seconds=5.0)), ALIKE))
    assert "The longest trials may take 10 s, and a trial that takes longer than 5.0 s fails" in sentence


def test_that_the_sheet_has_a_column_for_each_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = declare(monkeypatch, CONDITIONAL)
    answers = dict.fromkeys(Part, msgspec.structs.replace(measured(memory=2**29, epoch=0.01), weights=12345))
    rows = {row[0]: row[1:] for row in sheet(rehearsal(settings, answers, random=3))}
    assert rows[""] == ["smallest", "middle", "largest"]
    assert rows["Depth"] == ["1", "2", "3"]
    assert rows["Third rule"] == ["–", "–", "C"]
    assert rows["Weights"] == ["12,345"] * 3
    assert rows["Memory"] == ["512 MB"] * 3
    assert rows["An epoch"] == ["10 ms"] * 3
    *_others, trial, compiling = rows
    assert (trial, compiling) == ("A trial", "Compiling, once"), "which a trial's time is without"
    unknown = {row[0]: row[1:] for row in sheet(rehearsal(settings, {Part.SMALLEST: Measured(problem="no")}))}
    assert unknown["A trial"] == ["failed", "–", "–"]


def test_that_the_summary_says_what_trials_and_study_take() -> None:
    said = summary(rehearsal(random_search(1000), dict.fromkeys(Part, measured(memory=2**30)), free_memory=2**32))
    assert said == [
        "A trial: about 10 s.",
        "The study of 1000 trials: about 3 hours.",
        "Memory: up to 1.0 GB; 4.0 GB are free.",
    ]


def test_that_the_tutorial_needs_no_rehearsal_and_another_model_or_data_set_does() -> None:
    tutorial = tutorial_settings()
    assert is_harmless(msgspec.structs.replace(tutorial, seed=7, budget=BudgetSettings(trials=50)))
    assert not is_harmless(msgspec.structs.replace(tutorial, budget=BudgetSettings(trials=100_000)))
    assert is_harmless(msgspec.structs.replace(tutorial, workers=2, budget=BudgetSettings(trials=100_000, seconds=60)))
    assert not is_harmless(settings_of("mlp"))
    assert not is_harmless(settings_of("linear", epochs=Fixed(1_000_000)))
    assert not is_harmless(msgspec.structs.replace(tutorial, data=DataSettings(dataset="diabetes")))


def test_that_a_rehearsal_serves_all_studies_of_the_same_training() -> None:
    tutorial = tutorial_settings()
    assert same_training(tutorial, msgspec.structs.replace(tutorial, seed=5, budget=BudgetSettings(trials=99)))
    assert not same_training(tutorial, settings_of("linear", batch_size=Fixed(1)))


def test_that_all_of_a_trials_trainings_count() -> None:
    once, nine = (
        forecast(rehearsal(random_search(data=DataSettings(folds=folds, repeats=repeats)), ALIKE))
        for folds, repeats in ((0, 1), (3, 3))
    )
    assert once is not None
    assert nine is not None
    assert nine.trial.typical == pytest.approx(9 * once.trial.typical)


def test_that_a_finite_space_ends_the_study() -> None:
    two_points = settings_of("linear", batch_size=Fixed(8), learning_rate=Fixed(0.1), epochs=IntegerRange(10, 11))
    found = forecast(rehearsal(msgspec.structs.replace(two_points, search=random_search().search), ALIKE))
    assert found is not None
    assert found.study.high == pytest.approx(2 * 11, rel=0.01)


def test_that_rules_hold_for_what_is_tried() -> None:
    first = {parameter.name: parameter.first_range() for parameter in family_named("mlp").parameters}
    rule = Rule("batch_size", Relation.AT_MOST, "units")
    settings = StudySettings(model=ModelSettings(family_name="mlp", ranges=first, rules=(rule,)))
    tried = [*configurations(settings), *samples(settings, 20)]
    assert len(tried) > 20
    assert all(float(one.values["batch_size"]) <= float(one.values["units"]) for one in tried)


def test_that_early_stopping_is_mentioned_where_it_may_be() -> None:
    assert not any("stop early" in sentence for sentence in summary(rehearsal(random_search(), ALIKE)))
    patient = settings_of("mlp", patience=Fixed(3))
    assert any("stop early" in sentence for sentence in summary(rehearsal(patient, ALIKE)))
