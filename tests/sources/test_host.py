"""A board of which only the address is known. Its ports are its firmware's, so drivers and answers are the test's."""

import asyncio
import json

import pytest

from vedette.boards import FIRMWARES
from vedette.errors import BoardError, Reason
from vedette.sources import Answer, HostMemory, HostSource, Phase
from vedette.sources.host import in_turn, stream_url
from vedette.wire.http import ResponseHead
from vedette.wire.multipart import Part

PICTURE = Part(b"\xff\xd8 one picture \xff\xd9")
NOT_FOUND = BoardError(Reason.HTTP_ERROR, "404")


class Network:
    """A board at 192.168.0.9.

    Attributes:
        streams: what each URL gives before it fails: pictures, or at once an error.
        status: the body of `/status`; None where nobody answers.
        tried: URLs in the order in which their streams were asked for; never two at a time.
    """

    def __init__(self) -> None:
        self.streams: dict[str, BoardError | None] = {}
        self.otherwise = NOT_FOUND
        self.status: str | None = None
        self.tried: list[str] = []
        self.open = 0

    async def fetch(self, url: str) -> Answer:
        assert url == "http://192.168.0.9/status"
        if self.status is None:
            raise BoardError(Reason.UNREACHABLE)
        return Answer(ResponseHead(200, {}), self.status.encode())

    def source(self, url: str) -> "Stream":
        self.tried.append(url)
        return Stream(self, self.streams.get(url, self.otherwise))


class Stream:
    """One picture, then the end; or the error at once."""

    def __init__(self, network: Network, error: BoardError | None) -> None:
        self.phase = Phase.RECEIVING
        self.interval = 0.0
        self.words = 0
        self.observed = None
        self.network = network
        self.error = error

    async def run(self, deliver) -> None:
        self.network.open += 1
        assert self.network.open == 1, "never a second stream"
        await asyncio.sleep(0)
        self.network.open -= 1
        if self.error is not None:
            raise self.error
        deliver(PICTURE)
        raise BoardError(Reason.STALLED, "the board closed the connection")


@pytest.fixture
def network():
    return Network()


def attempt(network: Network, memory: HostMemory, family: str = "auto") -> BoardError:
    """One attempt; what it ended with."""
    source = HostSource("192.168.0.9", family, memory, network.source, network.fetch)
    with pytest.raises(BoardError) as caught:
        asyncio.run(source.run(lambda _: None))
    return caught.value


@pytest.mark.parametrize("name", [name for name, firmware in FIRMWARES.items() if firmware.family != "generic"])
def test_every_firmware_is_found_and_remembered(name, network):
    firmware = FIRMWARES[name]
    url = stream_url("192.168.0.9", firmware)
    network.streams[url] = None
    memory = HostMemory()
    assert attempt(network, memory).reason is Reason.STALLED
    assert network.tried[-1] == url
    assert memory.firmware is not None
    network.tried.clear()
    attempt(network, memory)
    assert network.tried == [url], "the second attempt goes straight there"


def test_no_place_is_tried_twice_and_the_one_that_changes_the_board_comes_last():
    places = [(firmware.stream_port, firmware.stream_path) for firmware in in_turn("auto")]
    assert len(places) == len(set(places))
    assert "{" in places[-1][1]


def test_what_the_control_port_says_comes_first(network):
    network.status = json.dumps({"framesize": 8, "quality": 10, "code_ver": "x", "lamp": 0})
    attempt(network, HostMemory())
    assert network.tried[0] == stream_url("192.168.0.9", FIRMWARES["easytarget"])


def test_a_port_on_which_nobody_listens_is_tried_once(network):
    network.otherwise = BoardError(Reason.REFUSED, "port 81")
    error = attempt(network, HostMemory())
    assert error.reason is Reason.REFUSED
    assert len(network.tried) == len({firmware.stream_port for firmware in in_turn("auto")})


def test_a_device_without_any_known_stream_is_no_camera(network):
    error = attempt(network, HostMemory())
    assert error.reason is Reason.NOT_MJPEG
    assert "set url instead of host" in error.detail


@pytest.mark.parametrize("reason", [Reason.SLOT_BUSY, Reason.UNREACHABLE, Reason.AUTH_REQUIRED, Reason.SENSOR_SILENT])
def test_what_speaks_for_a_camera_ends_the_search(reason, network):
    network.otherwise = BoardError(reason)
    assert attempt(network, HostMemory()).reason is reason
    assert len(network.tried) == 1


def test_a_firmware_that_is_named_is_the_only_one_tried(network):
    attempt(network, HostMemory(), "tasmota")
    assert network.tried == ["http://192.168.0.9:81/stream"]


def test_another_firmware_on_the_same_board_is_found_again(network):
    memory = HostMemory()
    network.streams["http://192.168.0.9:81/stream"] = None
    attempt(network, memory)
    network.streams.clear()
    network.streams["http://192.168.0.9:8080/"] = None
    assert attempt(network, memory).reason is Reason.HTTP_ERROR
    assert attempt(network, memory).reason is Reason.STALLED
    assert memory.firmware is not None
    assert memory.firmware.name == "esphome"
