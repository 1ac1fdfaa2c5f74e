from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from vedette.boards import BoardHealth, Disconnect, Restarts
from vedette.errors import Reason, ServerError
from vedette.hub import Hub, State
from vedette.picture import Renderer
from vedette.web import Services

SetCamera = Callable[..., None]


def rows(page: str) -> list[str]:
    return [piece.partition('"')[0] for piece in page.split('<li class="row" data-id="')[1:]]


def test_every_camera_has_a_row_and_the_worst_stands_first(
    client: FlaskClient, set_camera: SetCamera, jpeg: bytes
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    set_camera("gate", State.STALE, Reason.STALLED, "It has stopped.")
    set_camera("3", State.OFFLINE, Reason.REFUSED, "It is starting.")
    page = client.get("/health").get_data(as_text=True)
    assert rows(page) == ["3", "gate", "porch"]
    assert "It is starting." in page
    assert "&lt;b&gt;Gate&lt;/b&gt; &amp; co" in page
    assert "<b>Gate</b>" not in page


@pytest.mark.parametrize(("period", "words"), [("day", "Last day: "), ("week", "Last week: ")])
def test_each_row_has_a_strip_in_words(client: FlaskClient, period: str, words: str) -> None:
    page = client.get(f"/health?period={period}").get_data(as_text=True)
    assert page.count(f'aria-label="{words}nothing is known') == 3


def test_one_camera_alone_can_be_asked_for(client: FlaskClient) -> None:
    page = client.get("/health?camera=gate&period=week").get_data(as_text=True)
    assert rows(page) == ["gate"]
    assert client.get("/health?camera=nobody").status_code == 404


def test_another_period_is_refused(client: FlaskClient) -> None:
    answer = client.get("/health?period=year")
    assert answer.status_code == 400
    assert b"day or week" in answer.data


def test_the_page_stands_without_the_past(
    client: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise ServerError("The database does not answer.")

    monkeypatch.setattr(services.history, "cameras", fail)
    answer = client.get("/health")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "The database does not answer." in page
    assert len(rows(page)) == 3


def test_a_cameras_page_shows_its_last_day(client: FlaskClient) -> None:
    assert 'aria-label="Last day: nothing is known' in client.get("/cameras/porch").get_data(as_text=True)


def test_the_server_tells_how_it_is(client: FlaskClient) -> None:
    answer = client.get("/api/server")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    assert list(answer.json) == [
        "version",
        "since",
        "viewers",
        "cpu_percent",
        "memory_bytes",
        "threads",
        "open_files",
        "loop_lag_ms",
        "data_free_bytes",
        "data_total_bytes",
        "renditions",
    ]
    assert answer.json["renditions"] == {
        "in_use": 0,
        "pictures_per_s": 0.0,
        "missed_per_s": 0.0,
        "lossless": False,
        "note": Renderer(None).why_not,
    }


def row_of(page: str, camera_id: str) -> str:
    return page.partition(f'<li class="row" data-id="{camera_id}"')[2].partition("</li>\n      <li")[0]


def test_a_row_says_what_its_board_says_of_itself_and_the_others_nothing(
    client: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = BoardHealth(
        reset_reason="software",
        last_restart="wifi",
        restarts=Restarts(wifi=2, sensor=1),
        rssi=-68,
        temperature=41.4,
        last_disconnect=Disconnect(200, "BEACON_TIMEOUT", "<b>silence</b>"),
    )
    status = replace(hub.cameras["gate"].status(), board=said)
    monkeypatch.setattr(hub.cameras["gate"], "status", lambda: status)
    page = client.get("/health").get_data(as_text=True)
    row = row_of(page, "gate")
    assert "<b>fair</b> <small>-68 dBm</small>" in row, "a word, and no colour alone"
    assert "<b>41</b> °C" in row
    assert "<dt>Last start</dt><dd>its own remedy for lost Wi-Fi</dd>" in row
    assert "<dt>Restarts of its own</dt><dd>2 for lost Wi-Fi, 1 for its sensor</dd>" in row
    assert "<dt>Last without Wi-Fi</dt><dd>&lt;b&gt;silence&lt;/b&gt;</dd>" in row
    assert page.count("data-board") == 5
    assert "The board last said: fair signal (-68 dBm)" in client.get("/cameras/gate").get_data(as_text=True)
    assert '<p class="hint" id="board"></p>' in client.get("/cameras/porch").get_data(as_text=True)


def test_a_board_that_says_little_has_a_short_row(
    client: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = replace(hub.cameras["gate"].status(), board=BoardHealth(uptime=5.0))
    monkeypatch.setattr(hub.cameras["gate"], "status", lambda: status)
    assert "data-board" not in client.get("/health").get_data(as_text=True)
    assert '<p class="hint" id="board"></p>' in client.get("/cameras/gate").get_data(as_text=True)
