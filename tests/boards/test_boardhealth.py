import json
import math
from dataclasses import replace
from typing import Any

import pytest

from vedette.boards import BoardHealth, Disconnect, Restarts, read_health

# As `write_health` of firmware/vedette_cam/src/core/reports.cpp writes it.
TOLD: dict[str, Any] = {
    "firmware": "vedette_cam",
    "version": "0.1.0",
    "uptime_s": 5_000_000,
    "reset_reason": "brownout",
    "restarts": {
        "total": 3,
        "last_cause": "wifi",
        "wifi": 2,
        "sensor": 1,
        "request": 0,
        "update": 0,
        "wifi_in_row": 0,
        "sensor_in_row": 0,
    },
    "wifi": {
        "rssi_dbm": -67,
        "disconnects": 4,
        "drops": 2,
        "last_disconnect": {"code": 200, "name": "BEACON_TIMEOUT", "meaning": "the access point fell silent"},
    },
    "memory": {"heap_free": 120_000, "heap_least": 90_000, "psram_free": 3_000_000},
    "temperature_c": 61,
    "sensor": {"works": True, "frame_failures": 7, "power_cycles": 1},
    "stream": {"viewer": "192.168.0.5", "viewer_s": 63, "frames_sent": 900, "viewers_vanished": 1},
    "update_pending": False,
    "settings_unsaved": False,
}
READ = BoardHealth(
    uptime=5_000_000.0,
    reset_reason="brownout",
    restarts=Restarts(wifi=2, sensor=1, request=0, update=0),
    last_restart="wifi",
    rssi=-67,
    disconnects=4,
    last_disconnect=Disconnect(200, "BEACON_TIMEOUT", "the access point fell silent"),
    heap_free=120_000,
    heap_least=90_000,
    psram_free=3_000_000,
    temperature=61.0,
    sensor_works=True,
    sensor_failures=7,
    viewer="192.168.0.5",
    viewer_seconds=63,
)


def read(**changed: object) -> BoardHealth | None:
    return read_health(json.dumps(TOLD | changed))


def test_all_that_the_firmware_writes_is_read() -> None:
    assert read_health(json.dumps(TOLD)) == READ


def test_what_the_board_does_not_know_is_not_known_here() -> None:
    health = read(
        reset_reason="unknown",
        wifi={"rssi_dbm": None, "disconnects": 0, "drops": 0, "last_disconnect": None},
        temperature_c=None,
        stream={"viewer": None, "viewer_s": None},
    )
    assert health == replace(
        READ,
        reset_reason=None,
        rssi=None,
        disconnects=0,
        last_disconnect=None,
        temperature=None,
        viewer="",
        viewer_seconds=None,
    )


@pytest.mark.parametrize("text", ["", "<html>", "[]", "null", "7", "{}", '{"status": "ok"}', "[" * 100_000, "{" * 9])
def test_what_is_no_health_is_none(text: str) -> None:
    assert read_health(text) is None


@pytest.mark.parametrize("key", ["restarts", "wifi", "memory", "sensor", "stream"])
@pytest.mark.parametrize("value", [None, [], 7, "much", True, {}, {"works": "yes", "viewer": 7, "last_disconnect": 1}])
def test_a_part_of_another_kind_costs_that_part_alone(key: str, value: object) -> None:
    health = read(**{key: value})
    assert health is not None
    assert health.uptime == READ.uptime
    parts = {
        "restarts": (health.restarts, health.last_restart),
        "wifi": (health.rssi, health.disconnects, health.last_disconnect),
        "memory": (health.heap_free, health.heap_least, health.psram_free),
        "sensor": (health.sensor_works, health.sensor_failures),
        "stream": (health.viewer, health.viewer_seconds),
    }
    assert set(parts[key]) <= {None, Restarts()}


@pytest.mark.parametrize("value", [True, "12", -1, 10**30, -(10**30), 1e308, math.nan, math.inf, [], {}])
def test_numbers_beyond_what_a_board_can_mean_are_not_known(value: object) -> None:
    health = read(
        uptime_s=value,
        temperature_c=value if value != -1 else -200,
        memory={"heap_free": value, "heap_least": value, "psram_free": 5},
        wifi={"rssi_dbm": 0 if value == -1 else value, "disconnects": value, "last_disconnect": {"code": value}},
    )
    assert health is not None
    assert (health.uptime, health.temperature, health.heap_free, health.heap_least) == (None,) * 4
    assert (health.rssi, health.disconnects, health.last_disconnect) == (None,) * 3


def test_a_number_of_very_many_digits_is_no_health() -> None:
    assert read_health('{"uptime_s": ' + "9" * 100_000 + "}") is None


def test_words_are_one_short_line_whatever_the_board_sends() -> None:
    health = read(
        reset_reason="brown\nout\x1b[31m\ud800\u202e",
        wifi={"last_disconnect": {"code": 8, "name": "x" * 100_000, "meaning": " \n "}},
    )
    assert health is not None
    assert health.reset_reason == "brown out [31m"
    assert health.last_disconnect == Disconnect(8, "x" * 80, None)
    assert health.last_disconnect.words == "x" * 80


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"code": 8, "name": "ASSOC_LEAVE", "meaning": "it was sent away"}, "it was sent away"),
        ({"code": 8, "name": "ASSOC_LEAVE"}, "ASSOC_LEAVE"),
        ({"code": 8}, "reason 8"),
    ],
)
def test_a_disconnect_is_called_by_the_best_words_there_are(told: dict[str, object], words: str) -> None:
    health = read(wifi={"last_disconnect": told})
    assert health is not None
    assert health.last_disconnect is not None
    assert health.last_disconnect.words == words
