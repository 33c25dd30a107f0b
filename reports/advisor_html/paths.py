"""SVG paths in whole numbers and relative moves: about four bytes a point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Point = tuple[int, int]
Segment = tuple[Point, ...]


def segments(points: Iterable[Point | None]) -> Iterator[Segment]:
    """Split a line at its gaps."""
    run: list[Point] = []
    for point in points:
        if point is not None:
            run.append(point)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def line(points: Iterable[Point | None]) -> str:
    """Return the path of a line with gaps, without the points that stand alone."""
    return "".join(_open(segment) for segment in segments(points) if len(segment) > 1)


def dots(points: Iterable[Point | None]) -> str:
    """Return the path of the points that stand alone."""
    return "".join(_open(segment) for segment in segments(points) if len(segment) == 1)


def band(lower: Iterable[Point | None], upper: Iterable[Point | None]) -> str:
    """Return the path of the area between two lines that have their gaps in common."""
    pairs = zip(segments(lower), segments(upper), strict=True)
    return "".join(f"{_open((*above, *below[::-1]))}z" for below, above in pairs)


def _open(points: Segment) -> str:
    (x, y), *rest = points
    if not rest:
        return f"M{x} {y}h0"
    numbers: list[str] = []
    for next_x, next_y in rest:
        numbers += (str(next_x - x), str(next_y - y))
        x, y = next_x, next_y
    return f"M{points[0][0]} {points[0][1]}l{_packed(numbers)}"


def _packed(numbers: list[str]) -> str:
    # A minus sign separates two numbers as well as a space does.
    return numbers[0] + "".join(n if n.startswith("-") else f" {n}" for n in numbers[1:])
