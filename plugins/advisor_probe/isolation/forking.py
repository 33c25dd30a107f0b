"""The program of the fork server: ``python -m advisor_probe.isolation.forking DESCRIPTOR``."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module

import torch

from advisor_probe.catalogue import PROBES
from advisor_probe.isolation.job import Job
from advisor_probe.isolation.memory import children
from advisor_probe.workbench.work import carry_out

_DIES_WITH_PARENT, _ADOPTS = 1, 36
"""``PR_SET_PDEATHSIG`` and ``PR_SET_CHILD_SUBREAPER`` of Linux."""
LEFT_SECONDS = 2.0
"""How long the system gets to end what a job left behind."""


def preload() -> None:
    """Import what every child needs, so that it need not: the probes, and torch's lazy parts.

    Nothing is computed: the threads of a backward pass would not survive a fork.
    """
    for probe in PROBES:
        import_module(probe.module)
    torch.optim.SGD([torch.zeros(1)], lr=0.1)


def serve(control: socket.socket) -> None:
    """Fork a child for each job that comes, one after the other, until the other end closes."""
    while True:
        text, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 2)
        if not text:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            _be_child(text, *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        control.sendall(f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        _end_leftovers()
        control.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _end_leftovers() -> None:
    """End what a job left behind, in whatever session: without a parent it became our child."""
    until = time.monotonic() + LEFT_SECONDS
    while (left := list(children(os.getpid()))) and time.monotonic() < until:
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.005)


def _be_child(text: bytes, messages: int, output: int) -> None:
    """Do the job, and end without a return to the server's code."""
    os.setsid()
    _die_with_parent()
    _limit_cores()
    for standard in (1, 2):
        os.dup2(output, standard)
    os.close(output)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # no test replaces it here
    try:
        carry_out(Job.model_validate_json(text), messages)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        # Neither exit handlers nor threads of the user may keep the child alive.
        os._exit(0)


def _die_with_parent() -> None:
    """End with the server, however that ends."""
    _control(_DIES_WITH_PARENT, signal.SIGKILL)


def _adopt() -> None:
    """Become the parent of what loses its own."""
    _control(_ADOPTS, 1)


def _control(operation: int, value: int) -> None:
    """Have the system treat this process so; other systems than Linux have no such thing."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(operation, value)


def _limit_cores() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _die_with_parent()
    _adopt()
    preload()
    serve(socket.socket(fileno=int(sys.argv[1])))
