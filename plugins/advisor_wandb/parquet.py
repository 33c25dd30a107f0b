"""Reading Parquet files in a process of its own, which damage can end.

One process reads all files of this one: to start it takes longer than to read a usual history.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import IO, cast

from advisor_wandb import as_arrow

_LARGE = 1 << 26
"""Bytes of a table after which the process is ended, as it keeps much of the memory (64 MiB)."""


class Refused(Exception):
    """A file is no Parquet that can be read: the reason, as polars gives it."""


class Ended(Exception):
    """What a file holds ended the process that read it."""


class _Program:
    """The process that reads for this one, begun when it is first asked."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, path: Path) -> bytes:
        """Return a table as an Arrow stream. Raises ``Refused``, ``Ended``, or ``OSError``."""
        with self._lock:
            keep = False
            try:
                fine, answer = _asked(self._running(), path)
                keep = len(answer) <= _LARGE
            finally:  # an answer that was not read to its end would be taken for the next one
                if not keep:
                    self.end()
        if not fine:
            raise Refused(answer.decode("utf-8", "replace"))
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        # What a fork inherits is that of the process that it was forked from.
        if self._owner != os.getpid():
            self._process = None
        if self._process is not None and self._process.poll() is not None:
            self.end()
        if self._process is None:
            self._owner = os.getpid()
            self._process = subprocess.Popen(  # noqa: S603  # our own
                [sys.executable, "-P", as_arrow.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()


def _asked(process: subprocess.Popen[bytes], path: Path) -> tuple[bool, bytes]:
    stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    try:
        stdin.write(json.dumps(str(path.absolute())).encode() + b"\n")
        stdin.flush()
    except BrokenPipeError as error:
        raise Ended from error
    head = stdout.read(as_arrow.HEAD.size)
    if len(head) < as_arrow.HEAD.size:
        raise Ended
    fine, size = as_arrow.HEAD.unpack(head)
    answer = stdout.read(size)
    if len(answer) < size:
        raise Ended
    return fine, answer


PROGRAM = _Program()
atexit.register(PROGRAM.end)
