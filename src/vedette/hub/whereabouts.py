"""Where a camera's board is now, and whether it is that board.

DHCP may give a board another address, and its old one to another device. A board is known by its MAC address, which
is configured or learned at its first good frame, where this machine can see such addresses (see `neighbours.py`,
also for what that protects against and what not): IPv4, on Linux, and no router or container's bridge in between. A
board with a ``.local`` name is asked for by that name at each attempt. Where nothing can be told, `note` says why.

Never learned: a router's MAC address, and one that several addresses share (a Wi-Fi repeater puts its own in place of
those behind it).
"""

import logging
from ipaddress import IPv4Network

from vedette.errors import BoardError, Reason
from vedette.hub.health import STRANGER
from vedette.hub.macs import Known, MacMemory
from vedette.hub.names import MulticastNames, is_local
from vedette.hub.neighbours import LARGEST_NETWORK, Neighbours, Surroundings, read_address

ANY = "any"
_MOST_PLACES = 2  # a moved board may have its old and its new address; a MAC address with more of them is a repeater's

_CANNOT_TELL = "From here it cannot be told whether it has another address now"

_log = logging.getLogger(__name__)


class Whereabouts:
    """Where one camera's board is. Everything on the engine's loop; attributes may be read from any thread.

    Args:
        camera_id: as in the configuration.
        host: the configured name or address, as the URL has it.
        mac: the configured MAC address in lower case, ``any`` (never look at it), or None (learn it).
        neighbours: shared by all cameras.
        memory: shared by all cameras.
        names: shared by all cameras.

    Attributes:
        mac: the board's MAC address, once it is known.
        note: a sentence to stand behind the explanation of the camera's health, or None.
    """

    def __init__(
        self,
        camera_id: str,
        host: str,
        mac: str | None,
        neighbours: Neighbours,
        memory: MacMemory,
        names: MulticastNames,
    ) -> None:
        known = memory.recall(camera_id, host)
        self.mac: str | None = None if mac == ANY else mac or (known.mac if known else None)
        self.note: str | None = None
        self._id = camera_id
        self._host = host
        self._ignored = mac == ANY
        self._neighbours = neighbours
        self._memory = memory
        self._names = names
        self._home = host if read_address(host) else known.address if known else None  # the host's address, last known
        self._elsewhere: str | None = None  # where it is tried in place of its host
        self._lost = False  # the last attempt has failed, and none has succeeded since
        self._avoided: str | None = None  # where that attempt went, as `_elsewhere` was then
        self._proven = False  # the last attempt there has given pictures
        self._stranger: str | None = None  # the MAC address that answered in its place

    async def address(self) -> str:
        """The name or address to connect to now, for one attempt. Never fails; takes up to 2 s for ``.local`` names.

        A name that is not found this way is given back as it is, for the system's resolver.
        """
        if self._lost:
            await self._choose()
        if self._elsewhere is not None:
            return self._elsewhere
        return (is_local(self._host) and await self._names.resolve(self._host)) or self._host

    async def verify(self, address: str) -> None:
        """Call when a connection is made to a numeric address, before anything is sent on it.

        Raises:
            BoardError: UNREACHABLE: another device has its address now.
        """
        if self.mac is None:
            return
        seen = (await self._neighbours.look()).mac_of(address)
        if seen is not None and seen != self.mac:
            self._stranger = seen
            raise BoardError(Reason.UNREACHABLE, STRANGER)

    async def learn(self, peer: str) -> None:
        """Call at the first good frame of an attempt: whoever is at ``peer`` is the board. Never fails."""
        self._lost, self._proven = False, True
        self._avoided, self._stranger, self.note = None, None, None
        around = await self._neighbours.look()
        if self._elsewhere is None:
            self._home = peer
        elif peer != self._home:
            self.note = (
                f"It was found at {peer} by its MAC address ({self.mac}): "
                "put that into the configuration, or give it a fixed address in the router."
            )
        if self.mac is None and not self._ignored:
            self.mac = _identity(around, peer)
            if self.mac is not None:
                _log.info("[%s] its MAC address is %s", self._id, self.mac)
        if self.mac is not None and self._home is not None:
            self._neighbours.claim(self._id, self.mac, peer)
            await self._memory.remember(self._id, Known(self._host, self.mac, self._home))

    async def search(self) -> None:
        """Call when an attempt ended UNREACHABLE or NAME_UNKNOWN.

        Returns soon; where its MAC address is seen nowhere, a search of the network goes on by itself, and the next
        `address` uses what it finds.
        """
        self._neighbours.give_up(self._id)
        proven, self._proven = self._proven, False
        if proven and self._elsewhere is not None and self._stranger is None:
            return  # it was there a moment ago: once more, before its old address is tried
        self._lost, self._avoided = True, self._elsewhere
        await self._choose()

    async def _choose(self) -> None:
        """Decide where the next attempt goes: never to the place of the last one, if there is another."""
        if self._ignored:
            return
        around = await self._neighbours.look()
        network = around.network_of(self._home) if self._home else None
        places = self._places(around, network) if network else ()
        self._elsewhere = _after(self._avoided, places)
        self.note = self._explain(around, network)
        if network is None or around.neighbours is None or self.mac is None:
            return
        if not any(places):
            searched = self._neighbours.search(network)
            self.note = self._explain_search(network, searched=searched)

    def _places(self, around: Surroundings, network: IPv4Network) -> tuple[str | None, ...]:
        """Where it may be; None stands for its host, unless that is known to be another device."""
        if self.mac is None:
            return (None,)
        others = [
            address
            for address in around.holders_of(self.mac, network)
            if address != self._home and not self._neighbours.is_claimed(self.mac, address)
        ]
        if not others or len(others) > _MOST_PLACES:
            return (None,)
        taken = self._home is not None and around.mac_of(self._home) not in {None, self.mac}
        return tuple(others) if taken else (None, *others)

    def _explain(self, around: Surroundings, network: IPv4Network | None) -> str | None:
        home = read_address(self._home or "")
        if self._elsewhere is not None:
            return f"Its MAC address is seen at {self._elsewhere}: it is tried there."
        if home is None or home.is_loopback:
            return None
        if around.neighbours is None:
            why = "this system does not show which device has which address"
        elif home.version != 4:
            why = "that is seen for IPv4 addresses only"
        elif network is None:
            why = "it is behind a router, or this server is in a container with a network of its own"
        elif self.mac is None:
            why = "its MAC address is not known yet. It can be set as mac"
        else:
            return None
        return f"{_CANNOT_TELL}: {why}."

    def _explain_search(self, network: IPv4Network, *, searched: bool) -> str:
        stranger = ""
        if self._stranger is not None:
            stranger = (
                f"The device there has the MAC address {self._stranger}, this board had {self.mac}; "
                f'if you have replaced the board, set mac = "{self._stranger}". '
            )
        if not searched:
            return f"{stranger}{_CANNOT_TELL}: {network} is public, or has more than {LARGEST_NETWORK} addresses."
        if self._neighbours.searching(network):
            return f"{stranger}Its MAC address is being looked for in {network}."
        return f"{stranger}Its MAC address was not found at any other address of {network}."


def _identity(around: Surroundings, peer: str) -> str | None:
    """The MAC address by which the device at ``peer`` can be known; None if there is none."""
    network, mac = around.network_of(peer), around.mac_of(peer)
    if network is None or mac is None or around.is_gateway(mac):
        return None
    return mac if around.holders_of(mac, network) == (peer,) else None


def _after(avoided: str | None, places: tuple[str | None, ...]) -> str | None:
    """The next place, in a circle."""
    if avoided not in places:
        return places[0] if places else None
    return places[(places.index(avoided) + 1) % len(places)]
