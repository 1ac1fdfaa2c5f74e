"""Names that end in .local, asked for on real sockets; the network of the test is the loopback one."""

import asyncio
import struct
from ipaddress import IPv4Address, IPv4Interface
from typing import Any

import pytest
from tests.fake_clock import FakeClock

from vedette.hub.names import MulticastNames, is_local

LOOPBACK = IPv4Interface("127.0.0.1/8")


class Responder(asyncio.DatagramProtocol):
    """A board that answers to its name, from the n-th question on."""

    def __init__(self, address: str, silent_for: int = 0) -> None:
        self.address = address
        self.questions = 0
        self._silent_for = silent_for

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[Any, int]) -> None:
        self.questions += 1
        if self.questions > self._silent_for:
            head = struct.pack("!6H", 0, 0x8400, 1, 1, 0, 0)
            record = b"\xc0\x0c" + struct.pack("!2HIH", 1, 1, 10, 4) + IPv4Address(self.address).packed
            self.transport.sendto(head + data[12:] + record, addr)


async def ask(clock: FakeClock, responder: Responder, *, seconds: float) -> str | None:
    """Ask it, and let that much time pass."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: responder, local_addr=("127.0.0.1", 0))
    names = MulticastNames(clock, lambda: [LOOPBACK], transport.get_extra_info("sockname"))
    task = asyncio.create_task(names.resolve("porch.local"))
    try:
        while not task.done() and seconds > 0:
            async with asyncio.timeout(10):
                while not clock.pending() and not task.done():  # noqa: ASYNC110 - a clock has no event
                    await asyncio.sleep(0)
            await clock.advance(0.1)
            seconds -= 0.1
        async with asyncio.timeout(10):
            return await task
    finally:
        transport.close()


def test_a_board_that_answers_to_its_name_is_found(clock: FakeClock) -> None:
    responder = Responder("127.0.0.9")
    assert asyncio.run(ask(clock, responder, seconds=2.1)) == "127.0.0.9"


def test_a_lost_question_is_asked_again(clock: FakeClock) -> None:
    responder = Responder("127.0.0.9", silent_for=1)
    assert asyncio.run(ask(clock, responder, seconds=2.1)) == "127.0.0.9"
    assert responder.questions >= 2


def test_nobody_is_waited_for_longer_than_two_seconds(clock: FakeClock) -> None:
    responder = Responder("127.0.0.9", silent_for=100)
    assert asyncio.run(ask(clock, responder, seconds=2.1)) is None
    assert responder.questions == 3
    assert clock.pending() == 0


def test_nobody_can_name_an_address_outside_the_network_that_was_asked(clock: FakeClock) -> None:
    responder = Responder("203.0.113.9")
    assert asyncio.run(ask(clock, responder, seconds=2.1)) is None
    assert responder.questions == 3


@pytest.mark.parametrize("interfaces", [[], [IPv4Interface("203.0.113.1/24")]], ids=["none", "one that is gone"])
def test_without_a_network_the_answer_is_none(clock: FakeClock, interfaces: list[IPv4Interface]) -> None:
    async def story() -> str | None:
        task = asyncio.create_task(MulticastNames(clock, lambda: interfaces).resolve("porch.local"))
        while not task.done():
            await clock.advance(1)
        return await task

    assert asyncio.run(story()) is None


def test_what_is_no_name_is_not_asked_for(clock: FakeClock) -> None:
    assert asyncio.run(MulticastNames(clock, lambda: [LOOPBACK]).resolve(f"{'x' * 64}.local")) is None


@pytest.mark.parametrize("name", ["porch.local", "PORCH.LOCAL."])
def test_local_names_are_known_as_such(name: str) -> None:
    assert is_local(name)
    assert not is_local("local.example")
