"""Parameters that several model families share."""

from dataclasses import replace

from core.conditions import AtLeast, IsOneOf
from core.parameters import BooleanParameter, ChoiceParameter, FloatParameter, IntegerParameter, Scale

EPOCHS = IntegerParameter(
    name="epochs",
    label="Epochs",
    help="How many times a trial goes through the training data. More epochs take longer and may fit better.",
    default=10,
    low=5,
    high=50,
    minimum=1,
    maximum=1_000_000,
    vary=False,
)
PATIENCE = IntegerParameter(
    name="patience",
    label="Early-stopping patience",
    unit="epochs",
    help="A trial ends when the objective's metric has not been better than before for so many epochs. 0: it never "
    "ends early.",
    zero="never ends early",
    default=0,
    low=2,
    high=20,
    minimum=0,
    maximum=1_000_000,
    vary=False,
)
BATCH_SIZE = IntegerParameter(
    name="batch_size",
    label="Batch size",
    unit="rows",
    help="How many rows go into one step of the optimiser. Small batches take more steps, with more noise.",
    default=32,
    low=1,
    high=100,
    minimum=1,
    maximum=10_000_000,
)
LEARNING_RATE = FloatParameter(
    name="learning_rate",
    label="Learning rate",
    help="How far each step of the optimiser goes. Too low learns slowly, too high diverges. Best on a log scale.",
    default=0.01,
    low=1e-4,
    high=1e-1,
    minimum=0.0,
    maximum=1e6,
    minimum_allowed=False,
    scale=Scale.LOG,
)
LAST_SHARE = 0.01
"""The share of the learning rate that exponential decay leaves at the end."""
OPTIMISER = ChoiceParameter(
    name="optimizer",
    label="Optimiser",
    help="The rule that turns gradients into steps. SGD is the tutorial's; the others adapt the step by weight. AdamW "
    "also lets every weight shrink, by 0.4 % of the learning rate a step.",
    default="sgd",
    choices=(
        ("sgd", "SGD"),
        ("adam", "Adam"),
        ("adamw", "AdamW"),
        ("nadam", "Nadam"),
        ("rmsprop", "RMSprop"),
        ("adagrad", "Adagrad"),
    ),
)
OPTIMISER_OF_NETWORKS = replace(OPTIMISER, default="adam")
"""Networks begin with Adam: SGD diverges at most learning rates when a regression has a target of large numbers."""
MOMENTUM = FloatParameter(
    name="momentum",
    label="Momentum",
    help="The share of each step that is carried into the next one: 0 is without, 0.9 is usual. SGD and RMSprop only; "
    "the other optimisers have their own.",
    zero="off",
    default=0.0,
    low=0.0,
    high=0.95,
    minimum=0.0,
    maximum=0.999,
    vary=False,
    when=IsOneOf(OPTIMISER.name, ("sgd", "rmsprop")),
)
SCHEDULE = ChoiceParameter(
    name="schedule",
    label="Learning rate schedule",
    help="How the learning rate falls over a trial's steps: not at all, to 0 along half a cosine or a straight line, "
    "or by the same factor each step, to 1 % in the end.",
    default="constant",
    choices=(
        ("constant", "Constant"),
        ("cosine", "Cosine decay"),
        ("linear", "Linear decay"),
        ("exponential", "Exponential decay"),
    ),
)
LAYERS = IntegerParameter(
    name="layers",
    label="Hidden layers",
    help="How many layers stand between the features and the output. More can learn more, and are harder to train.",
    default=2,
    low=1,
    high=3,
    minimum=1,
    maximum=20,
)
UNITS = IntegerParameter(
    name="units",
    label="Units",
    unit="per layer",
    help="How wide each hidden layer is, unless it has units of its own. Wider ones can learn more, and take longer.",
    default=64,
    low=8,
    high=128,
    minimum=1,
    maximum=16_384,
    scale=Scale.LOG,
)
UNITS_OF_LAYERS = tuple(
    IntegerParameter(
        name=f"units_{layer}",
        label=f"Units of layer {layer}",
        zero=f"as layer {layer - 1}",
        help=f"How wide hidden layer {layer} is; 0 makes it as wide as the one before it. Varied, it lets each layer "
        "have a width of its own.",
        default=0,
        low=8,
        high=128,
        minimum=0,
        maximum=16_384,
        scale=Scale.LOG,
        vary=False,
        when=AtLeast(LAYERS.name, layer),
    )
    for layer in range(2, 6)
)
"""The units of hidden layers 2 to 5; later layers are as wide as layer 5."""
ACTIVATION = ChoiceParameter(
    name="activation",
    label="Activation",
    help="What bends each hidden layer's output, without which the layers were but one. ReLU is the usual one.",
    default="relu",
    choices=(("relu", "ReLU"), ("elu", "ELU"), ("gelu", "GELU"), ("tanh", "tanh")),
)
DROPOUT = FloatParameter(
    name="dropout",
    label="Dropout",
    help="The share of each hidden layer's output that is left out at random in training. Helps against overfitting.",
    zero="off",
    default=0.0,
    low=0.0,
    high=0.5,
    minimum=0.0,
    maximum=0.95,
)
L2 = FloatParameter(
    name="l2",
    label="Weight decay",
    unit="L2",
    help="How much large weights of the hidden layers cost in training: so many times the sum of their squares. 0 is "
    "off. A log scale cannot reach 0, but its lowest value is as good as off. The validation loss is without it.",
    zero="off",
    default=0.0,
    low=1e-6,
    high=1e-1,
    minimum=0.0,
    maximum=1e3,
    scale=Scale.LOG,
    vary=False,
)
BATCH_NORMALISATION = BooleanParameter(
    name="batch_normalisation",
    label="Batch normalisation",
    help="Whether each hidden layer's sums are brought to mean 0 and deviation 1 in every batch, before the "
    "activation. It steadies deep networks; with batches of a few rows it does harm.",
)
