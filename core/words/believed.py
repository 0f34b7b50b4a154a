"""What the search believes, in sentences whose wording follows the evidence; rich text, or plain for those who listen.

The answers of the analysis are costs; here they are told in the objective's own unit and direction.
"""

import html
import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from core.analysis.answers import BeliefAnswer, Believer, Estimate, Slice, TrustAnswer
from core.analysis.findings.explains_little import LITTLE, is_trusted
from core.analysis.when import belief_from, importance_from, trust_from
from core.axis import Axis
from core.conditions import singles
from core.formatting import counted, format_number, format_result, in_letters, listed
from core.parameters import ChoiceParameter, FloatRange, IntegerRange, Parameter, Range, Value
from core.progress import StudyProgress
from core.search.settings import SearchMethod
from core.settings import StudySettings
from core.words.bounds import objective_bounds, within_bounds
from core.words.captions import in_a_sentence
from core.words.ranges import range_in_words
from core.words.too_few import is_over, what_is_lacking
from core.words.trials import parameters_by_name

NEXT = "◆"
"""The mark of the next point, in sentences and in plots."""
ALMOST_ALL = 0.995
"""A share above this would be written as all, which nobody can know."""
_NOTHING = "Nothing can be told about the best ranges yet"
_MOST_NAMED = 5
"""So many parameters that nothing can be told of are named; more are counted."""
_RUN = 3
"""So many neighbouring numbers are told by the first and the last of them."""
_ONLOOKER = {
    SearchMethod.RANDOM: "The search is random: a Gaussian process was fitted for looking only.",
    SearchMethod.GRID: "The search follows a grid: a Gaussian process was fitted for looking only.",
    SearchMethod.BAYESIAN: "A Gaussian process was fitted for looking only.",
}
Interval = tuple[float, float, float]
"""A mean and the lower and upper end around it, in the objective's own unit."""


def turned(progress: StudyProgress, estimate: Estimate) -> Interval:
    """Return a belief about costs as one about the objective, without values outside the bounds of its metric."""
    low, high = sorted((in_unit(progress, estimate.low), in_unit(progress, estimate.high)))
    return in_unit(progress, estimate.mean), low, high


def in_unit(progress: StudyProgress, cost: float) -> float:
    """Return a believed cost as an objective, within the bounds of its metric."""
    return within_bounds(progress, progress.objective.cost(cost))


def with_interval(interval: Interval) -> str:
    """Return "16.58 (95 %: 15.99 to 17.23)"."""
    mean, low, high = interval
    return f"{format_number(mean)} (95 %: {format_number(low)} to {format_number(high)})"


# The answer


def answer_in_words(
    progress: StudyProgress, answer: BeliefAnswer, trust: TrustAnswer | None, after: int | None = None
) -> str:
    """Return where the best is, as far as can be told; `after` is the number of ended trials of a past belief.

    Nothing is told by a belief that is not known to explain something.
    """
    told, rest = _told(progress.settings, answer)
    begin = f"After {counted(after, 'trial')}: " if after is not None else ""
    if not is_trusted(trust):
        sentence = f"{_NOTHING}: {_why_not(progress, trust, progress.results_after(after))}."
        return f"{begin}{sentence[0].lower()}{sentence[1:]}" if begin else sentence
    if answer.believer is Believer.TREES:
        return f"{begin}{_best_of_trees(progress, answer, begins=not begin)}"
    if not told:
        sentence = "nothing can be told apart so far." if begin else "Nothing can be told apart so far."
        return f"{begin}{sentence}"
    named = listed(f"{html.escape(name)} <b>{html.escape(values)}</b>" for name, values in told)
    best = f"{begin}{'best' if begin else 'Best'} with {named}."
    return " ".join(filter(None, (best, _rest(rest))))


def _why_not(progress: StudyProgress, trust: TrustAnswer | None, count: int) -> str:
    """Return why nothing is told after so many results."""
    if trust is not None:
        little = "explains too little" if not trust.r2 >= LITTLE else "may explain nothing"
        return f"the belief {little} of what differs between results"
    first = trust_from(len(progress.settings.varied))
    if count >= first:
        return "it is not known how far the belief can be trusted"
    if is_over(progress, count):
        return f"it takes {first} results to know whether to trust the belief, and the study ended with {count}"
    return f"from trial {first} on it is known whether to trust the belief"


def _best_of_trees(progress: StudyProgress, answer: BeliefAnswer, *, begins: bool) -> str:
    """Return where the trees' mean is the best: they know no difference's interval, and so not what is as good."""
    values = _values_in_words(progress.settings, progress.trials[answer.lowest_trial].values, many=_MOST_NAMED)
    return f"{'Best' if begins else 'best'} by the mean of the trees: <b>{html.escape(values)}</b>."


def _told(settings: StudySettings, answer: BeliefAnswer) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the parameters of which something can be told, with which values are as good, and the other ones."""
    parameters, told, rest = parameters_by_name(settings), [], []
    for one in answer.slices:
        parameter = parameters[one.parameter]
        values = good_values(one, parameter, settings.varied[one.parameter])
        if values:
            told.append((in_a_sentence(parameter), values))
        else:
            rest.append(in_a_sentence(parameter))
    return told, rest


def _rest(names: Sequence[str]) -> str:
    if not names:
        return ""
    named = listed(names) if len(names) <= _MOST_NAMED else f"the other {len(names)} parameters"
    return f"{html.escape(named[0].upper() + named[1:])}: any value may be as good."


def good_values(one: Slice, parameter: Parameter, given: Range) -> str:
    """Return which values are as good as the best: "0.0058 to 0.046", "up to 67", "1 or 2"; empty for nearly all."""
    if not one.told or not one.values:
        return ""
    if Axis(given).lanes:
        return _good_lanes(one, parameter)
    told = (_stretch(low, high, parameter, given) for low, high in one.stretches)
    return listed(list(filter(None, told)), "or")


def _stretch(low: float | None, high: float | None, parameter: Parameter, given: Range) -> str:
    """Return "0.0058 to 0.046", or with one end; rounded outwards, so that all that is as good is within."""
    least = None if low is None else _bound(low, parameter, given, up=False)
    most = None if high is None else _bound(high, parameter, given, up=True)
    if least is not None and most is not None:
        return f"{least} to {most}" if least != most else least
    return f"up to {most}" if most is not None else f"from {least}" if least is not None else ""


def _bound(number: float, parameter: Parameter, given: Range, *, up: bool) -> str:
    """Return an end with two digits, or as many as keep it within the range."""
    if float(number).is_integer() and isinstance(parameter.plain(1), int):
        return parameter.text(int(number))
    if not isinstance(given, FloatRange | IntegerRange) or given.step:
        return format_number(number, 4)
    for digits in range(2, 7):
        rounded = _rounded(number, digits, up=up)
        if given.low < rounded < given.high:
            return format_number(rounded, digits)
    return format_number(number, 7)


def _rounded(number: float, digits: int, *, up: bool) -> float:
    """Return the number with so many digits, not below it or not above it."""
    exact = Decimal(repr(float(number)))
    unit = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    return float(exact.quantize(unit, ROUND_CEILING if up else ROUND_FLOOR))


def _good_lanes(one: Slice, parameter: Parameter) -> str:
    good = [place for place, is_good in enumerate(one.as_good) if is_good]
    texts = [parameter.text(one.values[place]) for place in good]
    numbers = not any(isinstance(value, str | bool) for value in one.values)
    if not (numbers and len(good) >= _RUN and good[-1] - good[0] == len(good) - 1):
        return listed(texts, "or")
    if good[0] == 0:
        return f"up to {texts[-1]}"
    return f"from {texts[0]}" if good[-1] == len(one.values) - 1 else f"{texts[0]} to {texts[-1]}"


# How sure


def sure_in_words(progress: StudyProgress, answer: BeliefAnswer, *, now: bool = True) -> str:
    """Return what the best mean is believed to be, whether the best result was lucky, and what the next may bring.

    `now` is whether the belief is that of all trials.
    """
    parts = (
        f"{_lowest(progress, answer)}{_luck(progress, answer) if now else ''}.",
        _onlooker(progress, answer),
        _next(progress, answer),
        _held(answer),
    )
    return " ".join(filter(None, parts))


def _lowest(progress: StudyProgress, answer: BeliefAnswer) -> str:
    mean, low, high = turned(progress, answer.lowest)
    extreme = progress.objective.extreme
    at = f"at trial {answer.lowest_trial}"
    number, ends = f"<b>{format_number(mean)}</b>", f"{format_number(low)} to {format_number(high)}"
    if answer.believer is Believer.TREES:
        return f"The {extreme} mean of the trees is {number}, {at} (95 %, by the spread of the trees: {ends})"
    return f"The {extreme} mean is believed to be {number}, {at} (95 %: {ends})"


def _luck(progress: StudyProgress, answer: BeliefAnswer) -> str:
    """Tell that the best result is better than its own 95 %, where that is known."""
    best = progress.best
    if best is None or best.objective is None or answer.here is None or answer.through_trial != best.number:
        return ""
    lucky = progress.objective.cost(best.objective) < answer.here.low
    return f"; {format_result(best.objective)} was lucky" if lucky else ""


def _onlooker(progress: StudyProgress, answer: BeliefAnswer) -> str:
    return _ONLOOKER[progress.settings.search.method] if answer.believer is Believer.ONLOOKER else ""


def _next(progress: StudyProgress, answer: BeliefAnswer) -> str:
    if answer.next is None:
        return "No point is left to try."
    if answer.next_trial is not None and answer.next_improvement is None:
        return f"Next {NEXT} is trial {answer.next_trial}, which was interrupted and runs again."
    if answer.spread:
        return f"The next point {NEXT} is one of those spread over the ranges."
    gain, scatter = answer.next_improvement, scatter_in_words(progress, answer.noise)
    if gain is None or not math.isfinite(gain):
        return f"One {scatter}." if scatter else ""
    where = "the next point" if answer.next_trial is None else f"trial {answer.next_trial}, which runs again first,"
    if gain > _room(progress, answer):
        more = f" One {scatter}." if scatter else ""
        return f"At {where} {NEXT} an improvement is to be expected; how much cannot be told yet.{more}"
    sentence = f"At {where} {NEXT} an improvement of <b>{format_number(gain, 2)}</b> is to be expected"
    return f"{sentence}, where one {scatter}." if scatter else f"{sentence}."


def _room(progress: StudyProgress, answer: BeliefAnswer) -> float:
    """Return how far the believed best is from the best that the metric can be: no improvement is larger."""
    mean, _, _ = turned(progress, answer.lowest)
    least, most = objective_bounds(progress)
    return most - mean if progress.objective.higher_is_better else mean - least


def scatter_in_words(progress: StudyProgress, noise: float | None) -> str:
    """Return "training scatters by ± 0.76", of several trainings a trial "trial scatters by …"; empty if unknown."""
    if noise is None or not math.isfinite(noise):
        return ""
    what = "training" if progress.settings.data.fits == 1 else "trial"
    return f"{what} scatters by ± {format_number(noise, 2)}"


def _held(answer: BeliefAnswer) -> str:
    if answer.total <= len(answer.trials):
        return ""
    return f"It is told of {len(answer.trials):,} of {answer.total:,} trials."


# The plot of slices


def slices_title(progress: StudyProgress, answer: BeliefAnswer | None, *, at_best: bool, tied: bool = False) -> str:
    """Return what the slices go through."""
    if answer is None:
        return "Observed so far"
    if answer.averaged:
        return "Averaged over the other parameters"
    if answer.through_trial is None:
        return f"Slices through {_moved_in_words(progress, answer)}"
    best = ", one of the best observed" if tied else ", the best observed"
    return f"Slices through trial {answer.through_trial}{best if at_best else ''}"


def _moved_in_words(progress: StudyProgress, answer: BeliefAnswer) -> str:
    """Return "trial 39, but optimiser Adam" for a point that shares values with the best trial; else its values."""
    best, through = progress.best, answer.through
    moved = through if best is None else {n: v for n, v in through.items() if best.values.get(n) != v}
    if best is None or len(moved) >= len(through):
        return _values_in_words(progress.settings, through)
    return f"trial {best.number}, but {_values_in_words(progress.settings, moved)}"


def _values_in_words(settings: StudySettings, values: Mapping[str, Value], many: int = _RUN) -> str:
    """Return the varied values of a point, of many the first ones."""
    parameters = parameters_by_name(settings)
    varied = [name for name in settings.varied if name in values]
    named = [f"{in_a_sentence(parameters[name])} {parameters[name].text(values[name])}" for name in varied]
    return ", ".join(named) if len(named) <= many else f"{', '.join(named[:many])}, …"


def slices_subtitle(progress: StudyProgress, answer: BeliefAnswer) -> str:
    """Return what is believed where the slices go through, and the values of their trial; other values are above.

    The values come last: they are above the slices, too, and a narrow title leaves them out.
    """
    here = here_in_words(progress, answer)
    if answer.averaged or answer.through_trial is None:
        return here
    return f"{here}; {_values_in_words(progress.settings, answer.through)}"


def here_in_words(progress: StudyProgress, answer: BeliefAnswer) -> str:
    """Return the belief where the slices are, and what was observed there."""
    if answer.here is None:
        return "the mean over all their values" if answer.averaged else ""
    believed = f"{_verb(answer)} {with_interval(turned(progress, answer.here))}"
    trial = None if answer.through_trial is None else progress.trials.get(answer.through_trial)
    if trial is None or trial.objective is None:
        return believed
    data = progress.settings.data
    over = f" over {data.folds} folds" if data.folds and trial.spread is not None else ""
    return f"{believed}, observed {trial.objective_in_words}{over}"


def applies_in_words(settings: StudySettings, name: str) -> str:
    """Return where a parameter applies: "applies with SGD or RMSprop"."""
    parameters, condition = parameters_by_name(settings), settings.conditions.get(name)
    said = []
    for single in () if condition is None else singles(condition):
        other = parameters[single.parameter]
        values = single.text(other.text)
        alone = isinstance(other, ChoiceParameter)
        said.append(values if alone else f"{in_a_sentence(other)} {values}")
    return f"applies with {listed(said)}" if said else "does not apply here"


def _verb(answer: BeliefAnswer) -> str:
    return "mean of the trees" if answer.believer is Believer.TREES else "believed"


# Too early


def too_early(progress: StudyProgress, results: int) -> str:
    """Return "Too early to believe anything: 3 of 5 results."."""
    if is_over(progress, results):
        return f"Too few results to believe anything. {what_is_lacking(progress, results)}"
    needed = belief_from(len(progress.settings.varied))
    return f"Too early to believe anything: <b>{results} of {needed}</b> results."


def steps_to_come(progress: StudyProgress, results: int) -> list[tuple[int, str, str]]:
    """Return the number of results from which on something is told, when that is in words, and what; in order."""
    varied, search = len(progress.settings.varied), progress.settings.search
    steps = [
        (belief_from(varied), "the belief: slices and map"),
        (trust_from(varied), "how far it can be trusted"),
        (importance_from(varied), "what explains the differences"),
    ]
    if search.method is SearchMethod.BAYESIAN:
        steps.append((search.initial_points + 1, "the search follows it"))
    observed = (
        f"{in_letters(results)} observed {'result' if results == 1 else 'results'}" if results else "no result yet"
    )
    return [(0, "Now", observed), *((at, _when(progress, results, at), what) for at, what in sorted(steps))]


def _when(progress: StudyProgress, results: int, at: int) -> str:
    return f"With {at} results" if is_over(progress, results) else f"From trial {at}"


def no_map_yet(progress: StudyProgress, results: int) -> str:
    """Return what stands in the map's place before it can be drawn, after so many results."""
    first = belief_from(len(progress.settings.varied))
    if results >= first:
        return "The belief over two parameters is being computed."
    if is_over(progress, results):
        return what_is_lacking(progress, results)
    return f"From trial {first} on, the belief over two parameters is drawn here as a map."


def no_improvement(settings: StudySettings) -> str:
    """Return what stands in the strip of expected improvement where nothing is expected."""
    match settings.search.method:
        case SearchMethod.RANDOM:
            return "A random search expects nothing."
        case SearchMethod.GRID:
            return "A grid search expects nothing."
        case SearchMethod.BAYESIAN:
            pass
    return f"Nothing to say yet: the first {settings.search.initial_points} points are spread over the ranges"


# For those who listen


def belief_read_out(
    progress: StudyProgress,
    answer: BeliefAnswer,
    trust: TrustAnswer | None,
) -> str:
    """Return the page in plain words."""
    told, _ = _told(progress.settings, answer)
    where = f"best with {listed(f'{name} {values}' for name, values in told)}" if told else "nothing can be told apart"
    where = where if is_trusted(trust) else _NOTHING[0].lower() + _NOTHING[1:]
    mean, low, high = turned(progress, answer.lowest)
    ends = f"95 percent from {format_number(low)} to {format_number(high)}"
    explains = f" It explains {explained_share(trust.r2)} percent." if trust is not None else ""
    extreme = progress.objective.extreme.capitalize()
    return (
        f"After {counted(answer.total, 'trial')}: {where}. {extreme} mean {format_number(mean)} at trial "
        f"{answer.lowest_trial}, {ends}.{explains}"
    ).strip()


def explained_share(r2: float) -> str:
    """Return a leave-one-out R², or an end of its interval, as the per cent that is explained: never all of it."""
    return "over 99" if ALMOST_ALL <= r2 < 1 else f"{round(100 * max(0.0, r2))}"


def slice_read_out(
    progress: StudyProgress, answer: BeliefAnswer, one: Slice, label: str, given: Range, parameter: Parameter
) -> str:
    """Return one slice in plain words: "Learning rate, 0.0001 to 0.1, log: lowest 16.54 at 0.019, …"."""
    begin = f"{label}, {range_in_words(parameter, given)}"
    if not one.values:
        return f"{begin}: does not apply where the slice is"
    if one.lowest is None:
        return f"{begin}: rules allow no value where the slice is"
    mean = format_number(in_unit(progress, one.band.mean[one.lowest]))
    said = [f"{progress.objective.extreme} {mean} at {_read(parameter, one.values[one.lowest])}"]
    said.append(_as_good_read_out(one, parameter, given))
    if answer.here is not None and one.parameter in answer.through:
        said.append(f"at the slice {format_number(in_unit(progress, answer.here.mean))}")
    upcoming = "" if answer.next is None else answer.next.get(one.parameter)
    next_ = f"; next {_read(parameter, upcoming)}" if upcoming not in (None, "") else ""
    return f"{begin}: {', '.join(said)}{next_}"


def _as_good_read_out(one: Slice, parameter: Parameter, given: Range) -> str:
    good = good_values(one, parameter, given)
    if not good:
        return "any value may be as good"
    if Axis(given).lanes:
        return f"as good with {good}"
    return f"as good {good}" if good.split()[0] in ("up", "from", "about") else f"as good from {good}"


def _read(parameter: Parameter, value: Value) -> str:
    return format_number(value, 2) if isinstance(value, float) else parameter.text(value)
