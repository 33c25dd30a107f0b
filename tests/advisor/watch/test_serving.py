"""Who gets the page: only who knows its address, and asks from it."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

from advisor.errors import UsageError
from advisor.watch import Address, Site, address, served
from advisor_html import HtmlRenderer
from tests.sample_report import hostile_report, sample_report


class Got(NamedTuple):
    """What a request got."""

    status: int
    body: str
    headers: Mapping[str, str]


class Served:
    """A site that is served, and how to ask it for something."""

    def __init__(self, site: Site, url: str) -> None:
        self.site, self.url = site, url
        self.host = url.split("/")[2]

    def get(self, path: str | None = None, method: str = "GET", **headers: str) -> Got:
        """Ask for a path, by default the page; ``Host`` is that of the site unless given."""
        name, _, port = self.host.rpartition(":")
        connection = http.client.HTTPConnection(name.strip("[]"), int(port), timeout=20)
        asked = f"/{self.site.token}/" if path is None else path
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        connection.request(method, asked, headers={"Host": self.host, **given})
        answer = connection.getresponse()
        found = Got(answer.status, answer.read().decode(), dict(answer.getheaders()))
        connection.close()
        return found


@pytest.fixture
def page() -> Iterator[Served]:
    site = Site(HtmlRenderer())
    with served(site, Address("127.0.0.1", 0)) as url:
        yield Served(site, url)


def test_the_page_is_the_one_that_is_exported(page: Served) -> None:
    page.site.show(hostile_report())
    got = page.get(f"/{page.site.token}/report")
    assert (got.status, got.body) == (200, HtmlRenderer().render(hostile_report()))
    assert got.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_version_changes_with_each_report(page: Served) -> None:
    path = f"/{page.site.token}/version"
    versions = [json.loads(page.get(path).body)]
    for _ in range(2):
        page.site.show(sample_report())
        versions.append(json.loads(page.get(path).body))
    assert versions == [{"version": 0}, {"version": 1}, {"version": 2}]


def test_there_is_no_page_before_there_is_a_report(page: Served) -> None:
    assert page.get(f"/{page.site.token}/report").status == 404
    assert page.get().status == 200


@pytest.mark.parametrize(
    "path", ["/", "/report", "/version", "//", "/{less}/report", "/{token}x/", "/x{token}/"]
)
def test_without_the_token_there_is_nothing(page: Served, path: str) -> None:
    page.site.show(sample_report())
    token = page.site.token
    got = page.get(path.format(token=token, less=token[:-1]))
    assert (got.status, got.body) == (404, "Nothing is here.\n")


@pytest.mark.parametrize("line", [b"GET /\xc3\xa9\xff/ HTTP/1.1", b"GET http://x/ HTTP/1.1"])
def test_a_request_that_no_browser_sends_gets_nothing(page: Served, line: bytes) -> None:
    name, _, port = page.host.rpartition(":")
    with socket.create_connection((name, int(port))) as raw:
        raw.sendall(line + f"\r\nHost: {page.host}\r\n\r\n".encode())
        assert b" 404 " in raw.makefile("rb").readline()


@pytest.mark.parametrize("name", ["reports", "../advisor", "report/", "frame.js", "%2e%2e/"])
def test_nothing_but_the_page_and_its_version_is_there(page: Served, name: str) -> None:
    page.site.show(sample_report())
    assert page.get(f"/{page.site.token}/{name}").status == 404


@pytest.mark.parametrize("host", ["evil.example:{port}", "localhost", "127.0.0.1:1", "", "[::1"])
def test_a_request_that_names_another_host_is_refused(page: Served, host: str) -> None:
    port = page.host.rpartition(":")[2]
    assert page.get(Host=host.format(port=port)).status == 403


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "LOCALHOST:{port}"])
def test_a_request_that_names_this_machine_is_answered(page: Served, host: str) -> None:
    assert page.get(Host=host.format(port=page.host.rpartition(":")[2])).status == 200


def test_a_request_of_another_site_is_refused(page: Served) -> None:
    assert page.get(Origin="http://evil.example").status == 403
    assert page.get(Origin="null").status == 403
    assert page.get(Origin=f"http://{page.host}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_only_get_is_answered(page: Served, method: str) -> None:
    assert page.get(method=method).status == 501


def test_the_frame_may_reach_only_this_site_and_run_only_its_script(page: Served) -> None:
    got = page.get()
    policy = got.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert got.headers["Referrer-Policy"] == "no-referrer"
    assert got.headers["Cache-Control"] == "no-store"
    assert "Python" not in got.headers["Server"]


def test_each_site_has_a_token_of_its_own() -> None:
    tokens = {Site(HtmlRenderer()).token for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 32


def test_one_who_asks_slowly_keeps_nobody_waiting(page: Served) -> None:
    name, _, port = page.host.rpartition(":")
    with socket.create_connection((name, int(port))) as idle:
        idle.sendall(b"GET / HT")
        assert page.get().status == 200


def test_the_server_is_gone_after_the_watch() -> None:
    with served(Site(HtmlRenderer()), Address("127.0.0.1", 0)) as url:
        host, _, port = url.split("/")[2].rpartition(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))
    assert threading.active_count() == 1 or all(
        thread.daemon or thread is threading.main_thread() for thread in threading.enumerate()
    )


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = Address("127.0.0.1", taken.getsockname()[1])
        with (
            pytest.raises(UsageError, match="cannot listen there"),
            served(Site(HtmlRenderer()), where),
        ):
            pass


@pytest.mark.parametrize(
    ("given", "host", "port", "loopback"),
    [
        ("8765", "127.0.0.1", 8765, True),
        ("localhost:80", "localhost", 80, True),
        ("[::1]:8765", "::1", 8765, True),
        ("127.0.0.9:1", "127.0.0.9", 1, True),
        ("10.0.0.7:8765", "10.0.0.7", 8765, False),
        ("[::]:8765", "::", 8765, False),
        ("build-7.example:0", "build-7.example", 0, False),
    ],
)
def test_an_address_is_a_port_or_a_host_and_a_port(
    given: str, host: str, port: int, *, loopback: bool
) -> None:
    found = address(given)
    assert (found.host, found.port, found.is_loopback) == (host, port, loopback)


@pytest.mark.parametrize("given", ["", ":8765", "host", "host:", "65536", "-1", "::1:80", "a b:1"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="--serve"):
        address(given)
