"""Who is on the attached networks, read from tables as the kernel writes them."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path

import pytest
from tests.fake_clock import FakeClock

from vedette.hub import neighbours as module
from vedette.hub.neighbours import Neighbours, Surroundings, own_interfaces, read_gateways, read_neighbours

ARP = """\
IP address       HW type     Flags       HW address            Mask     Device
192.168.0.1      0x1         0x2         24:A4:3C:00:00:01     *        eth0
192.168.0.50     0x1         0x6         24:0a:c4:00:00:50     *        eth0
192.168.0.51     0x1         0x0         00:00:00:00:00:00     *        eth0
192.168.0.52     0x20        0x2         24:0a:c4:00:00:52     *        ib0
10.0.0.9         0x1         0x2         24:0a:c4:00:00:50     *        eth1
torn line
192.168.0.53     zz
"""
LAN = IPv4Interface("192.168.0.2/24")
OTHER = IPv4Interface("10.0.0.2/8")


def surroundings(arp: str = ARP, *interfaces: IPv4Interface) -> Surroundings:
    return Surroundings(
        interfaces or (LAN, OTHER), tuple(read_neighbours(arp)), frozenset({IPv4Address("192.168.0.1")})
    )


def test_whoever_has_answered_is_known_and_nobody_else() -> None:
    assert [(str(known.address), known.mac) for known in read_neighbours(ARP)] == [
        ("192.168.0.1", "24:a4:3c:00:00:01"),
        ("192.168.0.50", "24:0a:c4:00:00:50"),
        ("10.0.0.9", "24:0a:c4:00:00:50"),
    ]
    assert list(read_neighbours("")) == []


def test_gateways_are_read_from_the_routing_table() -> None:
    in_memory = int.from_bytes(IPv4Address("192.168.0.1").packed, "little")
    if socket.htons(1) == 1:
        in_memory = int.from_bytes(IPv4Address("192.168.0.1").packed, "big")
    table = (
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
        f"eth0\t00000000\t{in_memory:08X}\t0003\t0\t0\t0\t00000000\n"
        "eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\n"
        "torn\n"
    )
    assert list(read_gateways(table)) == [IPv4Address("192.168.0.1")]


def test_an_address_is_attached_or_behind_a_router() -> None:
    around = surroundings()
    assert around.network_of("192.168.0.50") == IPv4Network("192.168.0.0/24")
    assert around.network_of("192.168.7.50") is None
    assert around.network_of("192.168.0.2") is None, "this machine is not its own neighbour"
    assert around.network_of("fd00::1") is None
    assert around.network_of("porch.local") is None


def test_the_smaller_of_two_networks_around_an_address_counts() -> None:
    around = surroundings(ARP, OTHER, IPv4Interface("10.0.0.3/24"))
    assert around.network_of("10.0.0.9") == IPv4Network("10.0.0.0/24")


def test_a_mac_address_is_looked_for_in_one_network_only() -> None:
    around = surroundings()
    assert around.holders_of("24:0a:c4:00:00:50", LAN.network) == ("192.168.0.50",)
    assert around.mac_of("192.168.0.50") == "24:0a:c4:00:00:50"
    assert around.mac_of("192.168.0.51") is None


def test_a_router_is_known_as_one() -> None:
    assert surroundings().is_gateway("24:a4:3c:00:00:01")
    assert not surroundings().is_gateway("24:0a:c4:00:00:50")


def test_looking_around_reads_the_tables(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "arp").write_text(ARP)
    around = asyncio.run(Neighbours(clock, tmp_path, lambda: [LAN]).look())
    assert around.mac_of("192.168.0.50") == "24:0a:c4:00:00:50"
    assert around.interfaces == (LAN,)
    assert around.gateways == frozenset()


def test_a_system_without_the_tables_shows_no_neighbours(tmp_path: Path, clock: FakeClock) -> None:
    assert asyncio.run(Neighbours(clock, tmp_path / "none", lambda: [LAN]).look()).neighbours is None


def test_loopback_is_no_network_with_neighbours() -> None:
    assert all(not interface.is_loopback and interface.network.prefixlen <= 30 for interface in own_interfaces())


class Listener:
    """Counts the datagrams that reach two addresses of the loopback network."""

    def __init__(self, *addresses: str) -> None:
        first = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        first.bind((addresses[0], 0))
        self.port = first.getsockname()[1]
        self.sockets = [first]
        for address in addresses[1:]:
            self.sockets.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            self.sockets[-1].bind((address, self.port))

    def heard(self) -> list[int]:
        """Datagrams since the last time, at each address; those of loopback are there once they are sent."""
        return [self._drain(one) for one in self.sockets]

    def _drain(self, one: socket.socket) -> int:
        one.settimeout(0)
        count = 0
        while True:
            try:
                assert one.recv(100) == b""
            except BlockingIOError:
                return count
            count += 1

    def close(self) -> None:
        for one in self.sockets:
            one.close()


def test_a_search_touches_each_address_a_few_at_a_time_and_not_again_for_five_minutes(
    clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = IPv4Network("127.77.0.0/28")
    listener = Listener("127.77.0.1", "127.77.0.14")
    monkeypatch.setattr(module, "_DISCARD_PORT", listener.port)

    async def story() -> None:
        neighbours = Neighbours(clock, tmp_path, lambda: [LAN])
        assert neighbours.search(network)
        await clock.advance(0)
        assert listener.heard() == [1, 0], "the first few at once, the rest later"
        assert neighbours.searching(network)
        assert neighbours.search(network), "another camera's search joins this one"
        await clock.advance(10)
        assert listener.heard() == [0, 1]
        assert not neighbours.searching(network)
        await clock.advance(285)
        assert neighbours.search(network)
        await clock.advance(1)
        assert listener.heard() == [0, 0], "not yet again"
        await clock.advance(10)
        assert neighbours.search(network)
        await clock.advance(1)
        assert listener.heard() == [1, 1]
        await neighbours.stop()
        assert clock.pending() == 0

    try:
        asyncio.run(story())
    finally:
        listener.close()


@pytest.mark.parametrize("network", ["10.0.0.0/21", "8.8.8.0/24"], ids=["large", "public"])
def test_large_and_public_networks_are_not_searched(clock: FakeClock, tmp_path: Path, network: str) -> None:
    neighbours = Neighbours(clock, tmp_path, lambda: [LAN])
    assert not neighbours.search(IPv4Network(network))
    assert not neighbours.searching(IPv4Network(network))


def test_a_board_is_claimed_until_it_is_given_up(clock: FakeClock) -> None:
    neighbours = Neighbours(clock)
    neighbours.claim("porch", "24:0a:c4:00:00:50", "192.168.0.50")
    assert neighbours.is_claimed("24:0a:c4:00:00:50", "192.168.0.50")
    assert not neighbours.is_claimed("24:0a:c4:00:00:51", "192.168.0.50"), "another board may have that address now"
    neighbours.give_up("porch")
    neighbours.give_up("porch")
    assert not neighbours.is_claimed("24:0a:c4:00:00:50", "192.168.0.50")
