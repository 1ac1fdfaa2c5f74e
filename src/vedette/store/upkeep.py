"""Jobs of the writer that keep the books in order: after a crash, and against growing for ever."""

from sqlalchemy import Column, Connection, Table, case, delete, func, select, update

from vedette.store.tables import health_samples, heartbeat, outages

KEEP = 400 * 86400.0  # seconds: this month can be compared with the same one of last year
_PORTION = 1000  # rows that are deleted in one transaction


def end_left_open(connection: Connection) -> None:
    """End the outages that a kill or a power cut left open, where that server last gave a sign of life."""
    last = connection.execute(select(heartbeat.c.at)).scalar()
    start = outages.c.start
    end = start if last is None else case((start > last, start), else_=last)
    connection.execute(update(outages).where(outages.c.end.is_(None)).values(end=end))


class Sweep:
    """Deletes what is old: a camera and a portion at a time, found by the tables' own keys.

    Args:
        before: seconds since the epoch; what ended earlier goes.
    """

    def __init__(self, before: float) -> None:
        self._before = before
        self._left: list[tuple[Table, Column[float]]] = [
            (health_samples, health_samples.c.start),
            (outages, outages.c.end),
        ]
        self._camera = ""  # done up to and with this one

    def __call__(self, connection: Connection) -> bool:
        """Delete a portion; gives whether there may be more."""
        table, ended = self._left[0]
        later = select(func.min(table.c.camera)).where(table.c.camera > self._camera)
        camera = connection.execute(later).scalar()
        if camera is None:
            self._left.pop(0)
            self._camera = ""
            return bool(self._left)
        old = (table.c.camera == camera) & (ended < self._before)
        portion = select(table.c.start).where(old).order_by(table.c.start).limit(_PORTION)
        deleted = connection.execute(delete(table).where(table.c.camera == camera, table.c.start.in_(portion)))
        if deleted.rowcount < _PORTION:
            self._camera = camera
        return True
