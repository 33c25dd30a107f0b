"""Reads what a probe left behind, without torch: ``probe.json``.

The event file beside it holds the same points, for TensorBoard; it belongs to the claim, so
that no other reader takes it for a training.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from advisor.reader import Claim, Refusal, Unreadable, whole_file
from advisor.run import Run
from advisor.walk import Listing
from advisor_probe.results import FILE, Results, to_run
from advisor_probe.rundir import is_ours

NAME = "probe"

_MARK = re.compile(rb'\A\s*\{\s*"kind"\s*:\s*"advisor-probe"')


class ProbeReader:
    """Reads one run from the directory that ``advisor probe`` wrote."""

    name = NAME
    summary = "`advisor probe` (`probe.json`)"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim each ``probe.json`` with the event file beside it."""
        for file in listing.files:
            if file.name == FILE and _MARK.match(file.head):
                beside = listing.folders[file.folder]
                events = [other.path for other in beside if is_ours(other.name)]
                files = tuple(sorted((file.path, *events)))
                yield Claim(NAME, file.folder, files, 'the key "kind" of a probe', 100)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the one run. Raises ``Unreadable`` if the file is damaged, or of a later version."""
        file = next(path for path in claim.files if path.rpartition("/")[2] == FILE)
        try:
            results = Results.model_validate_json(whole_file(claim.base, file))
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"])) or "the file"
            reason = f"no measurements of a probe: {place}: {problem['msg']}"
            raise Unreadable(file, reason, "run `advisor probe` again") from error
        if not results.series:
            raise Unreadable(file, "nothing was measured", "run `advisor probe` again")
        yield to_run(results, claim.root, file)
