"""What one directory of event files holds, before it is known whether it is a run by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from advisor.formats.configs import Configs, add_beside
from advisor.formats.trainer import callback_notes
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.run import ConfigValue, Run, Series
from advisor.text import told
from advisor_tensorboard.config import agreeing


@dataclass
class Part:
    """The series, settings and notes of one directory, to which others may be added."""

    folder: str
    """Relative to LOGS; ``.`` for LOGS itself."""
    series: dict[str, Series] = field(default_factory=dict)
    texts: Configs = field(default_factory=Configs)
    """The settings that were logged as text."""
    session: dict[str, ConfigValue] = field(default_factory=dict)
    """What the hparams plugin stored here; it may belong to the directory above."""
    beside: list[list[str]] = field(default_factory=list)
    """The settings files of each directory that was taken in, its own first."""
    notes: list[Note] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    """The event files."""
    folded: list[str] = field(default_factory=list)
    sessions: list[dict[str, ConfigValue]] = field(default_factory=list)
    """What the plugin stored in directories that were taken in."""
    keras: bool = False
    """Whether a Keras callback wrote it."""

    @property
    def name(self) -> str:
        """The last part of the folder's path."""
        return self.folder.rpartition("/")[2]

    @property
    def span(self) -> tuple[float, float] | None:
        """The wall times of the first and the last point; ``None`` if it has none."""
        walls = [s.wall_times for s in self.series.values() if s.wall_times is not None and len(s)]
        return (min(w.min() for w in walls), max(w.max() for w in walls)) if walls else None

    def absorb(self, other: Part, names: Mapping[str, str]) -> None:
        """Take in the directory ``other``, its tags renamed as ``names`` says."""
        tags = {tag: self._free(names.get(tag, tag), other.folder) for tag in other.series}
        for tag, series in other.series.items():
            self.series[tags[tag]] = replace(series, tag=tags[tag])
        for found in other.notes:
            named = tuple(tags.get(tag, tag) for tag in found.series)
            self.notes.append(found.model_copy(update={"series": named or tuple(tags.values())}))
        self.texts.merge(other.texts.values)
        self.texts.notes += other.texts.notes
        self.beside += other.beside
        self.files += other.files
        self.folded += [other.folder, *other.folded]
        self.sessions += [*other.sessions, *([other.session] if other.session else [])]
        self.keras = self.keras or other.keras

    def run(self, base: Path) -> Run:
        """Return it as a finished run; its settings files lie below ``base``."""
        config = self._config(base)
        notes = [*self.notes, *config.notes]
        if self.folded:
            notes.append(note(NoteKind.FOLDED, folders=tuple(sorted(self.folded))))
        notes += callback_notes(self.series, config.values)
        return Run(
            name=self.folder,
            series=self.series,
            config=config.values,
            source=term("TensorBoard event file"),
            files=tuple(sorted([*self.files, *chain(*self.beside)])),
            notes=tuple(notes),
        )

    def _config(self, base: Path) -> Configs:
        """Return the settings: what the run logged itself counts before what lies beside it."""
        config = Configs()
        config.merge(self.texts.values)
        config.merge(self.session)
        agreed, differing = agreeing(self.sessions)
        config.merge(agreed)
        config.notes += self.texts.notes
        if differing:
            text = "add_hparams was called with different {names:given}"
            why = told(text, names=", ".join(differing[:4]))
            config.refuse(self.folder, why)
        for files in self.beside:
            add_beside(config, base, files)
        return config

    def _free(self, tag: str, folder: str) -> str:
        """Return ``tag``, or where it is taken, the directory it came from and ``tag``."""
        return f"{folder}/{tag}" if tag in self.series else tag


def related(first: Part, second: Part, *, at_once: bool = False) -> bool:
    """Whether two directories show signs of one run: common tags, or the same hours."""
    if not at_once and not first.series.keys().isdisjoint(second.series):
        return True
    one, two = first.span, second.span
    return one is not None and two is not None and max(one[0], two[0]) <= min(one[1], two[1])
