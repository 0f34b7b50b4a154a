"""The module `keras_tuner` that a model file imports: its hyperparameters take their values from Afina.

The real package is never used, even where it is installed: a file written for it makes a tuner and starts a search of
its own. Here making the tuner tells Afina which hypermodel to tune, and ends the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

from core.conditions import IsOneOf
from core.errors import InvalidSetting
from core.models.custom.declared import Declared
from core.ranges import Choices, FloatRange, IntegerRange, Levels, OffOrOn, Scale, Value

TUNERS = ("BaseTuner", "BayesianOptimization", "GridSearch", "Hyperband", "RandomSearch", "SklearnTuner", "Tuner")
ORACLES = ("BayesianOptimizationOracle", "GridSearchOracle", "HyperbandOracle", "Oracle", "RandomSearchOracle")
INNER = ("tuners", "oracles", "engine", "engine.hyperparameters", "engine.hypermodel", "engine.tuner", "errors")
_BAYESIAN = ("objective", "max_trials", "num_initial_points", "alpha", "beta", "seed")
_HYPERBAND = ("objective", "max_epochs", "factor", "hyperband_iterations", "seed")
_OF_TRIALS = ("objective", "max_trials", "seed")
IN_ORDER: Mapping[str, tuple[str, ...]] = {
    "BaseTuner": ("oracle", "hypermodel"),
    "BayesianOptimization": ("hypermodel", *_BAYESIAN),
    "BayesianOptimizationOracle": _BAYESIAN,
    "GridSearch": ("hypermodel", *_OF_TRIALS),
    "GridSearchOracle": _OF_TRIALS,
    "Hyperband": ("hypermodel", *_HYPERBAND),
    "HyperbandOracle": _HYPERBAND,
    "Oracle": ("objective", "max_trials"),
    "RandomSearch": ("hypermodel", *_OF_TRIALS),
    "RandomSearchOracle": _OF_TRIALS,
    "SklearnTuner": ("oracle", "hypermodel", "scoring", "metrics", "cv"),
    "Tuner": ("oracle", "hypermodel", "max_model_size", "optimizer", "loss", "metrics", "distribution_strategy"),
}
"""The first arguments of tuners and oracles, which can be given without their names."""


class FailedTrialError(Exception):
    """A file raises it to give a trial up; its message is the author's reason."""


class FatalError(Exception):
    """A file raises it to give the whole search up; in Afina the trial fails with the author's reason."""


class FatalValueError(FatalError, ValueError):
    """A FatalError on a value."""


class FatalTypeError(FatalError, TypeError):
    """A FatalError on a kind of value."""


class FatalRuntimeError(FatalError, RuntimeError):
    """A FatalError of any other kind."""


ERRORS = (FailedTrialError, FatalError, FatalValueError, FatalTypeError, FatalRuntimeError)


class TunerMade(BaseException):
    """A file has made a tuner, so the rest of the file is not executed. Not an Exception, so that no file catches it.

    `notes` are sentences for the user on arguments of the tuner that Afina ignores, `told` all other arguments of the
    tuner and of its oracle, by name.
    """

    def __init__(self, hypermodel: object, notes: tuple[str, ...], told: Mapping[str, object]) -> None:
        super().__init__()
        self.hypermodel = hypermodel
        self.notes = notes
        self.told = told


class HyperParameters:
    """The hyperparameters of one build.

    `declared` holds all hyperparameters that the build has asked for, `values` the values of the active ones, `scopes`
    the conditional scopes around each, and `missed` the active ones without a given value. `notes` are sentences for
    the user on requests that Afina ignores.
    """

    def __init__(self, given: Mapping[str, Value] | None = None, known: Mapping[str, Declared] | None = None) -> None:
        """Begin a build; without a `given` value a default is used. `known` are the declarations of earlier builds."""
        self._given = dict(given or {})
        self._known = dict(known or {})
        self._names: list[str] = []
        self._defaults: dict[str, Any] = {}
        self._scopes: list[tuple[IsOneOf, bool]] = []
        self.values: dict[str, Value] = {}
        self.declared: dict[str, Declared] = {}
        self.scopes: dict[str, tuple[IsOneOf, ...]] = {}
        self.missed: list[str] = []
        self.notes: list[str] = []

    # The kinds

    def Int(
        self,
        name: str,
        min_value: int,
        max_value: int,
        step: int | None = None,
        sampling: str | None = "linear",
        default: int | None = None,
        parent_name: str | None = None,
        parent_values: Sequence[Value] | None = None,
    ) -> Any:
        """Return a whole number."""
        first = int(min_value if default is None else default)
        with self._maybe_in_scope(parent_name, parent_values):
            if int(min_value) == int(max_value):
                return self._constant(name, first)
            scale = self._scale(name, sampling)
            by = 0 if step is None or (step == 1 and scale is Scale.LINEAR) else int(step)
            given = _without_odd_step(IntegerRange, int(min_value), int(max_value), scale, by)
            return self._ask(name, given, first)

    def Float(
        self,
        name: str,
        min_value: float,
        max_value: float,
        step: float | None = None,
        sampling: str | None = "linear",
        default: float | None = None,
        parent_name: str | None = None,
        parent_values: Sequence[Value] | None = None,
    ) -> Any:
        """Return a real number."""
        first = float(min_value if default is None else default)
        with self._maybe_in_scope(parent_name, parent_values):
            if float(min_value) == float(max_value):
                return self._constant(name, first)
            scale = self._scale(name, sampling)
            given = _without_odd_step(FloatRange, float(min_value), float(max_value), scale, float(step or 0))
            return self._ask(name, given, first)

    def Choice(
        self,
        name: str,
        values: Sequence[Value],
        ordered: bool | None = None,
        default: Value | None = None,
        parent_name: str | None = None,
        parent_values: Sequence[Value] | None = None,
    ) -> Any:
        """Return one of the values, which are all strings, all booleans or all numbers."""
        different = list(dict.fromkeys(map(_plain, values)))
        first = different[0] if default is None else _plain(default)
        with self._maybe_in_scope(parent_name, parent_values):
            return self._constant(name, first) if len(different) == 1 else self._ask(name, _range_of(different), first)

    def Boolean(
        self,
        name: str,
        default: bool = False,
        parent_name: str | None = None,
        parent_values: Sequence[Value] | None = None,
    ) -> Any:
        """Return False or True."""
        with self._maybe_in_scope(parent_name, parent_values):
            return self._ask(name, OffOrOn(), bool(default))

    def Fixed(
        self,
        name: str,
        value: Any,
        parent_name: str | None = None,
        parent_values: Sequence[Value] | None = None,
    ) -> Any:
        """Return the value."""
        with self._maybe_in_scope(parent_name, parent_values):
            return self._constant(name, value)

    # Scopes and values

    @contextmanager
    def name_scope(self, name: str) -> Iterator[None]:
        """Put `name` before the names of all hyperparameters in the scope."""
        self._names.append(name)
        try:
            yield
        finally:
            self._names.pop()

    @contextmanager
    def conditional_scope(self, parent_name: str, parent_values: Value | Sequence[Value]) -> Iterator[None]:
        """Make the hyperparameters in the scope active only where the parent has one of the values, else None."""
        several = parent_values if isinstance(parent_values, list | tuple) else [parent_values]
        parent = self._full(parent_name)
        condition = IsOneOf(parent, tuple(map(_plain, several)))
        if parent not in self.values and parent not in self.declared:
            raise ValueError(f"There is no hyperparameter {parent!r} to depend on")
        self._scopes.append((condition, parent in self.values and condition.holds(self.values[parent])))
        try:
            yield
        finally:
            self._scopes.pop()

    def get(self, name: str) -> Any:
        """Return the value of an active hyperparameter. Raises KeyError when it is not active."""
        try:
            return self.values[self._full(name)]
        except KeyError:
            raise KeyError(f"There is no active hyperparameter {name!r}") from None

    __getitem__ = get

    def __contains__(self, name: str) -> bool:
        return self._full(name) in self.values

    def is_active(self, name: str) -> bool:
        return name in self.values

    def copy(self) -> "HyperParameters":
        made = HyperParameters(self._given)
        made.values = dict(self.values)
        made._defaults = dict(self._defaults)
        return made

    @property
    def space(self) -> list[SimpleNamespace]:
        """The hyperparameters that the build has declared so far, each with its `name` and `default`."""
        return [SimpleNamespace(name=name, default=default) for name, default in self._defaults.items()]

    def get_config(self) -> dict[str, Any]:
        """Return the space and the values as dictionaries."""
        return {"space": [vars(item) for item in self.space], "values": dict(self.values)}

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"In Afina hp has no {name}: ask for values by Int, Float, Choice, Boolean or get")

    # Shared by all kinds

    @contextmanager
    def _maybe_in_scope(self, parent: str | None, values: Sequence[Value] | None) -> Iterator[None]:
        if parent is None:
            yield
        else:
            with self.conditional_scope(parent, values if values is not None else []):
                yield

    def _full(self, name: str) -> str:
        return "/".join([*self._names, str(name)])

    @property
    def _active(self) -> bool:
        return all(active for _condition, active in self._scopes)

    def _constant(self, name: str, value: Any) -> Any:
        full = self._full(name)
        self._defaults.setdefault(full, value)
        return self.values.setdefault(full, value) if self._active else None

    def _ask(self, name: str, given: FloatRange | IntegerRange | Choices | Levels | OffOrOn, default: Value) -> Any:
        full = self._full(name)
        self._defaults.setdefault(full, default)
        if not all(condition.values for condition, _active in self._scopes):
            return None  # nothing makes it active
        declared = Declared(name=full, range=given, default=default)
        first = self._known.setdefault(full, declared)
        if first.range != given:
            self._note(f"{full} is declared with several ranges: the first counts")
        self.declared[full] = first
        scopes = tuple(condition for condition, _active in self._scopes if condition.parameter in self.declared)
        self._note_scopes(full, scopes)
        if not self._active:
            return None
        if full not in self.values and full not in self._given:
            self.missed.append(full)
        return self.values.setdefault(full, self._given.get(full, default))

    def _scale(self, name: str, sampling: str | None) -> Scale:
        if str(sampling).lower() == "reverse_log":
            self._note(f"{self._full(name)} is searched on a linear scale: Afina has no reverse_log")
        return Scale.LOG if str(sampling).lower() == "log" else Scale.LINEAR

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def _note_scopes(self, name: str, scopes: tuple[IsOneOf, ...]) -> None:
        """Record the scopes; of two different ones, only the parents in both, with the values from either."""
        known = self.scopes.get(name)
        if known is None:
            self.scopes[name] = scopes
            return
        either = {condition.parameter: condition.values for condition in scopes}
        self.scopes[name] = tuple(
            IsOneOf(c.parameter, tuple(dict.fromkeys(c.values + either[c.parameter])))
            for c in known
            if c.parameter in either
        )


class HyperModel:
    """A model built from hyperparameters; a subclass defines `build(hp)`."""

    def __init__(self, name: str | None = None, tunable: bool = True) -> None:
        self.name = name
        self.tunable = tunable

    def build(self, hp: HyperParameters) -> Any:
        raise NotImplementedError("A HyperModel needs a build(hp) of its own")

    def fit(self, hp: HyperParameters, model: Any, *args: Any, **options: Any) -> Any:
        return model.fit(*args, **options)


class Objective:
    """The name of a metric and its direction; Afina asks for both in the window instead."""

    def __init__(self, name: str, direction: str) -> None:
        self.name, self.direction = name, direction


class _Oracle:
    """What the file would have searched with: here only its arguments count."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.arguments = _by_name(self, given, named)


class _Tuner:
    def __init__(self, *given: Any, **named: Any) -> None:
        candidates = [named.get("hypermodel"), *given]
        made = (item for item in candidates if callable(item) or callable(getattr(item, "build", None)))
        arguments = _by_name(self, given, named)
        oracle = arguments.get("oracle")
        told = (oracle.arguments if isinstance(oracle, _Oracle) else {}) | arguments
        notes = tuple(_not_followed(type(self), told))
        raise TunerMade(next(made, None), notes, {name: item for name, item in told.items() if name not in _IN_NOTES})


def _by_name(made: object, given: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a tuner or an oracle by their names, which its class in Keras Tuner gives them."""
    names = next(IN_ORDER[kind.__name__] for kind in type(made).__mro__ if kind.__name__ in IN_ORDER)
    return dict(zip(names, given, strict=False)) | dict(named)


_IN_NOTES = ("loss", "optimizer", "metrics", "hyperparameters", "tune_new_entries")


def _not_followed(tuner: type, named: Mapping[str, Any]) -> Iterator[str]:
    """Yield sentences on methods and arguments of a tuner that Afina ignores."""
    if hasattr(tuner, "run_trial"):
        yield f"Afina trains the model by itself: the run_trial of {tuner.__name__} is not used"
    if any(kind.__name__ == "Hyperband" for kind in tuner.__mro__):
        yield "Afina searches in its own way, not by Hyperband: all trials are trained for all epochs"
    for name in ("loss", "optimizer", "metrics"):
        if named.get(name) is not None:
            yield f"The {name} given to the tuner is not used: compile the model with it in build_model"
    if getattr(named.get("hyperparameters"), "space", ()):
        yield "The hyperparameters given to the tuner are not used: set their ranges or values in the form"
    if named.get("tune_new_entries") is False:
        yield "tune_new_entries=False is not followed: fix in the form what is not to be tuned"


def make_modules() -> dict[str, ModuleType]:
    """Return the modules by the names under which files import them; all names lead to one module."""
    module = ModuleType("keras_tuner", __doc__)
    module.__dict__.update({item.__name__: item for item in (HyperParameters, HyperModel, Objective, *ERRORS)})
    module.__dict__.update({name: type(name, (_Tuner,), {}) for name in TUNERS})
    module.__dict__.update({name: type(name, (_Oracle,), {}) for name in ORACLES})
    module.__dict__.update(dict.fromkeys((name.rpartition(".")[2] for name in INNER), module))
    module.__dict__["__path__"] = []
    return {
        name: module
        for package in ("keras_tuner", "kerastuner")
        for name in (package, *(f"{package}.{inner}" for inner in INNER))
    }


def _plain(value: Any) -> Value:
    """Return a NumPy value as a Python value, and any other value as it is."""
    plain: Value = value.item() if hasattr(value, "item") else value
    return plain


def _range_of(values: Sequence[Value]) -> Choices | Levels | OffOrOn:
    """Return the range for a Choice among these values; numbers get an order. Raises TypeError for mixed kinds."""
    if all(isinstance(value, bool) for value in values):
        return OffOrOn()
    if all(isinstance(value, str) for value in values):
        return Choices(tuple(map(str, values)))
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values):
        raise TypeError(f"A Choice takes strings, numbers or booleans, all of one kind, not {values!r}")
    return Levels(tuple(sorted(numbers)))


def _without_odd_step(kind: Any, low: Any, high: Any, scale: Scale, step: Any) -> Any:
    """Return the range; leave its step out where the step would give too many values, or only one."""
    try:
        return kind(low, high, scale, step)
    except InvalidSetting as error:
        if error.field != "step":
            raise
        return kind(low, high, scale)
