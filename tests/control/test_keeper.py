import asyncio
import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from tests.fake_clock import settle

from vedette.boards import CAMERASERVER, FIRMWARES, FRAMESIZES, OV2640, OV3660, OV5640, RESOLUTION, Control, Era, Kind
from vedette.boards.controls import UNREPORTED
from vedette.control.keeper import RETRIES
from vedette.control.report import Command
from vedette.control.sizes import read_size
from vedette.control.standing import ROUNDS
from vedette.errors import BoardError, Reason, RequestError
from vedette.hub import State
from vedette.simulator import Fault

BOARDS = [
    ("cameraserver", OV2640),
    ("cameraserver", OV3660),
    ("cameraserver", OV5640),
    ("cameraserver-2", OV2640),
    ("cameraserver-2", OV3660),
    ("cameraserver-2", OV5640),
    ("cameraserver-1.0", OV2640),
    ("easytarget", OV2640),
    ("mjpeg2sd", OV2640),
    ("mjpeg2sd-stream", OV2640),
    ("vedette_cam", OV2640),
    ("vedette_cam", OV3660),
    ("vedette_cam", OV5640),
]
MANY: dict[str, Any] = {
    "resolution": "800x600",
    "quality": 20,
    "brightness": 1,
    "contrast": -1,
    "saturation": 2,
    "special_effect": 2,
    "wb_mode": 3,
    "awb_gain": False,
    "aec": False,
    "aec_value": 600,
    "ae_level": 2,
    "agc": False,
    "agc_gain": 10,
    "gainceiling": 3,
    "bpc": True,
    "hmirror": True,
    "vflip": True,
    "lenc": False,
    "dcw": False,
    "xclk": 10,
}


def another(control: Control, reported: object) -> Any:
    """A value that the board does not have."""
    if control.kind is Kind.BOOL:
        return not reported
    if control.kind is Kind.CHOICE:
        return next(option for option in reversed(control.options) if option != reported)
    return control.high if reported != control.high else control.low


def request_for(firmware: str, name: str, value: object) -> str:
    if FIRMWARES[firmware].family == "mjpeg2sd":
        return f"/control?{name}={value}"
    if name == "xclk" and FIRMWARES[firmware].xclk_target is not None:
        return f"/xclk?xclk={value}"
    return f"/control?var={name}&val={value}"


# Every control.


@pytest.mark.parametrize(("firmware", "sensor"), BOARDS, ids=lambda value: getattr(value, "name", value))
def test_every_control_arrives_as_the_right_request_and_is_confirmed(firmware, sensor, play):
    async def story(bench):
        controls = bench.keeper.report.controls
        assert len(controls) > 20
        for control in controls:
            if control.name == RESOLUTION:
                continue
            value = another(control, bench.keeper.report.reported.get(control.name))
            before = len(bench.writes)
            bench.keeper.want({control.name: value})
            assert bench.keeper.report.pending == (control.name,)
            await bench.settled()
            times = 1 if control.name in bench.keeper.report.reported else 2  # one of two that nobody sees may be lost
            assert bench.writes[before:] == times * [request_for(firmware, control.name, int(value))]
            assert bench.keeper.report.refused == {}
            if control.name == "xclk" and FIRMWARES[firmware].xclk_target is not None:
                assert bench.board.settings.xclk == value
            else:
                assert bench.board.settings.values[control.name] == int(value)
            if control.name in bench.keeper.report.reported:
                assert bench.keeper.report.reported[control.name] == value
            else:
                assert control.name in {*UNREPORTED, "record"}

    play(story, firmware, sensor=sensor, lamp=True)


@pytest.mark.parametrize(("firmware", "sensor"), BOARDS, ids=lambda value: getattr(value, "name", value))
def test_every_size_comes_out_as_it_was_wanted(firmware, sensor, play):
    async def story(bench):
        control = bench.keeper.report.controls[0]
        assert control.name == RESOLUTION
        for size in (*reversed(control.options), *control.options):
            bench.keeper.want({RESOLUTION: size})
            await bench.settled()
            assert bench.board.settings.size == read_size(size)
            assert bench.keeper.report.reported[RESOLUTION] == size
            assert bench.keeper.report.refused == {}

    play(story, firmware, sensor=sensor)


# Only what is needed.


def test_a_change_is_written_and_confirmed_within_a_second(play):
    async def story(bench):
        bench.keeper.want({"special_effect": 2})
        assert await bench.settled() < 1
        assert bench.board.settings.values["special_effect"] == 2

    play(story)


def test_what_the_board_has_already_is_not_written(play):
    async def story(bench):
        await bench.run(5)
        assert bench.writes == []
        assert bench.keeper.report.pending == ()

    play(story, wanted={"quality": 12, "resolution": "320x240", "awb": True, "hmirror": 0})


def test_what_is_as_wanted_is_not_asked_for_again(play):
    async def story(bench):
        await bench.settled()
        asked = len(bench.board.requests)
        await bench.run(50)
        assert len(bench.board.requests) == asked

    play(story, wanted={"quality": 20})


def test_nothing_is_written_before_the_first_status_of_a_connection(play):
    async def story(bench):
        bench.keeper.want({"quality": 20})
        bench.set_state(State.ONLINE)
        await bench.run(5)
        assert list(bench.board.requests) == []
        assert bench.keeper.report.pending == ("quality",)
        await bench.port.ask()
        await bench.settled()
        assert bench.board.settings.values["quality"] == 20

    play(story, online=False)


def test_nothing_is_written_while_the_camera_is_away(play):
    async def story(bench):
        bench.set_state(State.OFFLINE)
        bench.keeper.want({"quality": 20})
        await bench.run(20)
        assert bench.writes == []
        assert bench.keeper.report.pending == ("quality",)

    play(story)


def test_while_a_slider_moves_the_newest_value_is_written_and_most_are_not(play):
    async def story(bench):
        for quality in range(13, 63):
            bench.keeper.want({"quality": quality})
            await bench.run(0.05)
        await bench.settled()
        written = [int(target.rpartition("=")[2]) for target in bench.writes]
        assert written[-1] == 62
        assert written == sorted(set(written)), "never an older one after a newer one"
        assert len(written) < 35

    play(story)


def test_writes_are_paced(play):
    async def story(bench):
        bench.keeper.want(dict(MANY))
        began = bench.clock.monotonic()
        at: list[float] = []
        while bench.keeper.report.pending:
            before = len(bench.writes)
            await bench.run(0.05)
            at += [bench.clock.monotonic() - began] * (len(bench.writes) - before)
        assert max(Counter(at).values()) == 1
        assert all(later - earlier > 0.09 for earlier, later in pairwise(at))

    play(story)


def test_the_size_and_the_switches_go_before_the_values(play):
    async def story(bench):
        bench.keeper.want(dict(reversed(MANY.items())))
        await bench.settled()
        names = [target.partition("var=")[2].partition("&")[0] or "xclk" for target in bench.writes]
        assert names[:2] == ["framesize", "xclk"]
        assert names.index("aec") < names.index("aec_value")
        assert names.index("agc") < names.index("agc_gain")
        assert names.index("awb_gain") < names.index("saturation")

    play(story)


# What the board forgets, loses and refuses.


@pytest.mark.parametrize("name", ["cameraserver", "cameraserver-2"])
def test_a_reboot_restores_everything_within_five_seconds(name, play):
    async def story(bench):
        await bench.settled()
        await bench.reboot()
        assert len(bench.keeper.report.pending) > 15
        assert await bench.settled() < 5
        assert bench.board.settings.size == (800, 600)
        assert bench.board.settings.xclk == 10
        assert {key: bench.board.settings.values[key] for key in MANY if key in bench.board.settings.values} == {
            key: int(value) for key, value in MANY.items() if key not in {"resolution", "xclk"}
        }

    play(story, name, wanted=MANY)


def test_a_reboot_is_told_in_one_line(play, caplog):
    async def story(bench):
        await bench.settled()
        caplog.clear()
        await bench.reboot()
        await bench.settled()
        assert caplog.messages == ["[porch] re-applied after a new connection: resolution, quality"]

    with caplog.at_level("INFO", "vedette.control"):
        play(story, wanted={"quality": 20, "resolution": "640x480"})


@pytest.mark.parametrize(("firmware", "sensor"), BOARDS, ids=lambda value: getattr(value, "name", value))
def test_a_board_that_loses_one_write_in_three_ends_as_wanted(firmware, sensor, play):
    async def story(bench):
        wanted = {
            control.name: another(control, bench.keeper.report.reported.get(control.name))
            for control in bench.keeper.report.controls
            if control.name in bench.keeper.report.reported
        }
        wanted[RESOLUTION] = "640x480"
        bench.keeper.want(wanted)
        await bench.settled(60)
        assert bench.keeper.report.refused == {}
        assert dict(bench.keeper.report.reported) == wanted

    play(story, firmware, sensor=sensor, faults=(Fault.WRITE_LOST,))


@pytest.mark.parametrize(("name", "value"), [("quality", 4), (RESOLUTION, "640x480")])
def test_a_board_that_cannot_now_is_told_again(play, name, value):
    async def story(bench):
        bench.answer = lambda target: 503 if target.startswith("/control") else None
        bench.keeper.want({name: value})
        await bench.run(5)
        assert bench.keeper.report.pending == (name,)
        assert bench.keeper.report.refused == {}
        bench.answer = lambda _: None
        await bench.settled()
        assert bench.keeper.report.reported[name] == value

    play(story)


def test_what_a_board_refuses_is_said_and_not_written_again(play):
    async def story(bench):
        bench.answer = lambda target: 500 if "quality" in target else None
        bench.keeper.want({"quality": 4, "contrast": 1})
        await bench.settled()
        assert bench.keeper.report.refused == {"quality": "The board refused 4 (error 500)."}
        assert bench.board.settings.values["contrast"] == 1
        await bench.port.ask()
        await bench.run(30)
        assert len(bench.writes) == 2
        bench.answer = lambda _: None
        bench.keeper.want({"quality": 5, "contrast": 1})
        await bench.settled()
        assert bench.keeper.report.refused == {}
        assert bench.board.settings.values["quality"] == 5

    play(story)


def test_what_a_board_keeps_is_said_after_five_rounds_and_tried_again_on_the_next_connection(play):
    async def story(bench):
        bench.answer = lambda target: 200 if "quality" in target else None  # answered, and forgotten
        bench.keeper.want({"quality": 4})
        await bench.settled()
        assert bench.keeper.report.refused == {"quality": "The board keeps 12."}
        assert len(bench.writes) == ROUNDS
        await bench.port.ask()
        await bench.run(60)
        assert len(bench.writes) == ROUNDS
        bench.answer = lambda _: None
        await bench.reboot()
        await bench.settled()
        assert bench.keeper.report.refused == {}
        assert bench.board.settings.values["quality"] == 4

    play(story)


def test_somebody_elses_change_is_undone_when_the_board_is_asked_again(play):
    async def story(bench):
        await bench.settled()
        bench.board.settings.control("quality", "40")
        await bench.port.ask()
        await bench.settled()
        assert bench.board.settings.values["quality"] == 20

    play(story, wanted={"quality": 20})


def test_a_board_that_does_not_answer_is_tried_again_and_the_settings_stay_pending(play):
    async def story(bench):
        bench.silent = True
        bench.keeper.want({"quality": 20})
        await bench.run(sum(RETRIES) + 25)
        assert bench.keeper.report.pending == ("quality",)
        assert bench.keeper.report.refused == {}
        bench.silent = False
        await bench.run(RETRIES[-1])
        assert bench.keeper.report.pending == ()
        assert bench.board.settings.values["quality"] == 20

    play(story)


# What is wrong.


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"quality": 64}, "quality takes a whole number from 0 to 63; got 64."),
        ({"brightness": 3}, "brightness takes a whole number from -2 to 2; got 3."),
        ({"hmirror": 2}, "hmirror takes true or false; got 2."),
        ({"qualty": 4}, "This board has no setting 'qualty'; did you mean 'quality'?"),
        ({"framesize": 9}, "framesize means another size on each firmware: use resolution, such as 800x600."),
        ({"led_intensity": 9}, "This board has no setting 'led_intensity'"),
        ({"resolution": "2048x1536"}, "resolution takes one of 96x96, 128x128, 160x120"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_and_never_sent(wanted, sentence, play):
    async def story(bench):
        await bench.run(5)
        [(name, why)] = bench.keeper.report.refused.items()
        assert name in wanted
        assert why.startswith(sentence)
        assert bench.writes == []
        assert bench.keeper.report.pending == ()

    play(story, wanted=wanted)


def test_before_anybody_has_met_the_board_what_no_board_takes_is_refused_already(play):
    async def story(bench):
        assert list(bench.keeper.report.refused) == ["quality"]
        assert bench.keeper.report.pending == ("gainceiling",)
        assert bench.keeper.report.controls == ()
        assert bench.keeper.report.note is not None
        await bench.connect()
        assert set(bench.keeper.report.refused) == {"quality", "gainceiling"}, "this one is an OV2640"

    play(story, online=False, wanted={"quality": 64, "gainceiling": 400})


@pytest.mark.parametrize("name", ["esphome", "tasmota", "micro-rtsp", "wificam", "asynccam", "generic"])
def test_a_camera_without_controls_says_so(name, play):
    async def story(bench):
        report = bench.keeper.report
        assert report.controls == ()
        assert report.commands == frozenset()
        assert report.note is not None
        assert report.refused == {"quality": report.note}
        await bench.run(5)
        assert list(bench.board.requests) == []

    play(story, name, wanted={"quality": 10})


# Sensors.


@pytest.mark.parametrize("name", ["cameraserver", "cameraserver-2"])
@pytest.mark.parametrize("sensor", [OV2640, OV3660, OV5640], ids=lambda sensor: sensor.name)
def test_the_sensor_is_told_by_its_status_and_its_chips_number(name, sensor, play):
    async def story(bench):
        assert bench.knowledge.sensors == (sensor,)
        highest = {control.name: control.high for control in bench.keeper.report.controls}
        assert highest["aec_value"] == sensor.variables["aec_value"].high
        asked = [target for target in bench.board.requests if target.startswith("/greg")]
        assert asked == ([] if sensor is OV2640 else ["/greg?reg=12298&mask=255"])
        await bench.reboot()
        assert [target for target in bench.board.requests if target.startswith("/greg")] == asked, "once is enough"

    play(story, name, sensor=sensor)


@pytest.mark.parametrize(
    ("sensor", "size", "known"),
    [
        (OV3660, (640, 480), (OV3660,)),
        (OV5640, (640, 480), (OV3660, OV5640)),
        (OV5640, (2592, 1944), (OV5640,)),
    ],
    ids=["its first values", "nothing", "its size"],
)
def test_a_board_that_does_not_tell_its_chip_is_known_by_something_else(sensor, size, known, play):
    async def story(bench):
        bench.answer = lambda target: 404 if target.startswith("/greg") else None
        await bench.connect()
        assert bench.knowledge.sensors == known
        control = next(each for each in bench.keeper.report.controls if each.name == "aec_value")
        assert control.high == max(each.variables["aec_value"].high for each in known)

    play(story, sensor=sensor, size=size, online=False)


def test_aec2_of_an_ov2640_is_written_once_per_connection_whatever_is_reported(play):
    async def story(bench):
        await bench.settled()
        assert bench.keeper.report.reported["aec2"] is False
        assert bench.board.settings.works("aec2") == 0, "which it was not after the boot, whatever it said"
        assert bench.writes == ["/control?var=aec2&val=0"]
        await bench.port.ask()
        await bench.run(5)
        assert len(bench.writes) == 1
        await bench.reboot()
        await bench.settled()
        assert bench.board.settings.works("aec2") == 0

    play(story, wanted={"aec2": False})


@pytest.mark.parametrize("lost", range(3))
def test_a_lost_write_of_aec2_is_noticed_though_the_report_looks_right(lost, play):
    async def story(bench):
        for _ in range(lost):
            write = asyncio.create_task(bench.port.write("contrast", 0))
            await bench.run(0.2)
            await write
        bench.keeper.want({"aec2": False})
        await bench.settled()
        assert bench.keeper.report.refused == {}
        assert bench.board.settings.works("aec2") == 0

    play(story, faults=(Fault.WRITE_LOST,))


def test_a_lamp_is_offered_where_there_is_one(play):
    async def has(bench):
        assert "led_intensity" in {control.name for control in bench.keeper.report.controls}

    async def has_not(bench):
        assert "led_intensity" not in {control.name for control in bench.keeper.report.controls}

    play(has, lamp=True)
    play(has_not)


# Sizes and eras.


def of_era(era: Era, name: str = "cameraserver-1.0"):
    return replace(FIRMWARES[name], era=era)


@pytest.mark.parametrize(
    ("firmware", "size", "number"),
    [
        (of_era(Era.A), "1280x1024", 9),
        (of_era(Era.B), "1280x1024", 11),
        (of_era(Era.C), "1280x1024", 12),
        (FIRMWARES["cameraserver-2"], "1280x720", 11),
        (FIRMWARES["cameraserver-2"], "800x600", 9),
        (FIRMWARES["cameraserver"], "1280x720", 13),
        (FIRMWARES["cameraserver"], "800x600", 11),
        (FIRMWARES["easytarget"], "1280x720", 11),
        (replace(FIRMWARES["easytarget"], era=Era.D), "800x600", 11),
        (replace(FIRMWARES["mjpeg2sd"], era=Era.C), "800x600", 9),
    ],
    ids=lambda value: str(getattr(value, "name", value)),
)
def test_the_number_is_that_of_the_boards_own_era(firmware, size, number, play):
    async def story(bench):
        bench.keeper.want({RESOLUTION: size})
        await bench.settled()
        assert [int(target.rpartition("=")[2]) for target in bench.writes] == [number]
        assert bench.board.settings.size == read_size(size)

    play(story, firmware)


@pytest.mark.parametrize("era", [Era.C, Era.D])
def test_where_two_eras_fit_the_first_change_tells_which_it_is(era, play):
    async def story(bench):
        assert len(bench.knowledge.eras) > 1
        bench.keeper.want({RESOLUTION: "640x480"})
        await bench.settled()
        assert bench.board.settings.size == (640, 480)
        assert bench.knowledge.eras == (era,)
        assert len(bench.writes) <= 2

    play(story, replace(CAMERASERVER, era=era), size=(160, 120))


@pytest.mark.parametrize("era", [Era.A, Era.B, Era.C])
@pytest.mark.parametrize("size", [(160, 120), (176, 144), (240, 176), (640, 480), (1024, 768)])
def test_no_number_is_ever_sent_that_the_board_may_not_have(era, size, play):
    sent: list[int] = []

    async def story(bench):
        bench.keeper.want({RESOLUTION: "1600x1200"})
        await bench.settled()
        assert bench.board.settings.size == (1600, 1200)
        sent.extend(int(target.rpartition("=")[2]) for target in bench.writes)
        assert bench.keeper.report.refused == {}

    play(story, of_era(era), size=size)
    assert max(sent) <= {Era.A: 10, Era.B: 12, Era.C: 13}[era]


def test_what_was_learnt_about_a_board_is_kept(play):
    kept = []

    async def learn(bench):
        kept.append(bench.knowledge)

    async def use(bench):
        assert bench.knowledge.eras == (Era.D,), "though 160x120 is 1 in two eras"

    play(learn)
    play(use, size=(160, 120), knowledge=kept[0])


def test_frames_of_the_old_size_from_the_queue_are_no_refusal(play):
    async def story(bench):
        bench.flow = False
        bench.keeper.want({RESOLUTION: "640x480"})
        await bench.run(2)
        assert bench.keeper.report.pending == (RESOLUTION,)
        bench.flow = True
        await bench.settled()
        assert len(bench.writes) == 1

    play(story)


def test_a_size_that_the_board_does_not_keep_is_said(play):
    async def story(bench):
        bench.answer = lambda target: 200 if "framesize" in target else None
        bench.keeper.want({RESOLUTION: "640x480"})
        await bench.settled(60)
        assert bench.keeper.report.refused == {RESOLUTION: "The board keeps 320x240."}
        assert len(bench.writes) == ROUNDS

    play(story)


def test_a_size_that_the_board_refuses_is_said(play):
    async def story(bench):
        bench.answer = lambda target: 500 if "framesize" in target else None
        bench.keeper.want({RESOLUTION: "640x480"})
        await bench.settled()
        assert bench.keeper.report.refused == {RESOLUTION: "The board refused 640x480 (error 500)."}

    play(story)


def test_a_board_whose_numbers_fit_no_table_is_said_to_be_so(play):
    async def story(bench):
        bench.keeper.want({RESOLUTION: "640x480"})
        real = bench.board.settings.control

        def strange(variable: str, text: str) -> Any:
            done = real(variable, text)
            bench.board.settings.size = (500, 500)
            return done

        bench.board.settings.control = strange
        await bench.settled()
        assert "500x500" in bench.keeper.report.refused[RESOLUTION]

    play(story)


# Whatever else it can be told.


def test_a_reset_writes_the_defaults_once_and_leaves_the_size_and_what_is_wanted(play):
    async def story(bench):
        await bench.settled()
        for name, text in (("quality", "30"), ("contrast", "2"), ("hmirror", "1"), ("framesize", "11")):
            bench.board.settings.control(name, text)
        await bench.port.ask()
        await bench.settled()
        bench.board.requests.clear()
        bench.keeper.reset()
        await bench.run(5)
        values = bench.board.settings.values
        assert (values["quality"], values["contrast"], values["hmirror"]) == (20, 0, 0)
        assert bench.board.settings.size == (800, 600)
        assert sorted(bench.writes) == [
            "/control?var=aec2&val=0",
            "/control?var=contrast&val=0",
            "/control?var=hmirror&val=0",
        ]
        bench.board.settings.control("contrast", "1")
        await bench.port.ask()
        await bench.run(5)
        assert bench.board.settings.values["contrast"] == 1, "nothing is wanted of it"

    play(story, wanted={"quality": 20})


@pytest.mark.parametrize(
    ("firmware", "commands"),
    [
        ("cameraserver", {}),
        (
            "easytarget",
            {
                Command.REBOOT: "/control?var=reboot&val=1",
                Command.SAVE: "/control?var=save_prefs&val=1",
                Command.CLEAR: "/control?var=clear_prefs&val=1",
            },
        ),
        ("mjpeg2sd", {Command.REBOOT: "/control?reset=1", Command.SAVE: "/control?save=1"}),
    ],
)
def test_a_board_does_what_its_firmware_can(firmware, commands, play):
    async def story(bench):
        assert bench.keeper.report.commands == commands.keys()
        for command in Command:
            bench.board.requests.clear()
            if command in commands:
                await bench.keeper.command(command)
                assert list(bench.board.requests) == [commands[command]]
            else:
                with pytest.raises(RequestError) as error:
                    await bench.keeper.command(command)
                assert (error.value.status, error.value.code) == (409, "not_supported")

    play(story, firmware)


def test_a_command_that_is_not_answered_is_the_boards_fault(play):
    async def story(bench):
        bench.silent = True
        with pytest.raises(BoardError):
            await bench.keeper.command(Command.SAVE)

    play(story, "easytarget")


def test_a_camera_that_is_online_before_its_keeper_is_kept_too(play):
    async def story(bench):
        bench.set_state(State.ONLINE)
        await bench.port.ask()
        bench.keeper.start()
        bench.keeper.want({"quality": 20})
        await settle()
        await bench.settled()
        assert bench.board.settings.values["quality"] == 20

    play(story)


# What tells nothing, and what comes late.


@pytest.mark.parametrize("instead", [(200, b"<html>"), (401, b""), (500, b"{}"), (500, None)], ids=str)
def test_a_status_that_tells_nothing_judges_nothing(instead, play):
    async def story(bench):
        status, body = instead
        whole = body if body is not None else bench.board.settings.status()  # an error's body is nobody's status
        bench.answer = lambda target: (status, whole) if target == "/status" else None
        bench.keeper.want({"contrast": 1})
        await bench.run(4)
        assert bench.keeper.report.pending == ("contrast",)
        assert bench.keeper.report.refused == {}
        assert len(bench.writes) == 1, "it has to tell how it is before it is written to again"
        bench.answer = lambda _: None
        await bench.settled(RETRIES[3] + 1)
        assert bench.keeper.report.reported["contrast"] == 1
        assert bench.keeper.report.refused == {}

    play(story)


def test_a_status_that_tells_nothing_does_not_change_what_the_board_is(play):
    async def story(bench):
        firmware = bench.port.firmware
        bench.answer = lambda target: (200, b"<html>") if target == "/status" else None
        bench.port.know(FIRMWARES["cameraserver"])  # as the stream's head has it
        await bench.port.ask()
        assert bench.port.firmware is firmware

    play(story, "easytarget")


@pytest.mark.parametrize("number", [10**30, 2**31, f"{10**30}", "1_0", "٣"])
def test_a_number_that_no_board_can_have_is_not_reported(number, play):
    async def story(bench):
        status = json.loads(bench.board.settings.status()) | {"quality": number}
        bench.answer = lambda target: (200, json.dumps(status).encode()) if target == "/status" else None
        await bench.port.ask()
        await settle()
        assert "quality" not in bench.keeper.report.reported

    play(story)


async def to_the_longest_wait(bench) -> None:
    bench.silent = True
    bench.keeper.want({"quality": 20})
    await bench.run(sum(RETRIES[:4]) + 0.5)
    bench.silent = False


def test_a_new_connection_ends_the_wait_for_the_next_attempt(play):
    async def story(bench):
        await to_the_longest_wait(bench)
        await bench.reboot()
        assert await bench.settled() < 1

    play(story)


def deaf(target: str) -> None:
    """In place of an answer to what is written; the status is told."""
    if target.startswith("/control"):
        raise BoardError(Reason.REFUSED)


def test_a_new_connection_begins_with_the_shortest_wait(play):
    async def story(bench):
        await to_the_longest_wait(bench)
        bench.answer = deaf
        bench.set_state(State.OFFLINE)
        bench.set_state(State.ONLINE)
        await bench.port.ask()
        await bench.run(0.1)
        bench.answer = lambda _: None
        assert await bench.settled() < RETRIES[0] + 0.5

    play(story)


def test_a_status_that_is_read_ends_the_wait_for_the_next_attempt(play):
    async def story(bench):
        await to_the_longest_wait(bench)
        await bench.port.ask()
        assert await bench.settled() < 1

    play(story)


def test_something_else_that_is_wanted_ends_the_wait_for_the_next_attempt(play):
    async def story(bench):
        await to_the_longest_wait(bench)
        bench.keeper.want({"quality": 21})
        assert await bench.settled() < 1

    play(story)


def test_a_board_that_tells_how_it_is_and_takes_nothing_is_left_in_peace_between_attempts(play):
    async def story(bench):
        tried: list[str] = []

        def hear(target: str) -> None:
            tried.append(target)
            deaf(target)

        bench.answer = hear
        bench.keeper.want({"quality": 20, "contrast": 1})
        await bench.run(sum(RETRIES) + 1)
        assert len(tried) == len(RETRIES) + 1

    play(story)


# What `/status` does not say.


@pytest.mark.parametrize("others", [{}, {"quality": 20}, {"quality": 20, "contrast": 1}, dict(MANY)], ids=len)
@pytest.mark.parametrize("lost", range(3))
@pytest.mark.parametrize(("firmware", "name"), [("cameraserver-2", "vflip"), ("mjpeg2sd", "record")])
def test_a_write_that_nobody_sees_is_not_lost(firmware, name, lost, others, play):
    async def story(bench):
        for _ in range(lost):
            write = asyncio.create_task(bench.port.write("contrast", 0))
            await bench.run(0.2)
            await write
        wanted = {key: value for key, value in others.items() if key in bench.keeper.controls}
        bench.keeper.want(wanted | {name: True})
        await bench.settled()
        assert bench.board.settings.values[name] == 1
        await bench.port.ask()
        bench.board.requests.clear()
        await bench.run(10)
        assert bench.writes == []

    play(story, firmware, faults=(Fault.WRITE_LOST,))


# Another board behind the same address.


@pytest.mark.parametrize("size", [(320, 240), (160, 120)], ids=str)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FIRMWARES["cameraserver"], FIRMWARES["cameraserver-2"]),
        (FIRMWARES["cameraserver-2"], FIRMWARES["cameraserver"]),
        (of_era(Era.A), of_era(Era.C)),
        (of_era(Era.C), of_era(Era.A)),
        (of_era(Era.A, "easytarget"), of_era(Era.D, "easytarget")),
        (of_era(Era.D, "easytarget"), of_era(Era.A, "easytarget")),
    ],
    ids=lambda firmware: f"{firmware.name} {firmware.era.name}",
)
def test_another_board_is_never_sent_a_number_that_it_does_not_have(before, after, size, play):
    async def story(bench):
        await bench.settled()
        bench.swap(after)
        bench.board.requests.clear()
        await bench.connect()
        await bench.settled()
        table = FRAMESIZES[after.era]
        sent = [int(target.rpartition("=")[2]) for target in bench.writes if "framesize" in target]
        assert all(number < len(table) and table[number] <= (1600, 1200) for number in sent)
        assert bench.keeper.report.refused == {}
        assert bench.board.settings.size == (1600, 1200)
        assert bench.knowledge.eras == (after.era,)

    play(story, before, size=size, wanted={RESOLUTION: "1600x1200"})


def test_a_board_that_came_with_a_reconfiguration_may_be_another_one_too(play):
    async def story(bench):
        bench.swap(FIRMWARES["cameraserver-2"])
        await bench.renew({})
        await bench.keeper.stop()
        await bench.connect()  # before its keeper is there
        bench.keeper = bench.make_keeper({RESOLUTION: "1600x1200"})
        bench.keeper.start()
        bench.board.requests.clear()
        await bench.run(0.1)
        await bench.settled()
        assert bench.board.settings.size == (1600, 1200)
        assert "/control?var=framesize&val=15" not in bench.writes

    async def learn(bench):
        await bench.reboot()
        kept.append(bench.knowledge)

    kept: list[Any] = []
    play(learn)
    assert kept[0].eras == (Era.D,)
    play(story, size=(160, 120), knowledge=kept[0], online=False)


def test_a_size_that_was_refused_is_tried_again_when_the_numbers_mean_something_else(play):
    async def story(bench):
        bench.answer = lambda target: 500 if "framesize" in target else None
        bench.keeper.want({RESOLUTION: "640x480"})
        await bench.settled()
        assert RESOLUTION in bench.keeper.report.refused
        bench.answer = lambda _: None
        bench.board.firmware = replace(CAMERASERVER, era=Era.C)
        bench.board.settings = type(bench.board.settings)(bench.board.firmware, (320, 240))
        await bench.port.ask()
        await bench.run(5)
        assert bench.board.settings.size == (640, 480)
        assert bench.keeper.report.refused == {}

    play(story)


# What is known of a board that is away.


def test_what_a_board_takes_is_known_while_it_is_away(play):
    async def story(bench):
        before = bench.keeper.report
        await bench.renew({"gainceiling": 400})
        after = bench.keeper.report
        assert (after.controls, after.presets, after.note) == (before.controls, before.presets, None)
        assert bench.keeper.controls["gainceiling"].options == tuple(range(7))
        assert list(after.refused) == ["gainceiling"], "which this one does not take"

    play(story, "easytarget")


def test_a_reset_of_a_board_that_is_away_is_done_when_it_is_back(play):
    async def story(bench):
        bench.board.settings.control("contrast", "2")
        await bench.renew({})
        bench.keeper.reset()
        await bench.run(5)
        await bench.renew({})  # it is enabled again
        assert bench.board.settings.values["contrast"] == 2
        await bench.connect()
        await bench.run(3)
        assert bench.board.settings.values["contrast"] == 0
        bench.board.settings.control("contrast", "1")
        await bench.renew({})
        await bench.connect()
        await bench.run(3)
        assert bench.board.settings.values["contrast"] == 1, "once is enough"

    play(story)


def test_a_reset_of_a_board_that_nobody_has_met_is_done_when_it_is_met(play):
    async def story(bench):
        bench.board.settings.control("contrast", "2")
        bench.keeper.reset()
        await bench.connect()
        await bench.run(3)
        assert bench.board.settings.values["contrast"] == 0

    play(story, online=False)


def test_a_board_that_is_not_there_is_not_said_to_restart(play):
    async def story(bench):
        bench.silent = True
        with pytest.raises(BoardError):
            await bench.keeper.command(Command.REBOOT)

    play(story, "easytarget")
