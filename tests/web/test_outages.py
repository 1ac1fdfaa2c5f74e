from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.fake_clock import FakeClock
from tests.store.harness import eventually

from vedette.store import Store
from vedette.store.tables import outages

Keep = Callable[..., None]


@pytest.fixture
def keep(store: Store) -> Keep:
    """Write outages, and wait until they are there."""

    def write(*rows: tuple[str, float, float | None]) -> None:
        explained = {"reason": "stalled", "explanation": "Pictures stopped."}
        store.writer.put(outages, [{"camera": c, "start": s, "end": e, **explained} for c, s, e in rows])
        camera, start, _ = rows[-1]
        eventually(lambda: any(found.start == start for found in store.history.outages(500, camera)))

    return write


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.json
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json


def test_without_outages_the_list_is_empty(client: FlaskClient) -> None:
    assert get(client, "/api/outages") == {"items": [], "next": None}


def test_an_outage_says_when_why_and_how_long(client: FlaskClient, keep: Keep, clock: FakeClock) -> None:
    now = clock.time()
    keep(("porch", now - 100.5, now - 40), ("gate", now - 12.25, None))
    assert get(client, "/api/outages") == {
        "items": [
            {
                "camera": "gate",
                "start": "2023-11-14T22:29:47Z",
                "end": None,
                "reason": "stalled",
                "explanation": "Pictures stopped.",
                "seconds": 12.2,
            },
            {
                "camera": "porch",
                "start": "2023-11-14T22:28:19Z",
                "end": "2023-11-14T22:29:20Z",
                "reason": "stalled",
                "explanation": "Pictures stopped.",
                "seconds": 60.5,
            },
        ],
        "next": None,
    }


def test_pages_follow_each_other_to_the_end(client: FlaskClient, keep: Keep) -> None:
    keep(*(("porch", 1000.1 * n, 1000.1 * n + n) for n in range(1, 8)))
    seen, path = [], "/api/outages?limit=3&camera=porch"
    page = get(client, path)
    while True:
        seen += [item["seconds"] for item in page["items"]]
        if page["next"] is None:
            break
        assert len(page["items"]) == 3
        page = get(client, f"{path}&cursor={page['next']}")
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_page_that_is_just_full_is_the_last(client: FlaskClient, keep: Keep) -> None:
    keep(("porch", 1.0, 2.0), ("porch", 3.0, 4.0))
    assert get(client, "/api/outages?limit=2")["next"] is None


def test_times_are_times_or_dates(client: FlaskClient, keep: Keep) -> None:
    noon = 1_769_860_800.0  # 2026-01-31T12:00:00Z
    keep(("porch", noon, noon + 60), ("gate", noon + 86400, noon + 86460))

    def cameras(query: str) -> list[str]:
        return [item["camera"] for item in get(client, f"/api/outages?{query}")["items"]]

    assert cameras("from=2026-01-31&to=2026-02-01") == ["porch"]
    assert cameras("from=2026-02-01") == ["gate"]
    assert cameras("to=2026-01-31T12:00:00Z") == []
    assert cameras("to=2026-01-31t13:00:00.5%2B01:00") == ["porch"]
    assert cameras("from=2026-01-31T12:00:30Z&to=2026-01-31T12:00:40Z") == ["porch"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("limit=0", "from 1 to 500"),
        ("limit=501", "from 1 to 500"),
        ("limit=many", "from 1 to 500"),
        ("limit=-1", "from 1 to 500"),
        ("limit=1e2", "from 1 to 500"),
        ("limit=" + "9" * 5000, "from 1 to 500"),
        ("limit=٣", "from 1 to 500"),
        ("from=yesterday", "2026-01-31T12:00:00Z"),
        ("from=2026-02-30", "2026-01-31T12:00:00Z"),
        ("from=20260131", "2026-01-31T12:00:00Z"),
        ("to=2026-01-31T12:00:00", "2026-01-31T12:00:00Z"),
        ("to=2026-01-31T12:00:00+01:00", "%2B"),
        ("from=2026-02-01&to=2026-01-31", "before 'to'"),
        ("cursor=7", "'cursor'"),
        ("cursor=1.5~porch~x", "'cursor'"),
    ],
)
def test_what_is_out_of_range_is_told_the_range(client: FlaskClient, query: str, said: str) -> None:
    answer = client.get(f"/api/outages?{query}")
    error: Any = answer.json
    assert (answer.status_code, error["error"]["code"]) == (400, "out_of_range")
    assert said in error["error"]["message"]


def test_a_camera_that_never_was_is_unknown_and_one_that_was_removed_is_not(client: FlaskClient, keep: Keep) -> None:
    keep(("removed", 1.0, 2.0), ("porch", 3.0, 4.0))
    assert [item["camera"] for item in get(client, "/api/outages?camera=removed")["items"]] == ["removed"]
    assert get(client, "/api/outages?camera=gate") == {"items": [], "next": None}
    answer = client.get("/api/outages?camera=nobody")
    error: Any = answer.json
    assert (answer.status_code, error["error"]["code"]) == (404, "camera_unknown")


def test_a_database_that_does_not_answer_is_a_503_in_words(client: FlaskClient, store: Store) -> None:
    with store._database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE outages")
    answer = client.get("/api/outages")
    error: Any = answer.json
    assert answer.status_code == 503
    assert "cannot be read now" in error["error"]["message"]
