"""Running the user's code where it can do no harm: in a process of its own, within limits.

``Server`` is a fresh interpreter that has imported torch and nothing of the user's; it forks a
child for each ``Job``, which starts in milliseconds. ``watch`` reads what the child says, bounds
what it prints, ends it when it oversteps a limit, and whatever it left behind with it.
"""

from __future__ import annotations

from advisor_probe.isolation.job import Ending, How, Job, Limits
from advisor_probe.isolation.server import Server
from advisor_probe.isolation.watch import watch

__all__ = ["Ending", "How", "Job", "Limits", "Server", "watch"]
