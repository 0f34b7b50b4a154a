"""How many trials a surrogate is told of, and from which cost on all count as equal; it loads nothing."""

MAX_HELD = 2000
"""The maximum number of observations that the surrogate is told; of more, it is told a selection of this size. A
Gaussian process of 2,000 takes a second, and the time grows with the cube of the number."""
HELD = 300
"""The maximum number of observations that many points at once are drawn from, such as a map or means over the ranges,
or to which a process is fitted many times. Of more, a selection is held."""
TAIL = 5.0
"""Costs above median + TAIL × (median - best) are cut to this limit; lower is better."""
