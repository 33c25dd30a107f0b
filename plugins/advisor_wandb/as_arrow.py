"""Writes a Parquet file to standard output as an Arrow stream: run as a program of its own.

A single damaged byte can make polars ask for more memory than there is, which ends the process.
"""

from __future__ import annotations

import sys


def main(path: str) -> None:
    """Write the table; ends with status 1 and the reason where it cannot be read."""
    import polars as pl

    try:
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        sys.exit(str(error).splitlines()[0] if str(error) else type(error).__name__)
    table.write_ipc_stream(sys.stdout.buffer)


if __name__ == "__main__":
    main(sys.argv[1])
