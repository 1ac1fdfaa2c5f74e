"""Every fault as a client on a bare socket sees it. Those of the first release are in test_board.py."""

import dataclasses
import re
import select
import socket
import sys
import time
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest

from vedette.boards import (
    ASYNCCAM,
    CAMERASERVER,
    ESPHOME,
    ESPHOME_SNAPSHOT,
    FIRMWARES,
    GENERIC_STILL,
    MICRO_RTSP,
    Firmware,
)
from vedette.simulator import Fault, Simulator, Timings
from vedette.simulator.alteration import SPOILING
from vedette.simulator.damage import DAMAGES, HARMLESS
from vedette.wire.jpeg import EOI, BadJpegError, inspect

B1 = b"123456789000000000000987654321"
STREAMING = [firmware for firmware in FIRMWARES.values() if not firmware.stills_only]
each_stream = pytest.mark.parametrize("firmware", STREAMING, ids=lambda firmware: firmware.name)


def sent_by(simulator: Simulator, number: int = 0) -> list[bytes]:
    return simulator.call(lambda: list(simulator.boards[number].sent))


def is_good(jpeg: bytes) -> bool:
    try:
        inspect(jpeg)
    except BadJpegError:
        return False
    return True


# Pictures.


@pytest.mark.parametrize("fault", sorted(SPOILING))
def test_every_fourth_picture_is_damaged_and_the_others_are_good(fault, run, wait_until):
    simulator = run(faults=[fault])
    with socket.create_connection(urlsplit(simulator.stream_url()).netloc.split(":")) as client:
        client.sendall(b"GET /stream HTTP/1.1\r\n\r\n")
        wait_until(lambda: client.recv(65536) and simulator.boards[0].counters.frames_sent >= 12)
    sent = sent_by(simulator)[:12]
    good = [jpeg for number, jpeg in enumerate(sent) if number % 4 != 3]
    assert all(is_good(jpeg) and b"\xff\xdd" not in jpeg for jpeg in good), "whole, and without restart markers"
    assert not set(sent[3::4]) & set(good)


def test_each_kind_of_damage_is_a_fault_by_its_name():
    assert {fault.value for fault in SPOILING} == set(DAMAGES)
    assert set(HARMLESS) <= {fault.value for fault in Fault}


def test_damage_is_the_seeds(run, connect):
    def damaged(seed: int) -> bytes:
        simulator = run(faults=[Fault.BITFLIP], seed=seed, fps=20.0)
        connect(simulator.stream_url()).ask().read_parts(5)
        return sent_by(simulator)[3]

    assert damaged(1) != damaged(2)


@pytest.mark.parametrize("fault", [Fault.NO_HUFFMAN, Fault.PADDED])
def test_what_is_harmless_arrives_whole(fault, run, connect, decode):
    simulator = run(faults=[fault])
    client = connect(simulator.stream_url()).ask()
    for part in client.read_parts(4):
        assert decode(part.body).shape == (120, 160, 3)
        assert (b"\xff\xc4" in part.body[:400]) is (fault is Fault.PADDED)
        assert part.body.endswith(EOI) is (fault is Fault.NO_HUFFMAN)


def test_several_damages_come_together(run, connect):
    simulator = run(faults=[Fault.TRUNCATE, Fault.BITFLIP, Fault.HEADER_TWICE, Fault.PADDED])
    connect(simulator.stream_url()).ask().read_parts(5)
    assert not is_good(sent_by(simulator)[3])


def test_frozen_is_one_picture_and_one_time(run, connect):
    simulator = run()
    client = connect(simulator.stream_url()).ask()
    client.read_parts(2)
    simulator.set_faults(0, Fault.FROZEN)
    client.read_parts(len(client.parts) + 10)
    last = client.parts[-5:]
    assert len({part.body for part in last}) == len({part.timestamp for part in last}) == 1
    simulator.set_faults(0)
    client.until(lambda client: client.parts[-1].timestamp != last[-1].timestamp)


@pytest.mark.parametrize("fault", [Fault.SIZE_CHANGE, Fault.MIXED_SIZES])
def test_sizes_change_in_the_middle_of_a_stream(fault, run, connect):
    simulator = run(size=(160, 120), timings=Timings(size_every=0.2))
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    simulator.set_faults(0, fault)
    client.until(lambda client: changes(client) >= 4)
    assert {inspect(part.body).width for part in client.parts} == {160, 320}


def changes(client: Any) -> int:
    widths = [inspect(part.body).width for part in client.parts]
    return sum(one != other for one, other in pairwise(widths))


def test_every_eighth_part_is_a_giant(run, connect):
    simulator = run(faults=[Fault.GIANT_PART], fps=200.0)
    client = connect(simulator.stream_url()).ask()
    parts = client.read_parts(17)
    assert [number for number, part in enumerate(parts) if part.oversize] == [7, 15]
    assert len(sent_by(simulator)[7]) > 2 * 1024 * 1024
    assert is_good(sent_by(simulator)[7])


def test_huge_frames_grow_then_vanish_and_then_it_closes(run, connect):
    small = dataclasses.replace(CAMERASERVER, init_size=(320, 240), sensor_timeout=0.3)
    simulator = run(small, timings=Timings(growth=0.5))
    simulator.set_faults(0, Fault.HUGE_FRAMES)
    client = connect(simulator.stream_url()).ask()
    client.read_to_the_end()
    lengths = [len(part.body) for part in client.parts]
    assert max(lengths) > 12_000 > 3 * lengths[0]
    assert max(lengths) <= 15_360 + 4, "a fifth of 320x240, and a comment's least"
    assert not client.response.ended


# Framing.


@each_stream
def test_no_first_boundary_is_headers_behind_the_head(firmware, run, connect):
    client = connect(run(firmware, faults=[Fault.NO_FIRST_BOUNDARY]).stream_url()).ask()
    parts = client.read_parts(4)
    assert client.body.startswith(b"Content-Type: image/jpeg\r\n")
    assert all(is_good(part.body) for part in parts)


@each_stream
@pytest.mark.parametrize(("fault", "declared"), [(Fault.NO_BOUNDARY_HEADER, None), (Fault.OTHER_BOUNDARY, b"another")])
def test_a_boundary_that_is_not_declared_or_declared_wrongly(fault, declared, firmware, run, connect):
    client = connect(run(firmware, faults=[fault]).stream_url()).ask()
    client.read_parts(2)
    assert client.response.head.boundary == declared
    assert b"--" + firmware.framing.boundary.encode() in client.body


@each_stream
def test_every_boundary_twice(firmware, run, connect):
    client = connect(run(firmware, faults=[Fault.DOUBLE_BOUNDARY]).stream_url()).ask()
    client.read_parts(3)
    boundary = b"--" + firmware.framing.boundary.encode() + b"\r\n"
    assert re.search(re.escape(boundary) + rb"(\r\n)?" + re.escape(boundary), client.body)
    assert all(is_good(part.body) for part in client.parts)


@each_stream
def test_every_fourth_part_a_text(firmware, run, connect):
    client = connect(run(firmware, faults=[Fault.TEXT_PARTS]).stream_url()).ask()
    client.until(lambda client: client.body.count(b"Content-Type: text/plain\r\n\r\nNo frames send.\r\n") == 2)
    assert client.body.count(b"Content-Type: image/jpeg") >= 6


@each_stream
def test_chunks_of_impossible_length(firmware, run, connect):
    client = connect(run(firmware, faults=[Fault.CHUNKED_GARBAGE]).stream_url()).ask()
    while len(client.wire) < 60_000:
        client.wire += client.socket.recv(65536)
    assert (b"\r\nzz\r\n" in client.wire or b"\r\nzz" in client.wire) is firmware.framing.chunked


def test_lengths_of_zero_with_and_without_a_picture(run, connect):
    client = connect(run(faults=[Fault.ZERO_LENGTH]).stream_url()).ask()
    client.until(lambda client: client.body.count(b"Content-Length: ") >= 10)
    heads = re.findall(rb"Content-Length: (\d+)\r\nX-Timestamp: [\d.]+\r\n\r\n(.{2})", client.body, re.DOTALL)
    assert [length == b"0" for length, _ in heads[:8]] == [False, True] * 4
    assert [follows for length, follows in heads[:8] if length == b"0"] == [b"\xff\xd8", b"\r\n"] * 2


def test_a_short_write_declares_what_it_does_not_send(run, connect):
    simulator = run(faults=[Fault.SHORT_WRITE])
    client = connect(simulator.stream_url()).ask()
    client.read_parts(8)
    said = [int(length) for length in re.findall(rb"Content-Length: (\d+)", client.body)]
    assert [length - len(jpeg) > 500 for length, jpeg in zip(said[:8], sent_by(simulator), strict=False)] == (
        [False, False, False, True] * 2
    )


# Answers.


@pytest.mark.parametrize("fault", [Fault.HEADERS_TOO_LONG, Fault.UNAVAILABLE])
def test_a_status_in_place_of_the_stream(fault, run, connect):
    client = connect(run(faults=[fault]).stream_url()).ask()
    assert client.read_answer().status == int(fault.value)
    client.read_to_the_end()


@each_stream
def test_one_redirect_leads_to_the_stream(firmware, run, connect):
    simulator = run(firmware, faults=[Fault.REDIRECT])
    client = connect(simulator.stream_url()).ask()
    head = client.read_answer()
    assert head.status == 302
    client.socket.close()
    assert connect(simulator.stream_url()).ask(head.headers["location"]).read_parts(2)


def test_redirects_without_an_end(run, connect):
    simulator = run(faults=[Fault.REDIRECT_LOOP])
    target, seen = "/stream", []
    for _ in range(5):
        head = connect(simulator.stream_url()).ask(target).read_answer()
        assert head.status == 302
        target = head.headers["location"]
        seen.append(target)
    assert len(set(seen)) == 5


def test_an_endless_head(run, connect):
    client = connect(run(faults=[Fault.ENDLESS_HEAD]).stream_url()).ask()
    while len(client.wire) < 20_000:
        client.wire += client.socket.recv(65536)
    assert client.wire.startswith(b"HTTP/1.1 200 OK\r\nX-Nothing: ")
    assert b"\r\n\r\n" not in client.wire


def test_a_head_that_trickles(run, connect):
    simulator = run(faults=[Fault.SLOW_HEAD], timings=Timings(head_byte=0.002))
    client = connect(simulator.stream_url()).ask()
    pieces: list[bytes] = []
    while not b"".join(pieces).endswith(b"\r\n\r\n"):
        pieces.append(client.socket.recv(65536))
    assert len(pieces) > 50
    assert b"".join(pieces) == CAMERASERVER.framing.head.encode()


def test_another_device_at_the_address(run, connect):
    simulator = run()
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    simulator.set_faults(0, Fault.SWAP_DEVICE)
    client.read_to_the_end()
    for url in (simulator.stream_url(), simulator.control_url()):
        stranger = connect(url).ask()
        head = stranger.read_answer()
        assert (head.status, head.content_type, head.headers["server"]) == (200, "text/html", "HP HTTP Server")
    simulator.set_faults(0)
    assert connect(simulator.stream_url()).ask().read_parts(1)


# The sensor.


def soon(firmware: Firmware) -> Firmware:
    return dataclasses.replace(firmware, sensor_timeout=0.05)


def test_esphome_says_in_text_that_there_are_no_frames(run, connect):
    client = connect(run(soon(ESPHOME), faults=[Fault.SENSOR_SILENT]).stream_url()).ask()
    assert (
        client.read_to_the_end() == (ESPHOME.framing.head + ESPHOME.framing.opening + ESPHOME.framing.failure).encode()
    )


def test_asynccam_sends_its_head_and_closes(run, connect):
    client = connect(run(soon(ASYNCCAM), faults=[Fault.SENSOR_SILENT]).stream_url()).ask()
    assert client.read_to_the_end() == ASYNCCAM.framing.head.encode()


def test_micro_rtsp_sends_parts_of_length_zero(run, connect):
    simulator = run(soon(MICRO_RTSP), faults=[Fault.SENSOR_SILENT])
    client = connect(simulator.stream_url()).ask()
    empty = b"\r\n--" + B1 + b"\r\nContent-Type: image/jpeg\r\nContent-Length: 0\r\n\r\n"
    client.until(lambda client: client.wire.count(empty) == 3)
    simulator.set_faults(0)
    assert client.read_parts(2)


@pytest.mark.parametrize("name", ["mjpeg2sd", "tasmota-2", "arkhipenko"])
def test_some_wait_for_their_sensor_for_ever(name, run, connect, wait_until):
    simulator = run(FIRMWARES[name], faults=[Fault.SENSOR_SILENT])
    client = connect(simulator.stream_url()).ask()
    wait_until(lambda: simulator.boards[0].counters.stream_clients == 1)
    client.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.read_to_the_end()
    assert not client.parts


def test_a_sensor_that_falls_silent_later_ends_the_stream(run, connect):
    simulator = run(soon(CAMERASERVER))
    client = connect(simulator.stream_url()).ask()
    client.read_parts(2)
    simulator.set_faults(0, Fault.SENSOR_SILENT)
    client.read_to_the_end()
    assert not client.response.ended


# Time and the road.


def test_bytes_that_trickle(run, connect):
    simulator = run(faults=[Fault.SLOW_DRIP], timings=Timings(drip=0.24))
    client = connect(simulator.stream_url()).ask()
    pieces = 0
    while not client.parts:
        assert client.receive()
        pieces += 1
    assert pieces > 5
    assert is_good(client.parts[0].body)


def test_a_blip_is_silence_and_then_it_goes_on(run, connect):
    simulator = run(timings=Timings(blip=0.4, blip_every=60.0))
    client = connect(simulator.stream_url()).ask()
    client.read_parts(2)
    simulator.set_faults(0, Fault.WIFI_BLIPS)
    while select.select([client.socket], [], [], 0.1)[0]:
        assert client.receive()
    assert client.read_parts(len(client.parts) + 3)


def test_a_dead_control_port_leaves_the_stream_alone(run, connect, status):
    simulator = run()
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    simulator.set_faults(0, Fault.CONTROL_DEAD)
    with pytest.raises(ConnectionRefusedError):
        connect(simulator.control_url())
    client.read_parts(len(client.parts) + 3)
    simulator.set_faults(0)
    assert status(simulator)


def test_a_dead_stream_leaves_the_control_port_alone(run, connect, status):
    simulator = run()
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    simulator.set_faults(0, Fault.STREAM_DEAD)
    client.read_to_the_end()
    with pytest.raises(ConnectionRefusedError):
        connect(simulator.stream_url())
    assert status(simulator)
    simulator.set_faults(0)
    assert connect(simulator.stream_url()).ask().read_parts(1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a full backlog be silent")
@pytest.mark.parametrize("from_the_start", [False, True])
def test_an_unreachable_board_answers_nothing_at_all(from_the_start, run, connect):
    simulator = run(faults=[Fault.UNREACHABLE] if from_the_start else [])
    if not from_the_start:
        client = connect(simulator.stream_url()).ask()
        client.read_parts(1)
        simulator.set_faults(0, Fault.UNREACHABLE)
        client.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.read_to_the_end()
    for url in (simulator.stream_url(), simulator.control_url()):
        address = urlsplit(url)
        with pytest.raises(TimeoutError):
            socket.create_connection((address.hostname, address.port), timeout=0.2)
    simulator.set_faults(0)
    assert connect(simulator.stream_url()).ask().read_parts(1)


# Resets.


def test_a_reset_is_silence_then_refusal_then_a_board_that_forgot(run, connect, get, status, wait_until):
    simulator = run(timings=Timings(boot=0.3))
    get(simulator.control_url(), "/control?var=quality&val=30")
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    before = time.monotonic()
    simulator.call(simulator.boards[0].on_reboot)
    client.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.read_to_the_end()
    with pytest.raises(ConnectionRefusedError):
        connect(simulator.stream_url())
    wait_until(lambda: simulator.boards[0].counters.reboots == 1)
    wait_until(lambda: can_connect(simulator.stream_url()))
    after = connect(simulator.stream_url()).ask()
    assert float(after.read_parts(1)[0].timestamp) <= time.monotonic() - before
    assert status(simulator)["quality"] == 12
    assert not client.response.ended


def can_connect(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port)).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.parametrize("fault", [Fault.REBOOT, Fault.BROWNOUT_LOOP])
@pytest.mark.parametrize("from_the_start", [False, True])
def test_resets_come_again_and_again_until_the_fault_is_gone(fault, from_the_start, run, connect, wait_until):
    timings = Timings(boot=0.01, reboot_every=0.05, brownout_every=0.05)
    simulator = run(faults=[fault] if from_the_start else [], timings=timings)
    simulator.set_faults(0, fault)
    wait_until(lambda: simulator.boards[0].counters.reboots >= 3)
    simulator.set_faults(0)
    wait_until(lambda: can_connect(simulator.stream_url()))
    assert connect(simulator.stream_url()).ask().read_parts(2)


def test_a_reset_that_was_asked_for(run, get, connect, wait_until):
    simulator = run(FIRMWARES["easytarget"], timings=Timings(boot=0.01))
    get(simulator.control_url(), "/control?var=quality&val=30")
    get(simulator.control_url(), "/control?var=save_prefs&val=1")
    get(simulator.control_url(), "/control?var=quality&val=40")
    connect(simulator.control_url()).ask("/control?var=reboot&val=1")
    wait_until(lambda: simulator.boards[0].counters.reboots == 1)
    wait_until(lambda: can_connect(simulator.control_url()))
    assert get(simulator.control_url(), "/status")[1].find(b'"quality":30') > 0


def test_a_simulator_ends_while_a_board_boots(run, wait_until):
    simulator = run(timings=Timings(boot=60.0))
    simulator.set_faults(0, Fault.REBOOT)
    wait_until(lambda: not can_connect(simulator.stream_url()))


# Boards with single pictures.


@pytest.mark.parametrize("firmware", [ESPHOME_SNAPSHOT, GENERIC_STILL], ids=lambda firmware: firmware.name)
def test_single_pictures_have_their_faults(firmware, run, get, connect, decode):
    simulator = run(firmware)
    path = firmware.stream_path
    assert decode(get(simulator.stream_url(), path)[1]).shape == (120, 160, 3)
    for fault, status in ((Fault.NOT_FOUND, 404), (Fault.UNAVAILABLE, 503), (Fault.REDIRECT, 302)):
        simulator.set_faults(0, fault)
        assert get(simulator.stream_url(), path)[0].status == status
    simulator.set_faults(0, Fault.GARBAGE)
    assert not is_good(get(simulator.stream_url(), path)[1])
    simulator.set_faults(0, Fault.FROZEN)
    assert get(simulator.stream_url(), path)[1] == get(simulator.stream_url(), path)[1]
    simulator.set_faults(0, Fault.DROP)
    cut = connect(simulator.stream_url()).ask()
    assert not is_good(cut.read_to_the_end().partition(b"\r\n\r\n")[2])
    simulator.set_faults(0, Fault.TRUNCATE)
    assert [is_good(get(simulator.stream_url(), path)[1]) for _ in range(4)].count(False) == 1


def test_a_snapshot_without_a_sensor_is_an_error(run, get):
    simulator = run(soon(ESPHOME_SNAPSHOT), faults=[Fault.SENSOR_SILENT])
    assert get(simulator.stream_url(), "/")[0].status == 500
