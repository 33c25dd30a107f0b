"""Readers that hang, leave or break while they read what bears their name."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator

from advisor import Claim, Reader, Refusal, Run, hookimpl
from advisor.walk import Listing


class NastyReader:
    """Claims every file ``NAME.nasty``, and does what its name says."""

    summary = "files made for tests"

    def __init__(self, name: str) -> None:
        self.name = name

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim by name."""
        for file in listing.files:
            if file.name == f"{self.name}.nasty":
                yield Claim(self.name, file.path, (file.path,), "its name", 99)

    def read(self, _claim: Claim) -> Iterator[Run]:
        """Read nothing."""
        yield from ()
        match self.name:
            case "hangs":
                time.sleep(3600)
            case "hangs-masked":
                _hang_for_good()
            case "leaves":
                os._exit(0)
            case "exits":
                raise SystemExit(0)
        raise OSError("cannot")


def _hang_for_good() -> None:
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(3600)


@hookimpl
def register_readers() -> tuple[Reader, ...]:
    """Declare the readers."""
    return tuple(map(NastyReader, ("hangs", "hangs-masked", "leaves", "exits", "raises")))
