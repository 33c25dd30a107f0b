"""A fresh interpreter with torch imported, which forks a child for each job.

Starting Python and importing torch takes about a second, a fork a few milliseconds. The server
never touches a GPU (CUDA does not survive a fork) and runs nothing of the user's itself.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from types import TracebackType
from typing import NamedTuple, Self

from advisor.errors import UsageError
from advisor.language import term
from advisor_probe.isolation.job import Job

START_SECONDS = 120.0
"""The longest that a fresh interpreter may take to import torch."""


class Child(NamedTuple):
    """A running job: its process, which leads a group of its own, and what it can be heard by."""

    pid: int
    messages: int
    """File descriptor of what the probe reports."""
    output: int
    """File descriptor of what the user's code prints."""
    control: socket.socket
    """Where the server says how the child ended."""


class Server:
    """Starts children; a context manager that ends the server on leaving."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._control, there = socket.socketpair()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the server
        command = [sys.executable, "-P", "-m", "advisor_probe.isolation.forking"]
        with there:
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                [*command, str(there.fileno())],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                start_new_session=True,
            )
        self._control.settimeout(START_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._end()

    def restart(self) -> None:
        """End the server, with the job that it carries out, and begin a fresh one."""
        self._end()
        self._begin()

    def _end(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._said.close()

    def start(self, job: Job) -> Child:
        """Fork a child for a job. Raises ``UsageError`` if the server does not work."""
        (heard, messages), (seen, output) = os.pipe(), os.pipe()
        try:
            text = (job.model_dump_json() + "\n").encode()
            socket.send_fds(self._control, [text], [messages, output])
            pid = json.loads(self._answer())
        except (OSError, ValueError) as error:
            os.close(heard)
            os.close(seen)
            what = "the process that runs probes ended: {why:text}"
            raise UsageError(what, why=self._tail()) from error
        finally:
            os.close(messages)
            os.close(output)
        return Child(pid, heard, seen, self._control)

    def _answer(self) -> str:
        """Return the next line of the server; empty if it is gone."""
        text = b""
        while not text.endswith(b"\n"):
            part = self._control.recv(1)
            if not part:
                break
            text += part
        return text.decode()

    def _tail(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else term("it said nothing")
