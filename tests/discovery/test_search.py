"""A search of networks where boards are simulated, each on an address of its own."""

import asyncio
import os
import socket
import threading
from ipaddress import IPv4Interface

import pytest
from zeroconf import IPVersion, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from vedette.boards import ESPHOME_SNAPSHOT, VEDETTE_CAM
from vedette.clock import SystemClock
from vedette.discovery import Announced, Browse, Search, SearchState
from vedette.discovery.announced import browse
from vedette.discovery.found import Found
from vedette.simulator import Fault
from vedette.sources import LOCAL_REACH, USUAL_REACH


async def nobody(_clock, _reach):
    return ()


def announcing(*announced: Announced) -> Browse:
    async def browse(clock, reach):  # noqa: ARG001 - the protocol's names
        return announced

    return browse


@pytest.fixture
def search(run_async):
    """Search to the end."""

    def go(network=None, known=(), browse=nobody, interfaces=()):
        made = Search(SystemClock(), LOCAL_REACH, dict(known), network, browse, lambda: interfaces)
        run_async(made.run())
        return made

    return go


def addresses(done: Search) -> list[str]:
    return sorted(found.address for found in done.found)


def test_every_board_of_a_network_is_found_once(net, simulate, search):
    simulate(f"{net}.3")
    simulate(f"{net}.5", ESPHOME_SNAPSHOT, 8081)
    done = search(f"{net}.0/29")
    assert addresses(done) == [f"{net}.3", f"{net}.5"]
    assert (done.asked, done.total) == (6, 6)
    assert done.state is SearchState.DONE
    assert done.message is None


def test_a_camera_of_this_server_is_listed_and_not_connected_to(net, simulate, search):
    board = simulate(f"{net}.3")
    done = search(f"{net}.0/29", {f"{net}.3": "porch"})
    assert [(found.address, found.camera) for found in done.found] == [(f"{net}.3", "porch")]
    assert board.boards[0].counters.stream_connections == 0


def test_a_camera_is_known_by_its_name_too(net, simulate, search):
    board = simulate(f"{net}.3")
    done = search(None, {"Porch.local": "porch"}, announcing(Announced(f"{net}.3", "porch.local")))
    assert [found.camera for found in done.found] == ["porch"]
    assert board.boards[0].counters.stream_connections == 0


def test_boards_are_found_by_their_records_on_real_mdns_each_once(net, simulate, run_async):
    number = os.getpid()
    interfaces = [IPv4Interface("127.0.0.1/8")]
    simulate(f"{net}.3", VEDETTE_CAM, 8080)
    simulate(f"{net}.4", VEDETTE_CAM, 8190)

    def record(host: str, port: int, kind: str) -> ServiceInfo:
        name = f"vedette-{number}-{host.rpartition('.')[2]}"
        return ServiceInfo(
            f"{kind}._tcp.local.",
            f"{name}.{kind}._tcp.local.",
            addresses=[socket.inet_aton(host)],
            port=port,
            properties={"model": "vedette_cam", "stream": "/stream", "control": "/control"},
            server=f"{name}.local.",
        )

    async def story() -> list[Found]:
        boards = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
        try:
            for host, port in ((f"{net}.3", 8080), (f"{net}.4", 8190)):
                for kind in ("_http", "_vedette"):
                    await boards.async_register_service(record(host, port, kind), cooperating_responders=True)

            async def listen(clock, reach):
                return await browse(clock, reach, lambda: interfaces)

            made = Search(SystemClock(), LOCAL_REACH, {}, None, listen, lambda: ())
            await made.run()
        finally:
            await boards.async_close()
        return [found for found in made.found if found.address.startswith(f"{net}.")]

    found = sorted(run_async(story()), key=lambda each: each.address)
    assert [(each.address, each.firmware) for each in found] == [
        (f"{net}.3", "vedette_cam"),
        (f"{net}.4", "vedette_cam"),
    ]
    assert [each.stream_url for each in found] == [f"http://{net}.3:8080/stream", f"http://{net}.4:8190/stream"]
    assert all(each.thumbnail for each in found)


def test_a_camera_whose_name_resolves_to_an_address_is_known_there(net, simulate, search, monkeypatch):
    board = simulate(f"{net}.3")
    real = socket.getaddrinfo

    def resolve(host, port, *more, **options):
        return real(f"{net}.3" if host == "porch.example" else host, port, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    done = search(f"{net}.0/29", {"porch.example": "porch"})
    assert [found.camera for found in done.found] == ["porch"]
    assert board.boards[0].counters.stream_connections == 0


def test_who_announces_itself_comes_first_and_with_its_name(net, simulate, search):
    board = simulate(f"{net}.6")
    simulate(f"{net}.3")
    done = search(f"{net}.0/29", browse=announcing(Announced(f"{net}.6", "porch.local")))
    assert {found.address: found.name for found in done.found} == {f"{net}.6": "porch.local", f"{net}.3": None}
    assert done.total == 6
    assert board.boards[0].counters.stream_connections == 1


def test_without_a_network_only_those_who_announce_themselves_are_asked(net, simulate, search):
    quiet = simulate(f"{net}.3")
    simulate(f"{net}.4")
    done = search(browse=announcing(Announced(f"{net}.4", "porch.local")))
    assert addresses(done) == [f"{net}.4"]
    assert quiet.boards[0].counters.stream_connections == 0


def test_this_machine_is_left_out(net, simulate, search):
    board = simulate(f"{net}.3")
    done = search(f"{net}.0/29", interfaces=[IPv4Interface(f"{net}.3/29")])
    assert done.found == ()
    assert done.total == 5
    assert board.boards[0].counters.stream_connections == 0


def test_nothing_found_is_said_in_a_sentence(net, search):
    assert "No board was found" in search(f"{net}.0/29").message
    assert "name the network" in search().message


def test_a_network_that_is_not_searched_is_refused_at_once():
    with pytest.raises(ValueError, match="private"):
        Search(SystemClock(), USUAL_REACH, {}, "127.0.0.0/29")


def test_nobody_can_have_this_machine_searched_by_announcing_it(net, simulate, run_async):
    board = simulate(f"{net}.3")
    made = Search(SystemClock(), USUAL_REACH, {}, None, announcing(Announced(f"{net}.3", "evil.local")), lambda: ())
    run_async(made.run())
    assert made.found == ()
    assert board.boards[0].counters.stream_connections == 0


def test_not_more_than_eight_hosts_at_a_time(net, search, monkeypatch):
    at_once = most = 0
    enough = asyncio.Event()

    class Slow:
        def __init__(self, *_):
            pass

        async def run(self):
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            if at_once == 8:
                enough.set()
            await enough.wait()
            at_once -= 1

    monkeypatch.setattr("vedette.discovery.search.Visit", Slow)
    done = search(f"{net}.0/26")
    assert done.asked == 62
    assert most == 8


def test_it_can_be_stopped_and_what_it_has_found_stays(net, simulate, run_async):
    simulate(f"{net}.3")
    silent = simulate(f"{net}.4", faults=[Fault.SLOT_BUSY])

    async def story() -> Search:
        made = Search(SystemClock(), LOCAL_REACH, {}, f"{net}.0/29", nobody, lambda: ())
        some, all_but_one = asyncio.Event(), asyncio.Event()

        def notice() -> None:
            if made.found:
                some.set()
            if made.asked == 5:
                all_but_one.set()

        made.on_change = notice
        task = asyncio.create_task(made.run())
        await some.wait()
        await all_but_one.wait()
        made.stop()
        await task
        made.stop()
        return made

    done = run_async(story())
    assert done.state is SearchState.STOPPED
    assert addresses(done) == [f"{net}.3"]
    assert done.asked == 5
    assert silent.boards[0].counters.stream_connections == 1


def test_it_is_read_from_any_thread(net, simulate):
    simulate(f"{net}.3")
    made = Search(SystemClock(), LOCAL_REACH, {}, f"{net}.0/29", nobody, lambda: ())
    thread = threading.Thread(target=lambda: asyncio.run(made.run()))
    thread.start()
    thread.join(30)
    assert addresses(made) == [f"{net}.3"]
