"""What each firmware does with a second viewer, and with everything else while a stream runs."""

import dataclasses
import json

import pytest

from vedette.boards import FIRMWARES, SecondClient
from vedette.simulator import Timings
from vedette.wire.jpeg import inspect

STREAMING = [firmware for firmware in FIRMWARES.values() if not firmware.stills_only]


def those(policy: SecondClient) -> pytest.MarkDecorator:
    chosen = [firmware for firmware in STREAMING if firmware.second_client is policy]
    return pytest.mark.parametrize("firmware", chosen, ids=lambda firmware: firmware.name)


@those(SecondClient.WAITS)
def test_it_waits_in_silence_and_is_served_when_the_first_has_left(firmware, run, connect):
    simulator = run(firmware)
    first = connect(simulator.stream_url()).ask()
    first.read_parts(1)
    second = connect(simulator.stream_url()).ask()
    first.read_parts(len(first.parts) + 10)
    assert second.hears_nothing()
    first.socket.close()
    assert second.read_parts(2)


@those(SecondClient.STEALS)
def test_it_steals_and_the_first_is_closed(firmware, run, connect):
    simulator = run(firmware)
    first = connect(simulator.stream_url()).ask()
    first.read_parts(1)
    second = connect(simulator.stream_url()).ask()
    second.read_parts(1)
    first.read_to_the_end()
    assert second.read_parts(len(second.parts) + 3)


@those(SecondClient.SEVERAL)
def test_as_many_are_served_as_it_has_room_for_and_the_next_one_hears_nothing(firmware, run, connect):
    simulator = run(firmware, timings=Timings(close_wait=0.05))
    clients = [connect(simulator.stream_url()).ask() for _ in range(firmware.most_clients)]
    for client in clients:
        client.read_parts(1)
    assert connect(simulator.stream_url()).ask().read_to_the_end() == b""
    for client in clients:
        client.read_parts(len(client.parts) + 1)
    clients[0].socket.close()


@those(SecondClient.REFUSED)
def test_it_is_refused_in_words(firmware, run, connect):
    simulator = run(firmware)
    first = connect(simulator.stream_url()).ask()
    first.read_parts(1)
    second = connect(simulator.stream_url()).ask()
    assert second.read_answer().status == firmware.refusal.status
    assert second.wire.startswith(f"HTTP/1.1 {firmware.refusal.status} {firmware.refusal.phrase}\r\n".encode())
    assert first.read_parts(len(first.parts) + 3)


@pytest.mark.parametrize("second_port", [False, True], ids=["port 80", "port 81"])
def test_vedette_cam_says_who_has_the_place_for_how_long_and_when_to_ask_again(second_port, run, connect):
    simulator = run(FIRMWARES["vedette_cam"])
    first = connect(simulator.second_stream_url() if second_port else simulator.stream_url()).ask()
    first.read_parts(1)
    second = connect(simulator.stream_url() if second_port else simulator.second_stream_url()).ask()
    head = second.read_answer()
    assert (head.status, head.content_type, head.headers["retry-after"]) == (503, "application/json", "10")
    message = "127.0.0.1 has been streaming for 0 s; this board serves one viewer at a time"
    assert json.loads(second.body) == {"error": {"code": "slot_busy", "message": message}}
    first.socket.close()


def test_the_second_port_of_vedette_cam_has_the_stream_and_nothing_else(run, get):
    assert get(run(FIRMWARES["vedette_cam"]).second_stream_url(), "/status")[0].status == 404


@pytest.mark.parametrize("silence", [0.1, 60.0], ids=["takes nothing", "takes too long for a picture"])
def test_vedette_cam_gives_a_viewer_up_that_takes_nothing_and_counts_it(silence, run, connect, get, wait_until):
    soon = dataclasses.replace(FIRMWARES["vedette_cam"], byte_timeout=silence, frame_timeout=60.1 - silence)
    simulator = run(soon, size=(800, 600), fps=300.0)
    stalled = connect(simulator.stream_url(), receive_buffer=4096).ask()
    wait_until(lambda: simulator.boards[0].counters.streams_served == 1)
    wait_until(lambda: simulator.boards[0].viewers.first is None)
    assert json.loads(get(simulator.control_url(), "/health")[1])["stream"]["viewers_vanished"] == 1
    assert connect(simulator.stream_url()).ask().read_parts(1), "its place is free"
    stalled.read_to_the_end()


def test_mjpeg2sds_streams_are_two(run, connect):
    newest, page = (FIRMWARES[name].stream_path for name in ("mjpeg2sd", "mjpeg2sd-stream"))
    assert (newest, page) == ("/sustain?video=1", "/sustain?stream=0")
    client = connect(run(FIRMWARES["mjpeg2sd"]).control_url()).ask("/sustain")
    assert client.read_answer().status == 404


@pytest.mark.parametrize("firmware", [each for each in STREAMING if each.one_thread], ids=lambda each: each.name)
def test_one_thread_answers_nothing_else_while_it_streams(firmware, run, connect):
    simulator = run(firmware)
    first = connect(simulator.stream_url()).ask()
    first.read_parts(1)
    page = connect(simulator.control_url()).ask("/no-such-path")
    first.read_parts(len(first.parts) + 10)
    assert page.hears_nothing()
    first.socket.close()
    assert page.read_answer().status == 404


@pytest.mark.parametrize("firmware", [each for each in STREAMING if not each.one_thread], ids=lambda each: each.name)
def test_the_others_answer_while_they_stream(firmware, run, connect, get):
    simulator = run(firmware)
    first = connect(simulator.stream_url()).ask()
    first.read_parts(1)
    assert get(simulator.control_url(), "/counters")[0].status == 200
    assert first.read_parts(len(first.parts) + 1)


def test_one_port_is_one_port(run):
    for firmware in FIRMWARES.values():
        simulator = run(firmware, size=(96, 96))
        same = simulator.stream_url().split("/")[2] == simulator.control_url().split("/")[2]
        assert same is firmware.one_port, firmware.name


@pytest.mark.parametrize("path", ["/stream", "/cam.mjpeg", "/cam.jpg"])
def test_tasmotas_stream_has_three_names(path, run, connect):
    assert connect(run(FIRMWARES["tasmota"]).stream_url()).ask(path).read_parts(2)


def test_asynccams_stream_has_two_names(run, connect):
    assert connect(run(FIRMWARES["asynccam"]).stream_url()).ask("/continuous.mjpeg").read_parts(2)


def test_wificams_url_changes_the_resolution_for_all(run, connect, get):
    simulator = run(FIRMWARES["wificam"], size=(160, 120))
    assert simulator.stream_url().endswith("/160x120.mjpeg")
    client = connect(simulator.stream_url()).ask("/320x240.mjpeg")
    client.read_parts(1)
    assert inspect(client.parts[0].body).width == 320
    client.socket.close()
    assert b"320x240" in get(simulator.control_url(), "/resolutions.csv")[1]
    assert inspect(get(simulator.control_url(), "/240x176.jpg")[1]).width == 240
    assert simulator.call(lambda: simulator.boards[0].settings.size) == (240, 176)


def test_arkhipenko_answers_any_path(run, get):
    simulator = run(FIRMWARES["arkhipenko"])
    head, body = get(simulator.control_url(), "/no-such-path")
    assert (head.status, head.headers["content-type"]) == (200, "text / plain")
    assert body.startswith(b"Server is running!")


def test_a_viewer_that_is_too_slow_is_dropped(run, connect, wait_until):
    slow = dataclasses.replace(FIRMWARES["tasmota-2"], frame_timeout=0.1)
    simulator = run(slow, size=(800, 600), fps=300.0)
    stalled = connect(simulator.stream_url(), receive_buffer=4096).ask()
    wait_until(lambda: simulator.boards[0].counters.streams_served == 1)
    wait_until(lambda: simulator.boards[0].counters.stream_clients == 0)
    stalled.read_to_the_end()


def test_easytargets_stop_ends_the_stream(run, connect, get):
    simulator = run(FIRMWARES["easytarget"])
    client = connect(simulator.stream_url()).ask()
    client.read_parts(1)
    assert get(simulator.control_url(), "/stop")[0].status == 200
    client.read_to_the_end()
    assert connect(simulator.stream_url()).ask().read_parts(1)


@pytest.mark.parametrize("length", [560, 20_000])
@pytest.mark.parametrize("name", ["cameraserver-1.0", "cameraserver-2", "easytarget", "esphome"])
def test_old_cores_find_512_bytes_of_headers_too_many(name, length, run, connect):
    client = connect(run(FIRMWARES[name]).stream_url()).ask(None, b"Cookie: " + b"x" * length)
    assert client.read_answer().status == 431


def test_others_do_not_count_their_headers(run, connect):
    assert connect(run(FIRMWARES["tasmota"]).stream_url()).ask(None, b"Cookie: " + b"x" * 8000).read_parts(1)
