"""Take the screenshots in docs/img from a demonstration; look at them whenever a page changes.

python scripts/screenshots.py
"""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "img"
SHOTS = (
    ("wall.png", "", (1280, 800), "dark"),
    ("wall-light.png", "", (1280, 800), "light"),
    ("wall-phone.png", "", (360, 740), "dark"),
    ("camera.png", "cameras/gate", (1280, 800), "dark"),
    ("camera-phone.png", "cameras/gate", (360, 740), "light"),
    ("cameras.png", "cameras", (1280, 800), "dark"),
    ("cameras-phone.png", "cameras", (360, 740), "light"),
    ("health.png", "health", (1280, 900), "dark"),
    ("health-light.png", "health", (1280, 900), "light"),
    ("health-phone.png", "health", (360, 740), "dark"),
    ("health-tv.png", "health", (3840, 2160), "dark"),
)
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


def main() -> None:
    """Start a demonstration with trouble, and take all shots of it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    vedette = Path(sys.executable).with_name("vedette")
    command: list[str | Path] = [vedette, "demo", "--cameras", "6", "--faults", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as demo, sync_playwright() as playwright:
        for _ in range(100):
            time.sleep(0.2)
            try:
                urllib.request.urlopen(url + "readyz", timeout=2).close()
                break
            except OSError:
                continue
        time.sleep(12)  # so that a board is away in the first picture
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for name, path, size, theme in SHOTS:
            shoot(browser, name, url + path, size, theme)
        browser.close()
        catch_away(url)
        demo.terminate()


if __name__ == "__main__":
    main()
