"""The arithmetic of a perceptron's training alone: as a NumPy loop and, where there is a compiler, as a C loop."""

import ctypes
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Weights = list[Array]
"""w1 (features × units), b1, w2 (units × units), b2, w3 (units × 1), b3."""


def numpy_steps(x: Array, y: Array, order: NDArray[np.int32], weights: Weights, rate: float) -> None:
    """Take a step of gradient descent on squared error for each row of `order` (steps × batch); change `weights`."""
    w1, b1, w2, b2, w3, b3 = weights
    for rows in order:
        inputs, wanted = x[rows], y[rows]
        hidden1 = np.maximum(inputs @ w1 + b1, 0)
        hidden2 = np.maximum(hidden1 @ w2 + b2, 0)
        slope3 = (hidden2 @ w3 + b3 - wanted) * np.float32(2 / len(rows))
        slope2 = (slope3 @ w3.T) * (hidden2 > 0)
        slope1 = (slope2 @ w2.T) * (hidden1 > 0)
        for weight, bias, values, slope in (
            (w3, b3, hidden2, slope3),
            (w2, b2, hidden1, slope2),
            (w1, b1, inputs, slope1),
        ):
            weight -= np.float32(rate) * (values.T @ slope)
            bias -= np.float32(rate) * slope.sum(axis=0)


class CompiledSteps:
    """The same as `numpy_steps`, in C."""

    def __init__(self) -> None:
        """Compile; raise RuntimeError where there is no compiler."""
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise RuntimeError("There is no C compiler")
        with TemporaryDirectory(prefix="afina-bench-") as folder:
            library = Path(folder) / "steps.so"
            source = Path(__file__).with_name("steps.c")
            options = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
            subprocess.run([compiler, *options, source, "-o", library], check=True)
            self._train = ctypes.CDLL(str(library)).train

    def __call__(self, x: Array, y: Array, order: NDArray[np.int32], weights: Weights, rate: float) -> None:
        flat = np.concatenate([weight.ravel() for weight in weights])
        steps, batch = order.shape
        pointers = [part.ctypes.data_as(ctypes.c_void_p) for part in (x, y, np.ascontiguousarray(order), flat)]
        sizes = [ctypes.c_int(size) for size in (x.shape[1], weights[1].size, batch, steps)]
        self._train(*pointers, *sizes, ctypes.c_float(rate))
        begin = 0
        for weight in weights:
            weight[...] = flat[begin : begin + weight.size].reshape(weight.shape)
            begin += weight.size
