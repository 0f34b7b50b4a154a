"""What libraries raise and print, in words for users."""

import pytest

from core.library_words import as_words, last_words, layer_in, reason_in, stack_lines

IN_THE_GRAPH = """Graph execution error:

Detected at node sequential_1/embedding_1/GatherV2 defined at (most recent call last):
  File "/usr/lib/python3.11/threading.py", line 1002, in _bootstrap

  File "/site-packages/keras/src/backend/tensorflow/trainer.py", line 59, in train_step

  File "/models/embed.py", line 7, in call

{reason}
\t [[{{{{node sequential_1/embedding_1/GatherV2}}}}]] [Op:__inference_multi_step_on_iterator_1066]"""
BY_KERAS = """Exception encountered when calling L.call().

\x1b[1m{reason}\x1b[0m

Arguments received by L.call():
  • args=('<KerasTensor shape=(1, 10), dtype=float32, sparse=False, ragged=False, name=keras_tensor>',)
  • kwargs=<class 'inspect._empty'>"""
NOT_INFERRED = """Could not automatically infer the output shape / dtype of 'l' (of type L). Either \
the `L.call()` method is incorrect, or you need to implement the `L.compute_output_spec() / compute_output_shape()` \
method. Error encountered:

{reason}"""
ON_THE_CPU = "{{function_node __wrapped__%s_device_/job:localhost/replica:0/task:0/device:CPU:0}} "
BY_PYTHON = """ValueError: in my own function
Traceback (most recent call last):

  File "/site-packages/tensorflow/python/ops/script_ops.py", line 267, in __call__
    return func(device, token, args)
           ^^^^^^^^^^^^^^^^^^^^^^^^^

  File "/models/embed.py", line 14, in f
    raise ValueError('in my own function')

ValueError: in my own function


"""
AUTOGRAPH = """in user code:

    File "/models/embed.py", line 3, in call  *
        return x @ self.w

    ValueError: Dimensions must be equal, but are 10 and 7 for '{{node matmul}} = MatMul[T=DT_FLOAT](x, w)' with input \
shapes: [1,10], [7,3].
"""


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (IN_THE_GRAPH.format(reason="indices[3,1] = 12 is not in [0, 5)"), "indices[3,1] = 12 is not in [0, 5)"),
        (
            IN_THE_GRAPH.format(
                reason="2 root error(s) found.\n  (0) INVALID_ARGUMENT:  indices[3,1] = 12 is not in [0, 5)\n"
                "\t [[{{node embedding/GatherV2}}]]\n\t [[gradients/mul/_30]]\n"
                "  (1) INVALID_ARGUMENT:  indices[3,1] = 12 is not in [0, 5)\n\t [[{{node embedding/GatherV2}}]]\n"
                "0 successful operations.\n0 derived errors ignored."
            ),
            "indices[3,1] = 12 is not in [0, 5)",
        ),
        (
            IN_THE_GRAPH.format(
                reason="Received a label value of 9 which is outside the valid range of [0, 3).  Label values: 0 9 0"
            ),
            "Received a label value of 9 which is outside the valid range of [0, 3).",
        ),
        (IN_THE_GRAPH.format(reason=BY_PYTHON), "ValueError: in my own function"),
        (
            BY_KERAS.format(reason=ON_THE_CPU % "Slice" + "Expected size[1] in [0, 2], but got 5 [Op:Slice]"),
            "Expected size[1] in [0, 2], but got 5",
        ),
        (
            BY_KERAS.format(reason=ON_THE_CPU % "CheckNumerics" + "my loss : Tensor had NaN values [Op:Check] name: "),
            "my loss : Tensor had NaN values",
        ),
        (
            BY_KERAS.format(
                reason=NOT_INFERRED.format(
                    reason="Dimension 0 in both shapes must be equal, but are 1 and 5. Shapes are [1] and [5]. for "
                    "'{{node concat}} = ConcatV2[N=2, T=DT_FLOAT](Placeholder, ones, concat/axis)' with input shapes: "
                    "[1,10], [5,2], [] and with computed input tensors: input[2] = <1>."
                )
            ),
            "Dimension 0 in both shapes must be equal, but are 1 and 5. Shapes are [1] and [5], with input shapes: "
            "[1,10], [5,2], [].",
        ),
        (
            ON_THE_CPU % "Fill" + "OOM when allocating tensor with shape[400000,100] and type float on "
            "/job:localhost/replica:0/task:0/device:CPU:0 by allocator mklcpu [Op:Fill] name: ",
            "there is no room for a tensor of shape [400000,100]",
        ),
        (AUTOGRAPH, "ValueError: Dimensions must be equal, but are 10 and 7, with input shapes: [1,10], [7,3]."),
        ("no width\n\nof 5", "no width of 5"),
        ("half of it: File \"x\", line 3", "half of it: File \"x\", line 3"),
        ("", ""),
    ],
)  # fmt: skip
def test_that_the_reason_in_a_message_is_told_and_nothing_of_the_graph(message: str, reason: str) -> None:
    assert reason_in(message) == reason


def test_that_the_layer_in_a_message_is_found() -> None:
    assert layer_in(BY_KERAS.format(reason="no")) == "L"
    assert layer_in("no") == ""


def test_that_the_lines_of_a_file_are_found_in_a_message() -> None:
    assert stack_lines(IN_THE_GRAPH.format(reason=""), "/models/embed.py") == [7]
    assert stack_lines(BY_PYTHON, "/models/embed.py") == [14]
    assert stack_lines(BY_PYTHON, "/models/other.py") == []


def test_that_a_long_message_is_read_in_no_time() -> None:
    for part in ("Exception encountered when calling a.\n\n", "{{node ", " for '{{node a}} = ", 'File "a", line 1\n'):
        assert len(reason_in(part * 100_000)) <= 100_000


def test_that_what_cannot_be_seen_is_left_out() -> None:
    assert as_words("\x1b[1mred\x1b[0m \x1b]0;title\x07\u202enot\x07 here\n") == "red not here"


LOGS = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1796018020.845688   30752 port.cc:153] oneDNN custom operations are on.
2026-11-30 05:00:00.123456: I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow binary is optimized
To enable the following instructions: AVX2, in other operations, rebuild TensorFlow.
WARNING:tensorflow:From /site-packages/x.py: The name tf.placeholder is deprecated.
WARNING:absl:`build()` was called
"""
WARNING = """\
/site-packages/keras/src/layers/core/dense.py:92: UserWarning: Do not pass an `input_shape`
  super().__init__(activity_regularizer=activity_regularizer, **kwargs)
"""
TRACEBACK = """\
Traceback (most recent call last):
  File "/models/model.py", line 3, in build_model
    return 1 / 0
           ~~^~~
"""


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (f"my own words\n{LOGS}", "my own words"),
        (f"my own words\n{WARNING}", "my own words"),
        ("my own words\n/x.py:3: FutureWarning: soon\n", "my own words"),
        (f"my own words\n{TRACEBACK}", "my own words"),
        (f"my own words\n{TRACEBACK}ZeroDivisionError: division by zero\n", "ZeroDivisionError: division by zero"),
        (f"{TRACEBACK}Error: Graph error:\nan index is not in [0, 5)\n\t [[{{{{node a/b}}}}]] [Op:__inference_x]\n",
         "an index is not in [0, 5)"),
        ("my own words\n\r  0%|     | 0/9 [00:00<?, ?it/s]\r100%|█████| 9/9 [00:00<00:00, 40.0it/s]\n", "my own words"),
        ("my own words\nEpoch 1/2\n\x1b[1m1/5\x1b[0m \x1b[32m━━━\x1b[0m\x1b[37m━━━\x1b[0m 0s 9ms/step - loss: 1\n",
         "my own words"),
        ("half \rmy own words", "my own words"),
        ("my own words\n=======\n└──────┘\n\n", "my own words"),
        ("\x1b[31mmy own words\x1b[0m\n", "my own words"),
        (f"terminate called after throwing an instance of 'dnnl'\n  what():  no primitive\n{LOGS}", "no primitive"),
        ("my own words\nF0000 00:00:1796018020.8  30752 shape.cc:45] Check failed: 1 == 2\n", "Check failed: 1 == 2"),
        ("Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n"
         '  File "/models/model.py", line 3 in build\n\nExtension modules: numpy (total: 1)\n',
         "Fatal Python error: Segmentation fault"),
        ("  an indented line of a table\n", "an indented line of a table"),
        (LOGS + WARNING, ""),
        ("", ""),
    ],
)  # fmt: skip
def test_that_the_last_words_are_those_that_tell_something(printed: str, told: str) -> None:
    assert last_words(printed) == told


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (
            r"[too \033[31mlarge\033[0m <b>] [Condition x < y did not hold element-wise:] [x (data:0) = ] [[2.7 -0.4]"
            "[1 2]...] [y (sequential_1/check_1/assert_less/y:0) = ] [0.1]",
            "assertion failed: too large <b>. Condition x < y did not hold element-wise",
        ),
        (
            "[Condition x > 0 did not hold element-wise:] [x (a/b:0) = ] [1]",
            "assertion failed: Condition x > 0 did not hold element-wise",
        ),
        ("[the rows must be sorted]", "assertion failed: the rows must be sorted"),
        ("[x (a/b:0) = ] [1]", "an assertion failed"),
        ("[] [model/x:0 = ] [1]", "an assertion failed"),
    ],
)
def test_that_an_assertion_in_a_graph_tells_its_message_without_names_of_nodes(told: str, reason: str) -> None:
    assert reason_in(f"assertion failed: {told}") == reason
    assert reason_in(f"{{{{function_node __wrapped__Assert_T_1}}}} assertion failed: {told} [Op:Assert]") == reason
    assert reason_in(f"Graph execution error:\n\nassertion failed: {told}\n\t [[{{{{node a/Assert}}}}]]") == reason
