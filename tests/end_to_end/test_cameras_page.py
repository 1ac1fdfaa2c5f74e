"""The page of cameras in a real Chromium: found, looked at, added, renamed, disabled, removed, and all pages follow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route
from tests.end_to_end.harness import Server, wait_until
from tests.end_to_end.test_browser import DESKTOP, PHONE, browser, moves, open_page  # noqa: F401 - two are fixtures
from tests.end_to_end.test_health_page import TELEVISION, WEIGHT_LIMIT, serious_problems

from vedette.boards import ESPHOME
from vedette.simulator import Simulator

pytestmark = pytest.mark.browser

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
OpenPage = Callable[..., Page]

# One for each test that searches: two of them may run at the same time.
NETWORKS = ("127.77.1.0/29", "127.77.2.0/29", "127.77.3.0/29")
FOUND, ALSO_FOUND, FOUND_AS_WELL = "127.77.1.5", "127.77.2.5", "127.77.3.5"
MAY_ADD = {"VEDETTE_SERVER__CAMERA_NETWORKS": ",".join(NETWORKS)}


def entry(page: Page, camera_id: str) -> Locator:
    return page.locator(f".entry[data-id={camera_id}]")


def state_of(page: Page, camera_id: str) -> str | None:
    return entry(page, camera_id).get_attribute("data-state")


def ids(server: Server) -> list[str]:
    return [camera["id"] for camera in server.get("/api/cameras").json]


def test_a_discovered_camera_is_added_with_a_name_and_seen_live(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    make_boards(firmware=ESPHOME, host=FOUND, port=8080, fps=10, size=(320, 240))
    server = serve({}, environ=MAY_ADD)
    wall = open_page(server.url)
    page = open_page(server.url)
    page.get_by_role("link", name="Find cameras").click()
    page.wait_for_url("**/cameras#find")
    wait_until(lambda: page.evaluate("document.activeElement.name") == "network", what="one can begin to type")
    page.keyboard.type(NETWORKS[0])
    page.keyboard.press("Enter")
    card = page.locator(f".find[data-address='{FOUND}']")
    card.wait_for()
    wait_until(lambda: card.locator("img").evaluate("img => img.naturalWidth") > 0, what="a picture of it")
    assert "ESPHome" in card.inner_text()
    wait_until(lambda: page.locator("#find [data-part=said]").inner_text() == "Done: one board was found.")
    card.get_by_label("Name").fill("Hen house")
    page.keyboard.press("Enter")
    card.get_by_role("link", name="Open it").wait_for()
    wait_until(lambda: state_of(page, "hen-house") == "online", what="it is in the list, and live")
    tile = wall.locator(".tile[data-id=hen-house]")
    wait_until(lambda: tile.get_attribute("data-live") == "yes", what="an empty wall turns into one")
    wait_until(lambda: moves(wall, ".tile .picture"))

    card.get_by_role("link", name="Open it").click()
    page.wait_for_url("**/cameras/hen-house")
    page.get_by_text("ESPHome takes no settings while it runs").wait_for()
    assert page.locator("[data-control]").count() == 0


def test_where_a_discovered_board_has_its_settings_is_passed_on(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    make_boards(firmware=ESPHOME, host=FOUND_AS_WELL, port=8080, fps=10, size=(320, 240))
    control_url = f"http://{FOUND_AS_WELL}:8190"
    server = serve({}, environ=MAY_ADD)
    page = open_page(f"{server.url}cameras#find")

    def announced(route: Route) -> None:
        """As if the board had said so itself: no simulated one speaks to the whole network."""
        response = route.fetch()
        answer = response.json()
        for found in answer["found"]:
            found["control_url"] = control_url
        route.fulfill(response=response, json=answer)

    page.route("**/api/discoveries/*", announced)
    page.locator("#find input[name=network]").fill(NETWORKS[2])
    page.keyboard.press("Enter")
    card = page.locator(f".find[data-address='{FOUND_AS_WELL}']")
    card.get_by_label("Name").fill("Hen house")
    page.keyboard.press("Enter")
    card.get_by_role("link", name="Open it").wait_for()
    assert server.get("/api/cameras/hen-house/configuration").json["control_url"] == control_url
    assert control_url in card.inner_text()


def test_a_camera_is_added_by_its_address_after_a_look(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(firmware=ESPHOME, host=FOUND, fps=10, size=(320, 240))
    server = serve({}, environ=MAY_ADD)
    page = open_page(f"{server.url}cameras#add", PHONE)
    wait_until(lambda: page.evaluate("document.activeElement.name") == "address")
    page.keyboard.type("http://169.254.169.254/stream")
    page.keyboard.press("Enter")
    wait_until(
        lambda: "camera_networks" in page.locator("#add [data-part=said]").inner_text(), what="where it may reach"
    )
    page.locator("#add input[name=address]").fill(boards.stream_url())
    page.keyboard.press("Enter")
    card = page.locator("#add .find")
    card.wait_for()
    assert "320\u00d7240" in card.inner_text()
    assert "nobody else holds its stream" in card.inner_text()
    wait_until(lambda: card.locator("img").evaluate("img => img.naturalWidth") > 0)
    wait_until(lambda: page.evaluate("document.activeElement.name") == "name", what="a name is asked for")
    page.keyboard.type("Barn")
    page.keyboard.press("Enter")
    wait_until(lambda: state_of(page, "barn") == "online")
    assert entry(page, "barn").locator("[data-name]").inner_text() == "Barn"
    wait_until(lambda: entry(page, "barn").locator("img").evaluate("img => img.naturalWidth") == 320)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"

    page.locator("#add input[name=address]").fill(boards.stream_url())
    page.keyboard.press("Enter")
    page.locator("#add").get_by_text("Already a camera.").wait_for()


def test_cameras_are_renamed_disabled_and_removed_and_all_pages_follow(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(2, fps=10, size=(320, 240))
    server = serve({"porch": boards.stream_url(0), "gate": boards.stream_url(1)})
    server.wait_for_state("gate", "online")
    page, wall, camera = (open_page(server.url + path) for path in ("cameras", "", "cameras/gate"))
    wait_until(lambda: entry(page, "gate").locator("img").evaluate("img => img.naturalWidth") == 320)

    page.get_by_role("button", name="Rename gate").click()
    page.locator(".renaming input").fill("Nobody's")
    page.keyboard.press("Escape")
    assert page.locator(".renaming").count() == 0
    assert page.url.endswith("/cameras"), "Escape leaves the name as it is, and nothing else"
    page.get_by_role("button", name="Rename gate").press("Enter")
    page.locator(".renaming input").wait_for()
    page.keyboard.type("Garden gate")
    page.keyboard.press("Enter")
    wait_until(lambda: entry(page, "gate").locator("[data-name]").inner_text() == "Garden gate")
    wait_until(lambda: wall.locator(".tile[data-id=gate] [data-name]").inner_text() == "Garden gate")

    page.get_by_role("button", name="Disable Garden gate").click()
    wait_until(lambda: state_of(page, "gate") == "disabled")
    wait_until(lambda: wall.locator(".tile[data-id=gate]").get_attribute("data-state") == "disabled")
    page.get_by_role("button", name="Enable Garden gate").click()
    wait_until(lambda: state_of(page, "gate") == "online")

    page.get_by_role("button", name="Remove… Garden gate").click()
    page.get_by_role("button", name="Cancel").click()
    assert ids(server) == ["porch", "gate"]
    page.get_by_role("button", name="Remove… Garden gate").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    wait_until(lambda: entry(page, "gate").count() == 0)
    wait_until(lambda: wall.locator(".tile").count() == 1)
    wait_until(lambda: "no longer in the configuration" in camera.locator("#banner").inner_text())
    assert wall.locator(".tile[data-id=porch]").get_attribute("data-live") == "yes"
    assert ids(server) == ["porch"]


def test_where_nothing_can_be_written_the_page_says_so_and_what_to_do(
    make_boards: Boards,
    serve: Serve,
    tmp_path: Path,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    server = serve({"porch": make_boards(fps=5, size=(320, 240)).stream_url()})
    server.wait_for_state("porch", "online")
    (tmp_path / "vedette.toml").chmod(0o444)
    page = open_page(f"{server.url}cameras")
    page.get_by_role("button", name="Disable porch").click()
    problem = page.locator(".entry [data-part=said]")
    wait_until(problem.is_visible)
    assert "vedette.toml is read-only. Make it writable" in problem.inner_text()
    assert state_of(page, "porch") == "online"


def test_the_page_is_light_accessible_and_fits(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(firmware=ESPHOME, host=ALSO_FOUND, port=8080, fps=5, size=(320, 240))
    server = serve({"porch": boards.stream_url()}, environ=MAY_ADD)
    server.wait_for_state("porch", "online")
    page = open_page("about:blank")
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright looks at its signature
    page.goto(f"{server.url}cameras", wait_until="load")
    page.locator("#find input").fill(NETWORKS[1])
    page.keyboard.press("Enter")
    page.locator("#find .find").get_by_text("Already a camera.").wait_for()
    weighed = [answer for answer in answers if "image/jpeg" not in answer.headers.get("content-type", "")]
    assert sum(len(answer.body()) for answer in weighed if "/discoveries" not in answer.url) < WEIGHT_LIMIT
    page.get_by_role("button", name="Rename porch").click()
    page.locator(".renaming").wait_for()
    page.locator("#add summary").click()
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        assert serious_problems(page) == ""
    for width, height in (PHONE, DESKTOP, TELEVISION):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"
