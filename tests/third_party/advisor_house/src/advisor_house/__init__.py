"""A plugin with one rule: the learning rate should be warmed up."""

from __future__ import annotations

from advisor import hookimpl

from .cold_start import ColdStart


@hookimpl
def register_rules() -> tuple[type[ColdStart], ...]:
    """Return the one rule of this plugin."""
    return (ColdStart,)
