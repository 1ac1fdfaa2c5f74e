"""The database with everything that belongs to it, built and ended in one place.

The chronicle (on the loop) hands rows to the writer (its own thread), the writer to the database; the history (any
thread) asks the database for the web.
"""

from collections.abc import Collection
from pathlib import Path

from vedette.clock import Clock
from vedette.store.address import resolve
from vedette.store.chronicle import Chronicle, Watched
from vedette.store.database import Database
from vedette.store.history import History, read_bucket
from vedette.store.tally import bucket_of
from vedette.store.upkeep import end_left_open
from vedette.store.writer import Writer

_STOP_WITHIN = 1.0  # seconds for the last rows; the engine has had its part of the five that a stop may take


class Store:
    """An open store, whose writer runs.

    Args:
        address: what `storage.database` says; None for a file in the data folder.
        folder: the data folder.
        clock: for all times.

    Attributes:
        history: what the web asks.
        writer: for whoever else has something to keep.

    Raises:
        ServerError: the database cannot be used.
    """

    def __init__(self, address: str | None, folder: Path, clock: Clock) -> None:
        self._clock = clock
        self._database = Database(resolve(address, folder))
        self.history = History(self._database, clock)
        self.writer = Writer(self._database, clock, end_left_open)
        self.writer.start()

    def chronicle(self, cameras: Collection[Watched]) -> Chronicle:
        """Begin the history of cameras; before they start. It is started and stopped on the engine's loop."""
        with self._database.reading() as connection:
            before = read_bucket(connection, [camera.id for camera in cameras], bucket_of(self._clock.time()))
        return Chronicle(cameras, before, self.writer, self._clock)

    def close(self) -> None:
        """Write what waits, within a second, and let the database go."""
        self.writer.stop(_STOP_WITHIN)
