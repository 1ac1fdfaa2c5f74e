"""Outages, health samples, heartbeat."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Begin with what the history of health needs."""
    op.create_table(
        "outages",
        sa.Column("camera", sa.String(64), primary_key=True),
        sa.Column("start", sa.Float(53), primary_key=True),
        sa.Column("end", sa.Float(53)),
        sa.Column("reason", sa.String(32)),
        sa.Column("explanation", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("outages_by_start", "outages", ["start", "camera"])
    op.create_index("outages_by_end", "outages", ["end"])
    op.create_table(
        "health_samples",
        sa.Column("camera", sa.String(64), primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True),
        sa.Column("seconds_online", sa.Float(53), nullable=False),
        sa.Column("seconds_away", sa.Float(53), nullable=False),
        sa.Column("frames", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("frame_age_mean", sa.Float(53)),
        sa.Column("frame_age_max", sa.Float(53)),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Float(53), nullable=False),
    )
