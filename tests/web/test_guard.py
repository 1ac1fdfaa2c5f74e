from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from vedette.web.hosts import HostNames, bare_name
from vedette.web.permission import Action, action_of, permits


def test_every_route_declares_what_it_does(app: Flask) -> None:
    undeclared = [
        rule.endpoint for rule in app.url_map.iter_rules() if action_of(app.view_functions[rule.endpoint]) is None
    ]
    assert undeclared == []


def test_a_route_that_declares_nothing_is_refused_to_everybody(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert b"secret" not in answer.data


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:5100",
        "127.0.0.1:5100",
        "[::1]:5100",
        "porch.example",
        "vedette.example:80",
        "vedette.example.",
    ],
)
def test_own_and_allowed_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/api/cameras", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "203.0.113.9", "porch.example.evil:5100"])
def test_other_names_are_refused_and_told_what_to_do(client: FlaskClient, host: str) -> None:
    for path in ("/", "/api/cameras", "/cameras/porch/stream.mjpg", "/static/vedette.css", "/healthz"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert b"allowed_hosts" in answer.data


def test_a_star_allows_every_name() -> None:
    assert HostNames(("*",)).answers_to("anything.example")


def test_a_new_address_is_found_without_a_restart_but_not_asked_for_all_day(monkeypatch: pytest.MonkeyPatch) -> None:
    import vedette.web.hosts as module  # noqa: PLC0415 - to put another machine in its place

    now = [0.0]
    names = HostNames((), monotonic=lambda: now[0])
    monkeypatch.setattr(module, "_own_names", lambda: frozenset({"192.0.2.7"}))
    assert not names.answers_to("192.0.2.7")
    now[0] = 11.0
    assert names.answers_to("192.0.2.7:5100")


@pytest.mark.parametrize(
    ("host", "name"), [("A:1", "a"), ("[FE80::1]:5100", "fe80::1"), ("a.b.", "a.b"), ("10.0.0.1", "10.0.0.1")]
)
def test_the_name_in_a_host_header(host: str, name: str) -> None:
    assert bare_name(host) == name


@pytest.fixture
def changing(app: Flask) -> FlaskClient:
    app.add_url_rule("/change", view_func=permits(Action.MANAGE)(lambda: "changed"), methods=["POST"])
    return app.test_client()


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (JSON, 200),
        (JSON | {"Origin": "http://localhost"}, 200),
        (JSON | {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 200),
        (JSON | {"Origin": "http://evil.example"}, 403),
        (JSON | {"Origin": "http://localhost:8080"}, 403),
        (JSON | {"Origin": "null"}, 403),
        (JSON | {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "text/plain", "Origin": "http://localhost"}, 415),
        ({}, 415),
    ],
    ids=str,
)
def test_what_changes_something_is_json_from_our_own_pages(
    changing: FlaskClient, headers: dict[str, Any], status: int
) -> None:
    assert changing.post("/change", data="{}", headers=headers).status_code == status
