"""An open database: connections to it, and in words what is wrong with it.

Readers have connections of their own and never wait for the writer (SQLite's write-ahead log; PostgreSQL's nature). No
wait is long: a thread that waits for a database is one that answers nobody.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from vedette.errors import ServerError
from vedette.store.revisions import upgrade

_LOCK_WAIT = 1.0  # seconds for a lock that another program holds: less than a stop may take
_SQLITE_DAMAGED = {11, 26}  # SQLITE_CORRUPT, SQLITE_NOTADB
_POOL: dict[str, Any] = {"pool_size": 5, "pool_timeout": 5}  # waitress' four threads and the writer
_POSTGRESQL: dict[str, Any] = {
    "application_name": "vedette",
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 5000,  # milliseconds, for a server that was unplugged while it was asked
    "keepalives_idle": 5,  # seconds; the same, while it worked on the answer
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "options": "-c statement_timeout=10000",  # milliseconds
}


class Database:
    """A database of the newest shape, from construction to `close`.

    Args:
        url: as `vedette.store.address.resolve` gives it.

    Raises:
        ServerError: it cannot be used, and the message says what to do. Nothing in it was deleted.
    """

    def __init__(self, url: URL) -> None:
        self.name = url.database or "" if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
        self._engine = _sqlite(url) if url.drivername == "sqlite" else _postgresql(url)
        try:
            with self._engine.connect() as connection:
                if url.drivername == "sqlite":
                    connection.connection.cursor().execute("PRAGMA journal_mode = WAL")
                upgrade(connection, self.name)
        except SQLAlchemyError as error:
            self.close()
            raise ServerError(self._refusal(error)) from None
        except BaseException as error:
            self.close()
            if isinstance(error, _raw_errors(self._engine)):
                raise ServerError(self._refusal(error)) from None
            raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for questions, from any thread.

        Raises:
            ServerError: the database does not answer.
        """
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise ServerError(f"the history cannot be read now: {say(error)}") from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, for the writer's thread alone; committed at the end, or not at all."""
        with self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections that nobody uses; the next use opens new ones."""
        self._engine.dispose()

    def _refusal(self, error: BaseException) -> str:
        if self._engine.dialect.name != "sqlite":
            return f"the database {self.name} cannot be used: {say(error)}"
        if _sqlite_code(error) in _SQLITE_DAMAGED:
            return (
                f"the database {self.name} is damaged ({say(error)}). Vedette deletes nothing: put a backup in its "
                "place, or move the file and those beside it that begin with its name away, and a new one is begun. "
                f'What can be saved, "sqlite3 {self.name} .recover" prints.'
            )
        return f"the database {self.name} cannot be used: {say(error)}"


def say(error: BaseException) -> str:
    """What a database has said, on one line."""
    said = str(getattr(error, "orig", None) or error).strip()
    return " ".join(said.split()) or type(error).__name__


def _sqlite_code(error: BaseException) -> int:
    """SQLite's primary result code; 0 where there is none."""
    raw = error.orig if isinstance(error, DBAPIError) else error
    return getattr(raw, "sqlite_errorcode", 0) & 0xFF


def _raw_errors(engine: Engine) -> type[BaseException]:
    """What the driver itself raises, in the one place that asks it directly."""
    error: type[BaseException] = engine.dialect.loaded_dbapi.Error
    return error


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _LOCK_WAIT}, **_POOL)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # Python's driver would begin no transaction before a CREATE TABLE
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut loses the last moments, never the file
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(url, connect_args=_POSTGRESQL, pool_pre_ping=True, **_POOL)
    except ImportError:
        raise ServerError(
            "storage.database names a PostgreSQL, and its driver is not installed: pip install 'vedette[postgresql]'"
        ) from None
