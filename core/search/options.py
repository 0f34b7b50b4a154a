"""Which of the layers over skopt are on; a study has them all, the benchmark takes one away at a time."""

import msgspec


class SearchOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The layers of the search.

    `warp`: objectives are warped (`warping`), else only standardised. `own_process`: the Gaussian process is ours
    (`gaussian_process`), else skopt's. `priors`: its hyperparameters have priors, else maximum likelihood decides.
    `local`: the acquisition function is searched near the best points too, and uphill (`acquisition`), else at random
    points only.
    """

    warp: bool = True
    own_process: bool = True
    priors: bool = True
    local: bool = True


DEFAULT = SearchOptions()
