"""Drivers: each only delivers parts or fails. None retries, or logs what its camera logs."""

from vedette.sources.access import Access
from vedette.sources.connection import FixedWhereabouts, Whereabouts
from vedette.sources.fetch import Answer, NoAnswerError, fetch
from vedette.sources.host import HostMemory, HostSource
from vedette.sources.http import STILL_INTERVAL, HttpSource
from vedette.sources.reach import LOCAL_REACH, USUAL_REACH, OutOfReachError, Reach
from vedette.sources.source import Observation, Phase, Source
from vedette.sources.target import Target

__all__ = [
    "LOCAL_REACH",
    "STILL_INTERVAL",
    "USUAL_REACH",
    "Access",
    "Answer",
    "FixedWhereabouts",
    "HostMemory",
    "HostSource",
    "HttpSource",
    "NoAnswerError",
    "Observation",
    "OutOfReachError",
    "Phase",
    "Reach",
    "Source",
    "Target",
    "Whereabouts",
    "fetch",
]
