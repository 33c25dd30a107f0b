"""Watching a child: what it reports and prints, its limits, and its end."""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from advisor.language import term
from advisor.text import told
from advisor_probe.isolation.job import Ending, How, Limits
from advisor_probe.isolation.memory import megabytes, session
from advisor_probe.isolation.server import Child

Hear = Callable[[dict[str, Any]], None]
"""Called with each message of the child but the one that says how it ended."""

TICK = 0.05
"""Seconds between two looks at the clock and the memory."""
LAST_WAIT = 2.0
"""Seconds that the system gets to end what was killed."""
LONGEST_MESSAGE = 1 << 20
"""Bytes without a line break; whoever sends more is not our code."""


def watch(child: Child, limits: Limits, hear: Hear) -> Ending:
    """Follow a child to its end, which comes within its limits; its whole session ends with it."""
    watched = _Watched(child, limits, hear)
    try:
        watched.follow()
    finally:
        end_session(child.pid)
        os.close(child.messages)
        os.close(child.output)
    return watched.ending()


def end_session(leader: int) -> None:
    """End what a child started: its group, and what left the group but not the session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    until = time.monotonic() + LAST_WAIT
    while (left := list(session(leader))) and time.monotonic() < until:
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(TICK / 5)


class _Watched:
    def __init__(self, child: Child, limits: Limits, hear: Hear) -> None:
        self._child, self._limits, self._hear = child, limits, hear
        self._began = time.monotonic()
        self._sources: dict[int, bytearray] = {
            source: bytearray() for source in (child.messages, child.output, child.control.fileno())
        }
        self._open = set(self._sources)
        self._last: dict[str, Any] = {}
        self._stopped: How | None = None

    def follow(self) -> None:
        """Read until the server says how the child ended, and enforce the limits meanwhile."""
        control = self._child.control.fileno()
        for source in self._open:
            os.set_blocking(source, False)
        with selectors.DefaultSelector() as selector:
            for source in self._open:
                selector.register(source, selectors.EVENT_READ)
            while control in self._open and not self._sources[control].endswith(b"\n"):
                for key, _ in selector.select(TICK):
                    self._read(key.fd)
                    if key.fd not in self._open:
                        selector.unregister(key.fd)
                self._enforce()
        for source in (self._child.messages, self._child.output):
            self._read(source)
        os.set_blocking(control, True)

    def _read(self, source: int) -> None:
        """Take what there is, which is bounded: the child may write on and on."""
        with suppress(BlockingIOError):
            data = _received(self._child.control, source)
            if not data:
                self._open.discard(source)
            self._keep(source, data)

    def _keep(self, source: int, data: bytes) -> None:
        kept = self._sources[source]
        if source == self._child.output:
            kept += data[: max(self._limits.output - len(kept), 0)]
            return
        kept += data
        if source == self._child.messages:
            *lines, rest = bytes(kept).split(b"\n")
            self._sources[source] = bytearray(rest[:LONGEST_MESSAGE])
            for text in lines:
                self._take(text)

    def _take(self, text: bytes) -> None:
        with suppress(ValueError):  # the user's code found the descriptor and wrote into it
            message = json.loads(text)
            if isinstance(message, dict) and message.get("kind") == "end":
                self._last = message
            elif isinstance(message, dict):
                self._hear(message)

    def _enforce(self) -> None:
        spent = time.monotonic() - self._began
        limit = self._limits.megabytes
        if spent > self._limits.seconds + self._limits.grace:
            self._signal(signal.SIGKILL)
        elif spent > self._limits.seconds and self._stopped is None:
            self._stopped = How.TIME
            self._signal(signal.SIGTERM)
        elif limit is not None and megabytes(self._child.pid) > limit:
            self._stopped = How.MEMORY
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, number)

    def ending(self) -> Ending:
        """Say how the child ended."""
        output = bytes(self._sources[self._child.output]).decode(errors="replace")
        how, text, trace = (str(self._last.get(key, "")) for key in ("how", "text", "trace"))
        if how and (self._stopped is None or how == How.DONE):
            return Ending(How(how), text, trace, output)
        if self._stopped is How.TIME:
            text = told("not done after {seconds:number} s", seconds=self._limits.seconds)
            return Ending(How.TIME, text, "", output)
        if self._stopped is How.MEMORY:
            most = self._limits.megabytes
            text = told("used more than {most:step} MB of memory", most=most)
            return Ending(How.MEMORY, text, "", output)
        return _unannounced(bytes(self._sources[self._child.control.fileno()]), output)


def _received(control: socket.socket, source: int) -> bytes:
    # The server's next answer must stay where it is: one byte more than a line would take it.
    return control.recv(1) if source == control.fileno() else os.read(source, 1 << 16)


def _unannounced(code: bytes, output: str) -> Ending:
    """Say how a child ended that did not say it itself."""
    if not code.strip():
        text = term("ended together with the process that had started it")
        return Ending(How.CRASH, text, "", output)
    number = int(code)
    if number < 0:
        name = signal.Signals(-number).name
        text = told("the process was ended by {signal:given}", signal=name)
        return Ending(How.CRASH, text, "", output)
    text = told("the program ended the process with exit code {number:step}", number=number)
    return Ending(How.EXIT, text, "", output)
