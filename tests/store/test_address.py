from pathlib import Path

import pytest

from vedette.errors import ServerError
from vedette.store.address import resolve

DATA = Path("/data")


@pytest.mark.parametrize(
    ("text", "file"),
    [
        (None, "/data/vedette.db"),
        ("sqlite:///other.db", "/data/other.db"),
        ("sqlite:///sub/other.db", "/data/sub/other.db"),
        ("sqlite:////var/lib/other.db", "/var/lib/other.db"),
        ("sqlite:///~/other.db", str(Path.home() / "other.db")),
    ],
)
def test_a_file_is_found_from_the_data_folder_on(text: str | None, file: str) -> None:
    url = resolve(text, DATA)
    assert (url.drivername, url.database) == ("sqlite", file)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_gets_the_one_driver_that_is_tried(scheme: str) -> None:
    url = resolve(f"{scheme}://me:secret@db.example:5433/vedette", DATA)
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "me",
        "secret",
        "db.example",
        5433,
        "vedette",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mysql://me:secret@db.example/vedette", "mysql://, which Vedette does not know"),
        ("postgresql+asyncpg://me:secret@db.example/vedette", r"postgresql\+asyncpg://, which"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite://data.db", "names no file"),
        ("sqlite:///data.db?mode=ro", "names no file"),
        ("://secret", "cannot be read"),
        ("postgresql://me:secret@db.example:port/vedette", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_refused_without_showing_a_password(text: str, said: str) -> None:
    with pytest.raises(ServerError, match=said) as refused:
        resolve(text, DATA)
    assert "secret" not in str(refused.value)
