"""Drivers: each only delivers parts or fails. None retries, sleeps, or logs what its camera logs."""

from vedette.sources.http_mjpeg import HttpMjpegSource
from vedette.sources.source import Phase, Source

__all__ = ["HttpMjpegSource", "Phase", "Source"]
