"""The history in a real PostgreSQL: a cluster of the test's own, on a free port, that may be stopped and started."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from tests.end_to_end.harness import Server, free_port, wait_until
from tests.fake_clock import FakeClock
from tests.store.harness import HandCamera

from vedette.errors import Reason, ServerError
from vedette.hub import State
from vedette.simulator import Simulator
from vedette.store import Database, Period, Store
from vedette.store.address import resolve
from vedette.store.tables import metadata, outages
from vedette.store.upkeep import Sweep

pytestmark = pytest.mark.postgresql

Find = Callable[[str], str]


class Cluster:
    """A PostgreSQL of its own, which anybody on 127.0.0.1 may use.

    Args:
        programs: the folder of initdb and postgres.
        folder: for its data; owned by the user it runs as.
        user: whom to run it as, which must not be root; None for the one who tests.
    """

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        self.port = free_port()
        self._programs = programs
        self._folder = folder
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(folder / "data"), "-U", "vedette", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql://vedette@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(self._programs / "postgres"),
                    *("-D", str(self._folder / "data"), "-p", str(self.port), "-h", "127.0.0.1"),
                    *("-c", "unix_socket_directories=", "-c", "fsync=off"),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self._user,
                cwd="/",
            )
        wait_until(self._answers, what="PostgreSQL answers")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # at once: whoever is connected is cut off
            self._process.wait(20)
            self._process = None

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            done = connection.execute(question.encode())
            return done.fetchall() if done.description else []

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd="/")


@pytest.fixture
def cluster(find_program: Find) -> Iterator[Cluster]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))  # Debian keeps them out of the way
    initdb = programs[-1] if programs else Path(find_program("initdb"))
    user = None
    folder = Path(tempfile.mkdtemp(prefix="vedette-postgresql-"))  # the test's own folder is closed to other users
    if os.getuid() == 0:
        user = next(name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})
        shutil.chown(folder, user)
    built = Cluster(initdb.resolve().parent, folder, user)
    try:
        built.start()
        yield built
    finally:
        built.stop()
        shutil.rmtree(folder)


@pytest.fixture
def open_store(cluster: Cluster, tmp_path: Path, clock: FakeClock) -> Iterator[Callable[[], Store]]:
    with contextlib.ExitStack() as stack:

        def open_it() -> Store:
            store = Store(cluster.url, tmp_path, clock)
            stack.callback(store.close)
            return store

        yield open_it


def test_the_history_of_a_camera_is_kept_and_told(
    open_store: Callable[[], Store], clock: FakeClock, tmp_path: Path
) -> None:
    clock.move(300 - clock.time() % 300)
    began = clock.time()
    for restart in range(2):
        store, porch = open_store(), HandCamera("porch", clock)
        chronicle = store.chronicle([porch])
        chronicle.start()
        porch.become(State.ONLINE)
        porch.frames, porch.age = 500, 0.25
        clock.move(50)
        porch.become(State.STALE, Reason.STALLED, "Pictures stopped \0 \udcff ü.")
        clock.move(50)
        if restart:
            chronicle.stop()
        store.close()  # the first one was killed, as far as the database can tell
    history = open_store().history
    assert [tuple(outage) for outage in history.outages(10, "porch", began - 1, began + 1e6)] == [
        ("porch", began + 150, began + 200, "stalled", "Pictures stopped  ? ü."),
        ("porch", began + 50, began + 60, "stalled", "Pictures stopped  ? ü."),
    ]
    assert [outage.start for outage in history.outages(10, after=(began + 150, "porch"))] == [began + 50]
    assert history.knows("porch")
    assert not history.knows("gate")
    for period in Period:
        (told,) = history.cameras(["porch"], period, clock.time())
        assert told.samples[-1].frame_age_s == 0.25
        assert told.uptime == pytest.approx(100 / 160, abs=0.05)  # of the first run, what a minute's writing kept
        assert len(told.outages) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_migrations_lead_to_the_tables_that_the_program_knows(cluster: Cluster, tmp_path: Path) -> None:
    for _ in range(2):
        with (
            contextlib.closing(Database(resolve(cluster.url, tmp_path))) as database,
            database.reading() as connection,
        ):
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    cluster.ask("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ServerError, match="newer Vedette"):
        Database(resolve(cluster.url, tmp_path))


def test_what_is_old_is_deleted(cluster: Cluster, tmp_path: Path) -> None:
    with contextlib.closing(Database(resolve(cluster.url, tmp_path))) as database:
        row = {"camera": "porch", "reason": None, "explanation": None}
        with database.writing() as connection:
            connection.execute(outages.insert(), [row | {"start": float(n), "end": n + 0.5} for n in range(1500)])
        sweep, going = Sweep(1400.0), True
        while going:
            with database.writing() as connection:
                going = sweep(connection)
    assert cluster.ask('SELECT count(*), min("end") FROM outages') == [(100, 1400.5)]


def test_a_postgresql_that_goes_away_hurts_no_picture_and_gets_what_it_missed(
    cluster: Cluster, make_boards: Callable[..., Simulator], serve: Callable[..., Server]
) -> None:
    boards = make_boards()
    cameras = {"porch": boards.stream_url(), "gone": f"http://127.0.0.1:{free_port()}/stream"}
    server = serve(cameras, environ={"VEDETTE_STORAGE__DATABASE": cluster.url})
    server.wait_for_state("porch", "online")
    server.wait_for_state("gone", "offline")
    wait_until(lambda: server.get("/api/outages").json["items"], what="the outage is kept")
    cluster.stop()
    wait_until(lambda: server.get("/api/outages").status == 503, what="the history says that it cannot be read")
    boards.cut(0)  # something to keep, when nobody can
    wait_until(lambda: "cannot be written" in server.output(), what="the log says so")
    server.wait_for_state("porch", "online")
    assert server.get("/cameras/porch/snapshot.jpg").status == 200
    cluster.start()
    wait_until(lambda: "again" in server.output(), seconds=40, what="the log says that it is over")
    missed, lasting = server.get("/api/outages").json["items"]
    assert (missed["camera"], missed["reason"]) == ("porch", "stalled")
    assert missed["end"] is not None
    assert (lasting["camera"], lasting["reason"], lasting["end"]) == ("gone", "refused", None)
    assert server.stop() == 0
    assert server.output().count("cannot be written") == 1
    assert "Traceback" not in server.output()
    assert cluster.ask('SELECT count(*) FROM outages WHERE "end" IS NULL') == [(0,)]
