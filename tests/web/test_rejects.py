import pytest
from flask.testing import FlaskClient

from vedette.hub import Hub
from vedette.hub.rejects import KEPT, Cause, Rejects


@pytest.fixture
def rejects(hub: Hub) -> Rejects:
    return hub.cameras["porch"].rejects


def test_a_camera_that_refused_nothing_has_an_empty_list(client: FlaskClient) -> None:
    answer = client.get("/api/cameras/porch/rejects")
    assert answer.get_json() == {"items": [], "next": None}
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_was_refused_is_listed_newest_first(client: FlaskClient, rejects: Rejects, jpeg: bytes) -> None:
    rejects.add(Cause.TRUNCATED, 1_700_000_000.0, "premature end of data segment", jpeg[:-9])
    rejects.add(Cause.OVERSIZE, 1_700_000_001.0, "over 2 MB")
    assert client.get("/api/cameras/porch/rejects").get_json()["items"] == [
        {
            "id": 2,
            "time": "2023-11-14T22:13:21Z",
            "cause": "oversize",
            "detail": "over 2 MB",
            "bytes": None,
            "width": None,
            "height": None,
            "url": None,
        },
        {
            "id": 1,
            "time": "2023-11-14T22:13:20Z",
            "cause": "truncated",
            "detail": "premature end of data segment",
            "bytes": len(jpeg) - 9,
            "width": 64,
            "height": 48,
            "url": "/cameras/porch/rejects/1.jpg",
        },
    ]
    assert client.get("/api/cameras/gate/rejects").get_json()["items"] == []


def test_the_bytes_come_as_they_came_and_no_browser_guesses_at_them(client: FlaskClient, rejects: Rejects) -> None:
    page = b"<html><script>alert(1)</script>"
    rejects.add(Cause.CORRUPT, 0.0, "it does not start with SOI", page)
    answer = client.get("/cameras/porch/rejects/1.jpg", headers={"Accept": "text/html"})
    assert answer.data == page
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("number", [1, KEPT + 2, KEPT + 3, 10**30])
def test_what_is_gone_or_never_was_or_has_no_bytes_is_not_found(
    number: int, client: FlaskClient, rejects: Rejects
) -> None:
    for _ in range(KEPT + 1):
        rejects.add(Cause.CORRUPT, 0.0, "bent", b"x")
    rejects.add(Cause.OVERSIZE, 0.0, "over 2 MB")
    assert client.get("/cameras/porch/rejects/2.jpg").status_code == 200
    answer = client.get(f"/cameras/porch/rejects/{number}.jpg")
    assert answer.status_code == 404
    assert b"only the newest few" in answer.data


def test_a_camera_that_there_is_not_has_no_rejects(client: FlaskClient) -> None:
    answer = client.get("/api/cameras/barn/rejects")
    assert answer.status_code == 404
    assert answer.get_json()["error"]["code"] == "camera_unknown"
    assert client.get("/cameras/barn/rejects/1.jpg").status_code == 404


def test_the_description_names_them(client: FlaskClient) -> None:
    description = client.get("/api/openapi.json").get_json()
    assert "/api/cameras/{id}/rejects" in description["paths"]
    assert set(description["components"]["schemas"]) >= {"RejectsAnswer", "RejectAnswer", "Cause"}
