"""The controls of a camera's page in a real Chromium: what is moved arrives at the board, and the page says so."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any, get_args

import pytest
from playwright.sync_api import Locator, Page, Route
from tests.end_to_end.harness import Server, wait_until
from tests.end_to_end.test_browser import DESKTOP, PHONE, browser, moves, open_page, pixels  # noqa: F401 - two are fixtures
from tests.end_to_end.test_health_page import TELEVISION, WEIGHT_LIMIT, serious_problems

from vedette.boards import EASYTARGET
from vedette.config import Firmware
from vedette.simulator import Simulator

pytestmark = pytest.mark.browser

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
OpenPage = Callable[..., Page]

IDS = ("porch", "gate", "barn")


def tables(boards: Simulator) -> str:
    """The cameras' tables: simulated boards have their control ports where nobody would look for them."""
    places = zip(IDS, range(len(boards.boards)), strict=False)
    return "\n".join(
        f'[cameras.{key}]\nurl = "{boards.stream_url(number)}"\ncontrol_url = "{boards.control_url(number)}"'
        for key, number in places
    )


def open_camera(open_page: OpenPage, server: Server, camera_id: str = "porch", **options: Any) -> Page:  # noqa: F811
    """Its page, with its controls on it."""
    page = open_page(f"{server.url}cameras/{camera_id}", **options)
    page.wait_for_selector("[data-control]")
    return page


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#control-{name}")


def mark(page: Page, name: str) -> str | None:
    return page.locator(f"[data-control={name}]").get_attribute("data-mark")


def said(page: Page, name: str) -> str:
    return page.locator(f"[data-control={name}] .control-said").inner_text()


def open_groups(page: Page) -> None:
    for group in ("colour", "light", "expert"):
        page.locator(f"details[data-group={group}]:not([open]) > summary").click()


def value_of(boards: Simulator, name: str, number: int = 0) -> int:
    return boards.boards[number].settings.values[name]


def confirmed(page: Page, boards: Simulator, name: str, value: int) -> None:
    """The board has it, and the page says so."""
    wait_until(
        lambda: mark(page, name) == "confirmed" and value_of(boards, name) == value, what=f"{name} = {value}, confirmed"
    )


def send(server: Server, method: str, path: str, body: dict[str, Any]) -> Any:
    """A change by somebody else."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{server.url}api/cameras/{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return json.load(answer)


def test_each_kind_of_control_is_moved_by_the_mouse(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(fps=10, size=(320, 240))
    server = serve({}, tables(boards))
    page = open_camera(open_page, server)
    open_groups(page)

    field(page, "quality").scroll_into_view_if_needed()
    box = field(page, "quality").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in range(1, 21):  # while it moves, values come faster than any board takes them
        page.mouse.move(box["x"] + box["width"] * part / 40, box["y"] + box["height"] / 2)
    page.mouse.up()
    chosen = int(field(page, "quality").input_value())
    assert chosen > 20
    confirmed(page, boards, "quality", chosen)
    assert sum("var=quality" in target for target in boards.boards[0].requests) < 15, "a board is one slow thread"

    for label, level in (("up", 1), ("reset", 0), ("down", -1)):
        page.get_by_role("button", name=f"Exposure {label}").click()
        confirmed(page, boards, "ae_level", level)
    page.get_by_label("Brightness, as a number").fill("-2")
    page.get_by_label("Brightness, as a number").press("Enter")
    confirmed(page, boards, "brightness", -2)
    page.get_by_role("switch", name="Lens correction").click()
    confirmed(page, boards, "lenc", 0)
    for word, name in (("Mirror", "hmirror"), ("Flip", "vflip")):
        page.get_by_role("switch", name=word).click()
        confirmed(page, boards, name, 1)
        assert page.get_by_role("switch", name=word).get_attribute("aria-checked") == "true"
    page.get_by_label("White balance", exact=True).select_option(label="cloudy")
    confirmed(page, boards, "wb_mode", 2)
    field(page, "resolution").select_option("640x480")
    wait_until(lambda: boards.boards[0].settings.size == (640, 480))
    wait_until(lambda: mark(page, "resolution") == "confirmed")
    wait_until(lambda: page.locator("[data-fact=size]").inner_text() == "640\u00d7480", what="the picture shows it")

    page.get_by_label("Brightness, as a number").fill("9")
    page.get_by_label("Brightness, as a number").press("Enter")
    wait_until(lambda: mark(page, "brightness") == "failed")
    assert "-2 to 2" in said(page, "brightness"), "the range is named"
    assert field(page, "brightness").input_value() == "-2", "back to what is true"


# Tab goes through the page as people do; a key moves whatever has the focus.
PLACE = """() => {
  const here = document.activeElement;
  const control = here.closest("[data-control]");
  return {
    name: control?.dataset.control, kind: here.getAttribute("role") ?? here.type, tag: here.tagName, value: here.value,
    closed: here.tagName === "SUMMARY" && !here.parentElement.open, least: here.value === here.min,
    last: here.tagName === "SELECT" && here.selectedIndex === here.options.length - 1,
    done: Boolean(here.closest("#everyone")),
  };
}"""


def test_every_control_is_moved_by_the_keyboard(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(fps=10, size=(320, 240))
    page = open_camera(open_page, serve({}, tables(boards)))
    before = dict(boards.boards[0].settings.values)
    moved: set[str] = set()
    page.locator("#own-stream").focus()
    while not (place := page.evaluate(PLACE))["done"]:
        if place["closed"]:
            page.keyboard.press("Enter")
        elif place["name"] and place["name"] not in moved:
            key = {"range": "ArrowRight" if place["least"] else "ArrowLeft", "switch": "Space"}.get(place["kind"])
            page.keyboard.press(key or ("ArrowUp" if place["last"] else "ArrowDown"))
            moved.add(place["name"])
        page.keyboard.press("Tab")
    names = set(page.evaluate("[...document.querySelectorAll('[data-control]')].map(({ dataset }) => dataset.control)"))
    assert moved == names
    assert len(names) > 20
    marks = (
        "[...document.querySelectorAll('[data-control]')].map(({ dataset }) => `${dataset.control} ${dataset.mark}`)"
    )
    wait_until(
        lambda: all(each.endswith(" confirmed") for each in page.evaluate(marks)), 30, f"all of {page.evaluate(marks)}"
    )
    after = boards.boards[0].settings.values
    variables = names - {"resolution", "xclk"}
    assert {name for name in variables if after[name] == before[name]} == set()


def test_what_cannot_be_had_is_marked_with_the_reason_and_can_be_set_right(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(fps=5, size=(320, 240))
    page = open_camera(open_page, serve({}, f"{tables(boards)}\n[cameras.porch.settings]\nbrightness = 9"))
    wait_until(lambda: mark(page, "brightness") == "refused")
    assert "Wanted: 9." in said(page, "brightness")
    assert "-2 to 2" in said(page, "brightness")
    assert field(page, "brightness").input_value() == "0", "what the board has is shown"
    field(page, "brightness").focus()
    page.keyboard.press("ArrowRight")
    confirmed(page, boards, "brightness", 1)


def test_two_visitors_do_not_disturb_each_other(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(2, fps=10, size=(320, 240))
    server = serve({}, tables(boards))
    mine = open_camera(open_page, server, "porch")
    theirs = open_camera(open_page, server, "gate")
    wait_until(lambda: [server.camera(key)["viewers"] for key in ("porch", "gate")] == [1, 1])

    mine.get_by_role("button", name="Stop", exact=True).click()
    wait_until(lambda: server.camera("porch")["viewers"] == 0, what="a stopped picture holds no stream")
    assert mine.locator("#camera").get_attribute("data-live") == "no"
    assert "stopped by you" in mine.locator("#view .notice").inner_text()
    still = pixels(mine, "#view .picture")
    assert moves(theirs, "#view .picture")
    assert (pixels(mine, "#view .picture") == still).all()
    assert server.camera("porch")["state"] == "online", "it is stopped for one visitor, and for nobody else"
    also = open_camera(open_page, server, "porch")
    wait_until(lambda: server.camera("porch")["viewers"] == 1)

    mine.reload(wait_until="domcontentloaded")
    wait_until(lambda: "stopped by you" in mine.locator("#view .notice").inner_text(), what="the tab remembers")
    assert server.camera("porch")["viewers"] == 1
    mine.keyboard.press("p")
    wait_until(lambda: moves(mine, "#view .picture"))
    wait_until(lambda: server.camera("porch")["viewers"] == 2)

    mine.locator("details[data-group=light] > summary").click()
    mine.locator("#theme").click()
    mine.reload(wait_until="domcontentloaded")
    mine.wait_for_selector("details[data-group=light][open]")
    for page in (also, theirs):
        page.reload(wait_until="domcontentloaded")
        page.wait_for_selector("details[data-group=light]:not([open])")
        assert page.locator("html").get_attribute("data-theme") == "system"
    assert mine.locator("html").get_attribute("data-theme") == "light"


def test_what_somebody_else_has_set_meanwhile_is_not_overwritten_without_a_word(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(fps=5, size=(320, 240))
    server = serve({}, tables(boards))
    page = open_camera(open_page, server)
    asked = True

    def hear_nothing(route: Route) -> None:
        """Until this visitor sends something: so that the page knows nothing newer for certain."""
        nonlocal asked
        asked = asked or route.request.method != "GET"
        route.continue_() if asked else route.abort()

    page.route("**/settings", hear_nothing)
    asked = False
    send(server, "PATCH", "porch/settings", {"quality": 20})
    field(page, "quality").focus()
    page.keyboard.press("End")
    wait_until(lambda: mark(page, "quality") == "elsewhere")
    assert "Changed elsewhere to 20. You wanted 63." in said(page, "quality")
    wait_until(lambda: value_of(boards, "quality") == 20, what="theirs is at the board")
    page.get_by_role("button", name="Set it anyway").click()
    confirmed(page, boards, "quality", 63)

    asked = False
    send(server, "PATCH", "porch/settings", {"contrast": 1})
    field(page, "brightness").focus()
    page.keyboard.press("End")
    confirmed(page, boards, "brightness", 2)
    wait_until(lambda: value_of(boards, "contrast") == 1, what="another setting is no quarrel: both hold")
    assert send(server, "PATCH", "porch/settings", {})["wanted"] == {"quality": 63, "contrast": 1, "brightness": 2}


def test_all_at_once_presets_copies_defaults_and_commands(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(2, firmware=EASYTARGET, fps=10, size=(320, 240))
    server = serve({}, tables(boards))
    page = open_camera(open_page, server)
    page.get_by_role("button", name="Night", exact=True).click()
    page.wait_for_selector("[data-preset=night][aria-current=true]")
    wanted = server.get("/api/cameras/porch/settings").json["wanted"]
    assert wanted
    wait_until(
        lambda: all(value_of(boards, name) == value for name, value in wanted.items()), what="the preset arrives"
    )

    wait_until(lambda: server.get("/api/cameras/gate/settings").json["controls"])
    page.get_by_role("button", name="Copy to other cameras").click()
    page.get_by_role("checkbox", name="gate").check()
    page.get_by_role("button", name="Copy", exact=True).click()
    wait_until(lambda: f"{len(wanted)} copied" in page.locator("dialog output").inner_text())
    wait_until(
        lambda: all(value_of(boards, name, 1) == value for name, value in wanted.items()), what="and at the other"
    )
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Save on the board").click()
    wait_until(lambda: "keeps its settings" in page.locator("#controls [data-part=said]").inner_text())
    page.get_by_role("button", name="Reset to defaults").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    wait_until(lambda: server.get("/api/cameras/porch/settings").json["wanted"] == {})
    wait_until(lambda: value_of(boards, "gainceiling") == 0)
    page.get_by_role("button", name="Reboot the board").click()
    page.get_by_role("button", name="Cancel").click()
    assert boards.boards[0].counters.reboots == 0, "it asks first"
    page.get_by_role("button", name="Reboot the board").click()
    page.get_by_role("button", name="Reboot", exact=True).click()
    wait_until(lambda: boards.boards[0].counters.reboots == 1)


def test_what_is_done_for_everyone_is_named_so_and_asks_first(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(2, fps=10, size=(320, 240))
    server = serve({}, tables(boards))
    page = open_camera(open_page, server)
    other = open_camera(open_page, server)
    page.get_by_role("button", name="Disconnect for everyone").click()
    page.get_by_role("button", name="Disconnect", exact=True).click()
    server.wait_for_state("porch", "disabled")
    wait_until(lambda: other.locator("#camera").get_attribute("data-state") == "disabled", what="all see it")
    other.get_by_role("button", name="Connect again").click()
    server.wait_for_state("porch", "online")
    wait_until(lambda: moves(page, "#view .picture"))

    page.get_by_role("button", name="Edit camera").click()
    options = page.locator("#edit select[name=firmware] option").all_inner_texts()
    assert options == list(get_args(Firmware))
    page.locator("#edit input[name=name]").fill("Front porch")
    page.locator("#edit input[name=password]").fill("secret")
    page.locator("#edit input[name=username]").fill("me")
    page.get_by_role("button", name="Save", exact=True).click()
    wait_until(
        lambda: other.locator("h1 [data-name]").inner_text() == "Front porch", what="it has another name for all"
    )
    assert server.get("/api/cameras/porch/configuration").json["has_password"]
    page.get_by_role("button", name="Edit camera").click()
    wait_until(lambda: page.locator("#edit input[name=username]").input_value() == "me")
    assert page.locator("#edit input[name=password]").input_value() == "", "a password is never shown"
    page.locator("#edit input[name=address]").fill("not a place")
    page.get_by_role("button", name="Save", exact=True).click()
    wait_until(lambda: page.locator("#edit [data-part=said]").inner_text() != "")
    page.keyboard.press("Escape")
    assert page.url.endswith("/cameras/porch"), "Escape closes the dialog, and nothing else"

    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.wait_for_url(server.url)
    wait_until(lambda: "no longer in the configuration" in other.locator("#banner").inner_text())
    assert [one["id"] for one in server.get("/api/cameras").json] == ["gate"]


def test_the_page_is_light_accessible_and_fits(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(fps=5, size=(320, 240))
    server = serve({}, tables(boards))
    page = open_page("about:blank")
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright looks at its signature
    page.goto(f"{server.url}cameras/porch", wait_until="load")
    page.wait_for_selector("[data-control]")
    weighed = [answer for answer in answers if "image/jpeg" not in answer.headers.get("content-type", "")]
    weights = {
        answer.url: len(answer.body()) for answer in weighed if "multipart" not in answer.headers["content-type"]
    }
    assert len(weights) > 25
    assert sum(weights.values()) < WEIGHT_LIMIT, weights
    open_groups(page)
    number = page.get_by_label("Brightness, as a number")
    number.fill("9")
    number.press("Enter")
    wait_until(lambda: mark(page, "brightness") == "failed")
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        assert serious_problems(page) == ""
        page.get_by_role("button", name="Edit camera").click()
        page.wait_for_selector("#edit[open]")
        assert serious_problems(page) == ""
        page.keyboard.press("Escape")
    for width, height in (PHONE, DESKTOP, TELEVISION):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"
