"""What is kept: the history of health in a database, SQLite's or PostgreSQL's (`docs/data.md`).

One thread writes; nobody else does, and nobody waits for it. A database that cannot be written costs history, never a
picture. Questions are answered in the asker's thread.
"""

from vedette.store.chronicle import Chronicle
from vedette.store.database import Database
from vedette.store.history import CameraHistory, History, Outage, Period, Sample
from vedette.store.store import Store
from vedette.store.writer import Job, Row, Writer

__all__ = [
    "CameraHistory",
    "Chronicle",
    "Database",
    "History",
    "Job",
    "Outage",
    "Period",
    "Row",
    "Sample",
    "Store",
    "Writer",
]
