"""What keeps names and texts from logs inert on the page."""

from __future__ import annotations

import base64
import hashlib

from advisor.language import word
from advisor.text import clean

LONGEST = 800
"""Characters of a sentence that are shown; no sentence of advisor comes near."""


def shown(text: str) -> str:
    """Return a sentence without anything invisible, on one line, not endless and not empty."""
    return clean(text, LONGEST) or word("(no text)")


def source_hash(source: str) -> str:
    """Return what a content security policy calls an inline style or script."""
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def policy(style: str, script: str) -> str:
    """Return the page's content security policy: its own style and script, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {source_hash(style)}",
            f"script-src {source_hash(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
