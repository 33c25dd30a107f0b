"""Whether a run went over its data once: then training loss is of data that were not seen before.

No model has learned such data by heart, however large it is: that its training loss is no lower
than that of validation tells nothing of the model.
"""

from __future__ import annotations

import numpy as np

from advisor.rule import NotApplicable
from advisor.run import Axis
from advisor.view import RunView


def one_pass(run: RunView) -> bool:
    """Tell whether all training was in the first epoch, as logged beside the steps or as recorded.

    A log may count parts of an epoch, up to 1, or the same epoch in every row; 0 and 1 in turn are
    two. Losses that are counted by epochs, more than one of them, were of more than a recorded one.
    The rule must declare ``epoch`` and ``train/loss``.
    """
    logged, train = run.get("epoch"), run.get("train/loss")
    if logged is not None and len(logged):
        parts = np.any(logged.values % 1 > 0) or (len(logged) > 1 and not np.ptp(logged.values))
        return bool(parts and logged.values.max() <= 1)
    recorded = run.settings.number("epochs")
    by_epoch = train is not None and train.axis is Axis.EPOCH and len(train) > 1
    return recorded is not None and 0 < recorded <= 1 and not by_epoch


def refuse_one_pass(run: RunView) -> None:
    """Raise ``NotApplicable`` for a run of one pass, of which ``one_pass`` tells."""
    if one_pass(run):
        raise NotApplicable(
            "the run passed over its data once, so that training loss is of unseen data as well"
        )
