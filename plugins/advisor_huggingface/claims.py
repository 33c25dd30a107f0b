"""Which files are one run: the newest state, the older copies in the checkpoints, the settings.

Every ``checkpoint-N/trainer_state.json`` holds the history up to step N. Copies are known by
their first row: an output directory that was used again holds the checkpoints of two runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from advisor.formats.tables.reading import absent
from advisor.language import term
from advisor.reader import Claim, Refusal
from advisor.walk import File, Listing
from advisor_huggingface import factory
from advisor_huggingface.config import CONFIGS

NAME = "huggingface"
STATE = "trainer_state.json"

_HISTORY = re.compile(rb'"log_history"\s*:\s*\[\s*(\{[^{}]*)?')
_STEP = re.compile(rb'"global_step"\s*:\s*(\d{1,18})\b')
_CHECKPOINT = re.compile(r"checkpoint-\d+")


@dataclass(frozen=True, slots=True)
class _State:
    """A file that holds the state of a Trainer."""

    file: File
    first: bytes
    """Its first row, as text without white space; empty if nothing was logged yet."""

    @property
    def home(self) -> str:
        """The output directory."""
        folder = self.file.folder
        above, _, last = folder.rpartition("/")
        return (above or ".") if _CHECKPOINT.fullmatch(last) else folder

    @property
    def rank(self) -> tuple[int, bool]:
        """How far it got; of two at one step the one outside of a checkpoint stands higher."""
        return progress(self.file.head), self.file.folder == self.home


def claims(listing: Listing) -> Iterator[Claim | Refusal]:
    """Claim each run's states, log and settings, and refuse what only has the name of a state."""
    states, logs = [], []
    for file in listing.files:
        if (state := _state(file)) is not None:
            states.append(state)
        elif file.name.endswith(".jsonl") and factory.fits(file.head):
            logs.append(file)
        elif file.name in (STATE, factory.LOG):
            yield _refusal(file)
    yield from _of_states(listing, states, logs)
    homes = {state.home for state in states if state.first}
    for log in logs:
        if log.folder not in homes:
            yield _of_log(listing, log)


def progress(head: bytes) -> int:
    """Return the step that a state had reached, from its first bytes; 0 if they do not say."""
    found = _STEP.search(head)
    return int(found.group(1)) if found else 0


def _state(file: File) -> _State | None:
    found = _HISTORY.search(file.head) if file.name.endswith(".json") else None
    return _State(file, b"".join((found.group(1) or b"").split())) if found else None


def _of_states(
    listing: Listing, states: list[_State], logs: list[File]
) -> Iterator[Claim | Refusal]:
    homes: dict[str, dict[bytes, list[_State]]] = {}
    for state in states:
        homes.setdefault(state.home, {}).setdefault(state.first, []).append(state)
    for home, runs in homes.items():
        early = runs.pop(b"", [])
        if not runs:
            yield from (_unlogged(state.file) for state in early)
        for held in runs.values():
            alone = len(runs) == 1
            beside = [log.path for log in logs if alone and log.folder == home]
            yield _claim(listing, home, [*held, *(early if alone else [])], beside, alone=alone)


def _claim(
    listing: Listing, home: str, states: list[_State], logs: list[str], *, alone: bool
) -> Claim:
    newest = max(states, key=lambda state: state.rank).file
    folders = {home, newest.folder} if alone and not _others(listing, states[0]) else ()
    configs = tuple(path for folder in sorted(folders) for path in _configs(listing, folder))
    files = {state.file.path for state in states}.union(logs, configs)
    root = home if alone and not listing.named else _own(newest)
    proof = "the keys global_step and log_history of a Trainer's state"
    return Claim(NAME, root, tuple(sorted(files)), proof, 95, configs)


def _others(listing: Listing, named: _State) -> bool:
    """Tell whether states of other runs lie beside one that a person named."""
    beside = map(_state, listing.beside(named.file.folder)) if listing.named else ()
    return any(state is not None and state.first not in (named.first, b"") for state in beside)


def _own(file: File) -> str:
    """Name a run by its state where the output directory holds others too."""
    if file.name == STATE and file.folder != ".":
        return file.folder
    return file.path.removesuffix(".json")


def _of_log(listing: Listing, log: File) -> Claim:
    alone = log.name == factory.LOG
    root = log.folder if alone and not listing.named else log.path.removesuffix(".jsonl")
    configs = tuple(_configs(listing, log.folder)) if alone else ()
    proof = "rows with current_steps and total_steps"
    return Claim(NAME, root, tuple(sorted((log.path, *configs))), proof, 95, configs)


def _configs(listing: Listing, folder: str) -> Iterator[str]:
    return (file.path for file in listing.beside(folder) if file.name in CONFIGS)


def _refusal(file: File) -> Refusal:
    nothing = absent(file.head)
    if nothing:
        return Refusal(file.path, *nothing)
    if file.name == factory.LOG:
        what = term("its first line is no row of LLaMA-Factory's log")
    else:
        what = term("no state of a Hugging Face Trainer: it has no log_history")
    return Refusal(file.path, what, term("give the output directory as the training left it"))


def _unlogged(file: File) -> Refusal:
    cure = term("set `logging_steps` below the number of steps of the run")
    return Refusal(file.path, term("its log_history is empty: nothing was logged yet"), cure)
