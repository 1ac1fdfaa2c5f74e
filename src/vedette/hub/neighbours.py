"""Who is on the networks that this machine is attached to: addresses, and the MAC address that each belongs to.

The kernel's own table says so (``/proc/net/arp``), for IPv4 and on Linux alone. Nothing is asked of anybody, except
in a search: then each address of a network is touched with one empty datagram, so that the kernel asks who has it.

A MAC address is no proof of who somebody is: any neighbour can forge one, and whoever does that can also take over
the board's IP address itself. Protected against is the honest mistake (DHCP gave the address to another device) and
one thing more: nobody can lead us, and a board's password, out of the attached network that the board was in.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, ip_address
from pathlib import Path

import ifaddr

from vedette.clock import Clock, pause

LARGEST_NETWORK = 1024  # addresses, a /22: homes have 254; a search of a /16 would take half an hour
SEARCH_EVERY = 300.0  # seconds: a board that has moved stays where it is for the hours of its lease
_ETHERNET = 0x1  # Wi-Fi too
_COMPLETE = 0x2  # ATF_COM: somebody has answered
_GATEWAY = 0x2  # RTF_GATEWAY
# The kernel asks three times, a second apart, for an address that nobody has. So these are at most 100 broadcasts a
# second (Wi-Fi sends those at its slowest rate), and 100 open questions: it forgets neighbours from 512 on.
_BATCH = 8  # addresses at a time
_BATCH_EVERY = 0.25  # seconds
_ANSWERS_WITHIN = 3.0  # seconds: as long as the kernel asks
_DISCARD_PORT = 9  # RFC 863: what is sent there is thrown away


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One line of the kernel's table: somebody who has answered."""

    address: IPv4Address
    mac: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What can be seen from here at one moment.

    Attributes:
        interfaces: this machine's own addresses.
        neighbours: None where the system does not show them.
        gateways: the routers that this machine sends to.
    """

    interfaces: tuple[IPv4Interface, ...]
    neighbours: tuple[Neighbour, ...] | None
    gateways: frozenset[IPv4Address] = frozenset()

    def network_of(self, address: str) -> IPv4Network | None:
        """The attached network that somebody else's address is in; None if it is ours, or behind a router."""
        wanted = read_address(address)
        if wanted is None or any(wanted == interface.ip for interface in self.interfaces):
            return None
        around = [interface.network for interface in self.interfaces if wanted in interface.network]
        return max(around, key=lambda network: network.prefixlen, default=None)

    def mac_of(self, address: str) -> str | None:
        """Whose MAC address is behind an address, if that is known."""
        wanted = read_address(address)
        return next((known.mac for known in self.neighbours or () if known.address == wanted), None)

    def holders_of(self, mac: str, network: IPv4Network) -> tuple[str, ...]:
        """The addresses in a network that belong to a MAC address, in order."""
        found = {known.address for known in self.neighbours or () if known.mac == mac and known.address in network}
        return tuple(str(address) for address in sorted(found))

    def is_gateway(self, mac: str) -> bool:
        """It is a router's: whatever is behind that router seems to have this MAC address."""
        return any(known.mac == mac and known.address in self.gateways for known in self.neighbours or ())


class Neighbours:
    """Looks around, for all cameras; on the engine's loop.

    Args:
        clock: for all waiting.
        folder: where the kernel shows its tables ``arp`` and ``route``.
        interfaces: this machine's own addresses; called in a thread.
    """

    def __init__(
        self,
        clock: Clock,
        folder: Path = Path("/proc/net"),
        interfaces: "Callable[[], Iterable[IPv4Interface]] | None" = None,
    ) -> None:
        self._clock = clock
        self._folder = folder
        self._interfaces = interfaces or own_interfaces
        self._begun: dict[IPv4Network, float] = {}
        self._searches: dict[IPv4Network, asyncio.Task[None]] = {}
        self._claims: dict[str, tuple[str, str]] = {}

    async def look(self) -> Surroundings:
        """What can be seen now. Reads files, in a thread; never fails."""
        return await asyncio.get_running_loop().run_in_executor(None, self._read)

    def search(self, network: IPv4Network) -> bool:
        """Have the kernel ask for every address of a network, unless that was done in the last five minutes.

        Returns at once; who answers is seen by the next `look`. False if the network is not searched at all: it is
        public, or too large.
        """
        if network.num_addresses > LARGEST_NETWORK or not network.is_private:
            return False
        now = self._clock.monotonic()
        if now - self._begun.get(network, -SEARCH_EVERY) >= SEARCH_EVERY:
            self._begun[network] = now
            self._searches[network] = asyncio.create_task(self._touch(network), name=f"search-{network}")
        return True

    def searching(self, network: IPv4Network) -> bool:
        """A search of it is under way."""
        return network in self._searches and not self._searches[network].done()

    def claim(self, camera_id: str, mac: str, address: str) -> None:
        """A camera gets its pictures from the board with this MAC address, there."""
        self._claims[camera_id] = (mac, address)

    def give_up(self, camera_id: str) -> None:
        """It no longer does."""
        self._claims.pop(camera_id, None)

    def is_claimed(self, mac: str, address: str) -> bool:
        """A camera has its board there, and so by the same MAC address (a repeater's) none is looked for there."""
        return (mac, address) in self._claims.values()

    async def stop(self) -> None:
        """End all searches."""
        for search in self._searches.values():
            search.cancel()
        await asyncio.gather(*self._searches.values(), return_exceptions=True)

    def _read(self) -> Surroundings:
        try:
            neighbours = tuple(read_neighbours((self._folder / "arp").read_text("ascii", "replace")))
        except OSError:
            neighbours = None
        try:
            gateways = frozenset(read_gateways((self._folder / "route").read_text("ascii", "replace")))
        except OSError:
            gateways = frozenset()
        return Surroundings(tuple(self._interfaces()), neighbours, gateways)

    async def _touch(self, network: IPv4Network) -> None:
        hosts = [str(host) for host in network.hosts()]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)  # noqa: FBT003 - the library's signature
            for start in range(0, len(hosts), _BATCH):
                for host in hosts[start : start + _BATCH]:
                    with contextlib.suppress(OSError):  # a full queue, a firewall: then this one is not found
                        sender.sendto(b"", (host, _DISCARD_PORT))
                await pause(self._clock, _BATCH_EVERY)
        await pause(self._clock, _ANSWERS_WITHIN)


def own_interfaces() -> Iterator[IPv4Interface]:
    """This machine's addresses on networks with neighbours; asks the system, which takes a moment."""
    for adapter in ifaddr.get_adapters():
        for address in adapter.ips:
            if isinstance(address.ip, str) and address.network_prefix <= 30:  # a tunnel's end has no neighbours
                interface = IPv4Interface(f"{address.ip}/{address.network_prefix}")
                if not interface.is_loopback:
                    yield interface


def read_neighbours(table: str) -> Iterator[Neighbour]:
    """Whoever has answered, from the text of ``/proc/net/arp``."""
    for line in table.splitlines()[1:]:
        fields = line.split()  # address, type of hardware, flags, MAC address, mask, device
        with contextlib.suppress(ValueError, IndexError):
            address, hardware, flags, mac = IPv4Address(fields[0]), int(fields[1], 16), int(fields[2], 16), fields[3]
            if hardware == _ETHERNET and flags & _COMPLETE:
                yield Neighbour(address, mac.lower())


def read_gateways(table: str) -> Iterator[IPv4Address]:
    """The routers, from the text of ``/proc/net/route``: addresses are hexadecimal, in the machine's byte order."""
    for line in table.splitlines()[1:]:
        fields = line.split()  # device, destination, gateway, flags, ...
        with contextlib.suppress(ValueError, IndexError, struct.error):
            if int(fields[3], 16) & _GATEWAY:
                yield IPv4Address(struct.pack("=I", int(fields[2], 16)))


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is; None for a name."""
    try:
        return ip_address(text)
    except ValueError:
        return None
