from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from advisor.api import analyze
from advisor.caching import cache
from advisor.caching.cache import Cache, folder
from advisor.caching.memory import Memory
from advisor.caching.packing import unpack_kept
from advisor.claims import settle
from advisor.manager import load_plugins
from advisor.reader import Claim, ResumingReader, Unreadable
from advisor.run import Run
from advisor.settings import Settings
from advisor.testing.samples import claims_of
from advisor.walk import walk
from advisor_csv.reader import CsvReader
from tests.advisor.caching.test_packing import words
from tests.advisor.testing.bad_readers import MARK, GoodResuming

ROWS = [f"{step},{1 / (step + 1):.6f},{2 / (step + 1):.6f}" for step in range(300)]
TABLE = "step,loss,val_loss\n" + "\n".join(ROWS) + "\n"


class Counting(CsvReader):
    """Counts how often it reads."""

    reads = 0

    def read(self, claim: Claim) -> Iterator[Run]:
        self.reads += 1
        return super().read(claim)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/metrics.csv").write_text(TABLE)
    return tmp_path / "logs"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def claim_of(logs: Path) -> Claim:
    (claim,) = (c for c in CsvReader().claim(walk(logs)) if isinstance(c, Claim))
    return replace(claim, base=logs)


def small(place: Path, limit: int = cache.LIMIT) -> Cache:
    return Cache(place, limit=limit, smallest=0)


def same(one: Run, other: Run) -> bool:
    return words([one]) == words([other]) and all(
        one.series[tag].values.tobytes() == each.values.tobytes()
        and one.series[tag].steps.tobytes() == each.steps.tobytes()
        for tag, each in other.series.items()
    )


def test_unchanged_logs_are_not_read_again(logs: Path, place: Path) -> None:
    reader = Counting()
    (first,) = small(place).runs(reader, claim_of(logs))
    (second,) = small(place).runs(reader, claim_of(logs))
    assert reader.reads == 1
    assert same(first, second)
    assert not second.series["loss"].values.flags.writeable


@pytest.mark.parametrize("at", [0, 1, 19, len(TABLE) // 2, len(TABLE) - 2])
def test_a_changed_byte_anywhere_is_seen_whatever_the_clock_says(
    logs: Path, place: Path, at: int
) -> None:
    reader, path = Counting(), logs / "metrics.csv"
    claim = claim_of(logs)
    list(small(place).runs(reader, claim))
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with suppress(Unreadable):
        list(small(place).runs(reader, claim))
    assert reader.reads == 2


def test_a_log_that_grew_is_read_again(logs: Path, place: Path) -> None:
    reader = Counting()
    list(small(place).runs(reader, claim_of(logs)))
    with (logs / "metrics.csv").open("a") as file:
        file.write("300,0.1,0.2\n")
    (run,) = small(place).runs(reader, claim_of(logs))
    assert len(run.series["loss"]) == 301


def test_of_a_large_log_the_time_of_its_last_change_counts_too(
    logs: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "WHOLE", 1000)
    reader, path, claim = Counting(), logs / "metrics.csv", claim_of(logs)
    for _ in range(2):
        list(small(place).runs(reader, claim))
    assert reader.reads == 1
    os.utime(path, ns=(1, 1))
    list(small(place).runs(reader, claim))
    assert reader.reads == 2


def test_one_log_in_two_places_is_read_once(logs: Path, place: Path, tmp_path: Path) -> None:
    reader = Counting()
    list(small(place).runs(reader, claim_of(logs)))
    logs.rename(tmp_path / "moved")
    list(small(place).runs(reader, claim_of(tmp_path / "moved")))
    assert reader.reads == 1


def test_other_code_reads_again(logs: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Counting()
    list(small(place).runs(reader, claim_of(logs)))
    monkeypatch.setattr(cache, "_code", lambda _package: "edited")
    list(small(place).runs(reader, claim_of(logs)))
    monkeypatch.setattr(cache, "__version__", "99")
    list(small(place).runs(reader, claim_of(logs)))
    assert reader.reads == 3


def test_little_is_read_rather_than_looked_up(logs: Path, place: Path) -> None:
    list(Cache(place).runs(CsvReader(), claim_of(logs)))
    assert not place.exists()


def test_a_log_that_changes_while_it_is_read_is_not_kept(logs: Path, place: Path) -> None:
    class Growing(CsvReader):
        def read(self, claim: Claim) -> Iterator[Run]:
            yield from super().read(claim)
            with claim.paths[0].open("a") as file:
                file.write("300,0.1,0.2\n")

    list(small(place).runs(Growing(), claim_of(logs)))
    assert not place.exists()


def test_what_cannot_be_read_is_said_every_time(logs: Path, place: Path) -> None:
    claim = claim_of(logs)
    (logs / "metrics.csv").write_text("step,loss\n")
    for _ in range(2):
        with pytest.raises(Unreadable):
            list(small(place).runs(CsvReader(), claim))


def test_a_damaged_or_cut_entry_is_as_good_as_none(logs: Path, place: Path) -> None:
    claim = claim_of(logs)
    (first,) = small(place).runs(CsvReader(), claim)
    (entry,) = place.iterdir()
    sound = entry.read_bytes()
    chance = np.random.default_rng(0)
    for at in chance.integers(0, len(sound), 150).tolist():
        damaged = bytearray(sound)
        damaged[at] ^= 1 << int(chance.integers(8))
        for content in (bytes(damaged), sound[:at], sound[at:]):
            entry.write_bytes(content)
            (run,) = small(place).runs(CsvReader(), claim)
            assert same(first, run)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"\x80\x04N.", b"x" * 5000])
def test_what_is_no_entry_is_written_anew(logs: Path, place: Path, content: bytes) -> None:
    list(small(place).runs(CsvReader(), claim_of(logs)))
    (entry,) = place.iterdir()
    sound = entry.read_bytes()
    entry.write_bytes(content)
    list(small(place).runs(CsvReader(), claim_of(logs)))
    assert entry.read_bytes() == sound


def test_an_entry_with_objects_or_compressed_is_not_opened(logs: Path, place: Path) -> None:
    (first,) = small(place).runs(Counting(), claim_of(logs))
    (entry,) = place.iterdir()
    with np.load(entry) as held:
        arrays = dict(held)
    pickled = {**arrays, "runs": np.array([{"a": 1}], dtype=object)}
    for write, content in ((np.savez, pickled), (np.savez_compressed, arrays)):
        with entry.open("wb") as stream:
            write(stream, **content)
        reader = Counting()
        (run,) = small(place).runs(reader, claim_of(logs))
        assert reader.reads == 1
        assert same(first, run)


def test_the_oldest_entries_go_first(logs: Path, place: Path) -> None:
    path = logs / "metrics.csv"
    list(small(place).runs(CsvReader(), claim_of(logs)))
    (first,) = place.iterdir()
    limit = 5 * first.stat().st_size
    for number in range(10):
        os.utime(first)
        path.write_text(TABLE + f"{300 + number},1,1\n")
        list(small(place, limit).runs(CsvReader(), claim_of(logs)))
        os.utime(max(place.iterdir(), key=lambda f: f.stat().st_mtime_ns), ns=(number, number))
    assert first.exists()
    assert 2 < len(list(place.iterdir())) <= 5


def test_an_entry_that_is_too_large_is_not_kept(logs: Path, place: Path) -> None:
    list(small(place, 1000).runs(CsvReader(), claim_of(logs)))
    assert not place.exists()


def test_a_directory_that_cannot_be_written_to_costs_nothing(logs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (run,) = small(tmp_path / "file").runs(CsvReader(), claim_of(logs))
    assert len(run.series) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way")
def test_only_the_user_can_read_what_is_kept(logs: Path, place: Path) -> None:
    list(small(place).runs(CsvReader(), claim_of(logs)))
    (entry,) = place.iterdir()
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600


def test_several_at_once_agree(logs: Path, place: Path) -> None:
    def read(_: int) -> Run:
        (run,) = small(place, 100_000).runs(CsvReader(), claim_of(logs))
        return run

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(read, range(40)))
    assert all(same(found[0], run) for run in found)
    assert [path.suffix for path in place.iterdir()] in ([], [".npz"])


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x", "HOME": "/h"}, Path("/x/advisor")),
        ("linux", {"XDG_CACHE_HOME": "x", "HOME": "/h"}, Path("/h/.cache/advisor")),
        ("linux", {"HOME": "/h"}, Path("/h/.cache/advisor")),
        ("linux", {}, None),
        ("darwin", {"HOME": "/h"}, Path("/h/Library/Caches/advisor")),
        ("win32", {"LOCALAPPDATA": "/l"}, Path("/l/advisor")),
        ("win32", {}, None),
    ],
)
def test_the_directory_is_where_the_system_keeps_such(
    platform: str, environ: dict[str, str], expected: Path | None
) -> None:
    assert folder(environ, platform) == expected


def test_the_report_is_the_same_with_and_without(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache.Cache.__init__, "__kwdefaults__", {"limit": 1 << 30, "smallest": 0})
    reports = [
        analyze(logs, settings=Settings(cache=kept)).model_dump_json()
        for kept in (False, True, True)
    ]
    assert len(list((tmp_path / "advisor").iterdir())) == 1
    assert len(set(reports)) == 1


def test_no_cache_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text(TABLE + "\n".join(f"{n},1,1" for n in range(300, 40_000)))
    command = [sys.executable, "-m", "advisor", "run", "metrics.csv", "--fail-on", "never"]
    environ = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    said = []
    for more in (["--no-cache"], [], []):
        done = subprocess.run(
            [*command, *more], cwd=tmp_path, env=environ, capture_output=True, check=True
        )
        said.append(done.stdout)
        assert (tmp_path / "cache").exists() == (not more)
    assert said[0] == said[1] == said[2]


RECORDED = Path(__file__).parents[3] / "examples/recorded"


def test_reports_on_every_example_are_the_same_with_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache.Cache.__init__, "__kwdefaults__", {"limit": 1 << 30, "smallest": 0})
    reports = [
        analyze(RECORDED, settings=Settings(cache=kept)).model_dump_json()
        for kept in (False, True, True)
    ]
    assert len(list((tmp_path / "advisor").iterdir())) > 10
    assert len(set(reports)) == 1


def test_a_reader_opens_nothing_but_what_it_claims() -> None:
    plugins = load_plugins()
    opened: list[str] = []
    sys.addaudithook(lambda event, said: opened.append(str(said[0])) if event == "open" else None)
    claims, _, _ = settle(walk(RECORDED), plugins.readers.values())
    for claim in claims:
        opened.clear()
        list(plugins.readers[claim.reader].read(claim))
        found = {path for path in opened if path.startswith(str(RECORDED))}
        assert found <= set(map(str, claim.paths))


DIGITS = RECORDED / "digits-cnn-healthy"


def test_logs_that_grew_are_read_on_and_reported_as_if_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache.Cache.__init__, "__kwdefaults__", {"limit": 1 << 30, "smallest": 0})
    whole = next(DIGITS.rglob("*tfevents*"))
    path, data = tmp_path / "logs" / whole.name, whole.read_bytes()
    path.parent.mkdir()
    gained = []
    runs = Memory.runs

    def noted(memory: Memory, reader: ResumingReader, claim: Claim) -> tuple[Run, ...]:
        found = runs(memory, reader, claim)
        gained.append(memory.gained)
        return found

    monkeypatch.setattr(Memory, "runs", noted)
    for size in (len(data) // 2, len(data) // 2 + 5000, len(data), len(data)):
        path.write_bytes(data[:size])
        reports = {
            analyze(path.parent, settings=Settings(cache=kept)).model_dump_json()
            for kept in (True, False)
        }
        assert len(reports) == 1
    assert len(list((tmp_path / "advisor").iterdir())) == 1
    first, second, third, last = gained
    assert first < len(data) // 2 < first + second
    assert (first + second + third, last) == (len(data), 0)


def test_a_little_growth_is_rather_read_again_than_kept(tmp_path: Path, place: Path) -> None:
    logs, reader = tmp_path / "logs", GoodResuming()
    logs.mkdir()
    lines = MARK + b"\n" + b"1.5\n" * 400
    offsets = []
    for more in (0, 1, 10, 30):
        (logs / "loss.txt").write_bytes(lines + b"2.5\n" * more)
        (claim,) = claims_of(reader, walk(logs))
        list(small(place).runs(reader, claim))
        (entry,) = place.iterdir()
        with np.load(entry) as held:
            (kept,) = unpack_kept(dict(held)).values()
        offsets.append((kept.progress.offset - len(lines)) // 4)
    assert offsets == [0, 0, 0, 30]


def test_what_is_kept_of_a_growing_log_is_as_good_as_none_when_damaged(
    tmp_path: Path, place: Path
) -> None:
    logs, reader = tmp_path / "logs", GoodResuming()
    logs.mkdir()
    (logs / "loss.txt").write_bytes(MARK + b"\n" + b"1.5\n" * 50)
    (claim,) = claims_of(reader, walk(logs))
    (first,) = small(place).runs(reader, claim)
    (entry,) = place.iterdir()
    sound = entry.read_bytes()
    for at in range(0, len(sound), 7):
        damaged = bytearray(sound)
        damaged[at] ^= 4
        for content in (bytes(damaged), sound[:at]):
            entry.write_bytes(content)
            (run,) = small(place).runs(reader, claim)
            assert same(first, run)
