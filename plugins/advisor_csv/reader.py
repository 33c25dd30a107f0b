"""The reader itself: claims tables and turns each into one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.formats.configs import Configs, add_beside
from advisor.formats.tables.reading import table_of
from advisor.language import term
from advisor.reader import Claim, Refusal, Unreadable
from advisor.run import Run
from advisor.walk import Listing
from advisor_csv.claims import NAME, claims
from advisor_csv.columns import content
from advisor_csv.dialect import Look
from advisor_csv.dialects import recognize
from advisor_csv.grouping import runs, widen


class CsvReader:
    """Reads one run from one table. Empty cells are steps at which nothing was logged."""

    name = NAME
    summary = "tables (CSV, TSV) with a row per step: Lightning, Keras, Ultralytics, or your own"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim the tables that are logs; refuse what only has the name of one."""
        return claims(listing)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the runs of a claim. Raises ``Unreadable`` if its table holds no numbers."""
        (file,) = claim.owned
        table = table_of(claim.base, file)
        dialect = recognize(Look(file, table, _beside(claim)))
        config = Configs()
        add_beside(config, claim.base, claim.shared)
        found = 0
        for label, rows in runs(table):
            wide = widen(rows)
            made = content(file, wide, dialect.place(wide))
            if made.series:
                found += 1
                name = f"{claim.root}#{label}" if label else claim.root
                notes = (*made.notes, *config.notes)
                yield Run(name, made.series, config.values, dialect.source, claim.files, notes)
        if not found:
            raise Unreadable(
                file, term("no column holds numbers"), term("let the run log at least one step")
            )


def _beside(claim: Claim) -> frozenset[str]:
    return frozenset(name.rpartition("/")[2] for name in claim.shared)
