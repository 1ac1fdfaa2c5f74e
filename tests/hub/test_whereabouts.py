"""Boards that move, seen through a neighbour table that the test writes."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path

import pytest
from tests.fake_clock import FakeClock

from vedette.clock import pause
from vedette.errors import BoardError, Reason
from vedette.hub.macs import MacMemory
from vedette.hub.names import MulticastNames
from vedette.hub.neighbours import Neighbours
from vedette.hub.whereabouts import Whereabouts

PORCH, GATE, PHONE, ROUTER = (f"24:0a:c4:00:00:{end}" for end in ("50", "51", "aa", "01"))
HOME, OTHER, MOVED = "192.168.0.50", "192.168.0.51", "192.168.0.77"


class QuietNeighbours(Neighbours):
    """Searches take their time, and send nothing: the network of these tests may be a real one."""

    def __init__(self, clock: FakeClock, folder: Path, own: list[IPv4Interface]) -> None:
        super().__init__(clock, folder, lambda: own)
        self.searched: list[str] = []
        self._quiet_clock = clock

    async def _touch(self, network: IPv4Network) -> None:
        self.searched.append(str(network))
        await pause(self._quiet_clock, 10)


class Lan:
    """A network of which the test decides who is seen where."""

    def __init__(self, folder: Path, clock: FakeClock, *interfaces: str) -> None:
        self.clock = clock
        self.folder = folder
        self.path = folder / "macs.json"
        own = [IPv4Interface(one) for one in interfaces or ("192.168.0.2/24",)]
        self.neighbours = QuietNeighbours(clock, folder, own)
        self.memory = MacMemory(self.path)
        self.names = MulticastNames(clock, list)
        self.show({})

    def show(self, seen: dict[str, str]) -> None:
        lines = [f"{address} 0x1 0x2 {mac} * eth0" for address, mac in seen.items()]
        (self.folder / "arp").write_text("\n".join(["IP address HW type ...", *lines]))

    def restart(self) -> None:
        self.memory = MacMemory(self.path)

    def board(self, camera_id: str = "porch", host: str = HOME, mac: str | None = None) -> Whereabouts:
        return Whereabouts(camera_id, host, mac, self.neighbours, self.memory, self.names)


Story = Callable[[Lan], Awaitable[None]]
Play = Callable[..., None]


@pytest.fixture
def play(tmp_path: Path, clock: FakeClock) -> Play:
    """Tell a story of a network."""

    def whole(story: Story, *interfaces: str) -> None:
        async def told() -> None:
            lan = Lan(tmp_path, clock, *interfaces)
            await story(lan)
            await lan.neighbours.stop()
            assert clock.pending() == 0

        asyncio.run(told())

    return whole


async def refused(board: Whereabouts, address: str) -> BoardError:
    with pytest.raises(BoardError) as caught:
        await board.verify(address)
    return caught.value


# Learning.


def test_a_board_is_where_the_configuration_says_and_its_mac_address_is_learned_with_its_first_picture(
    play: Play,
) -> None:
    async def story(lan: Lan) -> None:
        board = lan.board()
        lan.show({HOME: PORCH})
        assert await board.address() == HOME
        await board.verify(HOME)
        assert board.mac is None, "whoever takes a connection may be anybody"
        await board.learn(HOME)
        assert [board.mac, board.note] == [PORCH, None]
        lan.restart()
        assert lan.board().mac == PORCH, "and it is kept"
        assert lan.board(host=OTHER).mac is None, "for this host alone"
        assert lan.board("gate").mac is None, "and for this camera alone"

    play(story)


@pytest.mark.parametrize(
    "seen",
    [{}, {HOME: PORCH, OTHER: PORCH}, {"192.168.0.1": PORCH, HOME: PORCH}],
    ids=["nothing seen", "a repeater's", "a router's"],
)
def test_a_mac_address_that_tells_nobody_apart_is_not_learned(play: Play, seen: dict[str, str]) -> None:
    async def story(lan: Lan) -> None:
        lan.show(seen)
        board = lan.board()
        await board.learn(HOME)
        assert board.mac is None
        await board.verify(HOME)

    play(story)


def test_the_routers_mac_address_is_never_learned(play: Play) -> None:
    async def story(lan: Lan) -> None:
        lan.show({"192.168.0.1": ROUTER})
        in_memory = int.from_bytes(bytes([192, 168, 0, 1]), sys.byteorder)
        (lan.folder / "route").write_text(f"Iface ...\neth0 00000000 {in_memory:08X} 0003 0 0 0 00000000")
        board = lan.board(host="192.168.0.1")
        await board.learn("192.168.0.1")
        assert board.mac is None

    play(story)


def test_any_means_that_nobody_looks_at_mac_addresses(play: Play) -> None:
    async def story(lan: Lan) -> None:
        board = lan.board(mac="any")
        lan.show({HOME: PORCH})
        await board.learn(HOME)
        lan.show({HOME: PHONE, MOVED: PORCH})
        await board.verify(HOME)
        await board.search()
        assert await board.address() == HOME
        assert (board.mac, board.note, lan.neighbours.searched) == (None, None, [])

    play(story)


# Moving.


def test_a_moved_board_is_found_by_its_mac_address(play: Play) -> None:
    async def story(lan: Lan) -> None:
        lan.show({HOME: PORCH})
        board = lan.board()
        await board.learn(HOME)
        lan.show({MOVED: PORCH})
        await board.search()
        assert await board.address() == MOVED
        assert await board.address() == MOVED, "also for whoever else asks"
        await board.verify(MOVED)
        await board.learn(MOVED)
        assert board.note == (
            f"It was found at {MOVED} by its MAC address ({PORCH}): "
            "put that into the configuration, or give it a fixed address in the router."
        )
        assert await board.address() == MOVED, "until it is lost there"
        lan.restart()
        known = lan.memory.recall("porch", HOME)
        assert known is not None
        assert known.address == HOME, "its home is still what the configuration says"

    play(story)


def test_another_device_at_its_address_is_refused_before_anything_is_sent(play: Play) -> None:
    async def story(lan: Lan) -> None:
        lan.show({HOME: PORCH})
        board = lan.board()
        await board.learn(HOME)
        lan.show({HOME: PHONE, MOVED: PORCH})
        error = await refused(board, HOME)
        assert (error.reason, error.detail) == (Reason.UNREACHABLE, "another device has its address now")
        await board.search()
        assert await board.address() == MOVED
        await board.search()
        assert await board.address() == MOVED, "the phone is not asked again"

    play(story)


def test_two_boards_that_have_swapped_addresses_are_not_confused(play: Play) -> None:
    async def story(lan: Lan) -> None:
        lan.show({HOME: PORCH, OTHER: GATE})
        porch, gate = lan.board(), lan.board("gate", OTHER)
        await porch.learn(HOME)
        await gate.learn(OTHER)
        lan.show({HOME: GATE, OTHER: PORCH})
        await refused(porch, HOME)
        await porch.search()
        assert await porch.address() == OTHER
        await refused(gate, OTHER)
        await gate.search()
        assert await gate.address() == HOME
        await porch.verify(OTHER)
        await gate.verify(HOME)

    play(story)


def test_a_board_that_nobody_sees_is_searched_for_and_found_by_the_next_attempt(play: Play) -> None:
    async def story(lan: Lan) -> None:
        lan.show({HOME: PORCH})
        board = lan.board()
        await board.learn(HOME)
        lan.show({})
        await board.search()
        assert board.note == "Its MAC address is being looked for in 192.168.0.0/24."
        assert await board.address() == HOME
        lan.show({MOVED: PORCH})
        assert await board.address() == MOVED
        await lan.clock.advance(20)
        lan.show({})
        await board.search()
        assert await board.address() == HOME
        assert board.note == "Its MAC address was not found at any other address of 192.168.0.0/24."

    play(story)


def test_its_old_and_its_new_address_are_tried_in_turn(play: Play) -> None:
    async def story(lan: Lan) -> None:
        board = lan.board(mac=PORCH)
        lan.show({MOVED: PORCH})
        tried = []
        for _ in range(4):
            tried.append(await board.address())
            await board.search()
        assert tried == [HOME, MOVED, HOME, MOVED]

    play(story)


def test_a_short_outage_at_its_new_address_does_not_send_it_home(play: Play) -> None:
    async def story(lan: Lan) -> None:
        board = lan.board(mac=PORCH)
        lan.show({MOVED: PORCH})
        await board.search()
        await board.learn(await board.address())
        await board.search()
        assert await board.address() == MOVED
        await board.search()
        assert await board.address() == HOME

    play(story)


def test_a_repeaters_mac_address_leads_nowhere(play: Play) -> None:
    async def story(lan: Lan) -> None:
        board = lan.board(mac=PORCH)
        lan.show({f"192.168.0.{number}": PORCH for number in range(60, 63)})
        await board.search()
        assert await board.address() == HOME

    play(story)


def test_behind_a_repeater_no_board_is_taken_for_another_cameras(play: Play) -> None:
    async def story(lan: Lan) -> None:
        lan.show({OTHER: PORCH})
        gate, porch = lan.board("gate", OTHER), lan.board(mac=PORCH)
        await gate.learn(OTHER)
        await porch.search()
        assert await porch.address() == HOME
        await gate.search()
        assert await porch.address() == OTHER

    play(story)


def test_nothing_leads_out_of_the_network_that_the_board_was_in(play: Play) -> None:
    async def story(lan: Lan) -> None:
        board = lan.board(mac=PORCH)
        lan.show({"10.0.0.77": PORCH})
        await board.search()
        assert await board.address() == HOME

    play(story, "192.168.0.2/24", "10.0.0.2/24")


def test_after_a_restart_a_board_with_a_name_is_looked_for_where_it_was(play: Play) -> None:
    async def story(lan: Lan) -> None:
        lan.show({HOME: PORCH})
        board = lan.board(host="porch.lan")
        assert await board.address() == "porch.lan"
        await board.learn(HOME)
        lan.restart()
        lan.show({MOVED: PORCH})
        board = lan.board(host="porch.lan")
        await board.search()
        assert await board.address() == MOVED

    play(story)


# What is said.


def test_a_replaced_board_is_explained_with_what_to_do(play: Play) -> None:
    async def story(lan: Lan) -> None:
        lan.show({HOME: PORCH})
        board = lan.board()
        await board.learn(HOME)
        lan.show({HOME: PHONE})
        await refused(board, HOME)
        await board.search()
        assert board.note is not None
        assert board.note.startswith(
            f"The device there has the MAC address {PHONE}, this board had {PORCH}; "
            f'if you have replaced the board, set mac = "{PHONE}". '
        )
        lan.show({HOME: PORCH})
        await board.learn(HOME)
        assert board.note is None

    play(story)


@pytest.mark.parametrize(
    ("host", "mac", "why"),
    [
        ("192.168.9.50", PORCH, "it is behind a router, or this server is in a container with a network of its own"),
        ("fd00::50", PORCH, "that is seen for IPv4 addresses only"),
        (HOME, None, "its MAC address is not known yet. It can be set as mac"),
    ],
)
def test_where_nothing_can_be_told_the_note_says_why(play: Play, host: str, mac: str | None, why: str) -> None:
    async def story(lan: Lan) -> None:
        board = lan.board(host=host, mac=mac)
        await board.search()
        assert board.note == f"From here it cannot be told whether it has another address now: {why}."
        assert await board.address() == host
        assert lan.neighbours.searched == []

    play(story)


def test_a_system_that_shows_no_neighbours_is_named_as_the_cause(play: Play) -> None:
    async def story(lan: Lan) -> None:
        (lan.folder / "arp").unlink()
        board = lan.board(mac=PORCH)
        await board.search()
        assert board.note is not None
        assert "this system does not show which device has which address" in board.note

    play(story)


def test_a_network_too_large_to_be_searched_is_named(play: Play) -> None:
    async def story(lan: Lan) -> None:
        board = lan.board(mac=PORCH)
        await board.search()
        assert board.note is not None
        assert "192.168.0.0/16 is public, or has more than 1024 addresses" in board.note

    play(story, "192.168.0.2/16")


@pytest.mark.parametrize("host", ["127.0.0.1", "porch.lan"])
def test_there_is_nothing_to_say_about_this_machine_and_unknown_names(play: Play, host: str) -> None:
    async def story(lan: Lan) -> None:
        board = lan.board(host=host)
        await board.search()
        assert board.note is None

    play(story)


def test_a_local_name_that_nobody_answers_to_is_left_to_the_system(play: Play) -> None:
    async def story(lan: Lan) -> None:
        asking = asyncio.create_task(lan.board(host="porch.local").address())
        while not asking.done():
            await lan.clock.advance(0.5)
        assert await asking == "porch.local"

    play(story)
