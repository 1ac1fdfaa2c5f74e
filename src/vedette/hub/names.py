"""Asks the local network for a ``.local`` name, where the system's resolver does not (in most containers).

Whoever is on the network may answer; that is so with every resolver of such names. An answer counts only if it comes
from the network that it was asked on, and names an address there: no neighbour can send us anywhere else.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterable
from functools import partial
from ipaddress import IPv4Address, IPv4Interface
from typing import Any

from vedette.clock import Clock, pause
from vedette.hub.neighbours import own_interfaces
from vedette.wire.mdns import build_query, read_addresses

_GROUP = ("224.0.0.251", 5353)
_ASK_AFTER = (0.0, 0.5, 0.7)  # seconds between questions: Wi-Fi repeats no lost multicast, and a board may sleep 0.3 s
_ANSWER_WITHIN = 0.8  # seconds after the last question: 2 s in all, since every attempt to connect waits for it


def is_local(name: str) -> bool:
    """It is a name of the kind that is asked for here."""
    return name.rstrip(".").lower().endswith(".local")


class MulticastNames:
    """Finds addresses by mDNS; on the engine's loop.

    Args:
        clock: for all waiting.
        interfaces: this machine's own addresses; called in a thread.
        group: where questions go; another one for tests.
    """

    def __init__(
        self,
        clock: Clock,
        interfaces: Callable[[], Iterable[IPv4Interface]] = own_interfaces,
        group: tuple[str, int] = _GROUP,
    ) -> None:
        self._clock = clock
        self._interfaces = interfaces
        self._group = group

    async def resolve(self, name: str) -> str | None:
        """The address that the network gives for ``name``, within 2 s; None if nobody answers."""
        try:
            query = build_query(name)
        except ValueError:
            return None
        interfaces = await asyncio.get_running_loop().run_in_executor(None, lambda: tuple(self._interfaces()))
        found: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        asking = asyncio.create_task(self._ask(query, name, interfaces, found))
        try:
            asking.add_done_callback(partial(_no_answer, found))
            return await found
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def _ask(
        self, query: bytes, name: str, interfaces: tuple[IPv4Interface, ...], found: "asyncio.Future[str | None]"
    ) -> None:
        loop = asyncio.get_running_loop()
        async with contextlib.AsyncExitStack() as open_ones:
            transports: list[asyncio.DatagramTransport] = []
            for interface in interfaces:
                with contextlib.suppress(OSError):  # it has gone down meanwhile
                    transport, _ = await loop.create_datagram_endpoint(
                        partial(_Ear, name, interface, found), sock=_socket_on(interface)
                    )
                    open_ones.callback(transport.close)
                    transports.append(transport)
            for gap in _ASK_AFTER:
                await pause(self._clock, gap)
                for transport in transports:
                    transport.sendto(query, self._group)
            await pause(self._clock, _ANSWER_WITHIN)


def _no_answer(found: "asyncio.Future[str | None]", _asking: "asyncio.Task[None]") -> None:
    if not found.done():
        found.set_result(None)


class _Ear(asyncio.DatagramProtocol):
    """Hears the answers on one interface."""

    def __init__(self, name: str, interface: IPv4Interface, found: "asyncio.Future[str | None]") -> None:
        self._name = name
        self._network = interface.network
        self._found = found

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if IPv4Address(addr[0]) not in self._network:
            return
        for address in read_addresses(data, self._name):
            if IPv4Address(address) in self._network and not self._found.done():
                self._found.set_result(address)


def _socket_on(interface: IPv4Interface) -> socket.socket:
    """A socket whose multicast leaves by this interface.

    Raises:
        OSError: the interface cannot do that.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)  # noqa: FBT003 - the library's signature
        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface.ip.packed)
        made.bind((str(interface.ip), 0))
    except OSError:
        made.close()
        raise
    return made
