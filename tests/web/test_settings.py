"""What is wanted of a board, through the API: what it takes, and what it says; boards are in end_to_end/."""

import pytest
from flask.testing import FlaskClient

from vedette.config import ConfigFile

KEYS = ("wanted", "reported", "pending", "refused", "controls", "presets", "commands", "note", "locked")


def test_what_is_wanted_is_kept_in_the_file_and_pending_until_the_board_has_it(
    client: FlaskClient, file: ConfigFile
) -> None:
    answer = client.patch("/api/cameras/porch/settings", json={"quality": 20, "resolution": "800x600", "hmirror": True})
    assert answer.status_code == 200
    told = answer.json
    assert tuple(told) == KEYS  # type: ignore[arg-type]
    assert told["wanted"] == {"quality": 20, "resolution": "800x600", "hmirror": True}  # type: ignore[index]
    assert set(told["pending"]) == {"quality", "resolution", "hmirror"}  # type: ignore[index]
    assert file.read().config.cameras["porch"].settings == {"quality": 20, "resolution": "800x600", "hmirror": True}
    again = client.patch("/api/cameras/porch/settings", json={"quality": None, "ae_level": -1})
    assert again.json["wanted"] == {"resolution": "800x600", "hmirror": True, "ae_level": -1}  # type: ignore[index]
    assert "quality" not in file.path.read_text()
    assert again.headers["ETag"] != answer.headers["ETag"]


@pytest.mark.parametrize(
    "body",
    [
        {"quality": 64},
        {"quality": -1},
        {"quality": "12"},
        {"quality": 12.5},
        {"quality": True},
        {"resolution": "11"},
        {"resolution": 11},
        {"resolution": "801x600"},
        {"hmirror": 2},
        {"hmirror": "yes"},
        {"qualtiy": 12},
        {"wb_mode": 5},
        {"ae_level": [1]},
        {"ae_level": 1, "quality": 1000},
    ],
)
def test_a_wrong_value_is_refused_as_a_whole_with_its_name(
    client: FlaskClient, file: ConfigFile, body: dict[str, object]
) -> None:
    before = file.path.read_bytes()
    answer = client.patch("/api/cameras/porch/settings", json=body)
    error = answer.json["error"]  # type: ignore[index]
    assert answer.status_code == 422
    assert error["field"] in body
    assert error["field"] in error["message"]
    assert file.path.read_bytes() == before


def test_a_reset_wants_nothing_any_more_but_what_the_environment_wants(client: FlaskClient, file: ConfigFile) -> None:
    client.patch("/api/cameras/3/settings", json={"ae_level": 2})
    answer = client.post("/api/cameras/3/settings/reset")
    assert answer.status_code == 200
    assert answer.json["wanted"] == {"quality": 10}  # type: ignore[index]
    assert answer.json["locked"] == {"quality": "VEDETTE_CAMERAS__3__SETTINGS__QUALITY"}  # type: ignore[index]
    assert "ae_level" not in file.path.read_text()


def test_a_camera_that_does_not_exist_has_no_settings(client: FlaskClient) -> None:
    for method, path in (
        ("GET", "settings"),
        ("PATCH", "settings"),
        ("POST", "settings/reset"),
        ("POST", "reboot"),
        ("POST", "start"),
        ("GET", "configuration"),
    ):
        answer = client.open(f"/api/cameras/nobody/{path}", method=method)
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "camera_unknown")  # type: ignore[index]


def test_a_board_that_cannot_restart_by_itself_is_said_so(client: FlaskClient) -> None:
    for act in ("reboot", "save", "clear"):
        answer = client.post(f"/api/cameras/porch/{act}")
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_supported")  # type: ignore[index]
