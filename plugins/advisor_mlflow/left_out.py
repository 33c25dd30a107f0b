"""Runs that are not judged, said once for each place and reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from advisor.language import term
from advisor.reader import Refusal
from advisor.text import told


class Why(NamedTuple):
    """A reason, and what to do about it."""

    reason: str
    cure: str


DELETED = Why(
    term("a run that was deleted in MLflow"),
    term("bring it back (`mlflow.MlflowClient().restore_run(RUN_ID)`) if it shall be judged"),
)
EMPTY = Why(
    term("an MLflow run without metrics"),
    term("log them: `mlflow.log_metric(name, value, step=…)`"),
)


class LeftOut:
    """Collects the runs that are left out."""

    def __init__(self) -> None:
        self._found: dict[tuple[Why, str], list[str]] = {}

    def add(self, why: Why, above: str, run: str) -> None:
        """Add a run that lies in ``above``: its experiment, or its database."""
        self._found.setdefault((why, above), []).append(run)

    def refusals(self) -> Iterator[Refusal]:
        """Yield one refusal for all runs left out for one reason in one place."""
        for (why, _), runs in self._found.items():
            reason = why.reason
            if len(runs) > 1:
                text = "{reason:text}, and {more:step} more beside it"
                reason = told(text, reason=reason, more=len(runs) - 1)
            yield Refusal(runs[0], reason, why.cure)
