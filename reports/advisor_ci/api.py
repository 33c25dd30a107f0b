"""The few calls to GitHub's REST interface that keep a comment up to date."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from advisor.text import clean

TIMEOUT = 30.0
"""Seconds that one call may take."""
PER_PAGE, MOST_PAGES = 100, 100
"""Items of one page, the most that GitHub gives, and pages that are looked at."""
_LIMITED, _SERVER = (403, 429), 500
"""Statuses that may mean too many calls; the least one that is the server's own fault."""


class Refused(Exception):
    """GitHub does not let this token do what was asked; another try changes nothing."""


class TryAgain(Exception):
    """Something that passes. ``wait`` is for how many seconds, where GitHub says so."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class GitHub:
    """GitHub's REST interface at ``url``, with a token that is sent nowhere else."""

    def __init__(self, url: str, token: str) -> None:
        if not url.startswith(("https://", "http://")):
            raise Refused(f"{clean(url)} is no address of an interface (GITHUB_API_URL)")
        self._url = url.rstrip("/")
        self._token = token
        self._opener = build_opener(_NoRedirect())

    def call(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        """Return the answer to one call. Raises ``Refused`` or ``TryAgain``."""
        request = Request(  # noqa: S310  # the scheme was checked
            f"{self._url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "User-Agent": "advisor",
            },
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return json.loads(answer.read())
        except HTTPError as error:
            raise _problem(method, path, error) from None
        except (URLError, HTTPException, OSError) as error:
            what = getattr(error, "reason", None) or type(error).__name__
            raise TryAgain(f"{method} {path}: {clean(str(what))}") from None
        except ValueError as error:
            raise TryAgain(f"{method} {path}: the answer is no JSON") from error

    def items(self, path: str) -> Iterator[Any]:
        """Yield the items of a list, page by page."""
        for page in range(1, MOST_PAGES + 1):
            found = self.call("GET", f"{path}?per_page={PER_PAGE}&page={page}")
            yield from found
            if len(found) < PER_PAGE:
                return


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing, as the token would go along."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Let a redirection be the error that it is answered as."""


def _problem(method: str, path: str, error: HTTPError) -> Refused | TryAgain:
    said = f"{method} {path}: HTTP {error.code}: {_reason(error)}"
    if error.code in _LIMITED and (wait := _wait(error)) is not None:
        return TryAgain(said, wait)
    return TryAgain(said) if error.code >= _SERVER else Refused(said)


def _reason(error: HTTPError) -> str:
    try:
        return clean(str(json.loads(error.read())["message"]), 300)
    except (OSError, ValueError, KeyError, TypeError, HTTPException):
        return clean(str(error.reason))


def _wait(error: HTTPError) -> float | None:
    """Return the seconds after which calls are allowed again; ``None`` if they are not limited."""
    try:
        if after := error.headers.get("Retry-After"):
            return max(float(after), 0.0)
        if error.headers.get("X-RateLimit-Remaining") == "0":
            return max(float(error.headers["X-RateLimit-Reset"]) - time.time(), 0.0)
    except (TypeError, ValueError):
        return 0.0
    return 0.0 if error.code == 429 else None
