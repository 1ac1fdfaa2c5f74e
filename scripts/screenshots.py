"""Take the screenshots in docs/img from a demonstration; look at them whenever a page changes.

python scripts/screenshots.py                 # all of them
python scripts/screenshots.py wall.png        # these alone
"""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "img"
DESK, PHONE, TELEVISION = (1280, 800), (360, 740), (3840, 2160)
FAULTY = (
    ("wall.png", "", DESK, "dark"),
    ("wall-light.png", "", DESK, "light"),
    ("wall-phone.png", "", PHONE, "dark"),
    ("wall-large.png", "?layout=large", DESK, "dark"),
    ("camera.png", "cameras/gate", DESK, "dark"),
    ("camera-phone.png", "cameras/gate", PHONE, "light"),
    ("cameras.png", "cameras", DESK, "dark"),
    ("cameras-phone.png", "cameras", PHONE, "light"),
    ("health.png", "health", (1280, 900), "dark"),
    ("health-light.png", "health", (1280, 900), "light"),
    ("health-phone.png", "health", PHONE, "dark"),
    ("health-tv.png", "health", TELEVISION, "dark"),
)
WALLS = {count: f"wall-{count}.png" for count in (1, 4, 9, 36)}
WITHOUT_STREAMS = ("cameras", "health")
AWAY = "away.jpg"  # what a viewer of the stream is shown
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def shoot(browser: Browser, name: str, url: str, size: tuple[int, int], theme: str) -> None:
    """One page in one size and theme, once its pictures have had time to move."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if theme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(url, wait_until="domcontentloaded")
    if path_of(url) not in WITHOUT_STREAMS:
        page.wait_for_selector("[data-live=yes]")
    time.sleep(6)
    if name == "wall.png":
        page.wait_for_selector(".tile[data-state=offline]", timeout=120_000)  # one is away, and says so
    page.screenshot(path=IMAGES / name)
    context.close()


def path_of(url: str) -> str:
    """What stands behind the server's address."""
    return url.split("/", 3)[3]


def catch_away(url: str) -> None:
    """The first picture of any camera's stream that is not live."""
    with urllib.request.urlopen(url + "cameras/front-porch/stream.mjpg", timeout=90) as stream:
        while True:
            head: dict[str, str] = {}
            while line := stream.readline().decode().strip():
                name, _, value = line.partition(": ")
                head[name] = value
            if not head:
                continue
            body = stream.read(int(head["Content-Length"]))
            if head["X-Vedette-State"] == "offline":
                (IMAGES / AWAY).write_bytes(body)
                return


@contextmanager
def demonstration(*options: str) -> Iterator[str]:
    """A running demonstration; gives its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    command: list[str | Path] = [Path(sys.executable).with_name("vedette"), "demo", "--port", str(port), *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as demo:
        try:
            wait_for(url)
            yield url
        finally:
            demo.terminate()


def wait_for(url: str) -> None:
    """Until the server answers."""
    for _ in range(100):
        time.sleep(0.2)
        try:
            urllib.request.urlopen(url + "readyz", timeout=2).close()
        except OSError:
            continue
        return


def main() -> None:
    """Start demonstrations, the first with trouble, and take all shots of them, or those named on the command line."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    chosen = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        shots = [shot for shot in FAULTY if not chosen or shot[0] in chosen]
        if shots or AWAY in chosen:
            with demonstration("--cameras", "6", "--faults") as url:
                time.sleep(12)  # so that a board is away in the first picture
                for name, path, size, theme in shots:
                    shoot(browser, name, url + path, size, theme)
                if not chosen or AWAY in chosen:
                    catch_away(url)
        for count, name in WALLS.items():
            if not chosen or name in chosen:
                with demonstration("--cameras", str(count)) as url:
                    shoot(browser, name, url, (1920, 1080) if count > 9 else DESK, "dark")
        browser.close()


if __name__ == "__main__":
    main()
