"""The writer in bad company: full disks, locks, damage, and rows that no database takes. All of it real."""

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from tests.fake_clock import FakeClock
from tests.store.harness import eventually

from vedette.store import Database, History, Writer
from vedette.store.address import resolve
from vedette.store.tables import outages
from vedette.store.writer import PENDING_LIMIT, QUEUE_LIMIT

Caplog = pytest.LogCaptureFixture


def nothing(_: Connection) -> None:
    """The first job of a writer that has nothing to repair."""


def row(start: float, **values: object) -> dict[str, Any]:
    return {"camera": "porch", "start": start, "end": None, "reason": None, "explanation": None} | values


def said(caplog: Caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.fixture
def writer(database: Database, clock: FakeClock) -> Iterator[Writer]:
    writer = Writer(database, clock, nothing)
    writer.start()
    yield writer
    writer.stop(20)


@pytest.fixture
def other_program(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else's hand on the file, let go at the end."""
    with contextlib.closing(sqlite3.connect(tmp_path / "vedette.db", isolation_level=None)) as connection:
        yield connection


def stay_small(connection: sqlite3.Connection, _record: object) -> None:
    """Let the file grow no further: SQLite then says what it says on a full disk."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")


def stay_unchanged(connection: sqlite3.Connection, _record: object) -> None:
    """Refuse changes: SQLite then says what it says of a file that is mounted read-only."""
    connection.execute("PRAGMA query_only = ON")


def starts(history: History) -> list[float]:
    return [outage.start for outage in history.outages(500)]


def test_what_is_put_is_written_at_once_and_again_is_a_change(writer: Writer, history: History) -> None:
    writer.put(outages, [row(1.0), row(2.0)])
    eventually(lambda: starts(history) == [2.0, 1.0])
    writer.put(outages, [row(1.0, end=5.0, reason="stalled")])
    eventually(lambda: tuple(history.outages(1, end=2.0)[0]) == ("porch", 1.0, 5.0, "stalled", None))


def test_the_first_job_comes_before_everything(database: Database, clock: FakeClock, history: History) -> None:
    seen: list[list[float]] = []
    writer = Writer(database, clock, lambda _: seen.append(starts(history)))
    writer.put(outages, [row(1.0)])
    writer.start()
    writer.stop(20)
    assert seen == [[]]
    assert starts(history) == [1.0]


def test_a_job_comes_again_as_long_as_it_says_so_and_rows_come_between(writer: Writer, history: History) -> None:
    seen: list[int] = []

    def job(_: Connection) -> bool:
        seen.append(len(starts(history)))
        writer.put(outages, [row(float(len(seen)))])
        return len(seen) < 3

    writer.do(job)
    eventually(lambda: len(starts(history)) == 3)
    assert seen == [0, 1, 2]  # each saw what was put before it


@pytest.mark.parametrize(("hinder", "why"), [(stay_small, "full"), (stay_unchanged, "readonly")])
def test_where_the_disk_takes_nothing_it_waits_says_so_once_and_catches_up(
    hinder: Callable[[sqlite3.Connection, object], None],
    why: str,
    writer: Writer,
    database: Database,
    history: History,
    clock: FakeClock,
    caplog: Caplog,
) -> None:
    eventually(writer._queue.empty)
    event.listen(database._engine, "connect", hinder)
    database.close()
    writer.put(outages, [row(float(start), explanation="x" * 1000) for start in range(100)])
    eventually(lambda: said(caplog))
    for _ in range(3):
        clock.move(61)
        writer.put(outages, [row(1000.0)])
        eventually(writer._queue.empty)
    assert starts(history) == []  # reading goes on all the time
    event.remove(database._engine, "connect", hinder)
    database.close()
    clock.move(61)
    writer.nudge()
    eventually(lambda: len(starts(history)) == 101)
    eventually(lambda: len(said(caplog)) == 2)
    first, last = said(caplog)
    assert "cannot be written" in first
    assert why in first
    assert "again" in last
    assert writer.lost == 0


def test_it_is_patient_with_a_lock_and_reading_goes_on(
    writer: Writer, history: History, other_program: sqlite3.Connection, clock: FakeClock, caplog: Caplog
) -> None:
    writer.put(outages, [row(1.0)])
    eventually(lambda: starts(history) == [1.0])
    other_program.execute("BEGIN IMMEDIATE")
    writer.put(outages, [row(2.0)])
    eventually(lambda: "locked" in "".join(said(caplog)))
    assert starts(history) == [1.0]
    other_program.execute("ROLLBACK")
    writer.nudge()  # too early: it has only just been refused
    eventually(writer._queue.empty)
    clock.move(10)
    writer.nudge()
    eventually(lambda: starts(history) == [2.0, 1.0])


def test_a_file_that_breaks_under_it_is_said_once_and_nothing_ends(
    writer: Writer, history: History, database: Database, tmp_path: Path, clock: FakeClock, caplog: Caplog
) -> None:
    writer.put(outages, [row(float(start)) for start in range(50)])
    eventually(lambda: len(starts(history)) == 50)
    database.close()
    file = tmp_path / "vedette.db"
    whole = file.read_bytes()
    file.write_bytes(b"\0" * len(whole))
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"vedette.db{suffix}").unlink(missing_ok=True)
    for _ in range(3):
        writer.put(outages, [row(1000.0)])
        clock.move(61)
        eventually(writer._queue.empty)
    eventually(lambda: said(caplog))
    assert len(said(caplog)) == 1
    assert writer._thread.is_alive()
    database.close()
    file.write_bytes(whole)
    clock.move(61)
    writer.nudge()
    eventually(lambda: len(starts(history)) == 51)


def test_what_no_database_takes_is_given_up_and_does_not_block_the_rest(
    writer: Writer, history: History, caplog: Caplog
) -> None:
    writer.put(outages, [{**row(1.0), "explanation": object()}])
    eventually(lambda: writer.lost == 1)
    writer.put(outages, [row(2.0)])
    eventually(lambda: starts(history) == [2.0])
    assert "please report it" in said(caplog)[0]


def test_too_much_for_too_long_is_lost_from_the_oldest_on_and_counted(
    writer: Writer, history: History, other_program: sqlite3.Connection, clock: FakeClock, caplog: Caplog
) -> None:
    other_program.execute("BEGIN IMMEDIATE")
    writer.put(outages, [row(-1.0)])
    eventually(lambda: said(caplog))
    writer.put(outages, [row(float(start)) for start in range(PENDING_LIMIT + 9)])
    eventually(writer._queue.empty)
    eventually(lambda: writer.lost == 10)
    other_program.execute("ROLLBACK")
    clock.move(10)
    writer.nudge()
    eventually(lambda: history.outages(1, end=1e9) and "10 changes were lost" in said(caplog)[-1])
    assert starts(history)[0] == PENDING_LIMIT + 8


def test_a_database_that_takes_its_time_never_holds_up_who_puts(writer: Writer, history: History) -> None:
    busy, free = threading.Event(), threading.Event()

    def slow(_: Connection) -> None:
        busy.set()
        free.wait(20)

    writer.do(slow)
    assert busy.wait(20)
    for start in range(QUEUE_LIMIT + 7):
        writer.put(outages, [row(float(start))])
    assert writer.lost == 7
    free.set()
    eventually(lambda: len(history.outages(2 * QUEUE_LIMIT)) == QUEUE_LIMIT)


def test_a_stop_writes_what_waits_even_where_it_is_too_early_to_try_again(
    database: Database, clock: FakeClock, other_program: sqlite3.Connection, caplog: Caplog, tmp_path: Path
) -> None:
    writer = Writer(database, clock, nothing)
    writer.start()
    other_program.execute("BEGIN IMMEDIATE")
    writer.put(outages, [row(1.0)])
    eventually(lambda: said(caplog))
    other_program.execute("ROLLBACK")
    writer.stop(20)
    with contextlib.closing(Database(resolve(None, tmp_path))) as again:
        assert starts(History(again, clock)) == [1.0]


def test_a_stop_waits_no_longer_than_it_may(database: Database, clock: FakeClock, caplog: Caplog) -> None:
    busy, free = threading.Event(), threading.Event()

    def slow(_: Connection) -> None:
        busy.set()
        free.wait(20)

    writer = Writer(database, clock, slow)
    writer.start()
    assert busy.wait(20)
    writer.put(outages, [row(1.0)])
    writer.stop(0.01)
    assert "lost" in said(caplog)[0]
    free.set()
    writer._thread.join()
