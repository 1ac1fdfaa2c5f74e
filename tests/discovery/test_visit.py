"""What one host is, at simulated boards and at things that are none."""

import asyncio
import socket
import threading

import pytest

from vedette.boards import FIRMWARES
from vedette.clock import SystemClock
from vedette.discovery.announced import Announced
from vedette.discovery.found import Found
from vedette.discovery.visit import PORTS, Visit
from vedette.simulator import Fault
from vedette.sources import LOCAL_REACH, USUAL_REACH
from vedette.wire.jpeg import walk


@pytest.fixture
def host(net):
    return f"{net}.5"


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr("vedette.discovery.visit._PICTURE", 2.0)


@pytest.fixture
def visit(run_async, host):
    def at(announced=None, reach=LOCAL_REACH):
        async def story() -> Found | None:
            return await Visit(host, SystemClock(), reach, announced).run()

        return run_async(story())

    return at


def test_only_the_ports_that_boards_use_are_knocked_at():
    assert PORTS == (80, 81, 8080, 8081)


@pytest.mark.parametrize("name", ["esphome", "esphome-snapshot"])
def test_a_board_is_found_with_a_small_picture(name, simulate, host, visit):
    board = simulate(host, FIRMWARES[name], FIRMWARES[name].stream_port)
    found = visit()
    assert (found.address, found.firmware, found.title) == (host, "esphome", FIRMWARES[name].title)
    assert found.stream_url == board.stream_url()
    assert walk(found.thumbnail)[0].width == 320
    assert found.note is None
    assert board.boards[0].counters.stream_connections == 1


@pytest.mark.parametrize("name", [name for name in FIRMWARES if not name.startswith("esphome")])
@pytest.mark.usefixtures("unprivileged")
def test_every_other_firmware_is_found_by_what_it_says(name, simulate, host, visit):
    firmware = FIRMWARES[name]
    # Where the address says the size the board has it: on a busy machine drawing a scene outlasts a visit.
    board = simulate(host, firmware, size=(800, 600) if "{" in firmware.stream_path else (400, 300))
    found = visit()
    assert found.firmware == firmware.family
    assert found.stream_url is not None
    assert walk(found.thumbnail)[0].width == 320
    assert board.boards[0].counters.streams_served <= 1, "the first picture only"


@pytest.mark.usefixtures("unprivileged")
def test_a_board_whose_stream_would_throw_out_its_viewer_is_asked_for_a_stream_that_does_not(simulate, host, visit):
    board = simulate(host, FIRMWARES["mjpeg2sd"])
    found = visit()
    assert board.boards[0].counters.streams_served == 0
    assert board.boards[0].counters.captures == 1
    assert found.stream_url == board.stream_url()
    assert found.firmware == "mjpeg2sd"


@pytest.mark.usefixtures("unprivileged")
def test_a_password_is_said_to_be_wanted(simulate, host, visit):
    simulate(host, FIRMWARES["mjpeg2sd-stream"], credentials=("admin", "secret"))
    found = visit()
    assert found.firmware == "mjpeg2sd"
    assert found.thumbnail is None
    assert "user name or password" in found.note


@pytest.mark.usefixtures("unprivileged")
def test_a_board_that_somebody_else_watches_says_so(simulate, host, visit):
    board = simulate(host, FIRMWARES["cameraserver"], faults=[Fault.SLOT_BUSY])
    found = visit()
    assert found.firmware == "cameraserver"
    assert "someone else is probably streaming" in found.note
    assert found.stream_url == board.stream_url()


@pytest.mark.usefixtures("unprivileged")
def test_a_board_with_vedette_cam_that_is_taken_says_by_whom(simulate, host, visit):
    simulate(host, FIRMWARES["vedette_cam"], faults=[Fault.SLOT_BUSY])
    found = visit()
    assert (found.firmware, found.thumbnail) == ("vedette_cam", None)
    assert "192.168.0.77 has its only place" in found.note


@pytest.mark.usefixtures("unprivileged")
def test_a_board_that_wants_its_token_is_found_by_the_way_it_asks(simulate, host, visit):
    simulate(host, FIRMWARES["vedette_cam"], credentials=("", "correcthorse"))
    found = visit()
    assert (found.firmware, found.title) == ("vedette_cam", "vedette_cam")
    assert "user name or password" in found.note


def told_by(host: str, port: int) -> Announced:
    """What vedette_cam's records say."""
    stream, control = f"http://{host}:{port}/stream", f"http://{host}:{port}"
    return Announced(host, "vedette-123456.local", stream, control, "vedette_cam", "0.1.0, AI-Thinker")


def test_a_board_on_another_port_is_found_by_what_it_announces(simulate, host, visit):
    board = simulate(host, FIRMWARES["vedette_cam"], 8190)
    found = visit(told_by(host, 8190))
    assert (found.firmware, found.title) == ("vedette_cam", "vedette_cam (0.1.0, AI-Thinker)")
    assert (found.stream_url, found.control_url) == (board.stream_url(), f"http://{host}:8190")
    assert walk(found.thumbnail)[0].width == 320
    assert board.boards[0].counters.status_requests == 1


@pytest.mark.usefixtures("unprivileged")
def test_what_is_where_its_firmware_has_it_needs_no_further_address(simulate, host, visit):
    simulate(host, FIRMWARES["vedette_cam"])
    assert visit(told_by(host, 80)).control_url is None


def test_a_board_that_announces_itself_is_listed_though_nothing_answers(host, visit):
    found = visit(told_by(host, 8190))
    assert (found.firmware, found.stream_url) == ("vedette_cam", f"http://{host}:8190/stream")
    assert "nothing gives pictures" in found.note


def test_a_model_that_nobody_knows_makes_no_board(host, visit):
    assert visit(Announced(host, "printer.local", model="LaserJet")) is None


def test_a_silent_port_may_be_a_board(simulate, host, visit):
    simulate(host, faults=[Fault.SLOT_BUSY])
    found = visit()
    assert (found.firmware, found.thumbnail) == (None, None)
    assert "someone else is streaming" in found.note


@pytest.mark.usefixtures("unprivileged")
def test_a_board_whose_stream_is_gone_is_found_by_its_status(simulate, host, visit):
    simulate(host, FIRMWARES["cameraserver"], faults=[Fault.NOT_FOUND])
    found = visit()
    assert found.firmware == "cameraserver"
    assert "nothing gives pictures" in found.note


class Site:
    """A web server that is no board; answers everything alike, one connection at a time."""

    def __init__(self, answer: bytes, address: tuple[str, int]) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.listener = socket.create_server(address)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                if request := connection.recv(4096):
                    self.requests.append(request.split(b"\r\n")[0])
                    connection.sendall(self.answer)

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)
        self.listener.close()


@pytest.fixture
def site(host):
    made: list[Site] = []

    def make(answer: bytes, port: int = 8080) -> Site:
        made.append(Site(answer, (host, port)))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.usefixtures("unprivileged")
@pytest.mark.parametrize(
    "head",
    ["200 OK\r\nServer: nginx/1.24", "302 Found\r\nLocation: https://board.example/", "401 No\r\nServer: lighttpd"],
)
def test_what_is_no_board_is_asked_two_things_and_no_more(head, site, visit):
    printer = site(f"HTTP/1.1 {head}\r\nContent-Length: 2\r\n\r\nhi".encode())
    assert visit() is None
    assert printer.requests == [b"GET /status HTTP/1.1", b"GET / HTTP/1.1"]


def test_what_has_other_pages_where_boards_have_streams_is_none(site, visit):
    server = site(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi")
    assert visit() is None
    assert server.requests == [b"GET / HTTP/1.1"]


def test_nobody_there_is_nobody(visit):
    assert visit() is None


def test_what_may_not_be_reached_is_not_knocked_at(simulate, host, visit):
    board = simulate(host)
    assert visit(reach=USUAL_REACH) is None
    assert board.boards[0].counters.stream_connections == 0


def test_a_board_that_says_where_its_stream_is_is_believed(simulate, host, visit):
    board = simulate(host, FIRMWARES["cameraserver"], 8100)
    found = visit(announced=Announced(host, "porch.local", board.stream_url()))
    assert (found.name, found.firmware) == ("porch.local", "cameraserver")
    assert found.thumbnail is not None


@pytest.mark.usefixtures("unprivileged")
def test_there_is_one_connection_at_a_time(simulate, host, visit, monkeypatch):
    real = asyncio.BaseEventLoop.create_connection
    made: list[asyncio.BaseTransport] = []
    still_open: list[asyncio.BaseTransport] = []

    async def counted(loop, make_protocol, address=None, port=None, **options):
        if address is None:  # the simulator's own
            return await real(loop, make_protocol, **options)
        still_open.extend(each for each in made if each.get_extra_info("socket").fileno() != -1)
        transport, protocol = await real(loop, make_protocol, address, port, **options)
        made.append(transport)
        return transport, protocol

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", counted)
    simulate(host, FIRMWARES["easytarget"])
    assert visit().firmware == "easytarget"
    assert len(made) == 4, "two knocks, the status, the stream"
    assert not still_open
