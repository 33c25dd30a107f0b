"""The reader itself: one run from the newest state of an output directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from advisor.formats.configs import Configs
from advisor.formats.tables.json_lines import JsonLines
from advisor.formats.trainer import loss_notes
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Claim, Refusal, Unreadable
from advisor.run import Run, Series
from advisor.walk import HEAD, Listing
from advisor_huggingface import claims, factory, state
from advisor_huggingface.config import CONFIGS, chosen, told_to_stop
from advisor_huggingface.history import History


class HuggingFaceReader:
    """Reads one run from an output directory, whatever number of checkpoints lie in it."""

    name = claims.NAME
    summary = "Hugging Face Trainer (`trainer_state.json`) and LLaMA-Factory (`trainer_log.jsonl`)"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim the states and logs of each run; refuse what only has the name of one."""
        return claims.claims(listing)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the one run of a claim. Raises ``Unreadable`` if no loss or metric was logged."""
        made = [file for file in claim.files if _base(file) not in CONFIGS]
        logs = [file for file in made if file.endswith(".jsonl")]
        config = Configs()
        series, notes, source = _from_states(claim, [f for f in made if f not in logs], config)
        if not series and logs:
            series, notes, source = _from_log(claim, logs[0], config)
        if not series:
            raise Unreadable(made[0], *_nothing(logs))
        for name in CONFIGS:
            for file in (file for file in claim.files if _base(file) == name):
                config.add_file(claim.base, file)
        recorded = {path: entry.value for path, entry in config.values.items()}
        told = (*notes, *loss_notes(series, recorded), *config.notes)
        yield Run(claim.root, series, config.values, source, claim.files, told)


_Read = tuple[dict[str, Series], list[Note], str]


def _from_states(claim: Claim, files: list[str], config: Configs) -> _Read:
    """Read the newest state, or if nothing can be had from it the one before."""
    newest = sorted(files, key=lambda file: (_progress(claim.base / file), -file.count("/")))
    failed: list[Note] = []
    for file in reversed(newest):
        held = state.load(claim.base, file)
        history = History()
        for row in held.rows:
            history.add(row)
        series, notes = history.series()
        if series:
            config.add(chosen(held.fields), file)
            notes += [*held.notes, *failed, *_unfinished(held)]
            return series, notes, "Hugging Face Trainer state"
        failed += held.notes
    return {}, failed, ""


def _from_log(claim: Claim, file: str, config: Configs) -> _Read:
    history = History(factory.STEP, factory.PROGRESS)
    lines = JsonLines(claim.base, file)
    total = None
    for row in lines:
        history.add(row, factory.elapsed(row))
        total = row.get(factory.TOTAL, total)
    series, notes = history.series()
    if isinstance(total, int):
        config.add({factory.TOTAL: total}, file)
    # Where it stands alone, the epoch is progress too.
    held = series if series.keys() - {"epoch"} else {}
    return held, [*notes, *lines.notes()], "Hugging Face Trainer under LLaMA-Factory"


def _unfinished(held: state.State) -> Iterator[Note]:
    """Note a run that had steps left, and no summary, when its state was saved."""
    done, planned = held.fields.get("global_step"), held.fields.get("max_steps")
    if not isinstance(done, int) or not isinstance(planned, int):
        return
    ended = any("train_runtime" in row for row in held.rows[-3:])
    if done < planned and not ended and not told_to_stop(held.fields):
        yield note(NoteKind.UNFINISHED)


def _progress(path: Path) -> int:
    try:
        with path.open("rb") as stream:
            return claims.progress(stream.read(HEAD))
    except OSError:
        return -1


def _nothing(logs: list[str]) -> tuple[str, str]:
    if logs:
        return (
            term("says how far the run is, and logs neither loss nor metric"),
            term("run with `logging_steps` set, and keep trainer_state.json"),
        )
    return term("its history holds no number"), term("run with `logging_steps` set")


def _base(file: str) -> str:
    return file.rpartition("/")[2]
