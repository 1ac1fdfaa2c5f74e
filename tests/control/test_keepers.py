import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.fake_clock import FakeClock

from vedette.boards import FIRMWARES
from vedette.control import Keepers
from vedette.errors import RequestError
from vedette.hub import Health, Orientation, Slot, State
from vedette.hub.controlport import ControlPort
from vedette.sources import Answer
from vedette.wire.http import ResponseHead

STATUS = b'{"0xd3":0,"xclk":20,"pixformat":4,"framesize":1,"quality":12}'


class Camera:
    def __init__(self, camera_id: str) -> None:
        self.id = camera_id
        self.host = "192.168.0.123"
        self.slot = Slot()
        self.health = Health(State.CONNECTING, 0.0)
        self.on_status: Callable[[], None] | None = None
        self.orientation = Orientation()
        self.asked: list[str] = []
        self.port = ControlPort("192.168.0.123", None, self._fetch, FakeClock())
        self.port.know(FIRMWARES["cameraserver"])
        self.port.on_status = lambda: self.on_status and self.on_status()

    def sensor_flips(self, names: frozenset[str]) -> None:
        assert not names

    async def _fetch(self, url: str, **_options: object) -> Answer:
        self.asked.append(url)
        return Answer(ResponseHead(200, {}), STATUS)

    async def connect(self) -> None:
        self.health = Health(State.ONLINE, 0.0)
        self.slot.publish_health(self.health)
        await self.port.ask()
        for _ in range(20):
            await asyncio.sleep(0)


def play(story: Callable[[Keepers], Awaitable[None]]) -> None:
    async def whole() -> None:
        keepers = Keepers(FakeClock())
        await story(keepers)
        await keepers.stop()

    asyncio.run(whole())


def test_a_camera_that_nobody_keeps_is_unknown():
    async def story(keepers):
        for ask in (keepers.settings, lambda key: keepers.checked(key, {}), keepers.reset):
            with pytest.raises(RequestError) as error:
                ask("porch")
            assert error.value.status == 404
        await keepers.remove("porch")

    play(story)


def test_each_camera_has_its_own_settings():
    async def story(keepers):
        keepers.add(Camera("porch"), {"quality": 10})
        keepers.add(Camera("gate"), {"quality": 20})
        assert keepers.settings("porch").wanted == {"quality": 10}
        keepers.want("porch", {"contrast": 1})
        assert keepers.settings("porch").wanted == {"contrast": 1}
        assert keepers.settings("gate").wanted == {"quality": 20}

    play(story)


def test_a_snapshot_does_not_change():
    async def story(keepers):
        keepers.add(Camera("porch"), {"quality": 10})
        before = keepers.settings("porch")
        keepers.want("porch", {})
        assert before.wanted == {"quality": 10}
        with pytest.raises(TypeError):
            before.wanted["quality"] = 11

    play(story)


def test_changes_are_checked_against_what_is_known_of_the_board():
    async def story(keepers):
        camera = Camera("porch")
        keepers.add(camera, {})
        assert keepers.checked("porch", {"gainceiling": 400}) == {"gainceiling": 400}, "some boards take it"
        await camera.connect()
        assert keepers.checked("porch", {"quality": 10}) == {"quality": 10}
        with pytest.raises(RequestError):
            keepers.checked("porch", {"gainceiling": 400})
        with pytest.raises(RequestError):
            keepers.checked("porch", {"contrast": 1})  # this status has none

    play(story)


def test_settings_of_a_camera_that_is_about_to_be_added_are_checked_against_what_some_board_takes():
    keepers = Keepers(FakeClock())
    settings = {"gainceiling": 400, "hmirror": 1, "resolution": " 800 X 600", "quality": None}
    assert keepers.checked_new(settings) == {"gainceiling": 400, "hmirror": True, "resolution": "800x600"}
    for wrong, code in (({"quality": 64}, "setting_out_of_range"), ({"qualty": 4}, "setting_unknown")):
        with pytest.raises(RequestError) as error:
            keepers.checked_new(wrong)
        assert (error.value.status, error.value.code, error.value.field) == (422, code, *wrong)


def test_a_camera_that_comes_back_is_remembered():
    async def story(keepers):
        camera = Camera("porch")
        keepers.add(camera, {})
        await camera.connect()
        eras = keepers._knowledge["porch", "192.168.0.123"].eras
        await keepers.remove("porch")
        assert camera.on_status is None
        keepers.add(Camera("porch"), {})
        assert keepers._knowledge["porch", "192.168.0.123"].eras is eras

    play(story)


def test_a_camera_that_is_kept_no_longer_is_left_alone():
    async def story(keepers):
        camera = Camera("porch")
        keepers.add(camera, {"quality": 20})
        await keepers.remove("porch")
        await camera.connect()
        assert camera.asked == ["http://192.168.0.123/status"]

    play(story)


def test_what_was_learnt_of_a_board_is_not_believed_of_another_one_under_the_same_id():
    async def story(keepers):
        camera = Camera("porch")
        keepers.add(camera, {})
        await camera.connect()
        known = keepers._keepers["porch"]._knowledge
        await keepers.renew(camera, {"quality": 20})
        assert keepers._keepers["porch"]._knowledge is known
        assert keepers.settings("porch").wanted == {"quality": 20}
        camera.host = "192.168.0.124"
        await keepers.renew(camera, {})
        assert keepers._keepers["porch"]._knowledge is not known

    play(story)
