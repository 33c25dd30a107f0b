"""The promises of readers: ``parametrize_readers`` makes tests of them.

@parametrize_readers([ReaderCase(CsvReader(), write_samples, points=600)])
def test_a_reader_keeps_its_promises(reader, check):
    check(reader)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from advisor.declared import NAME
from advisor.reader import Claim
from advisor.run import Run
from advisor.testing.checks import Check, parametrize, promise
from advisor.testing.damage import damage_checks
from advisor.testing.growth import growth_checks
from advisor.testing.samples import (
    ReaderCase,
    claims_of,
    content_of,
    heavy_after_claim,
    read_all,
    sample_tree,
)

__all__ = ["ReaderCase", "parametrize_readers", "reader_checks"]


def reader_checks(case: ReaderCase) -> Iterator[Check[ReaderCase]]:
    """Yield the checks of a reader."""
    yield check_name_and_summary_fit_a_list
    yield check_claims_are_well_formed
    yield check_every_point_is_read
    yield check_names_of_runs_are_unique
    yield check_names_are_relative
    yield check_reading_again_gives_the_same
    yield check_claiming_imports_nothing_heavy
    yield from growth_checks(case)
    yield from damage_checks()


def parametrize_readers(
    cases: Iterable[ReaderCase], *, expected_failures: Mapping[str, str] | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """Make pytest run every check on every reader.

    ``expected_failures`` names a check, or ``reader:check``, with the reason why the promise
    is not kept there; the reason is mandatory, and the check must then fail.
    """
    return parametrize(
        "reader",
        cases,
        checks=reader_checks,
        label=lambda case: case.reader.name,
        expected_failures=expected_failures or {},
    )


def check_name_and_summary_fit_a_list(case: ReaderCase) -> None:
    """Check that the name is kebab-case, the summary one line."""
    name, summary = case.reader.name, case.reader.summary
    promise(NAME.fullmatch(name) is not None, f"{name!r} is no kebab-case name")
    promise(summary.strip() == summary != "" and "\n" not in summary, "the summary is not one line")


def check_claims_are_well_formed(case: ReaderCase) -> None:
    """Check that claims name the reader, files that exist, a proof and a certainty."""
    with sample_tree(case) as listing:
        claims = claims_of(case.reader, listing)
        promise(bool(claims), "nothing in the samples is claimed")
        for claim in claims:
            _check_claim(case.reader.name, claim, set(listing.by_path))
        claimed = [file for claim in claims for file in claim.files]
        twice = sorted({file for file in claimed if claimed.count(file) > 1})
        promise(not twice, f"claimed twice: {twice}")


def _check_claim(reader: str, claim: Claim, there: set[str]) -> None:
    promise(claim.reader == reader, f"a claim names the reader {claim.reader!r}, not {reader!r}")
    promise(bool(claim.files) and set(claim.files) <= there, f"claims {claim.files}: not all exist")
    promise(list(claim.files) == sorted(claim.files), f"claims {claim.files}: not sorted")
    promise(bool(claim.proof.strip()), f"the claim of {claim.files[0]} has no proof")
    promise(0 <= claim.certainty <= 100, f"a certainty of {claim.certainty} is not in 0 to 100")


def check_every_point_is_read(case: ReaderCase) -> None:
    """Check that as many values are read as the samples hold, over all runs and series."""
    with sample_tree(case) as listing:
        read = sum(run.points for run in read_all(case.reader, listing))
    promise(read == case.points, f"{read:,} values were read; the samples hold {case.points:,}")


def check_names_of_runs_are_unique(case: ReaderCase) -> None:
    """Check that no two runs of one tree have the same name."""
    with sample_tree(case) as listing:
        names = [run.name for run in read_all(case.reader, listing)]
    twice = sorted({name for name in names if names.count(name) > 1})
    promise(not twice, f"several runs are called {twice}")


def check_names_are_relative(case: ReaderCase) -> None:
    """Check that runs and files are named relative to the tree, and where it lies shows nowhere."""
    with sample_tree(case) as listing:
        runs, there = read_all(case.reader, listing), set(listing.by_path)
        base = str(listing.base)
    for run in runs:
        promise(
            bool(run.name) and _relative(run.name),
            f"the run's name {run.name!r} is no relative path",
        )
        promise(set(run.files) <= there, f"run {run.name!r} names files {run.files}: not all exist")
        promise(bool(run.source.strip()), f"run {run.name!r} does not say what kind of log it is")
        promise(base not in _words(run), f"run {run.name!r} says where the tree lies: {base}")


def _relative(name: str) -> bool:
    return not name.startswith("/") and "\\" not in name and ".." not in name.split("/")


def _words(run: Run) -> str:
    origins = [entry.origin for entry in run.config.values()]
    return "\n".join((run.name, run.source, *origins, *(n.message.text for n in run.notes)))


def check_reading_again_gives_the_same(case: ReaderCase) -> None:
    """Check that claimed and read twice, the samples give the same runs."""
    with sample_tree(case) as listing:
        first, second = read_all(case.reader, listing), read_all(case.reader, listing)
    promise([*map(content_of, first)] == [*map(content_of, second)], "read again, the runs differ")


def check_claiming_imports_nothing_heavy(case: ReaderCase) -> None:
    """Check that neither importing the reader nor claiming the samples loads a heavy library."""
    with sample_tree(case) as listing:
        loaded = heavy_after_claim(case.reader, listing.base)
    promise(not loaded, f"importing the reader and claiming loads {loaded}: import it in read()")
