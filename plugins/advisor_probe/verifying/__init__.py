"""Trying the changes that a report proposes: baseline and change trained in pairs, seed by seed.

``rulings`` says what is proposed and what came out, ``knobs`` what of the target a change sets,
``trainings`` has each training carried out once, ``looks`` judges pairs by looks that are fixed in
advance, and ``proposed`` puts these together.
"""

from __future__ import annotations

from advisor_probe.verifying.proposed import Verifying

__all__ = ["Verifying"]
