"""What `advisor watch --serve` shows: the report as it is exported, in a frame that renews it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from http import HTTPStatus
from importlib.resources import files
from typing import NamedTuple

from advisor.renderer import Renderer
from advisor.report import Report


class Answer(NamedTuple):
    """What a request gets."""

    status: HTTPStatus
    body: str
    kind: str = "text/plain"
    policy: str = "default-src 'none'; frame-ancestors 'none'"


_NOTHING = Answer(HTTPStatus.NOT_FOUND, "Nothing is here.\n")


class Site:
    """The latest report as a page, and how many there were before it. Safe for threads."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._lock = threading.Lock()
        self._report: Report | None = None
        self._page: str | None = None
        self._version = 0
        self.token = secrets.token_urlsafe(24)
        """What the path of every request begins with."""

    def show(self, report: Report) -> None:
        """Serve this report from now on."""
        with self._lock:
            self._report, self._page = report, None
            self._version += 1

    def answer(self, path: str) -> Answer:
        """Return what a path gets; with a wrong token nothing, whatever it asks for."""
        token, _, name = path.removeprefix("/").partition("/")
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode()):
            return _NOTHING
        match name:
            case "":
                return _frame()
            case "version":
                said = json.dumps({"version": self._version})
                return Answer(HTTPStatus.OK, said, "application/json")
            case "report":
                return self._shown()
        return _NOTHING

    def _shown(self) -> Answer:
        """Render the page when somebody first asks for it."""
        with self._lock:
            if self._report is None:
                return _NOTHING
            self._page = self._page or self._renderer.render(self._report)
            # The page brings the rest of its policy along.
            return Answer(HTTPStatus.OK, self._page, "text/html", "frame-ancestors 'self'")


def _frame() -> Answer:
    style, script = _asset("frame.css"), _asset("frame.js")
    body = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>advisor watch</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<style>{style}</style>
<p role="status">Waiting for a first run. This page shows it by itself.</p>
<iframe title="advisor report" hidden></iframe>
<script>{script}</script></html>
"""
    policy = (
        "default-src 'none'; frame-src 'self'; connect-src 'self'; img-src data:; "
        f"style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Answer(HTTPStatus.OK, body, "text/html", policy)


def _asset(name: str) -> str:
    return files("advisor.watch").joinpath(name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    """Return what a content security policy calls an inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
