"""Reads Parquet files for the process that started it: run as a program of its own.

A single damaged byte can make polars ask for more memory than there is, which ends the process.
"""

from __future__ import annotations

import io
import json
import os
import signal
import struct
import sys
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

HEAD = struct.Struct("<?Q")
"""What an answer begins with: whether the file could be read, and how many bytes follow."""


def main() -> None:
    """Answer each line of standard input, a path as JSON, with an Arrow stream or with a reason.

    Ends with its standard input, which is that of the process that started it, however that ended,
    and even while polars is busy.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process ends this one
    asked: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(asked,), daemon=True).start()
    while True:
        fine, answer = _answer(json.loads(asked.get()))
        sys.stdout.buffer.write(HEAD.pack(fine, len(answer)))
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()


def _listen(asked: SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        asked.put(line)
    os._exit(0)


def _answer(path: str) -> tuple[bool, bytes | memoryview]:
    import polars as pl

    try:
        # By its name polars would read every file that the name fits as a pattern.
        with Path(path).open("rb") as file:
            table = pl.read_parquet(file)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        return False, why.encode("utf-8", "replace")
    stream = io.BytesIO()
    table.write_ipc_stream(stream)
    return True, stream.getbuffer()


if __name__ == "__main__":
    main()
