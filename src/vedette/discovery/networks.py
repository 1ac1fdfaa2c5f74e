"""Which networks may be searched: private ones, small ones, and those that the administrator has allowed."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Interface, IPv4Network, IPv6Network, ip_network

from vedette.hub.neighbours import LARGEST_NETWORK, own_interfaces
from vedette.sources import Reach

Network = IPv4Network | IPv6Network

# RFC 1918, RFC 6598 (behind a provider's NAT, and mesh VPNs), RFC 4193
_PRIVATE = tuple(
    ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
_SUGGESTED_PREFIX = 24  # 254 hosts: a home; who has more names them
_PRIVATE_REACH = Reach(_PRIVATE)


def read_network(text: str, reach: Reach) -> Network:
    """The network that somebody wants searched.

    Args:
        text: such as ``192.168.0.0/24``; an address in it will do, with its prefix.
        reach: allows networks beyond the private ones.

    Raises:
        ValueError: with a sentence: it is no network, or none that is searched.
    """
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f'expected a network such as "192.168.0.0/24"; got {text[:60]!r}') from None
    if not (_PRIVATE_REACH.allows(network) or reach.allows(network)):
        raise ValueError(
            f"{network} is not a private network: only 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7 and "
            "server.camera_networks of the configuration are searched"
        )
    if network.num_addresses > LARGEST_NETWORK:
        raise ValueError(
            f"{network} has more than {LARGEST_NETWORK} addresses: name a part of it, such as "
            f'"{network.network_address}/{network.max_prefixlen - 8}"'
        )
    return network


def suggested_networks(interfaces: Callable[[], Iterable[IPv4Interface]] = own_interfaces) -> tuple[str, ...]:
    """The private networks that this machine is attached to; of large ones the 256 addresses around its own."""
    found = (
        IPv4Interface(f"{interface.ip}/{max(interface.network.prefixlen, _SUGGESTED_PREFIX)}").network
        for interface in interfaces()
    )
    return tuple(dict.fromkeys(str(network) for network in found if _PRIVATE_REACH.allows(network)))
