"""Runs that are not judged, said once for each place and reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from advisor.reader import Refusal


class Why(NamedTuple):
    """A reason, and what to do about it."""

    reason: str
    cure: str


DELETED = Why(
    "a run that was deleted in MLflow",
    "bring it back (`mlflow.MlflowClient().restore_run(RUN_ID)`) if it shall be judged",
)
EMPTY = Why("an MLflow run without metrics", "log them: `mlflow.log_metric(name, value, step=…)`")


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
            more = f", and {len(runs) - 1:,} more beside it" if len(runs) > 1 else ""
            yield Refusal(runs[0], why.reason + more, why.cure)
