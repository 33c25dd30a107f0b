"""Reads what the Hugging Face Trainer, and LLaMA-Factory upon it, leave in an output directory.

``claims`` joins the copies of ``trainer_state.json`` that every checkpoint holds, ``state`` reads
one, whole or cut short, ``factory`` LLaMA-Factory's ``trainer_log.jsonl``, and ``history`` makes
series of their rows and says what the Trainer did to the loss before it logged it. Nothing is
unpickled: ``training_args.bin`` is never opened.
"""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.wording.catalogues import Translations
from advisor_huggingface.reader import HuggingFaceReader


@hookimpl
def register_readers() -> tuple[HuggingFaceReader, ...]:
    """Return the one reader of this plugin."""
    return (HuggingFaceReader(),)


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
