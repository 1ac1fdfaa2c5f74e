"""What is kept in the database: the tables as the newest migration leaves them.

Times are seconds since the epoch. Each table is known by a natural key, so that writing the same row again changes it
instead of adding another: whatever was not surely written is simply written again. A change here needs a migration.
"""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

BUCKET = 300  # seconds that one health sample stands for

outages = Table(
    "outages",
    metadata,
    Column("camera", String(64), primary_key=True),
    Column("start", Float(53), primary_key=True),
    Column("end", Float(53)),  # null: it lasts
    Column("reason", String(32)),
    Column("explanation", Text),
    Index("outages_by_start", "start", "camera"),  # the newest of all cameras
    Index("outages_by_end", "end"),  # those that reach into a period
    sqlite_with_rowid=False,
)
"""Times in which a camera was away."""

health_samples = Table(
    "health_samples",
    metadata,
    Column("camera", String(64), primary_key=True),
    Column("start", BigInteger, primary_key=True),  # of the bucket: a multiple of BUCKET
    Column("seconds_online", Float(53), nullable=False),
    Column("seconds_away", Float(53), nullable=False),  # what is missing to BUCKET is unknown
    Column("frames", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("frame_age_mean", Float(53)),  # seconds, while online
    Column("frame_age_max", Float(53)),
    sqlite_with_rowid=False,  # the key is the table: half the size, and a camera's days lie together
)
"""How a camera was, five minutes to a row."""

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("at", Float(53), nullable=False),
)
"""The server's last sign of life, in its only row."""
