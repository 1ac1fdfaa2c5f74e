"""An address that somebody has typed on the page."""

import asyncio
import socket
import threading

import pytest

from vedette.boards import CAMERASERVER
from vedette.clock import SystemClock
from vedette.discovery import Prober
from vedette.errors import Reason, RequestError
from vedette.hub import State
from vedette.simulator import Fault
from vedette.sources import LOCAL_REACH, USUAL_REACH
from vedette.wire.jpeg import walk


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr("vedette.discovery.probe._LOOK", 0.3)
    monkeypatch.setattr("vedette.discovery.prober._PATIENCE", 1.5)


@pytest.fixture
def prober(engine):
    return Prober(engine, SystemClock())


def test_a_board_shows_what_it_is(net, simulate, prober):
    board = simulate(f"{net}.5", CAMERASERVER, 0)
    probed = prober.probe(board.stream_url(), None, LOCAL_REACH, {})
    assert (probed.firmware, probed.title) == ("cameraserver", CAMERASERVER.title)
    assert (probed.width, probed.height) == (400, 300)
    assert probed.fps == pytest.approx(30, abs=15)
    assert (probed.state, probed.reason, probed.explanation) == (State.ONLINE, None, "good")
    assert probed.stream_url == board.stream_url()
    assert walk(probed.thumbnail)[0].width == 320


def test_what_is_wrong_is_said(net, simulate, prober):
    board = simulate(f"{net}.5", CAMERASERVER, 0, faults=[Fault.SLOT_BUSY])
    probed = prober.probe(board.stream_url(), None, LOCAL_REACH, {})
    assert (probed.state, probed.reason) == (State.OFFLINE, Reason.SLOT_BUSY)
    assert "someone else" in probed.explanation
    assert (probed.firmware, probed.thumbnail) == (None, None)


def test_a_camera_of_this_server_is_not_connected_to(net, simulate, prober):
    board = simulate(f"{net}.5", CAMERASERVER, 0)
    probed = prober.probe(board.stream_url(), None, LOCAL_REACH, {f"{net}.5": "porch"})
    assert probed.camera == "porch"
    assert "already" in probed.explanation
    assert board.boards[0].counters.stream_connections == 0


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "http://127.0.0.1:5100/",
        "localhost",
        "http://LOCALHOST:81/stream",
        "http://[::1]:81/stream",
        "http://[::ffff:127.0.0.1]/",
        "169.254.169.254",
        "http://169.254.169.254/latest/meta-data/",
        "fd00:ec2::254",
        "0.0.0.0",  # noqa: S104 - not listened on
        "224.0.0.1",
    ],
)
def test_what_may_not_be_reached_is_refused_at_once(address, prober):
    with pytest.raises(RequestError) as caught:
        prober.probe(address, None, USUAL_REACH, {})
    assert (caught.value.status, caught.value.code) == (422, "out_of_reach")


def test_a_name_that_means_this_machine_is_not_connected_to(net, simulate, prober, monkeypatch):
    board = simulate(f"{net}.5", CAMERASERVER, 0)
    real = socket.getaddrinfo

    def resolve(host, port, *more, **options):
        return real(f"{net}.5" if host == "porch.example" else host, port, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    probed = prober.probe(board.stream_url().replace(f"{net}.5", "porch.example"), None, USUAL_REACH, {})
    assert probed.state is State.OFFLINE
    assert "server.camera_networks" in probed.explanation
    assert board.boards[0].counters.stream_connections == 0


@pytest.mark.parametrize("address", ["", "a b", "ftp://x/", "192.168.0.1:81", "http://", "http://u:p@192.168.0.1/"])
def test_what_is_no_address_is_told_what_one_is(address, prober):
    with pytest.raises(RequestError) as caught:
        prober.probe(address, None, USUAL_REACH, {})
    assert (caught.value.status, caught.value.code) == (422, "address_invalid")
    assert "expected" in caught.value.message


def test_there_is_one_at_a_time(prober, monkeypatch):
    began, go_on = threading.Event(), threading.Event()

    async def hang(*_):
        began.set()
        await _wait_for(go_on)

    monkeypatch.setattr("vedette.discovery.prober.look", hang)
    monkeypatch.setattr("vedette.discovery.prober._probed", lambda *_: None)

    async def _wait_for(event: threading.Event) -> None:

        await asyncio.get_running_loop().run_in_executor(None, event.wait, 30)
        raise RequestError(418, "over", "over")

    errors = []

    def first():
        try:
            prober.probe("192.0.2.1", None, USUAL_REACH, {})
        except RequestError as error:
            errors.append(error.code)

    thread = threading.Thread(target=first)
    thread.start()
    assert began.wait(30)
    with pytest.raises(RequestError) as caught:
        prober.probe("192.0.2.1", None, USUAL_REACH, {})
    assert (caught.value.status, caught.value.code) == (409, "probe_running")
    go_on.set()
    thread.join(30)
    assert errors == ["over"]
    with pytest.raises(RequestError, match="over"):
        prober.probe("192.0.2.1", None, USUAL_REACH, {})


def test_it_takes_no_longer_than_its_limit(prober, monkeypatch):
    monkeypatch.setattr("vedette.discovery.prober._LIMIT", 0.05)

    async def hang(*_):

        await asyncio.Event().wait()

    monkeypatch.setattr("vedette.discovery.prober.look", hang)
    with pytest.raises(RequestError) as caught:
        prober.probe("192.0.2.1", None, USUAL_REACH, {})
    assert (caught.value.status, caught.value.code) == (504, "probe_timeout")
