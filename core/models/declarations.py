"""Parameters that several model families share."""

from core.parameters import ChoiceParameter, FloatParameter, IntegerParameter, Scale

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
OPTIMISER = ChoiceParameter(
    name="optimizer",
    label="Optimiser",
    help="The rule that turns gradients into steps. SGD is the tutorial's; Adam and RMSprop adapt the step by weight.",
    default="sgd",
    choices=(("sgd", "SGD"), ("adam", "Adam"), ("rmsprop", "RMSprop")),
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
    help="How wide each hidden layer is. Wider ones can learn more, and take longer.",
    default=64,
    low=8,
    high=128,
    minimum=1,
    maximum=16_384,
    scale=Scale.LOG,
)
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
    default=0.0,
    low=0.0,
    high=0.5,
    minimum=0.0,
    maximum=0.95,
)
