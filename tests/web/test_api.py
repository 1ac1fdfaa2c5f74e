import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.fake_clock import FakeClock

from vedette.boards import BoardHealth, Disconnect, Restarts
from vedette.errors import Reason
from vedette.hub import Hub, State

SetCamera = Callable[..., None]

KEYS: dict[str, Any] = {
    "id": str,
    "name": str,
    "firmware": (str, type(None)),
    "state": str,
    "reason": (str, type(None)),
    "explanation": (str, type(None)),
    "since": str,
    "last_frame_age_s": (float, type(None)),
    "fps": (float, type(None)),
    "width": (int, type(None)),
    "height": (int, type(None)),
    "bytes_per_s": (int, type(None)),
    "frames": int,
    "rejected": dict,
    "reconnects": int,
    "reboots": (int, type(None)),
    "viewers": int,
    "warnings": list,
    "control": (str, type(None)),
    "board": (dict, type(None)),
}


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.json


def test_cameras_are_a_plain_list_in_the_configurations_order(client: FlaskClient) -> None:
    cameras = get(client, "/api/cameras")
    assert [camera["id"] for camera in cameras] == ["porch", "gate", "3"]
    for camera in cameras:
        assert list(camera) == list(KEYS)
        assert all(isinstance(camera[key], kind) for key, kind in KEYS.items())


def test_a_camera_tells_how_it_is(client: FlaskClient, set_camera: SetCamera, clock: FakeClock, jpeg: bytes) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    clock.move(0.25)
    camera = get(client, "/api/cameras/porch")
    assert camera["state"] == "online"
    assert camera["reason"] is None
    assert camera["explanation"] is None
    assert camera["last_frame_age_s"] == 0.25
    assert (camera["width"], camera["height"]) == (64, 48)
    assert camera["rejected"] == {"truncated": 0, "corrupt": 0, "oversize": 0, "wrong_size": 0}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", camera["since"])


def test_a_camera_tells_what_its_board_says_of_itself(
    client: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = BoardHealth(
        uptime=86400.0,
        reset_reason="brownout",
        restarts=Restarts(wifi=2),
        rssi=-67,
        last_disconnect=Disconnect(8, "ASSOC_LEAVE", "it was sent away"),
        heap_free=120_000,
        viewer="",
    )
    status = replace(hub.cameras["gate"].status(), board=said)
    monkeypatch.setattr(hub.cameras["gate"], "status", lambda: status)
    assert get(client, "/api/cameras/gate")["board"] == {
        "uptime_s": 86400.0,
        "reset_reason": "brownout",
        "restarts": {"wifi": 2, "sensor": None, "request": None, "update": None},
        "last_restart": None,
        "rssi_dbm": -67,
        "disconnects": None,
        "last_disconnect": {"code": 8, "name": "ASSOC_LEAVE", "meaning": "it was sent away"},
        "heap_free_bytes": 120_000,
        "heap_least_bytes": None,
        "psram_free_bytes": None,
        "temperature_c": None,
        "sensor_works": None,
        "sensor_failures": None,
        "viewer": "",
        "viewer_s": None,
        "words": (
            "The board last said: fair signal (-67 dBm); its last start was a brownout: its supply is too weak; "
            "restarts of its own since its power came: 2 for lost Wi-Fi; it was last without Wi-Fi: it was sent away."
        ),
    }
    assert get(client, "/api/cameras/porch")["board"] is None


def test_a_camera_that_is_away_says_why(client: FlaskClient, set_camera: SetCamera) -> None:
    set_camera("gate", State.OFFLINE, Reason.SLOT_BUSY, "Someone else is streaming from it.")
    camera = get(client, "/api/cameras/gate")
    assert (camera["state"], camera["reason"]) == ("offline", "slot_busy")
    assert camera["explanation"] == "Someone else is streaming from it."


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/cameras/nobody", 404, "camera_unknown"),
        ("GET", "/api/nothing/at/all", 404, "not_found"),
        ("GET", "/api/", 404, "not_found"),
        ("PUT", "/api/cameras", 405, "method_not_allowed"),
        ("POST", "/api/cameras/porch", 405, "method_not_allowed"),
    ],
)
def test_errors_are_json_with_a_code_and_a_sentence(
    client: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.open(path, method=method, json={} if method != "GET" else None)
    assert answer.status_code == status
    error: Any = answer.json
    assert error["error"]["code"] == code
    assert error["error"]["message"]


def test_answers_are_never_kept_by_a_cache(client: FlaskClient) -> None:
    for path in ("/api/cameras", "/api/cameras/nobody"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_the_description_fits_the_answers(app: Flask, client: FlaskClient) -> None:
    description = get(client, "/api/openapi.json")
    assert description["openapi"].startswith("3.1")
    camera = description["components"]["schemas"]["CameraAnswer"]
    assert set(camera["properties"]) == set(KEYS)
    assert set(camera["required"]) == set(KEYS)
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    served: dict[str, set[str]] = {}
    for rule in rules:
        methods = served.setdefault(re.sub(r"<[^>]+>", "{id}", rule.rule), set())
        methods |= (rule.methods or set()) - {"HEAD", "OPTIONS"}
    del served["/api/openapi.json"]
    described = {
        path: {word.upper() for word in operations if word != "parameters"}
        for path, operations in description["paths"].items()
    }
    assert described == served, "every route is described, and no other"


def test_every_reference_in_the_description_leads_somewhere(client: FlaskClient) -> None:
    description = get(client, "/api/openapi.json")
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(description)))
    assert names <= set(description["components"]["schemas"])
