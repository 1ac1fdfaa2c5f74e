from collections.abc import Callable

import pytest
from tests.fake_clock import FakeClock

from vedette.hub import Health, Hub, Slot, State
from vedette.live.news import Description, News, Report


class StillCamera:
    """What the news see of a camera."""

    def __init__(self, camera_id: str) -> None:
        self.id = camera_id
        self.slot = Slot()
        self.health = Health(State.CONNECTING, 0.0)


class Listener:
    def __init__(self) -> None:
        self.heard: list[Report] = []

    def hear(self, report: Report) -> None:
        self.heard.append(report)


@pytest.fixture
def hub() -> Hub:
    return Hub(StillCamera(f"c{number}") for number in range(3))  # type: ignore[misc]  # it keeps them, and no more


@pytest.fixture
def news(hub: Hub, clock: FakeClock) -> News:
    def describe() -> list[Description]:
        return [Description(camera.id, camera.id, camera.health) for camera in hub.cameras.values()]

    return News(hub, clock, describe)


@pytest.fixture
def become(hub: Hub, clock: FakeClock) -> Callable[[str, State], None]:
    def change(camera_id: str, state: State) -> None:
        camera = hub.cameras[camera_id]
        camera.health = Health(state, clock.time())
        camera.slot.publish_health(camera.health)

    return change


def test_who_joins_is_told_at_once_how_all_cameras_are(news: News) -> None:
    report = news.join(Listener())
    assert list(report.texts) == ["c0", "c1", "c2"]


def test_changes_of_one_moment_are_told_together_within_a_tenth_of_a_second(
    news: News, clock: FakeClock, become: Callable[[str, State], None]
) -> None:
    listener = Listener()
    news.join(listener)
    become("c2", State.OFFLINE)
    become("c0", State.ONLINE)
    assert news.is_untold("c2")
    assert not news.is_untold("c1")
    clock.move(0.1)
    assert [report.changed for report in listener.heard] == [{"c0", "c2"}]
    assert not news.is_untold("c2")


def test_figures_come_every_two_seconds_and_every_report_has_a_greater_number(news: News, clock: FakeClock) -> None:
    listener = Listener()
    first = news.join(listener)
    clock.move(6)
    assert len(listener.heard) == 3
    numbers = [first.number, *(report.number for report in listener.heard)]
    assert numbers == sorted(set(numbers))


def test_all_listeners_get_the_same_report_once(news: News, clock: FakeClock) -> None:
    one, other = Listener(), Listener()
    news.join(one)
    news.join(one)
    news.join(other)
    clock.move(2)
    assert one.heard == other.heard
    assert len(one.heard) == 1
    assert one.heard[0] is other.heard[0]


def test_nothing_is_described_while_nobody_listens(
    hub: Hub, clock: FakeClock, become: Callable[[str, State], None]
) -> None:
    described = []

    def describe() -> list[Description]:
        described.append(clock.monotonic())
        return []

    news = News(hub, clock, describe)
    become("c0", State.ONLINE)
    clock.move(10)
    assert described == []
    listener = Listener()
    news.join(listener)
    news.leave(listener)
    clock.move(10)
    assert len(described) == 1
    assert clock.pending() == 0


def test_who_has_stopped_says_no_more(news: News, clock: FakeClock) -> None:
    listener = Listener()
    news.join(listener)
    news.stop()
    clock.move(10)
    assert listener.heard == []


def test_a_camera_that_was_added_is_heard_of_and_one_that_was_removed_is_not(
    hub: Hub, news: News, clock: FakeClock, become: Callable[[str, State], None]
) -> None:
    listener = Listener()
    news.join(listener)
    old, new = hub.cameras["c1"], StillCamera("new")
    hub.arrange([*(camera for camera in hub.cameras.values() if camera is not old), new])  # type: ignore[list-item]
    news.remove(old)
    news.add(new)  # type: ignore[arg-type]
    news.tell_now()
    assert listener.heard[-1].ids == ("c0", "c2", "new")
    old.slot.publish_health(Health(State.OFFLINE, clock.time()))
    assert not news.is_untold("c1")
    become("new", State.OFFLINE)
    clock.move(0.1)
    assert listener.heard[-1].changed == {"new"}
