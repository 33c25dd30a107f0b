"""One run of a file store, read from its folder."""

from __future__ import annotations

from advisor.errors import system_reason
from advisor.formats.plain import NotPlain, from_yaml
from advisor.formats.trainer import callback_notes
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Claim, Unreadable, whole_file
from advisor.run import Run
from advisor_mlflow.folders import META, METRICS, PARAMS, inside
from advisor_mlflow.lines import parse
from advisor_mlflow.params import Params
from advisor_mlflow.points import Points, content

_FINISHED = (3, "FINISHED")
"""MLflow's number for the status, and its name."""


def read(claim: Claim) -> Run:
    """Read the run of a claim. Raises ``Unreadable`` if its metrics hold no point."""
    metrics, damage = _metrics(claim)
    if not metrics:
        cure = term("log them: `mlflow.log_metric(name, value, step=…)`")
        raise Unreadable(claim.files[0], term("the run's metrics hold no point"), cure)
    params = _params(claim)
    series, notes = content(metrics)
    end = _end(claim, params)
    trainer = callback_notes(series, params.values)
    notes = [*notes, *trainer, *damage, *params.notes, *end]
    return Run(
        claim.root, series, params.values, term("MLflow file store"), claim.files, tuple(notes)
    )


def _metrics(claim: Claim) -> tuple[dict[str, Points], list[Note]]:
    found: dict[str, Points] = {}
    damage: list[Note] = []
    for file in claim.files:
        tag = inside(claim.root, file, METRICS)
        if tag:
            points, notes = parse(whole_file(claim.base, file), file, tag)
            damage += notes
            if points.steps:
                found[tag] = points
    return found, damage


def _params(claim: Claim) -> Params:
    params = Params()
    for file in claim.files:
        key = inside(claim.root, file, PARAMS)
        if key:
            try:
                text = (claim.base / file).read_text("utf-8", "replace")
            except OSError as error:
                params.refuse(file, system_reason(error))
            else:
                params.add(key, text, file, file)
    return params


def _end(claim: Claim, params: Params) -> list[Note]:
    """Return a note if the run did not finish, as far as its ``meta.yaml`` can be read."""
    file = META if claim.root == "." else f"{claim.root}/{META}"
    try:
        meta = from_yaml((claim.base / file).read_text("utf-8", "replace"))
    except OSError as error:
        params.refuse(file, system_reason(error))
    except NotPlain as error:
        params.refuse(file, str(error))
    else:
        if isinstance(meta, dict) and meta.get("status", _FINISHED[0]) not in _FINISHED:
            return [note(NoteKind.UNFINISHED)]
    return []
