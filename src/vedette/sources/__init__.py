"""Drivers: each only delivers parts or fails. None retries, or logs what its camera logs."""

from vedette.sources.access import Access
from vedette.sources.connection import FixedWhereabouts, Whereabouts
from vedette.sources.fetch import Answer, fetch
from vedette.sources.host import HostMemory, HostSource
from vedette.sources.http import STILL_INTERVAL, HttpSource
from vedette.sources.source import Observation, Phase, Source
from vedette.sources.target import Target

__all__ = [
    "STILL_INTERVAL",
    "Access",
    "Answer",
    "FixedWhereabouts",
    "HostMemory",
    "HostSource",
    "HttpSource",
    "Observation",
    "Phase",
    "Source",
    "Target",
    "Whereabouts",
    "fetch",
]
