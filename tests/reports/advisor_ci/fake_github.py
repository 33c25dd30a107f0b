"""GitHub's interface as far as the comment needs it, on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_atokenthatisasecret"  # noqa: S105  # of the fake
BOT = "github-actions[bot]"
REPOSITORY = "lab/digits"


class FakeGitHub:
    """One repository with one pull request; ``calls`` are what was asked for, in order."""

    def __init__(self) -> None:
        self.url = ""
        self.comments: list[dict[str, Any]] = []
        self.pulls: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.failures: list[tuple[str, int, dict[str, str], str]] = []
        """Method, status, headers and message of what goes wrong next; each once."""
        self.lost: list[str] = []
        """Methods whose next call is carried out, and its answer lost."""
        self.unasked: list[str] = []
        """Calls without the token."""

    @property
    def writes(self) -> list[str]:
        return [call for call in self.calls if not call.startswith("GET")]

    @property
    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments]

    def say(self, body: str, by: str = BOT) -> None:
        number = len(self.comments) + 1
        self.comments.append({"id": number, "body": body, "user": {"login": by}})

    def fail(self, method: str, status: int, message: str = "no", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.failures.append((method, status, named, message))

    def answer(self, method: str, target: str, body: dict[str, str]) -> tuple[int, Any]:
        address, query = urlsplit(target), parse_qs(urlsplit(target).query)
        base = f"/repos/{REPOSITORY}"
        if method == "GET" and address.path == f"{base}/issues/7/comments":
            page, size = int(query["page"][0]), int(query["per_page"][0])
            return 200, self.comments[(page - 1) * size : page * size]
        if method == "GET" and address.path == f"{base}/pulls":
            return 200, [pull for pull in self.pulls if pull["head"]["label"] == query["head"][0]]
        if method == "POST" and address.path == f"{base}/issues/7/comments":
            self.say(body["body"])
            return 201, self.comments[-1]
        if method == "PATCH" and address.path.startswith(f"{base}/issues/comments/"):
            comment = self.comments[int(address.path.rpartition("/")[2]) - 1]
            comment["body"] = body["body"]
            return 200, comment
        return 404, {"message": "Not Found"}


@contextmanager
def fake_github() -> Iterator[FakeGitHub]:
    """Serve a fake on the loopback."""
    fake = FakeGitHub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(fake: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            given = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fake.calls.append(f"{self.command} {self.path}")
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                fake.unasked.append(self.path)
            if fake.failures and fake.failures[0][0] == self.command:
                _, status, headers, message = fake.failures.pop(0)
                self._send(status, {"message": message}, headers)
                return
            body = json.loads(given) if given else {}
            answer = fake.answer(self.command, self.path, body)
            if self.command in fake.lost:
                fake.lost.remove(self.command)
                answer = (502, {"message": "bad gateway"})
            self._send(*answer, {})

        do_GET = do_POST = do_PATCH = _serve  # noqa: N815  # what http.server calls

        def _send(self, status: int, document: Any, headers: dict[str, str]) -> None:
            data = json.dumps(document).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
