"""The health page in a real Chromium, on boards that misbehave; and all pages under axe-core."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.end_to_end.harness import Server, wait_until
from tests.end_to_end.test_browser import DESKTOP, PHONE, browser, open_page  # noqa: F401 - two are fixtures

from vedette.simulator import Fault, Simulator

pytestmark = pytest.mark.browser

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
OpenPage = Callable[..., Page]

AXE = Path(__file__).parent.parent / "data" / "axe" / "axe.min.js"
WEIGHT_LIMIT = 150_000  # bytes, of everything but pictures
TELEVISION = (3840, 2160)


@pytest.fixture
def faulty(make_boards: Boards, serve: Serve) -> tuple[Simulator, Server]:
    """A good board, one that sends damaged pictures, and one that is away."""
    boards = make_boards(3, fps=10, size=(320, 240))
    boards.set_faults(1, Fault.TRUNCATE)
    boards.set_faults(2, Fault.REFUSE)
    server = serve({key: boards.stream_url(number) for number, key in enumerate(("good", "damaged", "away"))})
    server.wait_for_state("good", "online")
    server.wait_for_state("away", "offline")
    return boards, server


def order(page: Page) -> Any:
    return page.evaluate("[...document.querySelectorAll('#rows > .row')].map((row) => row.dataset.id)")


def state_of(page: Page, camera_id: str) -> str | None:
    return page.locator(f".row[data-id={camera_id}]").get_attribute("data-state")


@pytest.mark.parametrize("size", [PHONE, DESKTOP, TELEVISION], ids=["phone", "desktop", "television"])
def test_the_worst_stands_first_and_nothing_sticks_out(
    size: tuple[int, int],
    faulty: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    page = open_page(f"{faulty[1].url}health", size)
    assert order(page)[0] == "away"
    assert sorted(order(page)) == ["away", "damaged", "good"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"


def test_a_row_tells_at_once_what_becomes_of_its_camera(
    faulty: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards, server = faulty
    page = open_page(f"{server.url}health")
    boards.set_faults(2)
    wait_until(lambda: state_of(page, "away") == "online", what="the row says that it is back")
    assert "live" in page.locator(".row[data-id=away] [data-sentence]").inner_text()
    boards.set_faults(0, Fault.REFUSE)
    wait_until(lambda: state_of(page, "good") == "offline", what="the row says that it is away")
    wait_until(lambda: order(page)[0] in {"good", "damaged"}, what="the worst is first again")


def test_a_strip_tells_its_spans_by_pointer_and_by_keys(
    faulty: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    page = open_page(f"{faulty[1].url}health")
    strip = page.locator(".row[data-id=good] .strip-bars[role=slider]")
    assert "Last day: " in (strip.get_attribute("aria-label") or "")
    strip.focus()
    page.keyboard.press("Home")
    wait_until(lambda: "unknown" in (strip.get_attribute("aria-valuetext") or ""), what="nobody knows yesterday")
    page.keyboard.press("End")
    wait_until(lambda: (strip.get_attribute("aria-valuetext") or "").endswith("live"))
    bubble = page.locator(".row[data-id=good] .bubble")
    assert bubble.is_visible()
    page.keyboard.press("Escape")
    assert bubble.is_hidden()
    box = strip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 5)
    wait_until(bubble.is_visible)
    assert "unknown" in bubble.inner_text()


def test_details_open_plots_and_the_outages_in_words(
    faulty: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    page = open_page(f"{faulty[1].url}health")
    row = page.locator(".row[data-id=away]")
    row.locator("summary").click()
    wait_until(lambda: row.locator(".plot svg").count() == 2)
    wait_until(lambda: "away" in row.inner_text())
    page.keyboard.press("w")
    page.wait_for_url("**/health?period=week")
    assert page.locator("#period-week").get_attribute("aria-current") == "true"


def test_rejected_pictures_are_shown_by_cause(
    faulty: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    server = faulty[1]
    wait_until(lambda: server.camera("damaged")["rejected"]["truncated"] > 0)
    page = open_page(f"{server.url}health")
    page.wait_for_selector("#rejected .thumb")
    assert "Truncated" in page.locator("#rejected").inner_text()
    assert page.locator(".row[data-id=damaged] [data-rejects]").inner_text().endswith("truncated")


def test_a_server_that_is_gone_is_said_and_its_return_too(
    faulty: tuple[Simulator, Server],
    start: Callable[..., Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    server = faulty[1]
    page = open_page(f"{server.url}health")
    wait_until(lambda: state_of(page, "good") == "online")
    server.stop()
    wait_until(lambda: state_of(page, "good") == "unknown", what="nothing passes for known")
    assert page.locator("#banner").is_visible()
    start(server.process.args, server.url)
    wait_until(lambda: state_of(page, "good") == "online", 40, what="it is known again")
    assert page.locator("#banner").is_hidden()


def test_an_ordinary_event_source_reads_the_news(
    faulty: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    page = open_page(f"{faulty[1].url}health")
    told = page.evaluate(
        """() => new Promise((resolve) => {
          const source = new EventSource("/api/stream");
          let all = [];
          source.addEventListener("cameras", ({ data }) => { all = JSON.parse(data); });
          source.addEventListener("camera", ({ data, lastEventId }) => {
            source.close();
            resolve({ ids: all.map(({ id }) => id), one: JSON.parse(data).id, number: Number(lastEventId) });
          });
        })"""
    )
    assert told["ids"] == ["good", "damaged", "away"]
    assert told["one"] in told["ids"]
    assert told["number"] > 1


def test_the_page_weighs_little(
    faulty: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    page = open_page("about:blank")
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright looks at its signature
    page.goto(f"{faulty[1].url}health", wait_until="load")
    page.wait_for_selector("[data-wired]")
    page.wait_for_selector("#rejected .thumb")
    without = ("image/jpeg", "text/event-stream")
    weighed = [answer for answer in answers if not answer.headers.get("content-type", "").startswith(without)]
    weights = {answer.url: len(answer.body()) for answer in weighed}
    assert len(weights) > 15
    assert sum(weights.values()) < WEIGHT_LIMIT, weights


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("path", ["", "cameras/away", "health"])
def test_axe_finds_no_serious_problem(
    path: str,
    theme: str,
    faulty: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    page = open_page(f"{faulty[1].url}{path}", color_scheme=theme)
    page.wait_for_selector("[data-state=offline]")
    for summary in page.locator("summary").all():
        summary.click()
    assert serious_problems(page) == ""


def serious_problems(page: Page) -> str:
    """What axe-core finds on the page as it stands; "" for nothing serious."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert len(page.evaluate("axe.getRules()")) > 50
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    serious = [
        (problem["id"], [node["target"] for node in problem["nodes"]], problem["nodes"][0]["failureSummary"])
        for problem in found["violations"]
        if problem["impact"] in {"serious", "critical"}
    ]
    return json.dumps(serious, indent=1) if serious else ""
