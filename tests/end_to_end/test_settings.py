"""Every setting of every kind of board, through the API of a real server, over real sockets."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from tests.end_to_end.harness import Server, Viewer, wait_until

from vedette.boards import FIRMWARES, FRAMESIZES, SENSORS, Sensor
from vedette.simulator import Fault, Simulator, Timings

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
Watch = Callable[..., Viewer]

KINDS = [
    (firmware, sensor)
    for firmware in ("cameraserver", "cameraserver-2", "cameraserver-1.0", "easytarget", "mjpeg2sd", "vedette_cam")
    for sensor in SENSORS.values()
]
"""The three eras of sizes, both dialects, and all sensors."""


def settings(server: Server, camera: str) -> Any:
    return server.get(f"/api/cameras/{camera}/settings").json


def has(server: Server, camera: str, what: str) -> bool:
    return bool(settings(server, camera)[what])


def is_settled(server: Server, camera: str) -> bool:
    """Everything that is wanted is confirmed."""
    told = settings(server, camera)
    return not told["pending"] and not told["refused"]


def other_value(control: dict[str, Any], now: object) -> object:
    """A value that the board does not have."""
    if control["kind"] == "bool":
        return not now
    if control["kind"] == "choice":
        return next(option for option in reversed(control["options"]) if option != now)
    return control["min"] if now != control["min"] else control["max"]


def beyond(control: dict[str, Any]) -> object:
    """A value that no board may ever get."""
    if control["kind"] == "int":
        return control["max"] + 1
    return 2 if control["kind"] == "bool" else "99x99" if control["name"] == "resolution" else 99


def table_of(boards: Simulator) -> str:
    return f'[cameras.gate]\nurl = "{boards.stream_url()}"\ncontrol_url = "{boards.control_url()}"'


@pytest.fixture
def kinds(make_boards: Boards) -> Simulator:
    firmwares = [FIRMWARES[firmware] for firmware, _ in KINDS]
    sensors: list[Sensor] = [sensor for _, sensor in KINDS]
    return make_boards(len(KINDS), firmwares, sensors=sensors, size=(320, 240), fps=4)


@pytest.fixture
def server(kinds: Simulator, serve: Serve) -> Server:
    lines = (
        f'[cameras.c{number}]\nurl = "{kinds.stream_url(number)}"\ncontrol_url = "{kinds.control_url(number)}"\n'
        for number in range(len(KINDS))
    )
    server = serve({}, "\n".join(lines))
    for number in range(len(KINDS)):
        server.wait_for_state(f"c{number}", "online")
        wait_until(partial(has, server, f"c{number}", "controls"), what=f"{KINDS[number]} has controls")
    return server


def test_every_control_of_every_board_arrives_and_is_confirmed_and_what_is_out_of_range_is_refused(
    server: Server, kinds: Simulator
) -> None:
    wanted: dict[str, dict[str, object]] = {}
    for number, (firmware, sensor) in enumerate(KINDS):
        camera = f"c{number}"
        before = settings(server, camera)
        controls = {control["name"]: control for control in before["controls"]}
        assert {"resolution", "quality", "hmirror", "vflip", "wb_mode", "aec", "gainceiling"} <= set(controls), firmware
        for name, control in controls.items():
            wrong = beyond(control)
            refused = server.send("PATCH", f"/api/cameras/{camera}/settings", {name: wrong})
            assert (refused.status, refused.json["error"]["field"]) == (422, name), (firmware, sensor.name, name)
            if control["max"] is not None:
                assert f"{control['min']}" in refused.json["error"]["message"]
                assert f"{control['max']}" in refused.json["error"]["message"]
        largest = controls["resolution"]["options"][-1]
        known = firmware in {"cameraserver", "cameraserver-2", "vedette_cam"}  # their `/status` tells the sensor
        if known or sensor.name == "OV2640":
            table = FRAMESIZES[FIRMWARES[firmware].era or next(iter(FRAMESIZES))]
            fitting = [size for size in table if size[0] <= sensor.largest[0] and size[1] <= sensor.largest[1]]
            most = max(fitting, key=lambda size: size[0] * size[1])
            assert largest == f"{most[0]}x{most[1]}", (firmware, sensor.name)
        changes = {
            name: other_value(control, before["reported"].get(name))
            for name, control in controls.items()
            if name != "record"
        }
        changes["resolution"] = "640x480"
        wanted[camera] = changes
        assert server.send("PATCH", f"/api/cameras/{camera}/settings", changes).status == 200
    for number, kind in enumerate(KINDS):
        camera = f"c{number}"
        wait_until(partial(is_settled, server, camera), 30, f"{kind}: all is confirmed")
        board = kinds.boards[number].settings
        assert board.size == (640, 480), kind
        for name, value in wanted[camera].items():
            if name != "resolution":
                assert settings(server, camera)["reported"].get(name, value) == value, (kind, name)
                assert board.values.get(name, value) == value, (kind, name)
    shown = {camera["id"]: (camera["width"], camera["height"]) for camera in server.get("/api/cameras").json}
    assert set(shown.values()) == {(640, 480)}


def test_after_a_reboot_all_is_as_it_was_wanted_five_seconds_after_the_first_frame(
    make_boards: Boards, serve: Serve
) -> None:
    boards = make_boards(1, FIRMWARES["cameraserver"], size=(320, 240), fps=10, timings=Timings(boot=6.0))
    wanted = {"resolution": "640x480", "quality": 30, "hmirror": True, "ae_level": -2, "wb_mode": 3, "vflip": True}
    lines = [f"{name} = {json.dumps(value)}" for name, value in wanted.items()]
    server = serve({}, "\n".join([table_of(boards), "[cameras.gate.settings]", *lines]))
    board = boards.boards[0]
    wait_until(lambda: is_settled(server, "gate") and board.settings.size == (640, 480))
    boards.reboot(0)
    wait_until(lambda: server.camera("gate")["reboots"] == 1, 40, "its first frame tells of it")
    wait_until(
        lambda: (
            all(board.settings.values[name] == value for name, value in wanted.items() if name != "resolution")
            and board.settings.size == (640, 480)
        ),
        5,  # the contract's
        "the board has all again",
    )


def test_a_board_that_loses_one_write_in_three_ends_as_wanted(make_boards: Boards, serve: Serve) -> None:
    boards = make_boards(1, FIRMWARES["cameraserver"], size=(320, 240), fps=10, faults=(Fault.WRITE_LOST,))
    server = serve({}, table_of(boards))
    server.wait_for_state("gate", "online")
    wait_until(lambda: settings(server, "gate")["controls"])
    wanted = {
        "quality": 40,
        "brightness": 1,
        "contrast": -1,
        "saturation": 2,
        "bpc": True,
        "lenc": False,
        "ae_level": 1,
    }
    server.send("PATCH", "/api/cameras/gate/settings", wanted)
    wait_until(lambda: is_settled(server, "gate"), 30)
    values = boards.boards[0].settings.values
    assert {name: values[name] for name in wanted} == wanted


def test_a_change_of_settings_leaves_the_streams_viewers_alone(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    boards = make_boards(1, FIRMWARES["cameraserver"], size=(320, 240), fps=20)
    server = serve({}, table_of(boards))
    server.wait_for_state("gate", "online")
    wait_until(lambda: settings(server, "gate")["controls"])
    viewer = watch(server, "/cameras/gate/stream.mjpg")
    before = server.camera("gate")["reconnects"]
    for quality in range(20, 40):
        assert (
            server.send("PATCH", "/api/cameras/gate/settings", {"quality": quality, "ae_level": quality % 3}).status
            == 200
        )
        part = viewer.part()
        assert part.state == "online"
    wait_until(lambda: is_settled(server, "gate"))
    assert boards.boards[0].settings.values["quality"] == 39
    server.send("PATCH", "/api/cameras/gate/settings", {"resolution": "640x480"})
    while part.state == "online" and len(part.body) < 3 * 4096 and server.camera("gate")["width"] != 640:
        part = viewer.part()
    wait_until(lambda: is_settled(server, "gate"))
    assert viewer.part().state in {"online", "stale"}
    assert server.camera("gate")["reconnects"] == before
    assert boards.boards[0].counters.stream_connections == 1
    assert boards.boards[0].counters.control_requests < 20 * 2 + 1, (
        "a value that is outdated before it is sent is not sent"
    )


def test_a_camera_without_controls_says_so(make_boards: Boards, serve: Serve) -> None:
    firmwares = [FIRMWARES[name] for name in ("esphome", "generic", "arkhipenko", "wificam")]
    boards = make_boards(len(firmwares), firmwares, size=(320, 240), fps=5)
    server = serve({firmware.name: boards.stream_url(number) for number, firmware in enumerate(firmwares)})
    for firmware in firmwares:
        server.wait_for_state(firmware.name, "online")
        wait_until(partial(has, server, firmware.name, "note"))
        assert settings(server, firmware.name)["controls"] == []
        refused = server.send("PATCH", f"/api/cameras/{firmware.name}/settings", {"quality": 20})
        assert refused.status == 422
