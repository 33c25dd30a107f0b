"""What a rule on one run sees: the run, understood, and only as far as the rule declared it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from advisor.curve import Curve
from advisor.hyperparameters import Hyperparameters
from advisor.notes import Note, NoteKind
from advisor.roles import Kind, Objective, Role, Task, Understanding
from advisor.run import Axis, Run

OBJECTIVE = "objective"
"""A role that every run has at most one of: whatever the run is judged by."""


class Judged:
    """A run with its understanding; the curves are prepared once and shared by all rules."""

    def __init__(self, run: Run, understanding: Understanding) -> None:
        self.run = run
        self.understanding = understanding
        self._curves: dict[str, Curve] = {}
        self._found: dict[str, Curve | None] = {}
        self._all: dict[str, tuple[Curve, ...]] = {}

    def curve(self, tag: str) -> Curve:
        """Return the prepared series of a tag."""
        if tag not in self._curves:
            role = next(role for role in self.understanding.roles if role.series == tag)
            self._curves[tag] = Curve(self.run.series[tag], role)
        return self._curves[tag]

    def find(self, key: str) -> Curve | None:
        """Return the curve that stands for a role; of alternatives ``a|b`` the first there is."""
        if key not in self._found:
            tags = map(self._tag, key.split("|"))
            tag = next((tag for tag in tags if tag is not None), None)
            self._found[key] = None if tag is None else self.curve(tag)
        return self._found[key]

    def every(self, key: str) -> tuple[Curve, ...]:
        """Return all curves of a role, the primary one first."""
        if key not in self._all:
            wanted = key.split("|")
            roles = [role for name, role in self._roles if name in wanted]
            roles.sort(key=lambda role: not role.primary)
            self._all[key] = tuple(self.curve(role.series) for role in roles)
        return self._all[key]

    def _tag(self, key: str) -> str | None:
        if key == OBJECTIVE:
            objective = self.understanding.objective
            return objective.series if objective else None
        return self._primary.get(key)

    @cached_property
    def _roles(self) -> list[tuple[str, Role]]:
        return [(role.key, role) for role in self.understanding.roles]

    @cached_property
    def _primary(self) -> dict[str, str]:
        """The series that stands for each role."""
        return {key: role.series for key, role in reversed(self._roles) if role.primary}

    @cached_property
    def probed(self) -> bool:
        """Whether a probe left this run, and no training of the user's."""
        return any(role.kind is Kind.PROBE for role in self.understanding.roles)

    @cached_property
    def settings(self) -> Hyperparameters:
        """The run's hyperparameters by canonical name."""
        return Hyperparameters(self.run.config)

    @cached_property
    def axis(self) -> Axis:
        """What the run's longest series counts: rows only where none counts anything else."""
        series = self.run.series.values()
        counted = [one for one in series if one.axis is not Axis.ROW] or series
        return max(counted, key=len).axis if counted else Axis.STEP


class RunView:
    """A ``Judged`` run, narrowed to the roles that a rule named in ``requires`` and ``uses``.

    Asking for anything else raises ``KeyError``, so that an undeclared dependency cannot work
    by luck.
    """

    def __init__(self, judged: Judged, declared: Iterable[str]) -> None:
        self._judged = judged
        self._declared = _roles_in(tuple(declared))

    @property
    def name(self) -> str:
        """The run's path relative to LOGS."""
        return self._judged.run.name

    @property
    def source(self) -> str:
        """The kind of log, in words."""
        return self._judged.run.source

    @property
    def axis(self) -> Axis:
        """What the run's longest series counts."""
        return self._judged.axis

    @property
    def settings(self) -> Hyperparameters:
        """The run's hyperparameters by canonical name."""
        return self._judged.settings

    @property
    def task(self) -> Task:
        """What is being learned."""
        return self._judged.understanding.task

    @property
    def objective(self) -> Objective | None:
        """What the run is judged by."""
        return self._judged.understanding.objective

    @property
    def tags(self) -> Mapping[str, int]:
        """Every tag of the run with its number of points; the values need a declared role."""
        return {tag: len(series) for tag, series in self._judged.run.series.items()}

    def notes(self, kind: NoteKind) -> tuple[Note, ...]:
        """Return what is known of the log itself, of one kind."""
        return tuple(note for note in self._judged.run.notes if note.kind is kind)

    def __getitem__(self, key: str) -> Curve:
        curve = self.get(key)
        if curve is None:
            raise KeyError(key)
        return curve

    def get(self, key: str) -> Curve | None:
        """Return the curve of a declared role, or ``None`` if the run has none."""
        self._must_be_declared(key)
        return self._judged.find(key)

    def every(self, key: str) -> tuple[Curve, ...]:
        """Return all curves of a declared role, the primary one first."""
        self._must_be_declared(key)
        return self._judged.every(key)

    def _must_be_declared(self, key: str) -> None:
        unknown = _roles_in((key,)) - self._declared
        if unknown:
            raise KeyError(f"{', '.join(sorted(unknown))}: name it in the rule's requires or uses")


@lru_cache(maxsize=4096)  # rules declare the same for every run
def _roles_in(declared: tuple[str, ...]) -> frozenset[str]:
    return frozenset(key for entry in declared for key in entry.split("|"))
