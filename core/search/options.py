"""The layers over skopt that are switched on: a study uses all, the benchmark switches off one at a time."""

import msgspec


class SearchOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The layers of the search.

    `warp`: objectives are warped (`warping`), else only standardised. `own_process`: the Gaussian process is ours
    (`gaussian_process`), else skopt's. `priors`: its hyperparameters have priors, else maximum likelihood decides.
    `uphill`: the acquisition function is climbed from the best random point (`acquisition`).
    """

    warp: bool = True
    own_process: bool = True
    priors: bool = True
    uphill: bool = True


DEFAULT = SearchOptions()
