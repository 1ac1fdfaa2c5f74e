"""Cameras that are added, changed and removed, on a real file."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from vedette.config import ConfigFile
from vedette.web.manage import propose_id


def etag_of(client: FlaskClient) -> str:
    return client.get("/api/cameras/porch/configuration").headers["ETag"]


def test_a_camera_is_added_with_all_that_was_said_of_it_and_nothing_else_is_touched(
    client: FlaskClient, file: ConfigFile
) -> None:
    before = file.path.read_text()
    body = {
        "id": "barn",
        "name": "Barn 玄関",
        "host": "192.168.0.9",
        "enabled": False,
        "connect": "on-demand",
        "settings": {"quality": 12, "resolution": "800x600"},
    }
    answer = client.post("/api/cameras", json=body, headers={"If-Match": etag_of(client)})
    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/cameras/barn")
    assert (answer.json["name"], answer.json["state"]) == ("Barn 玄関", "disabled")  # type: ignore[index]
    assert file.path.read_text().startswith(before)
    barn = file.read().config.cameras["barn"]
    assert (barn.host, barn.connect, barn.settings) == (
        "192.168.0.9",
        "on-demand",
        {"quality": 12, "resolution": "800x600"},
    )
    assert client.get("/api/cameras/barn").json["id"] == "barn"  # type: ignore[index]
    assert [camera["id"] for camera in client.get("/api/cameras").json] == ["porch", "gate", "3", "barn"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "address_missing", "url"),
        ({"url": "http://[::1"}, "configuration_wrong", "url"),
        ({"url": "https://192.0.2.1/"}, "configuration_wrong", "url"),
        ({"url": "http://127.0.0.1/stream"}, "address_not_allowed", "url"),
        ({"url": "http://localhost:81/"}, "address_not_allowed", "url"),
        ({"host": "::ffff:127.0.0.1"}, "address_not_allowed", "host"),
        ({"host": "169.254.169.254"}, "address_not_allowed", "host"),
        ({"url": "http://192.0.2.1/", "control_url": "http://127.0.0.1:5100/"}, "address_not_allowed", "control_url"),
        ({"url": "http://192.0.2.1/", "enabled": 1}, "value_wrong", "enabled"),
        ({"url": "http://192.0.2.1/", "nmae": "x"}, "key_unknown", "nmae"),
        ({"url": "http://192.0.2.1/", "power_cycle": {"url": "http://192.0.2.2/"}}, "key_unknown", "power_cycle"),
        ({"url": "http://192.0.2.1/", "id": "../etc"}, "configuration_wrong", None),
        ({"url": "http://192.0.2.1/", "username": "me"}, "configuration_wrong", "username"),
        ({"url": "http://192.0.2.1/", "name": "x" * 200}, "configuration_wrong", "name"),
        ({"url": "http://192.0.2.1/", "settings": {"quality": 999}}, "setting_out_of_range", "quality"),
        ({"url": "http://192.0.2.1/", "settings": {"framesize": 11}}, "setting_unknown", "framesize"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_the_file_stays(
    client: FlaskClient, file: ConfigFile, body: dict[str, Any], code: str, field: str | None
) -> None:
    before = file.path.read_bytes()
    answer = client.post("/api/cameras", json=body)
    error = answer.json["error"]  # type: ignore[index]
    assert (answer.status_code, error["code"]) == (422, code), error
    assert field is None or error["field"] == field
    assert error["message"]
    assert file.path.read_bytes() == before


@pytest.mark.parametrize("content", [b"[]", b"7", b"{", b"\xff", b'"text"'])
def test_what_is_no_json_object_is_refused(client: FlaskClient, content: bytes) -> None:
    for method, path in (
        ("POST", "/api/cameras"),
        ("PATCH", "/api/cameras/porch"),
        ("PATCH", "/api/cameras/porch/settings"),
    ):
        answer = client.open(path, method=method, data=content, content_type="application/json")
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "json_expected")  # type: ignore[index]


def test_an_id_is_proposed_that_nobody_has() -> None:
    assert propose_id("Front porch", {}) == "front-porch"
    assert propose_id("Scheune Süd", {"scheune-sud": 1, "scheune-sud-2": 1}) == "scheune-sud-3"
    assert propose_id("玄関", {}) == "camera"
    assert propose_id("-x-" * 60, {}).startswith("x-x")
    assert len(propose_id("y" * 200, {"y" * 60: 1})) <= 64


def test_the_id_of_a_camera_that_exists_is_refused(client: FlaskClient) -> None:
    answer = client.post("/api/cameras", json={"id": "porch", "url": "http://192.0.2.1/"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "camera_exists")  # type: ignore[index]


def test_a_password_is_taken_and_never_told(client: FlaskClient, file: ConfigFile) -> None:
    assert client.patch("/api/cameras/gate", json={"username": "me", "password": "s3cret"}).status_code == 200
    told = client.get("/api/cameras/gate/configuration")
    assert told.json["has_password"] is True  # type: ignore[index]
    assert b"s3cret" not in told.data
    assert "s3cret" in file.path.read_text()
    wrong = client.patch("/api/cameras/gate", json={"password": 5})
    assert wrong.status_code == 422
    assert client.patch("/api/cameras/gate", json={"username": None, "password": None}).status_code == 200
    assert "s3cret" not in file.path.read_text()


def test_whoever_has_seen_another_version_is_told_so_and_nothing_is_written(
    client: FlaskClient, file: ConfigFile
) -> None:
    seen = etag_of(client)
    assert client.patch("/api/cameras/porch", json={"name": "One"}, headers={"If-Match": seen}).status_code == 200
    before = file.path.read_bytes()
    for method, path, body in (
        ("PATCH", "/api/cameras/porch", {"name": "Two"}),
        ("PATCH", "/api/cameras/porch/settings", {"quality": 30}),
        ("POST", "/api/cameras", {"url": "http://192.0.2.1/"}),
        ("POST", "/api/cameras/porch/stop", None),
        ("DELETE", "/api/cameras/porch", None),
    ):
        late = client.open(path, method=method, json=body, headers={"If-Match": seen})
        assert (late.status_code, late.json["error"]["code"]) == (412, "configuration_changed"), path  # type: ignore[index]
    assert file.path.read_bytes() == before
    for name, anything in (("Three", "*"), ("Four", '"other", {}')):
        fitting = {"If-Match": anything.format(etag_of(client))}
        assert client.patch("/api/cameras/porch", json={"name": name}, headers=fitting).status_code == 200


def test_a_key_of_the_environment_is_locked_and_shown_so(client: FlaskClient, file: ConfigFile) -> None:
    told = client.get("/api/cameras/3/configuration").json
    assert told["check"] == "markers"  # type: ignore[index]
    assert told["locked"] == {"check": "VEDETTE_CAMERAS__3__CHECK"}  # type: ignore[index]
    for path, body in (("/api/cameras/3", {"check": "full"}), ("/api/cameras/3/settings", {"quality": 20})):
        answer = client.patch(path, json=body)
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "set_by_environment")  # type: ignore[index]
    assert client.patch("/api/cameras/3", json={"name": "Stable"}).status_code == 200
    text = file.path.read_text()
    assert "markers" not in text
    assert "quality" not in text


def test_stop_and_start_are_kept_in_the_file(client: FlaskClient, file: ConfigFile) -> None:
    assert client.post("/api/cameras/porch/stop").json["state"] == "disabled"  # type: ignore[index]
    assert "enabled = false" in file.path.read_text()
    assert client.post("/api/cameras/porch/stop").status_code == 200
    assert client.post("/api/cameras/porch/start").json["state"] != "disabled"  # type: ignore[index]
    assert "enabled = true" in file.path.read_text()


def test_a_camera_is_removed(client: FlaskClient, file: ConfigFile) -> None:
    assert client.delete("/api/cameras/gate").status_code == 204
    assert client.get("/api/cameras/gate").status_code == 404
    assert client.delete("/api/cameras/gate").status_code == 404
    assert list(file.read().config.cameras) == ["porch", "3"]
    assert file.path.read_text().startswith("# three cameras\n")
    locked = client.delete("/api/cameras/3")
    assert locked.status_code == 409, "the environment would leave half a camera"


def test_a_file_that_may_not_be_written_is_named(client: FlaskClient, file: ConfigFile) -> None:
    file.path.chmod(0o444)
    answer = client.patch("/api/cameras/porch", json={"name": "Porch"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "configuration_read_only")  # type: ignore[index]
    assert str(file.path) in answer.json["error"]["message"]  # type: ignore[index]


def test_what_changes_something_comes_from_our_own_pages(client: FlaskClient) -> None:
    foreign = {"Origin": "http://evil.example"}
    assert client.post("/api/cameras/porch/stop", headers=foreign).status_code == 403
    form = client.post("/api/cameras/porch/stop", data={"a": "b"})
    assert form.status_code == 415
    assert client.post("/api/cameras/porch/stop", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_hostile_requests_are_refused_in_words(client: FlaskClient) -> None:
    deep = client.patch("/api/cameras/porch", data="[" * 100_000, content_type="application/json")
    assert (deep.status_code, deep.json["error"]["code"]) == (400, "json_expected")  # type: ignore[index]
    for origin in ("http://[", "null", "http://127.0.0.1:1"):
        foreign = client.post("/api/cameras/porch/stop", headers={"Origin": origin})
        assert (foreign.status_code, foreign.json["error"]["code"]) == (403, "origin_mismatch")  # type: ignore[index]
    large = client.patch("/api/cameras/porch", data=b" " * 1_500_000, content_type="application/json")
    assert (large.status_code, large.json["error"]["code"]) == (413, "request_entity_too_large")  # type: ignore[index]


@pytest.mark.parametrize("header", [",", '"', 'W/"x"', "x", ""])
def test_an_if_match_that_names_no_version_matches_none(client: FlaskClient, file: ConfigFile, header: str) -> None:
    before = file.path.read_bytes()
    for method, path, body in (
        ("PATCH", "/api/cameras/porch", {"name": "Two"}),
        ("PATCH", "/api/cameras/porch", {}),
        ("POST", "/api/cameras/porch/start", None),
    ):
        answer = client.open(path, method=method, json=body, headers={"If-Match": header})
        assert answer.status_code == 412, (path, body)
    assert file.path.read_bytes() == before


def test_a_mistake_in_the_file_is_not_taken_for_one_of_the_request(client: FlaskClient, file: ConfigFile) -> None:
    file.path.write_text(file.path.read_text().replace('name = "Barn"', 'name = "Barn"\nflip = "sideways"'))
    answer = client.patch("/api/cameras/porch", json={"name": "Porch"})
    error = answer.json["error"]  # type: ignore[index]
    assert (answer.status_code, error["code"]) == (409, "configuration_broken")
    assert f"{file.path}:" in error["message"], "with its line"
