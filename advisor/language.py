"""The reader's language: English templates on one side, a catalogue of another language's.

What advisor says is data until it is shown: a message keeps the id of its template and its
parameters, so that a saved report can be shown in any language. Whoever shows it asks
``shown`` for the sentence, ``tell`` for a sentence of the format itself and ``word`` for a
word, and gets them in the language that is spoken at that moment. What a catalogue lacks, as
what other people's plugins say without one, stays English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property

TYPE_CHECKING = False  # `--help` speaks as well, and needs neither types nor messages
if TYPE_CHECKING:
    from typing import TypeGuard

    from advisor.text import Message, Param

ENGLISH = "en"

LANGUAGES: Mapping[str, str] = {ENGLISH: "en", "zh": "zh-Hans"}
"""What ``--language`` takes, each with the tag by which a web page names it (BCP 47)."""

TOLD = "told"
"""The section of sentences that documents keep as English text; their ids would be elsewhere."""

Section = Mapping[str, str]
"""English templates, each with its translation."""


class Catalogue:
    """The translations into one language.

    A section is named by the beginning of the ids of its messages, up to the first dot; those
    that hold words and sentences of the formats, by the module that says them.
    """

    def __init__(
        self, language: str = ENGLISH, sections: Mapping[str, Section] | None = None
    ) -> None:
        self.language = language
        self.sections = sections or {}

    @cached_property
    def _all(self) -> Section:
        """All sections in one, for what has no id."""
        return {e: own for section in self.sections.values() for e, own in section.items()}

    def word(self, text: str) -> str:
        """Return a word, a sentence without parameters, or one that is kept as English text."""
        return self._all.get(text) or self._retold(text)

    def _retold(self, text: str) -> str:
        from advisor.wording.retold import retold

        section = self.sections.get(TOLD, {}).items()
        found = (retold(english, own, text, self.word) for english, own in section)
        return next(filter(None, found), text)

    def tell(self, template: str, params: Mapping[str, Param]) -> str:
        """Write a sentence from its English template."""
        return self._filled(self.word(template), params)

    def sentence(self, said: Message) -> str:
        """Write a message; in English if no template of the catalogue gives its English text."""
        for english, own in self.sections.get(said.id.partition(".")[0], {}).items():
            if _says(english, said):
                return self._filled(own, said.params)
        return said.text

    def _filled(self, template: str, params: Mapping[str, Param]) -> str:
        from advisor.text import AND_MORE, fields, fill

        kinds = fields(template)
        own = {name: self._param(params[name], kind) for name, kind in kinds.items()}
        return fill(template, own, self.word(AND_MORE))

    def _param(self, value: Param, kind: str) -> Param:
        if isinstance(value, str) and kind in ("text", "given"):
            return self.word(value) if kind == "text" else self._retold(value)
        if _is_message(value):
            return value.model_copy(update={"text": self.sentence(value)})
        return value


def _is_message(value: object) -> TypeGuard[Message]:
    from advisor.text import Message

    return isinstance(value, Message)


def _says(template: str, said: Message) -> bool:
    """Tell whether a message was made from a template; a saved report may hold anything."""
    from advisor.text import fields, fill

    if not fields(template).keys() <= said.params.keys():
        return False
    try:
        return fill(template, said.params) == said.text
    except (ValueError, TypeError, OverflowError):
        return False


_SPOKEN: ContextVar[Catalogue | None] = ContextVar("spoken", default=None)


class _Usual:
    """What is spoken where nothing else was chosen, in every thread."""

    catalogue = Catalogue()


def _spoken() -> Catalogue:
    return _SPOKEN.get() or _Usual.catalogue


def speak(catalogue: Catalogue) -> None:
    """Speak a language from now on, in all threads."""
    _Usual.catalogue = catalogue


@contextmanager
def speaking(catalogue: Catalogue) -> Iterator[None]:
    """Speak a language as long as the context lasts."""
    before = _SPOKEN.set(catalogue)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def spoken() -> str:
    """Return the language that is spoken, as a web page names it."""
    return LANGUAGES[_spoken().language]


def shown(said: Message | str) -> str:
    """Return a message, or a sentence without parameters, in the language that is spoken."""
    catalogue = _spoken()
    return catalogue.word(said) if isinstance(said, str) else catalogue.sentence(said)


def word(text: str) -> str:
    """Return a word or a phrase in the language that is spoken."""
    return _spoken().word(text)


def tell(template: str, **params: Param) -> str:
    """Write a sentence of a format from its English template."""
    return _spoken().tell(template, params)


def kept(template: str) -> str:
    """Return a template as it is: a mark for sentences that others write in plain English."""
    return template


def term(text: str) -> str:
    """Return a word as it is: a mark for the catalogues, where ``word`` is asked later."""
    return text
