"""The reader of run folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping

from advisor.formats.histogram import Histograms
from advisor.reader import Claim, Progress, Refusal, unopened
from advisor.run import Run
from advisor.walk import Listing
from advisor_wandb import folders, histograms, runfile


class WandbRunReader:
    """Runs as the client writes them, online or offline. Parts of a resumed run are one run."""

    name = "wandb"
    summary = "W&B run folders (`wandb/run-…/run-ID.wandb`), online and offline, finished or not"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim the ``.wandb`` files of each run; refuse what only has the name of one."""
        return folders.claims(listing, self.name)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the one run of a claim. Raises ``Unreadable`` if it holds no number."""
        return self.resume(claim, {})

    def resume(self, claim: Claim, progress: MutableMapping[str, Progress]) -> Iterator[Run]:
        """Read the run of a claim as ``read`` does, of the files in ``progress`` what is new."""
        yield runfile.read(claim, progress)

    def histograms(self, claim: Claim) -> dict[str, dict[str, Histograms]]:
        """List the histograms of the run of a claim. Raises ``Unreadable`` if a file is gone."""
        names = folders.in_order(claim.files)
        try:
            found = histograms.find([(claim.base / name, name) for name in names])
        except OSError as error:
            raise unopened(names[0], error) from error
        return {claim.root: found} if found else {}
