import contextlib
import dataclasses
import gc
import socket
import threading
from itertools import islice
from urllib.parse import urlsplit

import pytest

from vedette.boards import CAMERASERVER, TASMOTA
from vedette.errors import ServerError
from vedette.simulator import Fault, Simulator, Timings, read_schedule, weather
from vedette.simulator.faults import DESCRIPTIONS, PARADE


def ports_of(simulator: Simulator, count: int) -> list[int | None]:
    urls = [url(number) for number in range(count) for url in (simulator.control_url, simulator.stream_url)]
    return [urlsplit(url).port for url in urls]


@pytest.fixture
def row_of_ports():
    """The first of four ports in a row that are free."""
    for first in range(20000, 30000, 4):
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for port in range(first, first + 4):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            return first
    raise AssertionError("no four free ports in a row")


@pytest.fixture
def _nothing_left():
    """What a simulator started is gone when it has ended; whatever is unclosed would warn, which is an error."""
    before = set(threading.enumerate())
    yield
    gc.collect()
    assert set(threading.enumerate()) <= before


def test_a_given_port_is_the_first_boards_and_the_others_follow_in_pairs(row_of_ports, run, connect):
    simulator = run(count=2, port=row_of_ports)
    assert ports_of(simulator, 2) == list(range(row_of_ports, row_of_ports + 4))
    assert simulator.control_url(1) == f"http://127.0.0.1:{row_of_ports + 2}/"
    assert simulator.stream_url(1) == f"http://127.0.0.1:{row_of_ports + 3}/stream"
    for number in range(2):
        assert connect(simulator.stream_url(number)).ask().read_parts(1)
        assert connect(simulator.control_url(number)).ask("/status").read_answer().status == 200


def test_free_ports_are_found_where_none_is_given(run):
    assert len(set(ports_of(run(count=3), 3))) == 6


def test_two_simulators_live_side_by_side(run, connect):
    one, other = run(), run()
    assert connect(one.stream_url()).ask().read_parts(1)
    assert connect(other.stream_url()).ask().read_parts(1)


@pytest.mark.parametrize("busy", range(4))
@pytest.mark.usefixtures("_nothing_left")
def test_a_port_in_use_is_an_error_and_leaves_nothing_behind(busy, row_of_ports):
    with socket.create_server(("127.0.0.1", row_of_ports + busy)):
        with pytest.raises(ServerError, match=str(row_of_ports + busy)):
            Simulator(CAMERASERVER, 2, port=row_of_ports, size=(96, 96)).__enter__()
        for port in range(row_of_ports, row_of_ports + 4):
            if port != row_of_ports + busy:
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.usefixtures("_nothing_left")
def test_a_host_that_is_not_this_machines_is_an_error():
    with pytest.raises(ServerError, match=r"192\.0\.2\.1"):
        Simulator(CAMERASERVER, host="192.0.2.1", size=(96, 96)).__enter__()


@pytest.mark.usefixtures("_nothing_left")
def test_at_the_end_every_connection_is_closed_and_every_thread_gone(connect, wait_until):
    with Simulator(CAMERASERVER, 2, size=(96, 96), fps=100.0, parade=True) as simulator:
        ports = ports_of(simulator, 2)
        clients = [connect(simulator.stream_url(number)) for number in (0, 1, 1)]
        for client in clients[:2]:
            client.ask().read_parts(1)
        clients.append(connect(simulator.control_url()).ask("/status"))
        clients[-1].read_answer()
        wait_until(lambda: simulator.boards[1].counters.stream_clients == 2)
    for client in clients:
        client.read_to_the_end()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.parametrize("port", ["stream", "control"])
@pytest.mark.usefixtures("_nothing_left")
def test_connections_made_at_the_last_moment_are_closed_too(port, connect):
    with Simulator(CAMERASERVER, size=(96, 96)) as simulator:
        url = simulator.stream_url() if port == "stream" else simulator.control_url()
        clients = [connect(url) for _ in range(20)]
    for client in clients:
        assert client.read_to_the_end() == b""


@pytest.mark.usefixtures("_nothing_left")
def test_the_end_comes_though_a_client_does_not_read(connect, wait_until):
    with Simulator(CAMERASERVER, size=(800, 600), fps=300.0) as simulator:
        client = connect(simulator.stream_url(), receive_buffer=4096).ask()
        wait_until(lambda: simulator.boards[0].counters.frames_sent > 1)
    client.read_to_the_end()


@pytest.mark.usefixtures("_nothing_left")
def test_a_client_that_lost_its_slot_is_closed_at_the_end_too(connect, wait_until):
    impatient = dataclasses.replace(CAMERASERVER, frame_timeout=0.1)
    with Simulator(impatient, size=(800, 600), fps=300.0) as simulator:
        stalled = connect(simulator.stream_url(), receive_buffer=4096).ask()
        wait_until(lambda: simulator.boards[0].counters.streams_served == 1)
        wait_until(lambda: simulator.boards[0].counters.stream_clients == 0)
    stalled.read_to_the_end()


@pytest.mark.usefixtures("_nothing_left")
def test_ending_twice_is_harmless():
    simulator = Simulator(CAMERASERVER, size=(96, 96))
    with simulator:
        pass
    simulator.__exit__(None, None, None)


@pytest.mark.usefixtures("_nothing_left")
def test_an_error_inside_does_not_keep_it_running():
    with pytest.raises(ZeroDivisionError), Simulator(CAMERASERVER, size=(96, 96)):
        raise ZeroDivisionError


def test_boards_have_names(run):
    simulator = run(count=3, names=("Porch", "Garden"))
    assert [board.name for board in simulator.boards] == ["Porch", "Garden", "Board 3"]


def test_a_call_happens_on_the_simulators_thread_and_gives_its_result(run):
    simulator = run()
    assert simulator.call(lambda: threading.current_thread().name) == "simulator"
    with pytest.raises(ZeroDivisionError):
        simulator.call(lambda: 1 // 0)


def test_cutting_ends_one_boards_connections_and_takes_new_ones(run, connect):
    simulator = run(count=2)
    cut, kept = (connect(simulator.stream_url(number)).ask() for number in range(2))
    waiting = connect(simulator.stream_url(0)).ask()
    for client in (cut, kept):
        client.read_parts(1)
    simulator.cut(0)
    cut.read_to_the_end()
    assert waiting.read_to_the_end() == b""
    kept.read_parts(len(kept.parts) + 3)
    assert connect(simulator.stream_url(0)).ask().read_parts(1)


def test_faults_are_one_boards_own(run, connect):
    simulator = run(count=2)
    simulator.set_faults(1, Fault.NOT_FOUND)
    assert connect(simulator.stream_url(0)).ask().read_parts(1)
    assert connect(simulator.stream_url(1)).ask().read_answer().status == 404


def test_a_parade_makes_boards_misbehave_in_turn(run, wait_until, monkeypatch):
    monkeypatch.setattr("vedette.simulator.simulator._PARADE_GOOD", 0.02)
    monkeypatch.setattr("vedette.simulator.simulator._PARADE_BAD", 0.02)
    simulator = run(count=2, parade=True)
    seen: list[set[frozenset[Fault]]] = [set(), set()]

    def all_were_seen():
        for number, board in enumerate(simulator.boards):
            seen[number].add(simulator.call(lambda board=board: board.faults))
        return all(faults >= {frozenset(), *(frozenset((fault,)) for fault in PARADE)} for faults in seen)

    wait_until(all_were_seen)


def test_several_firmwares_are_dealt_out_by_turns(run, connect):
    simulator = run([CAMERASERVER, TASMOTA], count=3)
    assert [board.firmware.name for board in simulator.boards] == ["cameraserver", "tasmota", "cameraserver"]
    for number in range(3):
        assert connect(simulator.stream_url(number)).ask().read_parts(1)


def seen_faults(simulator: Simulator, number: int = 0) -> frozenset[Fault]:
    return simulator.call(lambda: simulator.boards[number].faults)


def test_a_schedule_is_followed_and_starts_again(run, wait_until):
    simulator = run(count=2, schedule=read_schedule("0 404, 0.02 none, 0.04 500@1, 0.06 again"))
    for _ in range(2):
        for expected in ({Fault.NOT_FOUND}, set()):
            wait_until(lambda expected=expected: seen_faults(simulator) == expected)
    wait_until(lambda: seen_faults(simulator, 1) == {Fault.ERROR})


def test_a_storm_brings_what_its_seed_says(run, wait_until):
    simulator = run(seed=5, storm=(0.02, 0.02))
    expected = [squall.fault for squall in islice(weather(5, 0), 3)]
    for fault in expected:
        wait_until(lambda fault=fault: fault in seen_faults(simulator))


def test_a_reboot_waits_until_the_board_listens(run, connect):
    simulator = run(timings=Timings(boot=0.05))
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    simulator.reboot(0)
    assert simulator.boards[0].counters.reboots == 1
    assert connect(simulator.stream_url()).ask().read_parts(1)
    assert not client.response.ended


def test_every_fault_is_described():
    assert set(DESCRIPTIONS) == set(Fault)
    assert set(PARADE) <= set(Fault)


def test_the_address_of_an_ipv6_board_is_a_url():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 on this machine")
    with Simulator(CAMERASERVER, host="::1", size=(96, 96)) as simulator:
        for url in (simulator.stream_url(), simulator.control_url()):
            assert urlsplit(url).hostname == "::1"
            assert urlsplit(url).port
