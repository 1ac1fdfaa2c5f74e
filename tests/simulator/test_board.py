import dataclasses
import json
import re
import time
from itertools import pairwise

import numpy as np
import pytest

from vedette.boards import CAMERASERVER, CAMERASERVER_1_0, FIRMWARES
from vedette.simulator import Fault, Simulator
from vedette.wire.jpeg import BadJpegError, Damage, inspect

BOUNDARY = b"123456789000000000000987654321"
STREAMING = [firmware for firmware in FIRMWARES.values() if not firmware.stills_only]


@pytest.fixture
def _soon(monkeypatch):
    """Stalls and drops come after a few pictures instead of after seconds."""
    monkeypatch.setattr("vedette.simulator.board._FAULT_DELAY", 0.1)


def counter(simulator: Simulator, name: str, number: int = 0) -> int:
    return int(getattr(simulator.boards[number].counters, name))


def sent_by(simulator: Simulator, number: int = 0) -> list[bytes]:
    return simulator.call(lambda: list(simulator.boards[number].sent))


# The stream.


@pytest.mark.parametrize("firmware", STREAMING, ids=lambda firmware: firmware.name)
@pytest.mark.parametrize("size", [(160, 120), (320, 240)], ids=str)
def test_a_viewer_sees_what_the_board_sent(firmware, size, run, connect, decode):
    simulator = run(firmware, size=size)
    client = connect(simulator.stream_url()).ask()
    parts = client.read_parts(5)
    assert [part.body for part in parts] == sent_by(simulator)[: len(parts)]
    assert client.multipart.faults == 0
    pictures = [decode(part.body) for part in parts]
    assert all(picture.shape == (size[1], size[0], 3) for picture in pictures)
    assert all(not np.array_equal(one, other) for one, other in pairwise(pictures))


def test_the_stream_of_core_3_begins_as_the_firmwares(run, connect):
    client = connect(run().stream_url()).ask()
    client.read_parts(2)
    head, _, chunks = client.wire.partition(b"\r\n\r\n")
    assert head + b"\r\n\r\n" == CAMERASERVER.framing.head.encode()
    part = rb"24\r\n\r\n--%b\r\n\r\n([0-9a-f]+)\r\n(Content-Type: image/jpeg\r\nContent-Length: (\d+)\r\n" % BOUNDARY
    part += rb"X-Timestamp: \d+\.\d{6}\r\n\r\n)\r\n([0-9a-f]+)\r\n\xff\xd8"
    match = re.match(part, chunks)
    assert match
    assert int(match[1], 16) == len(match[2])
    assert int(match[4], 16) == int(match[3]) == len(client.parts[0].body)
    end = match.end() - 2 + len(client.parts[0].body)
    assert chunks[end:].startswith(b"\r\n24\r\n\r\n--" + BOUNDARY)


def test_the_stream_of_core_1_has_no_boundary_before_its_first_part(run, connect):
    client = connect(run(CAMERASERVER_1_0).stream_url()).ask()
    client.read_parts(2)
    head, _, chunks = client.wire.partition(b"\r\n\r\n")
    assert head + b"\r\n\r\n" == CAMERASERVER_1_0.framing.head.encode()
    match = re.match(rb"([0-9a-f]+)\r\n(Content-Type: image/jpeg\r\nContent-Length: \d+\r\n\r\n)\r\n", chunks)
    assert match
    assert int(match[1], 16) == len(match[2])
    jpeg = client.parts[0].body
    assert chunks[match.end() :].startswith(b"%x\r\n%b\r\n24\r\n\r\n--%b\r\n\r\n" % (len(jpeg), jpeg, BOUNDARY))


def test_timestamps_count_from_the_boot_and_never_run_back(run, connect):
    before = time.monotonic()
    client = connect(run().stream_url()).ask()
    times = [float(part.timestamp) for part in client.read_parts(10)]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] <= time.monotonic() - before


def test_only_the_streams_path_has_the_stream(run, connect):
    simulator = run()
    client = connect(simulator.stream_url()).ask("/")
    assert client.read_answer().status == 404
    client.read_to_the_end()
    assert counter(simulator, "streams_served") == 0


def test_a_query_does_not_change_the_path(run, connect):
    assert connect(run().stream_url()).ask("/stream?x=1").read_parts(1)


# The one slot.


def test_a_second_viewer_hears_nothing_until_the_first_has_left(run, connect, wait_until):
    simulator = run()
    first = connect(simulator.stream_url()).ask()
    first.read_parts(1)
    second = connect(simulator.stream_url()).ask()
    wait_until(lambda: counter(simulator, "stream_clients") == 2)
    first.read_parts(len(first.parts) + 10)
    assert second.hears_nothing()
    assert counter(simulator, "stream_connections") == 2
    assert counter(simulator, "streams_served") == 1
    first.socket.close()
    assert second.read_parts(2)
    assert counter(simulator, "streams_served") == 2
    wait_until(lambda: counter(simulator, "stream_clients") == 1)


def test_the_viewers_are_served_in_their_order(run, connect, wait_until):
    simulator = run()
    clients = []
    for number in range(1, 4):
        clients.append(connect(simulator.stream_url()).ask())
        wait_until(lambda number=number: counter(simulator, "stream_clients") == number)
    for number, client in enumerate(clients, 1):
        client.read_parts(2)
        assert counter(simulator, "streams_served") == number
        assert all(other.hears_nothing() for other in clients[number:])
        client.socket.close()
    wait_until(lambda: counter(simulator, "stream_clients") == 0)


def test_one_who_left_while_waiting_does_not_keep_the_slot(run, connect, wait_until):
    simulator = run()
    first = connect(simulator.stream_url()).ask()
    first.read_parts(1)
    gone = connect(simulator.stream_url()).ask()
    wait_until(lambda: counter(simulator, "stream_clients") == 2)
    gone.socket.close()
    first.socket.close()
    assert connect(simulator.stream_url()).ask().read_parts(2)
    wait_until(lambda: counter(simulator, "stream_clients") == 1)


def test_one_who_never_asks_keeps_the_slot_until_it_leaves(run, connect, wait_until):
    simulator = run()
    mute = connect(simulator.stream_url())
    wait_until(lambda: counter(simulator, "stream_clients") == 1)
    second = connect(simulator.stream_url()).ask()
    wait_until(lambda: counter(simulator, "stream_clients") == 2)
    assert second.hears_nothing()
    mute.socket.close()
    assert second.read_parts(1)


def test_one_who_does_not_read_loses_the_slot(run, connect, wait_until):
    simulator = run(dataclasses.replace(CAMERASERVER, frame_timeout=0.1), size=(800, 600), fps=300.0)
    stalled = connect(simulator.stream_url(), receive_buffer=4096).ask()
    wait_until(lambda: counter(simulator, "stream_clients") == 1)
    second = connect(simulator.stream_url()).ask()
    assert second.read_parts(2)
    stalled.read_to_the_end()
    assert not stalled.response.ended


def test_a_board_is_watched_while_its_settings_are_asked(run, connect, status):
    simulator = run()
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    assert status(simulator)["framesize"] == 1
    assert client.read_parts(len(client.parts) + 3)


def test_the_sent_pictures_are_kept_and_not_forever(run, connect):
    simulator = run(size=(96, 96), fps=2000.0)
    client = connect(simulator.stream_url()).ask()
    client.read_parts(300)
    client.socket.close()
    assert len(sent_by(simulator)) == 256


# The control port.


def test_the_page_is_html(run, get):
    head, body = get(run().control_url(), "/")
    assert (head.status, head.content_type) == (200, "text/html")
    assert body.startswith(b"<!doctype html>")


def test_the_status_is_json(run, get, status):
    simulator = run()
    head, body = get(simulator.control_url(), "/status")
    assert (head.status, head.content_type) == (200, "application/json")
    assert json.loads(body)["quality"] == 12
    assert status(simulator) == json.loads(body)
    assert counter(simulator, "status_requests") == 2


CONTROL = {
    "/control?var=quality&val=10": 200,
    "/control?val=10&var=quality": 200,
    "/control?var=quality&val=10&x=y": 200,
    "/control?var=quality&val=junk": 200,
    "/control?var=quality&val=": 200,  # httpd_query_key_value() finds an empty value, and atoi() makes it 0
    "/control?var=framesize&val=6": 200,
    "/control": 404,
    "/control?": 404,
    "/control?var=quality": 404,
    "/control?val=10": 404,
    "/control?quality=10": 404,
    "/control?var=no-such-thing&val=1": 500,
    "/control?var=quality&val=64": 500,
    "/control?var=quality&val=-1": 500,
    "/control?var=sharpness&val=1": 500,
    "/control?var=framesize&val=99": 500,
    "/no-such-path": 404,
}


@pytest.mark.parametrize(("target", "expected"), CONTROL.items(), ids=CONTROL)
def test_control_answers_as_the_firmware_does(target, expected, run, get):
    head, body = get(run().control_url(), target)
    assert head.status == expected
    assert (body == b"") is (expected == 200)


def test_a_setting_is_set_and_counted(run, get, status):
    simulator = run()
    get(simulator.control_url(), "/control?var=brightness&val=-2")
    get(simulator.control_url(), "/control?var=contrast&val=junk")
    get(simulator.control_url(), "/control?var=contrast&val=3")
    assert (status(simulator)["brightness"], status(simulator)["contrast"]) == (-2, 0)
    assert counter(simulator, "control_requests") == 3


def test_the_framesize_changes_the_pictures(run, connect, get):
    simulator = run()
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    get(simulator.control_url(), "/control?var=framesize&val=6")
    client.until(lambda client: inspect(client.parts[-1].body).width == 320)
    assert inspect(client.parts[-1].body).height == 240
    client.read_parts(len(client.parts) + 3)
    assert all(inspect(part.body).width in {160, 320} for part in client.parts)


def test_a_lower_quality_number_makes_larger_pictures(run, get):
    simulator = run()
    lengths = []
    for quality in (4, 20, 60):
        get(simulator.control_url(), f"/control?var=quality&val={quality}")
        lengths.append(len(get(simulator.control_url(), "/capture")[1]))
    assert lengths == sorted(set(lengths), reverse=True)


def test_settings_are_a_boards_own(run, get, status):
    simulator = run(count=2)
    get(simulator.control_url(1), "/control?var=quality&val=30")
    assert (status(simulator, 0)["quality"], status(simulator, 1)["quality"]) == (12, 30)


def test_a_still_picture_of_core_3_has_its_headers(run, get, decode):
    simulator = run()
    head, body = get(simulator.control_url(), "/capture")
    assert head.status == 200
    assert list(head.headers) == [
        "content-type",
        "content-length",
        "content-disposition",
        "access-control-allow-origin",
        "x-timestamp",
    ]
    assert head.content_type == "image/jpeg"
    assert head.headers["content-disposition"] == "inline; filename=capture.jpg"
    assert head.headers["access-control-allow-origin"] == "*"
    assert re.fullmatch(r"\d+\.\d{6}", head.headers["x-timestamp"])
    assert int(head.headers["content-length"]) == len(body)
    assert decode(body).shape == (120, 160, 3)
    assert counter(simulator, "captures") == 1


def test_a_still_picture_of_core_1_has_no_timestamp(run, get):
    head, _ = get(run(CAMERASERVER_1_0).control_url(), "/capture")
    assert head.content_type == "image/jpeg"
    assert head.headers["content-disposition"] == "inline; filename=capture.jpg"
    assert "x-timestamp" not in head.headers


def test_the_counters_are_told(run, connect, get, status):
    simulator = run()
    client = connect(simulator.stream_url()).ask()
    client.read_parts(3)
    status(simulator)
    head, body = get(simulator.control_url(), "/counters")
    counters = json.loads(body)
    assert head.content_type == "application/json"
    assert counters.pop("frames_sent") >= 2
    assert counters == {
        "stream_connections": 1,
        "streams_served": 1,
        "stream_clients": 1,
        "captures": 0,
        "control_requests": 0,
        "status_requests": 1,
        "reboots": 0,
    }


def test_a_connection_to_the_control_port_takes_several_requests(run, connect):
    simulator = run()
    client = connect(simulator.control_url())
    client.ask("/status")
    client.ask("/status")
    client.until(lambda client: client.wire.count(b"HTTP/1.1 200 OK") == 2)
    assert counter(simulator, "status_requests") == 2


@pytest.mark.parametrize("length", [1100, 20_000, 70_000])
@pytest.mark.parametrize("port", ["stream", "control"])
def test_too_many_headers_are_answered_with_431(port, length, run, connect):
    simulator = run()
    url = simulator.stream_url() if port == "stream" else simulator.control_url()
    client = connect(url).ask(None, b"Cookie: " + b"x" * length)
    assert client.read_answer().status == 431
    client.read_to_the_end()
    assert counter(simulator, "streams_served") == 0


def test_a_boards_minimum_of_headers_is_not_too_many(run, connect):
    assert connect(run().stream_url()).ask(None, b"Cookie: " + b"x" * 900).read_parts(1)


# What a board can do wrong.


def watch(run, connect, fault: Fault):
    """A board with a fault, and its viewer, who has had a picture."""
    simulator = run(faults=[fault])
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    return simulator, client


def read_until_silence(client) -> None:
    client.socket.settimeout(0.5)
    with pytest.raises(TimeoutError):
        client.read_to_the_end()


@pytest.mark.usefixtures("_soon")
def test_stall_is_pictures_and_then_silence(run, connect):
    simulator, client = watch(run, connect, Fault.STALL)
    read_until_silence(client)
    assert counter(simulator, "stream_clients") == 1
    assert [part.body for part in client.parts] == sent_by(simulator)


@pytest.mark.usefixtures("_soon")
def test_what_has_stalled_goes_on_when_the_fault_ends(run, connect):
    simulator, client = watch(run, connect, Fault.STALL)
    read_until_silence(client)
    before = len(client.parts)
    client.socket.settimeout(20)
    simulator.set_faults(0)
    assert client.read_parts(before + 1)


@pytest.mark.usefixtures("_soon")
def test_what_hangs_stays_dead_and_a_new_connection_is_served(run, connect):
    simulator, client = watch(run, connect, Fault.HANG)
    simulator.set_faults(0, Fault.HANG)
    read_until_silence(client)
    simulator.set_faults(0)
    read_until_silence(client)
    client.socket.close()
    assert connect(simulator.stream_url()).ask().read_parts(1)


@pytest.mark.usefixtures("_soon")
def test_drop_is_pictures_and_then_the_end_within_one(run, connect, wait_until):
    simulator = run(faults=[Fault.DROP])
    client = connect(simulator.stream_url()).ask()
    client.read_to_the_end()
    assert client.parts
    assert [part.body for part in client.parts] == sent_by(simulator)[:-1]
    assert client.multipart.missing > 0
    assert not client.response.ended
    wait_until(lambda: counter(simulator, "stream_clients") == 0)


def test_refuse_is_nobody_there_and_back_on_the_same_ports(run, connect, status):
    simulator = run()
    urls = simulator.stream_url(), simulator.control_url()
    client = connect(urls[0]).ask()
    client.read_parts(1)
    simulator.set_faults(0, Fault.REFUSE)
    client.read_to_the_end()
    for url in urls:
        with pytest.raises(ConnectionRefusedError):
            connect(url)
    simulator.set_faults(0)
    assert (simulator.stream_url(), simulator.control_url()) == urls
    assert connect(urls[0]).ask().read_parts(1)
    assert status(simulator)


def test_refuse_from_the_start_is_nobody_there(run, connect):
    simulator = run(faults=[Fault.REFUSE])
    for url in (simulator.stream_url(), simulator.control_url()):
        with pytest.raises(OSError, match="refused"):
            connect(url)
    simulator.set_faults(0)
    assert connect(simulator.stream_url()).ask().read_parts(1)


def test_a_reboot_forgets_the_settings_and_the_time_but_not_the_counters(run, connect, get, status):
    simulator = run()
    get(simulator.control_url(), "/control?var=quality&val=30")
    get(simulator.control_url(), "/control?var=framesize&val=6")
    connect(simulator.stream_url()).ask().read_parts(1)
    before = time.monotonic()
    simulator.set_faults(0, Fault.REFUSE)
    simulator.set_faults(0)
    client = connect(simulator.stream_url()).ask()
    assert float(client.read_parts(1)[0].timestamp) <= time.monotonic() - before
    assert counter(simulator, "streams_served") == 2
    assert inspect(client.parts[0].body).width == 160
    assert status(simulator)["quality"] == 12


def test_slot_busy_is_a_connection_and_no_answer(run, connect, status, wait_until):
    simulator = run(faults=[Fault.SLOT_BUSY])
    client = connect(simulator.stream_url()).ask()
    wait_until(lambda: counter(simulator, "stream_clients") == 1)
    assert status(simulator)  # it has had its turn
    assert client.hears_nothing()
    simulator.set_faults(0)
    assert client.read_to_the_end() == b""
    assert connect(simulator.stream_url()).ask().read_parts(1)
    assert counter(simulator, "streams_served") == 1


def test_sensor_silent_is_the_end_without_a_byte(run, connect):
    simulator = run(dataclasses.replace(CAMERASERVER, sensor_timeout=0.05), faults=[Fault.SENSOR_SILENT])
    assert connect(simulator.stream_url()).ask().read_to_the_end() == b""
    assert counter(simulator, "streams_served") == 0


def test_truncate_cuts_every_fourth_picture_and_says_so_in_its_length(run, connect):
    simulator = run(faults=[Fault.TRUNCATE])
    client = connect(simulator.stream_url()).ask()
    client.until(lambda client: any(is_bad(part.body) for part in client.parts))
    client.read_parts(len(client.parts) + 9)
    verdicts = []
    for part, sent in zip(client.parts, sent_by(simulator), strict=False):
        assert part.body.rstrip(b"\r\n") == sent.rstrip(b"\r\n")
        assert b"Content-Length: %d\r\n" % len(sent) in client.wire
        verdicts.append(is_bad(sent))
    assert {Damage.TRUNCATED, None} == set(verdicts)
    assert not any(one and other for one, other in pairwise(verdicts))


def is_bad(jpeg: bytes) -> Damage | None:
    try:
        inspect(jpeg)
    except BadJpegError as error:
        return error.damage
    return None


def test_garbage_is_no_picture_at_all(run, connect):
    simulator = run(faults=[Fault.GARBAGE])
    client = connect(simulator.stream_url()).ask()
    for part, sent in zip(client.read_parts(5), sent_by(simulator), strict=False):
        assert part.body.rstrip(b"\r\n") == sent.rstrip(b"\r\n")
        assert is_bad(part.body) is Damage.CORRUPT


def test_no_length_is_parts_without_one(run, connect):
    simulator = run(faults=[Fault.NO_LENGTH])
    client = connect(simulator.stream_url()).ask()
    parts = client.read_parts(5)
    assert b"Content-Length" not in client.wire
    assert [part.body for part in parts] == sent_by(simulator)[: len(parts)]


def test_wrong_length_is_too_small_and_too_large(run, connect):
    simulator = run(faults=[Fault.WRONG_LENGTH])
    client = connect(simulator.stream_url()).ask()
    sent: list[bytes] = []

    def both_were_there(client):
        sent[:] = sent_by(simulator)
        said = [int(number) for number in re.findall(rb"Content-Length: (\d+)\r\n", client.wire)]
        differences = {number - len(jpeg) for number, jpeg in zip(said, sent, strict=False)}
        assert differences <= {-100, 100}
        return len(differences) == 2

    client.until(both_were_there)
    client.read_parts(len(client.parts) + 3)
    assert [part.body for part in client.parts] == sent_by(simulator)[: len(client.parts)]
    assert client.multipart.faults >= len(client.parts)


def test_wrong_type_is_a_page(run, connect):
    client = connect(run(faults=[Fault.WRONG_TYPE]).stream_url()).ask()
    assert (client.read_answer().status, client.response.head.content_type) == (200, "text/html")
    assert client.body.startswith(b"<!doctype html>")
    client.read_to_the_end()


@pytest.mark.parametrize("fault", [Fault.UNAUTHORIZED, Fault.NOT_FOUND, Fault.ERROR])
def test_an_error_is_its_status_and_then_the_end(fault, run, connect, status):
    simulator = run(faults=[fault])
    client = connect(simulator.stream_url()).ask()
    head = client.read_answer()
    assert head.status == int(fault.value)
    assert ("www-authenticate" in head.headers) is (fault is Fault.UNAUTHORIZED)
    client.read_to_the_end()
    assert counter(simulator, "streams_served") == 0
    assert status(simulator)  # it is the stream's error alone


def test_faults_come_and_go_while_a_stream_runs(run, connect):
    simulator = run()
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    simulator.set_faults(0, Fault.GARBAGE)
    client.until(lambda client: is_bad(client.parts[-1].body))
    simulator.set_faults(0)
    client.until(lambda client: not is_bad(client.parts[-1].body))


def test_several_faults_show_at_once(run, connect):
    simulator = run(faults=[Fault.GARBAGE, Fault.NO_LENGTH])
    client = connect(simulator.stream_url()).ask()
    assert all(is_bad(part.body) for part in client.read_parts(3))
    assert b"Content-Length" not in client.wire
