import threading
from concurrent.futures import ThreadPoolExecutor

from tests.fake_clock import FakeClock

from vedette.errors import Reason
from vedette.hub import Engine, Health, State
from vedette.live import Placeholders
from vedette.live.picture import Picture
from vedette.live.placeholder import draw
from vedette.wire.jpeg import inspect


def test_it_is_a_jpeg_whatever_the_name_and_the_explanation() -> None:
    for name, explanation in (("Front porch", None), ("Hütte 日本", "Nothing answers. " * 60), ("x" * 300, "")):
        info = inspect(draw(name, "offline", explanation))
        assert (info.width, info.height) == (640, 480)


def test_it_says_another_thing_for_another_state() -> None:
    assert draw("Gate", "offline", "refused") != draw("Gate", "connecting", None)


def test_one_picture_is_drawn_for_all_who_wait_and_kept(engine: Engine, clock: FakeClock) -> None:
    health = Health(State.OFFLINE, 0.0, Reason.REFUSED, "It is starting.")
    got: list[Picture] = []
    all_there = threading.Event()

    def offer(picture: Picture) -> None:
        got.append(picture)
        if len(got) == 2:
            all_there.set()

    with ThreadPoolExecutor(1) as pool:
        placeholders = Placeholders(engine, pool, clock)
        for _ in range(2):
            engine.call(lambda: placeholders.show("Gate", health, offer))
        assert all_there.wait(20)
        engine.call(lambda: placeholders.show("Gate", health, got.append))
    assert len(got) == 3, "the third was there at once"
    assert len({picture.plain for picture in got}) == 1
    assert b"X-Vedette-State: offline" in got[0].plain
