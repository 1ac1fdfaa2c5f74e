from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.fake_clock import FakeClock
from tests.store.harness import eventually

from vedette.store import Store
from vedette.store.tables import health_samples, outages


@pytest.fixture
def kept(store: Store, clock: FakeClock) -> Store:
    """A porch that was away for a minute of the last five, and a camera that was removed."""
    clock.move(300 - clock.time() % 300 + 150)  # the middle of a step
    bucket = int(clock.time()) - 150
    sample = {
        "camera": "porch",
        "start": bucket - 300,
        "seconds_online": 240.0,
        "seconds_away": 60.0,
        "frames": 5990,
        "rejected": 10,
        "frame_age_mean": 0.0404,
        "frame_age_max": 0.5,
    }
    store.writer.put(health_samples, [sample, sample | {"camera": "removed"}])
    gone = {"camera": "porch", "start": bucket - 300.0, "end": bucket - 240.0, "reason": "refused"}
    store.writer.put(outages, [gone | {"explanation": "It is starting."}])
    eventually(lambda: store.history.outages(1) and store.history.knows("removed"))
    return store


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.json
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json


@pytest.mark.usefixtures("kept")
def test_a_day_of_a_camera(client: FlaskClient) -> None:
    day = get(client, "/api/cameras/porch/history?period=day")
    samples = day.pop("samples")
    assert day == {
        "camera": "porch",
        "period": "day",
        "from": "2023-11-13T22:40:00Z",
        "to": "2023-11-14T22:40:00Z",
        "step_s": 300,
        "uptime": 0.8,
        "frame_age_s": 0.04,
        "reject_rate": 0.00167,
        "outages": [
            {
                "camera": "porch",
                "start": "2023-11-14T22:30:00Z",
                "end": "2023-11-14T22:31:00Z",
                "reason": "refused",
                "explanation": "It is starting.",
                "seconds": 60.0,
            }
        ],
    }
    assert len(samples) == 288
    assert samples[0]["time"] == "2023-11-13T22:40:00Z"
    assert samples[-2:] == [
        {"time": "2023-11-14T22:30:00Z", "fps": 25.0, "rejected": 10, "frame_age_s": 0.04, "online": 0.8},
        {"time": "2023-11-14T22:35:00Z", "fps": None, "rejected": None, "frame_age_s": None, "online": None},
    ]


@pytest.mark.usefixtures("kept")
def test_a_week_has_half_hours(client: FlaskClient) -> None:
    week = get(client, "/api/cameras/porch/history?period=week")
    assert (week["step_s"], len(week["samples"])) == (1800, 336)
    assert (week["from"], week["to"]) == ("2023-11-07T23:00:00Z", "2023-11-14T23:00:00Z")
    assert week["samples"][-1] == {
        "time": "2023-11-14T22:30:00Z",
        "fps": 25.0,
        "rejected": 10,
        "frame_age_s": 0.04,
        "online": 0.8,
    }


@pytest.mark.usefixtures("kept")
def test_all_cameras_are_told_in_the_configurations_order(client: FlaskClient) -> None:
    answer = get(client, "/api/history?period=week")
    assert answer["next"] is None
    assert [item["camera"] for item in answer["items"]] == ["porch", "gate", "3"]
    assert answer["items"][0] == get(client, "/api/cameras/porch/history?period=week")
    assert [item["uptime"] for item in answer["items"]] == [0.8, None, None]


def test_a_day_is_what_is_told_without_a_period(client: FlaskClient) -> None:
    assert get(client, "/api/history")["items"][0]["period"] == "day"


@pytest.mark.parametrize("path", ["/api/history", "/api/cameras/porch/history"])
def test_other_periods_are_told_the_range(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?period=year")
    error: Any = answer.json
    assert (answer.status_code, error["error"]["code"]) == (400, "out_of_range")
    assert "day or week" in error["error"]["message"]


@pytest.mark.usefixtures("kept")
def test_the_history_of_a_removed_camera_stays_readable(client: FlaskClient) -> None:
    assert get(client, "/api/cameras/removed/history")["uptime"] == 0.8
    answer = client.get("/api/cameras/nobody/history")
    error: Any = answer.json
    assert (answer.status_code, error["error"]["code"]) == (404, "camera_unknown")
