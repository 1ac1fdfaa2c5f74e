from collections.abc import Callable
from typing import Any

from tests.fake_clock import FakeClock

from vedette.errors import Reason
from vedette.hub import Camera, State
from vedette.live.channel import Channel

Send = Callable[[bytes], Any]
Become = Callable[..., None]
MakeViewer = Callable[[], Any]


def test_every_viewer_is_offered_the_same_part_made_once(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send
) -> None:
    become(State.ONLINE)
    first, second = make_viewer(), make_viewer()
    channel.join(first)
    channel.join(second)
    send(b"one")
    assert first.pictures[-1] is second.pictures[-1]
    assert first.pictures[-1].plain is second.pictures[-1].plain


def test_a_new_viewer_sees_the_newest_picture_at_once(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send
) -> None:
    become(State.ONLINE)
    frame = send(b"one")
    viewer = make_viewer()
    channel.join(viewer)
    assert viewer.bodies == [b"one"]
    assert f"X-Timestamp: {frame.timestamp:.6f}".encode() in viewer.pictures[0].plain


def test_a_viewer_that_has_left_is_offered_nothing_more(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send
) -> None:
    become(State.ONLINE)
    viewer = make_viewer()
    channel.join(viewer)
    channel.leave(viewer)
    channel.leave(viewer)
    seen = len(viewer.pictures)
    send(b"one")
    assert len(viewer.pictures) == seen
    assert channel.viewers == ()


def test_while_the_camera_is_away_its_last_picture_comes_every_second(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send, clock: FakeClock
) -> None:
    become(State.ONLINE)
    frame = send(b"last")
    viewer = make_viewer()
    channel.join(viewer)
    become(State.OFFLINE, Reason.STALLED)
    assert viewer.states == ["online", "offline"], "said at once"
    clock.move(10)
    assert len(viewer.pictures) == 12
    assert set(viewer.bodies) == {b"last"}
    assert all(f"X-Timestamp: {frame.timestamp:.6f}".encode() in picture.plain for picture in viewer.pictures)
    become(State.ONLINE)
    send(b"new")
    assert viewer.bodies[-1] == b"new"
    clock.move(10)
    assert viewer.bodies.count(b"new") == 1, "no repetition while it is online"
    assert clock.pending() == 0


def test_one_that_comes_while_the_camera_is_away_is_served_every_second_too(
    channel: Channel, make_viewer: MakeViewer, become: Become, clock: FakeClock
) -> None:
    become(State.OFFLINE, Reason.REFUSED)
    viewer = make_viewer()
    channel.join(viewer)
    clock.move(3)
    assert viewer.bodies == [b"Front porch: refused"] * 4
    assert viewer.states == ["offline"] * 4


def test_nobody_looking_costs_no_timer(
    channel: Channel, make_viewer: MakeViewer, become: Become, camera: Camera, clock: FakeClock
) -> None:
    become(State.OFFLINE, Reason.REFUSED)
    assert clock.pending() == 0
    viewer = make_viewer()
    channel.join(viewer)
    channel.leave(viewer)
    clock.move(2)
    assert clock.pending() == 0
    assert camera.health.state is State.OFFLINE


def test_a_placeholder_follows_the_reason(
    channel: Channel, make_viewer: MakeViewer, become: Become, clock: FakeClock
) -> None:
    viewer = make_viewer()
    channel.join(viewer)
    become(State.OFFLINE, Reason.REFUSED)
    clock.move(1)
    become(State.OFFLINE, Reason.SLOT_BUSY)
    assert viewer.bodies[0] == b"Front porch: connecting"
    assert viewer.bodies[-1] == b"Front porch: slot_busy"
