"""Room for text: what comes first is written first, and nothing is cut in the middle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def fitting(pieces: Iterable[str], room: int, most: int | None = None) -> list[str]:
    """Return the first pieces that fit into ``room`` characters, each with a line break.

    Stops at the first piece that does not fit, so that a less important one never takes the
    place of a more important one; and after ``most`` pieces.
    """
    taken: list[str] = []
    for piece in pieces:
        room -= len(piece) + 1
        if room < 0 or len(taken) == most:
            break
        taken.append(piece)
    return taken


def filled(choices: Iterable[Sequence[str]], room: int) -> list[str]:
    """Return one piece of each choice, as long as one fits; the first that does is taken.

    Each piece takes two further characters, for the empty line between two of them.
    """
    taken: list[str] = []
    for forms in choices:
        form = next((form for form in forms if len(form) + 2 <= room), None)
        if form is None:
            break
        room -= len(form) + 2
        taken.append(form)
    return taken
