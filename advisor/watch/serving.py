"""The report's page over HTTP, for a browser that shows by itself what changed.

The page is served as it is exported, with its own policy: it reaches no network. Around it stands
a frame that asks whether there is a newer one. Only who knows the address can read them: it holds
a random token. A request must name this machine (Host) and come from this site (Origin), or
another site that a browser has open could ask in its owner's name (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, cast

from advisor.errors import UsageError, system_reason
from advisor.watch.site import Answer, Site

LOOPBACK = "127.0.0.1"
SECONDS = 10.0
"""The longest that a request may take to arrive."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether nobody else's machine can reach it."""
        if self.host == "localhost":
            return True
        with suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return False

    def __str__(self) -> str:
        """Return it as a URL has it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address(text: str) -> Address:
    """Read ``[HOST:]PORT``; without a host nobody else can reach it. Raises ``UsageError``."""
    found = re.fullmatch(r"(?:(?:\[([0-9a-fA-F:]+)\]|([\w.-]+)):)?(\d{1,5})", text, re.ASCII)
    if not found or int(found[3]) > 65535:
        what = "--serve {text:given}: give a port, as in 8765, or a host as well: HOST:PORT"
        raise UsageError(what, text=text)
    return Address(found[1] or found[2] or LOOPBACK, int(found[3]))


@contextmanager
def served(site: Site, where: Address) -> Iterator[str]:
    """Serve a site in threads of its own, and yield its URL. Raises ``UsageError``."""
    try:
        server = _Server(site, where)
    except OSError as error:
        text = "--serve {where:given}: cannot listen there ({why:given})"
        raise UsageError(text, where=where, why=system_reason(error)) from error
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{server.where}/{site.token}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, site: Site, where: Address) -> None:
        self.address_family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
        super().__init__((where.host, where.port), _Handler)
        self.site = site
        self.where = Address(where.host, self.server_address[1])

    def is_named(self, host: str) -> bool:
        """Whether a Host header names this server.

        Any address will do, as it needs no name that somebody else could point here.
        """
        name, _, port = host.rpartition(":")
        if port != str(self.where.port):
            return False
        own = {self.where.host, "localhost"}
        if not self.where.is_loopback:
            own |= {socket.gethostname().lower(), socket.getfqdn().lower()}
        with suppress(ValueError):
            return bool(ipaddress.ip_address(name.strip("[]")))
        return name.lower() in own

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that went away."""


class _Handler(BaseHTTPRequestHandler):
    server_version, sys_version = "advisor", ""
    timeout = SECONDS

    def do_GET(self) -> None:
        """Answer a request for something that is here; there is no other kind."""
        server = cast("_Server", self.server)
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        if not server.is_named(host) or origin not in (None, f"http://{host}"):
            self._send(Answer(HTTPStatus.FORBIDDEN, "Another site asked.\n"))
        else:
            self._send(server.site.answer(self.path))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in http.server
        """Say nothing: the terminal is for the runs."""

    def _send(self, answer: Answer) -> None:
        data = answer.body.encode("utf-8", "replace")
        self.send_response(answer.status)
        self.send_header("Content-Type", f"{answer.kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", answer.policy)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
