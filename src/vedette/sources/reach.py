"""Where the server may reach: asked before every connection to a board, of the very address that is connected to.

A name is no promise. Whoever controls one can let it mean a board when it is added and this machine, or a cloud's
metadata service, a minute later (DNS rebinding). So it is the numeric address that is judged, after each resolving,
and no other is connected to. Judged is also what a neighbour has answered to an mDNS question, and where a board's
MAC address was found.

Boards' own networks are not guarded: a camera is meant to be fetched from there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from vedette.errors import BoardError, Reason

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LOOPBACK = tuple(ip_network(text) for text in ("127.0.0.0/8", "::1/128"))
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: a gateway makes IPv4 of it
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291: what was the IPv4-mapped form before
_SPECIAL = tuple(
    (kind, ip_network(text))
    for kind, texts in (
        # AWS, Azure, Google and many more; AWS over IPv6; Google over IPv6; Alibaba.
        ("a cloud's metadata service", ("169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200")),
        ("a link-local address", ("169.254.0.0/16", "fe80::/10")),
        ("a multicast address", ("224.0.0.0/4", "ff00::/8")),
        ("a broadcast address", ("255.255.255.255",)),
        ("no device's address", ("0.0.0.0/8", "::")),  # Linux connects it to the machine itself
    )
    for text in texts
)
_HOW = "If a camera is really there, put its network into server.camera_networks of the configuration."


class OutOfReachError(BoardError):
    """An address that nothing is sent to; the detail is a whole sentence, with what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Reason.UNREACHABLE, sentence)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is allowed beyond the usual.

    Attributes:
        networks: `server.camera_networks`: whatever is inside them may be reached.
    """

    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Reach":
        """The reach for networks as the configuration has them.

        Raises:
            ValueError: one is no network.
        """
        return cls(tuple(ip_network(text) for text in texts))

    def check(self, host: str, address: str) -> None:
        """Judge an address that is about to be connected to.

        Args:
            host: as it was written: only who writes a loopback address, or ``localhost``, means this machine.
            address: numeric, perhaps with a scope.

        Raises:
            OutOfReachError: nothing is to be sent there.
        """
        numeric = _plain(address)
        if self.allows(numeric):
            return
        if kind := _special(numeric):
            raise OutOfReachError(f"{host} is not connected to: {numeric} is {kind}. {_HOW}")
        if _is_loopback(numeric) and not is_loopback_host(host):
            raise OutOfReachError(f"{host} is not connected to: {numeric} is the server's own machine. {_HOW}")

    def check_new(self, host: str) -> None:
        """Judge a host that came through the page or the API, before anything is resolved.

        Loopback is only for cameras that an administrator has named in the file. A name is judged when it is resolved.

        Raises:
            OutOfReachError: it is no host for a camera.
        """
        try:
            numeric = _plain(host)
        except ValueError:
            allowed = not _is_local_name(host)
        else:
            self.check(host, host)
            allowed = self.allows(numeric) or not _is_loopback(numeric)
        if not allowed:
            raise OutOfReachError(f"{host} is the server's own machine: such a camera can only be named in the file.")

    def allows(self, what: Address | Network) -> bool:
        """An address, or a whole network, is inside the allowed ones."""
        return any(_is_within(what, network) for network in self.networks)


USUAL_REACH = Reach()
LOCAL_REACH = Reach(_LOOPBACK)
"""For the command line: who types there is this machine's administrator."""


def is_loopback_host(host: str) -> bool:
    """A host that is this machine by the way it is written; a name that only resolves to it is not."""
    try:
        return _is_loopback(_plain(host))
    except ValueError:
        return host.lower().removesuffix(".") == "localhost"


def _is_local_name(host: str) -> bool:
    """RFC 6761, section 6.3: ``localhost``, and whatever is below it."""
    name = host.lower().removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")


def _plain(address: str) -> Address:
    """An address without its scope, and an IPv4 address out of the IPv6 forms that lead to it.

    Raises:
        ValueError: it is not numeric.
    """
    numeric = ip_address(address.partition("%")[0])
    if isinstance(numeric, IPv4Address):
        return numeric
    inside = numeric.ipv4_mapped or numeric.sixtofour
    if inside is None and (numeric in _NAT64 or (numeric in _COMPATIBLE and int(numeric) > 0xFFFF)):
        inside = IPv4Address(int(numeric) & 0xFFFFFFFF)
    return inside or numeric


def _special(address: Address) -> str | None:
    """What kind of address it is, if no camera has such a one."""
    return next((kind for kind, network in _SPECIAL if _is_within(address, network)), None)


def _is_loopback(address: Address) -> bool:
    return any(_is_within(address, network) for network in _LOOPBACK)


def _is_within(what: Address | Network, network: Network) -> bool:
    inner = ip_network(what)
    if isinstance(inner, IPv4Network):
        return isinstance(network, IPv4Network) and inner.subnet_of(network)
    return isinstance(network, IPv6Network) and inner.subnet_of(network)
