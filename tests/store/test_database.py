import contextlib
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, text

from vedette.errors import ServerError
from vedette.store import Database
from vedette.store.address import resolve
from vedette.store.tables import metadata


def shape(folder: Path) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(folder / "vedette.db")) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_the_migrations_lead_to_the_tables_that_the_program_knows(database: Database) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_is_brought_to_its_shape_once(tmp_path: Path) -> None:
    for _ in range(2):
        Database(resolve(None, tmp_path)).close()
    once = shape(tmp_path)
    assert {"outages", "health_samples", "heartbeat", "alembic_version"} <= {name for name, _ in once}
    Database(resolve(None, tmp_path)).close()
    assert shape(tmp_path) == once


def test_a_migration_that_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "vedette.db")) as connection:
        connection.execute("CREATE TABLE heartbeat (theirs)")
        connection.commit()
    with pytest.raises(ServerError, match="heartbeat already exists"):
        Database(resolve(None, tmp_path))
    assert [name for name, _ in shape(tmp_path)] == ["heartbeat"]


def test_a_database_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    database = Database(resolve(None, tmp_path))
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    before = (tmp_path / "vedette.db").read_bytes()
    with pytest.raises(ServerError, match=r"newer Vedette \(it has revision 9999, .*Update Vedette"):
        Database(resolve(None, tmp_path))
    assert (tmp_path / "vedette.db").read_bytes() == before


@pytest.mark.parametrize("damage", [b"this is no database " * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_refused_with_what_to_do_and_kept(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "vedette.db"
    file.write_bytes(damage)
    with pytest.raises(ServerError, match=r"is damaged .*deletes nothing.*\.recover"):
        Database(resolve(None, tmp_path))
    assert file.read_bytes() == damage


def test_a_file_that_another_program_has_locked_is_said(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "vedette.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ServerError, match="cannot be used: database is locked"):
            Database(resolve(None, tmp_path))


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="cannot be used: unable to open database file"):
        Database(resolve("sqlite:///missing/vedette.db", tmp_path))


def test_a_full_disk_does_not_keep_a_known_database_from_being_opened_and_read(tmp_path: Path) -> None:
    Database(resolve(None, tmp_path)).close()

    def stay_small(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    database = Database(resolve(None, tmp_path))
    event.listen(database._engine, "connect", stay_small)
    database.close()
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM outages")).scalar() == 0
    database.close()


def test_sqlite_is_set_up_for_a_reader_beside_a_writer(database: Database) -> None:
    with database.reading() as reading:
        found = {
            name: reading.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        assert found == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 1000}
        assert reading.execute(text("SELECT count(*) FROM heartbeat")).scalar() == 0
        with database.writing() as writing:
            writing.execute(text("INSERT INTO heartbeat VALUES (1, 5.0)"))


def test_a_question_that_fails_is_a_server_error(database: Database) -> None:
    with pytest.raises(ServerError, match="cannot be read now: no such table"), database.reading() as connection:
        connection.execute(text("SELECT * FROM missing"))


def test_a_copy_made_while_it_is_stopped_is_a_backup(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    database = Database(resolve(None, tmp_path))
    with database.writing() as connection:
        connection.execute(text("INSERT INTO heartbeat VALUES (1, 5.0)"))
    database.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "copy",
        "vedette.db",
    ]  # the write-ahead log has gone into the file
    shutil.copy(tmp_path / "vedette.db", tmp_path / "copy")
    copy = Database(resolve(None, tmp_path / "copy"))
    with copy.reading() as connection:
        assert connection.execute(text("SELECT at FROM heartbeat")).scalar() == 5.0
    copy.close()


def test_without_its_driver_postgresql_is_refused_with_the_command_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ServerError, match=r"pip install 'vedette\[postgresql\]'"):
        Database(resolve("postgresql://127.0.0.1/vedette", tmp_path))


def test_a_postgresql_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"//me:\*\*\*@127.0.0.1:1/vedette cannot be used") as said:
        Database(resolve("postgresql://me:secret@127.0.0.1:1/vedette", tmp_path))
    assert "secret" not in str(said.value)
