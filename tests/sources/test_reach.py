"""Where the server may reach: every family of addresses, and what a name means from one connection to the next."""

import asyncio
import socket
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from vedette.clock import SystemClock
from vedette.errors import BoardError, Reason
from vedette.hub.health import explain
from vedette.sources import LOCAL_REACH, Access, HttpSource, OutOfReachError, Reach, fetch

T = TypeVar("T")

NEVER = [
    "169.254.1.1",
    "169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "224.0.0.251",
    "ff02::fb",
    "255.255.255.255",
    "0.0.0.0",  # noqa: S104 - not listened on
    "0.0.0.1",
    "::",
    "::ffff:169.254.169.254",
    "::ffff:224.0.0.1",
    "::ffff:255.255.255.255",
    "::ffff:0.0.0.0",
    "::ffff:100.100.100.200",
    "::169.254.169.254",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1",
]
LOOPBACK = ["127.0.0.1", "127.77.1.5", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"]
BOARDS = ["192.168.0.123", "10.1.2.3", "172.16.0.9", "100.64.0.9", "fd12:3456::9", "203.0.113.9", "2001:db8::9"]


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("host", ["porch.example", None])
def test_no_camera_is_there_whoever_says_so(host, address):
    with pytest.raises(OutOfReachError) as caught:
        Reach().check(host or address, address)
    assert caught.value.reason is Reason.UNREACHABLE
    with pytest.raises(OutOfReachError):
        Reach().check_new(address)
    with pytest.raises(OutOfReachError):
        LOCAL_REACH.check(address, address)


@pytest.mark.parametrize("address", BOARDS)
def test_boards_are_reached_wherever_else_they_are(address):
    Reach().check("porch.example", address)
    Reach().check(address, address)
    Reach().check_new(address)


@pytest.mark.parametrize("address", LOOPBACK)
def test_loopback_is_for_those_who_have_written_it(address):
    Reach().check(address, address)
    Reach().check("localhost", address)
    Reach().check("LOCALHOST.", address)
    for host in ("porch.example", "localhost.example", "porch.localhost", "192.168.0.123", "127.1", "0x7f000001"):
        with pytest.raises(OutOfReachError, match="camera_networks"):
            Reach().check(host, address)
    with pytest.raises(OutOfReachError, match="named in the file"):
        Reach().check_new(address)
    LOCAL_REACH.check("porch.example", address)


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "localhost.", "a.localhost", "A.LOCALHOST."])
def test_a_name_for_this_machine_is_no_new_camera(host):
    with pytest.raises(OutOfReachError, match="named in the file"):
        Reach().check_new(host)


@pytest.mark.parametrize("host", ["porch.local", "porch", "localhost.example", "notlocalhost"])
def test_other_names_are_judged_when_they_are_resolved(host):
    Reach().check_new(host)


def test_what_is_in_the_camera_networks_is_reached():
    reach = Reach.of(("169.254.7.0/24", "fe80::/64", "127.77.1.0/29"))
    for address in ("169.254.7.9", "::ffff:169.254.7.9", "fe80::9%wlan0", "127.77.1.5"):
        reach.check("porch.example", address)
        reach.check_new(address)
    for address in ("169.254.8.9", "127.77.1.8", "fe80:1::9"):
        with pytest.raises(OutOfReachError):
            reach.check("porch.example", address)
        with pytest.raises(OutOfReachError):
            reach.check_new(address)


def test_the_explanation_says_what_to_do():
    with pytest.raises(OutOfReachError) as caught:
        Reach().check("porch.example", "127.0.0.1")
    said = explain(caught.value, "porch.example")
    assert "porch.example" in said
    assert "127.0.0.1" in said
    assert "server.camera_networks" in said
    assert "board is off" not in said


@pytest.fixture
def meaning(monkeypatch):
    """Let names mean what a test says: the answers of one question after another, the last one for ever."""
    asked: list[str] = []

    def mean(**names):
        real = socket.getaddrinfo

        def resolve(host, port, *options, **more):
            answers = names.get(str(host).removesuffix(".example"))
            if answers is None or more.get("flags"):
                return real(host, port, *options, **more)
            asked.append(host)
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            return [
                (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
                for address in answer.split()
            ]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        return asked

    return mean


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(asyncio.wait_for(coroutine, 20))


async def first_picture(source: HttpSource) -> bytes:
    seen: asyncio.Queue[bytes] = asyncio.Queue()
    task = asyncio.create_task(source.run(lambda part: seen.put_nowait(part.body)))
    waiting = asyncio.create_task(seen.get())
    await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    await asyncio.wait((task,))
    if not waiting.done():
        waiting.cancel()
        task.result()
    return await waiting


@pytest.mark.parametrize("meant", ["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254 127.0.0.1"])
def test_a_name_that_means_this_machine_is_not_connected_to(meant, meaning, board):
    made = board(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n")
    asked = meaning(porch=[meant])
    with pytest.raises(OutOfReachError):
        run(fetch(made.url(host="porch.example"), Access(None), SystemClock()))
    with pytest.raises(OutOfReachError):
        run(first_picture(HttpSource(made.url(host="porch.example"), Access(None), SystemClock())))
    assert asked == ["porch.example"] * 2
    assert made.requests == []


def test_of_several_addresses_those_are_tried_that_may_be_reached(meaning, board):
    made = board(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    meaning(porch=["169.254.9.9 127.0.0.1"])
    url = made.url(host="porch.example")
    assert run(fetch(url, Access(None), SystemClock(), reach=Reach.of(("127.0.0.1",)))).body == b"ok"


def test_a_name_that_changes_its_meaning_between_two_connections_is_judged_again(meaning, simulate):
    allowed = Reach.of(("127.77.1.0/29",))
    with_pictures = simulate(host="127.77.1.5")
    url = with_pictures.stream_url().replace("127.77.1.5", "porch.example")
    asked = meaning(porch=["127.77.1.5", "127.0.0.1"])

    async def story() -> None:
        source = HttpSource(url, Access(None), SystemClock(), reach=allowed)
        assert (await first_picture(source)).startswith(b"\xff\xd8")
        with pytest.raises(OutOfReachError, match=r"127\.0\.0\.1"):
            await first_picture(source)

    run(story())
    assert len(asked) == 2


def test_what_a_neighbour_says_of_a_name_is_judged_too(board):
    class Neighbour:
        async def address(self):
            return "127.0.0.1"

        async def verify(self, address):
            raise AssertionError(f"{address} is not connected to")

    made = board(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    with pytest.raises(OutOfReachError):
        run(fetch(made.url(host="porch.local"), Access(None), SystemClock(), Neighbour()))
    assert made.requests == []


def test_a_redirect_is_judged_as_another_connection(meaning, board):
    secret = board(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n")
    door = board(
        f"HTTP/1.1 302 Found\r\nLocation: http://porch.example:{secret.port}/\r\nContent-Length: 0\r\n\r\n".encode(),
        host="127.77.1.5",
    )
    meaning(porch=["127.77.1.5", "127.0.0.1"])
    source = HttpSource(door.url(host="porch.example"), Access(None), SystemClock(), reach=Reach.of(("127.77.1.0/29",)))
    with pytest.raises(OutOfReachError):
        run(first_picture(source))
    assert len(door.requests) == 1
    assert secret.requests == []


@pytest.mark.parametrize("place", ["http://169.254.169.254/latest/meta-data/", "//127.0.0.2:80/", "http://localhost/"])
def test_a_redirect_never_leads_to_another_host(place, board):
    made = board(f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(BoardError, match="another host"):
        run(first_picture(HttpSource(made.url(), Access(None), SystemClock())))
