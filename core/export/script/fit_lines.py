"""The lines of an exported script that train once, or several times with folds and repeats, and save each model."""

from textwrap import indent

from core.datasets.settings import DataSettings
from core.export.script.scale_lines import predictor_lines
from core.formatting import format_spread
from core.trial_progress import TrialProgress

_ONCE = """\
{fit}print(f"{label} {{compared(objective, RECORDED)}}")

{save}"""
_SEVERAL = """\
scores = []
for fit, recorded in enumerate(SCORES, start=1):
    TRIAL_SEED = FIRST_SEED
    if fit > 1:
        TRIAL_SEED = int(np.random.SeedSequence([FIRST_SEED, fit]).generate_state(1)[0] >> 1)

{fit}
    scores.append(objective)
    print(f"Training {{fit}} of {{len(SCORES)}}: {{compared(objective, recorded)}}")
{save}
mean, spread = np.mean(scores), np.std(scores, ddof=1)
print(f"{label} {{compared(mean, RECORDED, f' ± {{spread:.6g}}')}}")
"""
_SAVE = """\
# Save the model, which takes rows prepared as above.
{predictor}saved = Path(__file__).{name}
model.save(saved)
print(f"Saved the model as {{saved.name}}")
"""
_TRY_TO_SAVE = """\
# Save the model, which takes rows prepared as above; not every class of a model file tells Keras how.
saved = Path(__file__).{name}
try:
{predictor}    model.save(saved)
    print(f"Saved the model as {{saved.name}}")
except Exception as error:
    print(f"The model cannot be saved: {{error}}")
"""


def seed_line(trial: TrialProgress, data: DataSettings) -> str:
    """Return the line with the trial's seed."""
    return f"{'FIRST_SEED' if data.fits > 1 else 'TRIAL_SEED'} = {trial.seed}"


def recorded_lines(trial: TrialProgress, data: DataSettings) -> str:
    """Return the lines with the objective that the study recorded, and with the score of each training."""
    recorded = f"RECORDED = {trial.objective!r}"
    if data.fits == 1:
        return recorded
    scores = "".join(f"    {score!r},\n" for score in trial.scores)
    return f"{recorded}\nSCORES = [\n{scores}]"


def recorded_in_words(trial: TrialProgress, data: DataSettings) -> str:
    """Return the recorded objective as part of a sentence: "15.71 ± 0.42, the mean of 5 trainings"."""
    assert trial.objective is not None
    several = f", the mean of {data.fits} trainings" if data.fits > 1 else ""
    return f"{format_spread(trial.objective, trial.spread)}{several}"


def fit_lines(fit: str, data: DataSettings, label: str, *, custom: bool, plain: str = "") -> str:
    """Return the lines that train as often as the study did, and save each model; `fit` are those of one training.

    `custom`: the model comes from a model file. `plain` are lines that prepare it for saving.
    """
    predictor = plain + predictor_lines(data.target_scale, custom=custom)
    name = "" if data.fits == 1 else 'with_stem(f"{Path(__file__).stem}-{fit}").'
    save = (_TRY_TO_SAVE if custom else _SAVE).format(
        predictor=indent(predictor, "    ") if custom else predictor, name=f'{name}with_suffix(".keras")'
    )
    if data.fits == 1:
        return _ONCE.format(fit=fit, label=label, save=save)
    return _SEVERAL.format(fit=indent(fit, "    "), label=label, save=indent(save, "    "))
