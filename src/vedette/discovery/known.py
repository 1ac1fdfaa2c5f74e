"""Cameras that this server has already: a second connection would take a board's only slot."""

import asyncio
from collections.abc import Mapping

from vedette.clock import Clock, within
from vedette.errors import BoardError
from vedette.sources import Reach
from vedette.sources.connection import resolve

_RESOLVE = 3.0  # seconds for the names of cameras: as long as announcements are listened to anyway


async def resolve_known(known: Mapping[str, str], reach: Reach, clock: Clock) -> dict[str, str]:
    """The hosts of cameras, and their addresses by now, each with its camera; names in lower case."""

    async def addresses(host: str) -> list[str]:
        try:
            return await within(clock, _RESOLVE, resolve(host, 80, reach))
        except (BoardError, TimeoutError):  # nobody knows it now; an announcement may still name it
            return []

    hosts = list(known)
    found = await asyncio.gather(*(addresses(host) for host in hosts))
    return {name.lower(): known[host] for host, more in zip(hosts, found, strict=True) for name in (host, *more)}
