"""The hooks. All of them are declarations: the engine decides when to use what they return.

A plugin implements them as plain functions marked with ``hookimpl``, and is either a module
named by an entry point of the group ``advisor``, or a single file given with ``--plugin``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from advisor.accuracy import Measurement
    from advisor.executor import Executor
    from advisor.prober import Prober, TargetAdapter
    from advisor.reader import Reader
    from advisor.renderer import Renderer
    from advisor.rule import BaseRule
    from advisor.vocabulary.role_names import RoleName
    from advisor.wording.catalogues import Translations

GROUP = "advisor"
"""The entry-point group, and pluggy's project name."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def register_readers() -> Iterable[Reader]:  # type: ignore[empty-body]  # a pluggy specification
    """Return the log formats that this plugin reads."""


@hookspec
def register_rules() -> Iterable[type[BaseRule]]:  # type: ignore[empty-body]  # a pluggy specification
    """Return the rule classes that this plugin adds."""


@hookspec
def register_measurements() -> Iterable[Measurement]:  # type: ignore[empty-body]  # a pluggy specification
    """Return what was measured of this plugin's own rules.

    A rule with a measurement warns only where that shows few false alarms, and is as sure as
    it was right. A rule without one keeps the severity and the confidence of its author.
    """


@hookspec
def register_probes() -> Iterable[Prober]:  # type: ignore[empty-body]  # a pluggy specification
    """Return what runs short diagnostic trainings of a user's own model."""


@hookspec
def register_targets() -> Iterable[TargetAdapter]:  # type: ignore[empty-body]  # a pluggy specification
    """Return what makes the programs of a framework into targets of a probe."""


@hookspec
def register_executors() -> Iterable[Executor]:  # type: ignore[empty-body]  # a pluggy specification
    """Return further ways to carry out work, such as on a cluster: ``--executor`` chooses one."""


@hookspec
def register_renderers() -> Iterable[Renderer]:  # type: ignore[empty-body]  # a pluggy specification
    """Return the report formats that this plugin writes."""


@hookspec
def register_roles() -> Iterable[RoleName]:  # type: ignore[empty-body]  # a pluggy specification
    """Return further names under which loggers write known quantities."""


@hookspec
def register_translations() -> Iterable[Translations]:  # type: ignore[empty-body]  # a pluggy specification
    """Return where the catalogues of this plugin lie; what it says without one stays English."""
