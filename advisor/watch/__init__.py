"""Watching logs while they grow: looking again, telling what changed, alarms, and a page."""

from __future__ import annotations

from advisor.watch.alarms import Alarms, run_command
from advisor.watch.looking import Looker
from advisor.watch.news import News, news
from advisor.watch.serving import Address, address, served
from advisor.watch.site import Site

__all__ = [
    "Address",
    "Alarms",
    "Looker",
    "News",
    "Site",
    "address",
    "news",
    "run_command",
    "served",
]
