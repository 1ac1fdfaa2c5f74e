"""Where the database is: what `storage.database` may say, and what it means."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from vedette.errors import ServerError

FILE_NAME = "vedette.db"
_POSTGRESQL = {"postgresql", "postgres", "postgresql+psycopg"}
_EXPECTED = 'expected "sqlite:///FILE" or "postgresql://USER:PASSWORD@HOST/DATABASE"'


def resolve(text: str | None, folder: Path) -> URL:
    """The database's address with its driver.

    Args:
        text: what the configuration says; None for a file in the data folder.
        folder: the data folder, at which relative paths of files begin.

    Raises:
        ServerError: it is no address of a database that Vedette can use. No message shows a password.
    """
    if text is None:
        return URL.create("sqlite", database=str(folder / FILE_NAME))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ServerError(f"storage.database cannot be read: {_EXPECTED}") from None
    if url.drivername == "sqlite":
        return _file(url, folder)
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    raise ServerError(f"storage.database begins with {url.drivername}://, which Vedette does not know: {_EXPECTED}")


def _file(url: URL, folder: Path) -> URL:
    if url.host or url.query or not url.database or url.database == ":memory:":
        raise ServerError(
            "storage.database names no file: expected sqlite:/// and a path; with one slash more it begins at the root"
        )
    return url.set(database=str(folder / Path(url.database).expanduser()))
