import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select
from tests.fake_clock import FakeClock

from vedette.store import Database, History, Store
from vedette.store.tables import health_samples, heartbeat, outages
from vedette.store.upkeep import Sweep, end_left_open


def sample(camera: str, start: int) -> dict[str, object]:
    return {
        "camera": camera,
        "start": start,
        "seconds_online": 300.0,
        "seconds_away": 0.0,
        "frames": 1,
        "rejected": 0,
        "frame_age_mean": None,
        "frame_age_max": None,
    }


def outage(camera: str, start: float, end: float | None) -> dict[str, object]:
    return {"camera": camera, "start": start, "end": end, "reason": None, "explanation": None}


def test_an_outage_left_open_ends_at_the_last_sign_of_life(database: Database, history: History) -> None:
    rows = [outage("a", 10.0, None), outage("b", 50.0, None), outage("c", 20.0, 30.0)]
    with database.writing() as connection:
        connection.execute(outages.insert(), rows)
        connection.execute(heartbeat.insert().values(id=1, at=40.0))
        end_left_open(connection)
    assert {found.camera: found.end for found in history.outages(10)} == {"a": 40.0, "b": 50.0, "c": 30.0}


def test_without_any_sign_of_life_it_ends_where_it_began(database: Database, history: History) -> None:
    with database.writing() as connection:
        connection.execute(outages.insert(), [outage("a", 10.0, None)])
        end_left_open(connection)
    assert history.outages(10)[0].end == 10.0


def test_a_server_that_was_killed_left_nothing_open(tmp_path: Path, clock: FakeClock) -> None:
    kept = """
import pathlib, sys, time
from sqlalchemy import select
from vedette.clock import SystemClock
from vedette.store import Store
from vedette.store.tables import heartbeat, outages
store = Store(None, pathlib.Path(sys.argv[1]), SystemClock())
row = {"camera": "porch", "start": 100.0, "end": None, "reason": "refused", "explanation": "It is starting."}
store.writer.put(outages, [row])
store.writer.put(heartbeat, [{"id": 1, "at": 160.0}])
while True:
    with store._database.reading() as connection:
        if connection.execute(select(heartbeat.c.at)).scalar() == 160.0 and store.history.outages(1):
            break
    time.sleep(0.01)
print("kept", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", kept, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "kept\n"
        server.kill()
    assert (tmp_path / "vedette.db-wal").stat().st_size > 0  # nobody had the time to tidy up
    Store(None, tmp_path, clock).close()
    store = Store(None, tmp_path, clock)
    assert [tuple(found) for found in store.history.outages(10)] == [
        ("porch", 100.0, 160.0, "refused", "It is starting.")
    ]
    store.close()


def test_what_is_old_is_deleted_in_portions_and_what_is_not_stays(database: Database) -> None:
    old, new = range(0, 2500 * 300, 300), range(10_000_000, 10_000_000 + 5 * 300, 300)
    with database.writing() as connection:
        connection.execute(health_samples.insert(), [sample(camera, s) for camera in "ab" for s in (*old, *new)])
        rows = [outage("a", 1.0, 2.0), outage("a", 3.0, 9_000_001.0), outage("gone", 1.0, 2.0), outage("b", 5.0, None)]
        connection.execute(outages.insert(), rows)
    sweep = Sweep(9_000_000.0)
    most, going = 0, True
    while going:
        with database.writing() as connection:
            before = connection.execute(select(func.count()).select_from(health_samples)).scalar_one()
            going = sweep(connection)
            after = connection.execute(select(func.count()).select_from(health_samples)).scalar_one()
            most = max(most, before - after)
    assert most == 1000
    with database.reading() as connection:
        left = connection.execute(select(health_samples.c.camera, health_samples.c.start)).all()
        assert sorted(map(tuple, left)) == [(camera, s) for camera in "ab" for s in new]
        assert sorted(map(tuple, connection.execute(select(outages.c.camera, outages.c.start)))) == [
            ("a", 3.0),
            ("b", 5.0),
        ]
