"""Boards that announce themselves, on real sockets; the network of the test is the loopback one."""

import asyncio
import os
import socket
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any

import pytest
from zeroconf import IPVersion, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from vedette.clock import SystemClock
from vedette.discovery.announced import Announced, browse
from vedette.sources import USUAL_REACH, Reach

LOOPBACK = IPv4Interface("127.0.0.1/8")
NAME = f"porch-{os.getpid()}"  # other tests may announce theirs at the same time


def service(
    address: str, kind: str = "_http", *, port: int = 80, more: tuple[str, ...] = (), **properties: str
) -> ServiceInfo:
    """One of a board's services; its name ends as its address does."""
    number = address.rpartition(".")[2]
    return ServiceInfo(
        f"{kind}._tcp.local.",
        f"{NAME}-{number}.{kind}._tcp.local.",
        addresses=[socket.inet_aton(each) for each in (address, *more)],
        port=port,
        properties=properties,
        server=f"{NAME}-{number}.local.",
    )


def listen(
    run_async: Any, *services: ServiceInfo, interfaces: Any = (LOOPBACK,), reach: Reach = USUAL_REACH
) -> list[Announced]:
    async def story() -> list[Announced]:
        board = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
        try:
            for each in services:
                await board.async_register_service(each, cooperating_responders=True)
            heard = await browse(SystemClock(), reach, lambda: interfaces)
        finally:
            await board.async_close()
        return [each for each in heard if NAME in each.name]

    return list(run_async(story()))


def test_boards_are_heard_each_once_whatever_they_announce(run_async, net):
    heard = listen(
        run_async,
        service(f"{net}.1"),
        service(f"{net}.2", "_esphomelib"),
        service(f"{net}.3", "_arduino"),
        service(f"{net}.4", "_arduino"),
        service(f"{net}.4", stream="/stream"),
    )
    assert sorted(heard, key=lambda each: each.name) == [
        Announced(f"{net}.1", f"{NAME}-1.local"),
        Announced(f"{net}.2", f"{NAME}-2.local"),
        Announced(f"{net}.3", f"{NAME}-3.local"),
        Announced(f"{net}.4", f"{NAME}-4.local", f"http://{net}.4/stream"),
    ]


def test_a_board_with_vedette_cam_is_heard_once_with_all_it_says(run_async, net):
    said: dict[str, Any] = {
        "model": "vedette_cam",
        "version": "0.1.0",
        "board": "AI-Thinker",
        "stream": "/stream",
        "control": "/control",
    }
    heard = listen(
        run_async,
        *(service(f"{net}.1", kind, **said) for kind in ("_http", "_vedette")),
        service(f"{net}.2", "_vedette", port=8090, **said),
        service(f"{net}.2", "_arduino"),
    )
    about = {"model": "vedette_cam", "about": "0.1.0, AI-Thinker"}
    assert sorted(heard, key=lambda each: each.name) == [
        Announced(f"{net}.1", f"{NAME}-1.local", f"http://{net}.1/stream", f"http://{net}.1", **about),
        Announced(f"{net}.2", f"{NAME}-2.local", f"http://{net}.2:8090/stream", f"http://{net}.2:8090", **about),
    ]


def test_words_that_cannot_be_shown_are_not_taken(run_async, net):
    heard = listen(run_async, service(f"{net}.1", model="two\nlines", version="v" * 41, board="\x1b[31m"))
    assert heard == [Announced(f"{net}.1", f"{NAME}-1.local")]


def test_a_board_may_say_where_its_own_stream_is_and_nobody_elses(run_async, net):
    said = {
        "/stream": f"http://{net}.1/stream",
        ":81/stream": f"http://{net}.2:81/stream",
        f"http://{net}.3:8080/": f"http://{net}.3:8080/",
        "http://127.0.0.1:5100/": None,
        "http://169.254.169.254/latest": None,
        "file:///etc/passwd": None,
        "http://[": None,
    }
    heard = listen(run_async, *(service(f"{net}.{number}", stream=text) for number, text in enumerate(said, 1)))
    assert [each.stream for each in sorted(heard, key=lambda each: each.name)] == list(said.values())


def test_nobody_can_name_an_address_outside_the_network_that_was_asked(run_async):
    assert listen(run_async, service("203.0.113.9")) == []


def test_nobody_can_have_a_whole_network_visited_with_one_service(run_async, net):
    outside = tuple(f"203.0.113.{number}" for number in range(1, 9))
    inside = tuple(f"{net}.{number}" for number in range(2, 60))
    heard = listen(run_async, service(f"{net}.1", more=(*outside, *inside)))
    assert len(heard) == 4
    assert all(each.address.startswith(net) for each in heard)


def test_unless_the_administrator_has_named_it(run_async):
    heard = listen(run_async, service("203.0.113.9"), reach=Reach.of(("203.0.113.0/24",)))
    assert [each.address for each in heard] == ["203.0.113.9"]


@pytest.mark.parametrize("interfaces", [[], [IPv4Interface("203.0.113.1/24")]], ids=["none", "one that is gone"])
def test_without_a_network_nobody_is_heard_and_nothing_complains(interfaces, run_async, caplog):
    assert listen(run_async, interfaces=interfaces) == []
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


def test_its_sockets_are_closed():
    def open_ones() -> set[Path]:
        return {each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()}

    before = open_ones()
    asyncio.run(browse(SystemClock(), USUAL_REACH, lambda: [LOOPBACK]))
    left = {each for each in open_ones() - before if str(each).startswith("socket:")}
    assert not left
