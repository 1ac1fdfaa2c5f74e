"""The shape of the database: brought to the newest at start, in one transaction; never taken back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from vedette.errors import ServerError

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, name: str) -> None:
    """Run the migrations that a database has not seen yet; usually none.

    Args:
        connection: to it, outside of a transaction.
        name: of the database, for people.

    Raises:
        ServerError: it was made by a newer Vedette.
    """
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    known = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    if current == known.get_current_head():
        return
    if current is not None and current not in {script.revision for script in known.walk_revisions()}:
        raise ServerError(
            f"the database {name} was made by a newer Vedette (it has revision {current}, this one knows "
            f"{known.get_current_head()} at most). Update Vedette, or give it another storage.database."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()
