"""The only writer: one thread, a bounded queue, patience.

Who has something to keep puts it into the queue and goes on: nothing here ever makes the engine's loop wait. While the
database cannot be written (a full disk, a lock, a PostgreSQL that is away), rows wait in memory, the newest state of
each; past a limit the oldest are lost, and counted. Whatever happens to the database, pictures do not notice.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from vedette.clock import Clock
from vedette.store.database import Database, say

Row = Mapping[str, object]
Job = Callable[[Connection], object]
"""Work in a transaction of its own; it comes again, after what was put meanwhile, as long as it gives True."""

QUEUE_LIMIT = 10_000  # calls of `put` while the database takes its time; 500 cameras that go at once are 1000
PENDING_LIMIT = 20_000  # rows, about 10 MB: three hours of 500 cameras
_RETRY_AFTER = (10.0, 20.0, 60.0)  # seconds

_log = logging.getLogger(__name__)


class _Nudge:
    """A reason to look whether it is time to try again."""


class _End:
    """The last one in the queue."""


class Writer:
    """Writes rows and does jobs, in a thread named ``store``.

    Args:
        database: to write to; closed when the thread ends.
        clock: says when to try again.
        first: done before anything else is written.

    Attributes:
        lost: rows that were never written, because there were too many or the database refused them.
    """

    def __init__(self, database: Database, clock: Clock, first: Job) -> None:
        self.lost = 0
        self._database = database
        self._clock = clock
        self._queue: queue.SimpleQueue[tuple[Table, Sequence[Row]] | Job | _Nudge | _End] = queue.SimpleQueue()
        self._rows: dict[tuple[object, ...], tuple[Table, Row]] = {}
        self._first: Job | None = first
        self._jobs: deque[Job] = deque()
        self._failures = 0
        self._retry_at = 0.0
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        self.nudge()

    def stop(self, timeout: float) -> None:
        """Write what waits, and end the thread; after ``timeout`` seconds, however far it is."""
        self._queue.put(_End())
        self._thread.join(timeout)
        if self._thread.is_alive():
            _log.error("the database did not take the last of the history in time; it is lost")

    def put(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows, or change those of the same key; from any thread, and never waits.

        Args:
            table: whose primary key is given in each row.
            rows: with a value for every column.
        """
        if self._queue.qsize() < QUEUE_LIMIT:
            self._queue.put((table, rows))
        else:
            self.lost += len(rows)

    def do(self, job: Job) -> None:
        """Do something in a transaction; from any thread, and never waits."""
        if self._queue.qsize() < QUEUE_LIMIT:
            self._queue.put(job)

    def nudge(self) -> None:
        """Look whether it is time to try again; called now and then."""
        if self._queue.empty():
            self._queue.put(_Nudge())

    # The thread.

    def _run(self) -> None:
        going = True
        while going:
            going = self._receive()
            if not going or self._clock.monotonic() >= self._retry_at:
                self._work()
        if self._rows:
            _log.error("%d changes of the history could not be written, and are lost", len(self._rows))
        self._database.close()

    def _receive(self) -> bool:
        """Take everything out of the queue; wait for something if there is nothing to do. False for the end."""
        idle = not self._jobs or self._failures > 0
        while idle or not self._queue.empty():
            idle = False
            match self._queue.get():
                case _End():
                    return False
                case _Nudge():
                    pass
                case (table, rows):
                    self._keep(table, rows)
                case job:
                    self._jobs.append(job)
        return True

    def _keep(self, table: Table, rows: Sequence[Row]) -> None:
        names = [column.name for column in table.primary_key]
        for row in rows:
            self._rows[table.name, *(row[name] for name in names)] = table, row
        while len(self._rows) > PENDING_LIMIT:
            del self._rows[next(iter(self._rows))]
            self.lost += 1

    def _work(self) -> None:
        try:
            if self._first is not None:
                self._attempt(self._first, 0)
                self._first = None
            self._write()
            for _ in range(len(self._jobs)):
                self._do(self._jobs[0])
        except SQLAlchemyError as error:
            self._fail(error)
        else:
            self._recover()

    def _do(self, job: Job) -> None:
        again = self._attempt(job, 0)
        self._jobs.popleft()
        if again:
            self._jobs.append(job)

    def _write(self) -> None:
        if self._rows:
            by_table: dict[Table, list[Row]] = {}
            for table, row in self._rows.values():
                by_table.setdefault(table, []).append(row)

            def write(connection: Connection) -> None:
                for table, rows in by_table.items():
                    _upsert(connection, table, rows)

            self._attempt(write, len(self._rows))
            self._rows.clear()

    def _attempt(self, job: Job, rows: int) -> object:
        """Do it in a transaction. What the database will never take, however often it is asked, is given up.

        Raises:
            SQLAlchemyError: it did not work, and might later.
        """
        try:
            with self._database.writing() as connection:
                return job(connection)
        except Exception as error:
            if _might_work_later(error):
                raise
            self.lost += rows
            _log.exception("a fault of Vedette's own: the database refuses what it is given; please report it")
            return None

    def _fail(self, error: SQLAlchemyError) -> None:
        if not self._failures:
            _log.error(
                "the history cannot be written to %s: %s. Pictures go on; Vedette keeps trying",
                self._database.name,
                say(error),
            )
        self._retry_at = self._clock.monotonic() + _RETRY_AFTER[min(self._failures, len(_RETRY_AFTER) - 1)]
        self._failures += 1
        self._database.close()

    def _recover(self) -> None:
        if self._failures:
            lost = f"; {self.lost} changes were lost since the start" if self.lost else ""
            _log.warning("the history is written to %s again%s", self._database.name, lost)
        self._failures = 0
        self._retry_at = 0.0


def _might_work_later(error: Exception) -> bool:
    if isinstance(error, DataError | IntegrityError):
        return False
    if isinstance(error, ProgrammingError):  # said by a server, it is a right or a table that is missing
        return getattr(error.orig, "sqlstate", None) is not None
    return isinstance(error, DBAPIError | PoolTimeoutError)


def _upsert(connection: Connection, table: Table, rows: list[Row]) -> None:
    insert: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
    changed = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
    connection.execute(insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed), rows)
