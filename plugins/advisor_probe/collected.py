"""What the children of a session report, put together."""

from __future__ import annotations

from typing import Any

from advisor.model import Value
from advisor.prober import ProbeRequest
from advisor_probe.results import Points, Ran, Results


class Collected:
    """Measurements as they come in."""

    def __init__(self, request: ProbeRequest) -> None:
        self._request = request
        self._ran: list[Ran] = []
        self._facts: dict[str, Value] = {}
        self._points: dict[str, list[tuple[int, float]]] = {}
        self.loaded = False
        """Whether the target could be loaded at least once."""

    def hear(self, message: dict[str, Any]) -> None:
        """Take a message of a child."""
        match message["kind"]:
            case "loaded":
                self.loaded = True
            case "fact":
                self.fact(message["name"], _plain(message["value"]))
            case "point":
                self.point(message["tag"], message["value"], message["step"])

    def fact(self, name: str, value: Value) -> None:
        """Keep a fact."""
        self._facts[name] = value

    def point(self, tag: str, value: float, step: int = 0) -> None:
        """Keep a measured value."""
        self._points.setdefault(tag, []).append((step, value))

    def ended(self, probe: str, outcome: str, text: str) -> None:
        """Keep what became of a probe."""
        self._ran.append(Ran(name=probe, outcome=outcome, text=text))

    def results(self, *, interrupted: bool = False) -> Results:
        """Return everything that was reported so far."""
        series = {
            tag: Points(steps=tuple(s for s, _ in points), values=tuple(v for _, v in points))
            for tag, points in self._points.items()
        }
        return Results(
            target=self._request.target,
            device=self._request.device,
            seed=self._request.seed,
            interrupted=interrupted,
            probes=tuple(self._ran),
            facts=self._facts,
            series=series,
        )


def _plain(value: Any) -> Value:
    """Return what JSON made of a value: its lists were tuples."""
    return tuple(value) if isinstance(value, list) else value
