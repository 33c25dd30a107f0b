"""W&B run files, read by the client's own ``DataStore`` and protobuf messages.

Today's client has no such reader any more, so that a process with an old one reads them: run as
a program in its environment, this file prints what it read as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OLD = Path(__file__).parents[3] / ".env-wandb-old" / "bin" / "python"
"""The Python of a client of 2024, which `make loggers` installs."""


def main(path: str) -> None:
    """Print ``{tag: [steps, values, times]}`` of what was logged and measured in one file."""
    series: dict[str, tuple[list[int], list[float], list[float]]] = {}
    measured = 0
    for record in records(path):
        if record.WhichOneof("record_type") == "history":
            row = {item.key: json.loads(item.value_json) for item in record.history.item}
            logged = {name: value for name, value in row.items() if not name.startswith("_")}
            step, time = row["_step"], row["_timestamp"]
        elif record.WhichOneof("record_type") == "stats":
            stats = record.stats
            logged = {f"system/{item.key}": json.loads(item.value_json) for item in stats.item}
            step, time = measured, stats.timestamp.seconds + stats.timestamp.nanos / 1e9
            measured += 1
        else:
            continue
        for name, value in logged.items():
            if type(value) in (int, float):
                steps, values, times = series.setdefault(name, ([], [], []))
                steps.append(step)
                values.append(float(value))
                times.append(time)
    sys.stdout.write(json.dumps(series))


def records(path: str) -> Iterator[Any]:
    """Yield the records; where the file is cut, those before the cut."""
    from wandb.proto import wandb_internal_pb2 as messages
    from wandb.sdk.internal.datastore import DataStore

    store = DataStore()
    store.open_for_scan(path)
    while True:
        try:
            data = store.scan_data()
        except AssertionError:  # how it says that a chunk is cut
            return
        if data is None:
            return
        record: Any = getattr(messages, "Record")()  # noqa: B009  # made at run time
        record.ParseFromString(data)
        yield record


if __name__ == "__main__":
    main(sys.argv[1])
else:
    from tests.conftest import skip
    from tests.reallogs.oracles.points import Points, Runs

    def read(path: Path) -> Runs:
        """Read one file in a process of the old client."""
        if not OLD.exists():
            skip("wandb 0.17.9")
        done = subprocess.run([OLD, __file__, path], check=True, capture_output=True, text=True)
        return {"": {tag: Points(*columns) for tag, columns in json.loads(done.stdout).items()}}
