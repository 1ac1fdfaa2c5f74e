"""From a host's name to a connection, in the words of the contract where that fails."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from vedette.errors import BoardError, Reason
from vedette.sources.lookup import look_up
from vedette.sources.reach import OutOfReachError, Reach

AnyProtocol = TypeVar("AnyProtocol", bound=asyncio.BaseProtocol)

# A board that lost its power sends no end of the connection. Once it is up again, its stack answers a probe with a
# reset, so that a silent connection ends seconds after the board is back, and not only when patience does.
_KEEPALIVE_AFTER, _KEEPALIVE_EVERY, _KEEPALIVE_PROBES = 3, 2, 6  # seconds, seconds, probes


class Whereabouts(Protocol):
    """Where a board is now, and whether it is the one."""

    async def address(self) -> str:
        """The host name or address to connect to.

        Raises:
            BoardError: nobody knows the name.
        """

    async def verify(self, address: str) -> None:
        """Look at who is connected.

        Raises:
            BoardError: another device answers at the board's address.
        """


class FixedWhereabouts:
    """A board that is where the configuration says."""

    def __init__(self, host: str) -> None:
        self._host = host

    async def address(self) -> str:
        """See `Whereabouts.address`."""
        return self._host

    async def verify(self, address: str) -> None:
        """See `Whereabouts.verify`: whoever answers is the one."""


async def resolve(host: str, port: int, reach: Reach, written: str | None = None) -> list[str]:
    """The numeric addresses of a host that may be connected to, as the system orders them.

    Args:
        host: name or address.
        port: that is to be connected to.
        reach: judges each of them.
        written: the host as the configuration or a URL has it, where ``host`` is what was found in its place.

    Raises:
        BoardError: nobody knows the name, or none of its addresses may be reached.
    """
    try:
        infos = await look_up(host, port)
    except (OSError, UnicodeError) as error:
        raise BoardError(Reason.NAME_UNKNOWN, host) from error
    return _within_reach([_numeric_host(address) for *_, address in infos], reach, host if written is None else written)


async def connect(
    addresses: list[str], port: int, make_protocol: Callable[[], AnyProtocol]
) -> tuple[asyncio.Transport, AnyProtocol]:
    """Connect to the first of these addresses that takes the connection.

    Raises:
        BoardError: none does.
    """
    failure: OSError | None = None
    for address in addresses:
        try:
            transport, protocol = await asyncio.get_running_loop().create_connection(make_protocol, address, port)
            _keep_alive(transport)
        except OSError as error:
            failure = error
        else:
            return transport, protocol
    if isinstance(failure, ConnectionRefusedError):
        raise BoardError(Reason.REFUSED, f"port {port}") from failure
    detail = os.strerror(failure.errno) if failure and failure.errno else "no answer"
    raise BoardError(Reason.UNREACHABLE, detail) from failure


def _within_reach(addresses: list[str], reach: Reach, written: str) -> list[str]:
    """Those that may be connected to: a name often has a link-local address beside its other one."""
    allowed: list[str] = []
    refusal: OutOfReachError | None = None
    for address in addresses:
        try:
            reach.check(written, address)
        except OutOfReachError as error:
            refusal = error
        else:
            allowed.append(address)
    if refusal is not None and not allowed:
        raise refusal
    return allowed


def peer_of(transport: asyncio.BaseTransport) -> str:
    """The numeric address of who is connected.

    Raises:
        BoardError: it is not connected any more: a board without a free socket takes a connection and resets it.
    """
    peer = transport.get_extra_info("peername")
    if peer is None:
        raise BoardError(Reason.REFUSED, "it closed the connection without an answer")
    return str(peer[0])


def _keep_alive(transport: asyncio.BaseTransport) -> None:
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if sys.platform == "linux":
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEPALIVE_AFTER)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _KEEPALIVE_EVERY)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _KEEPALIVE_PROBES)


def _numeric_host(address: tuple[Any, ...]) -> str:
    """The host of a socket address, with the scope that a link-local one needs."""
    return f"{address[0]}%{address[3]}" if len(address) == 4 and address[3] else str(address[0])
