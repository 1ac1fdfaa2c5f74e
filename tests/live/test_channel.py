from collections.abc import Callable
from typing import Any

from tests.fake_clock import FakeClock

from vedette.errors import Reason
from vedette.hub import State
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


def test_while_the_camera_is_away_its_last_picture_comes_every_second_dimmed(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send, clock: FakeClock, away: Any
) -> None:
    become(State.ONLINE)
    frame = send(b"last")
    viewer = make_viewer()
    channel.join(viewer)
    become(State.OFFLINE, Reason.STALLED)
    assert viewer.states == ["online", "offline"], "said at once"
    clock.move(10)
    assert len(viewer.pictures) == 12
    assert viewer.bodies == [b"last", *[b"last, dim: Front porch offline stalled"] * 11]
    assert all(f"X-Timestamp: {frame.timestamp:.6f}".encode() in picture.plain for picture in viewer.pictures)
    assert away.drawn == 1
    become(State.ONLINE)
    send(b"new")
    assert viewer.bodies[-1] == b"new"
    clock.move(10)
    assert viewer.bodies.count(b"new") == 1, "no repetition while it is online"
    assert clock.pending() == 0


def test_a_stale_camera_is_dimmed_too(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send, clock: FakeClock
) -> None:
    become(State.ONLINE)
    send(b"last")
    viewer = make_viewer()
    channel.join(viewer)
    become(State.STALE, Reason.STALLED)
    clock.move(1)
    become(State.OFFLINE, Reason.REFUSED)
    assert viewer.states == ["online", "stale", "stale", "offline"]
    assert viewer.bodies[-1] == b"last, dim: Front porch offline refused"


def test_one_picture_is_drawn_for_all_and_for_who_comes_later(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send, away: Any
) -> None:
    become(State.ONLINE)
    send(b"last")
    first, second, third = make_viewer(), make_viewer(), make_viewer()
    channel.join(first)
    become(State.OFFLINE, Reason.REFUSED)
    channel.join(second)
    channel.join(third)
    assert first.pictures[-1] is second.pictures[-1] is third.pictures[-1]
    assert len(third.pictures) == 1
    assert away.drawn == 1


def test_until_it_is_drawn_nothing_is_shown_that_looks_live(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send, clock: FakeClock, away: Any
) -> None:
    become(State.ONLINE)
    send(b"last")
    there, late = make_viewer(), make_viewer()
    channel.join(there)
    away.at_once = False
    become(State.OFFLINE, Reason.REFUSED)
    channel.join(late)
    clock.move(3)
    assert there.bodies == [b"last"]
    assert late.bodies == []
    away.finish()
    assert there.bodies[1:] == late.bodies == [b"last, dim: Front porch offline refused"]
    assert away.drawn == 1


def test_a_picture_that_is_drawn_too_late_is_never_shown_over_a_live_one(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send, clock: FakeClock, away: Any
) -> None:
    become(State.ONLINE)
    send(b"last")
    viewer = make_viewer()
    channel.join(viewer)
    away.at_once = False
    become(State.OFFLINE, Reason.REFUSED)
    become(State.ONLINE)
    send(b"new")
    away.finish()
    clock.move(5)
    assert viewer.bodies == [b"last", b"new"]
    become(State.OFFLINE, Reason.REFUSED)
    away.finish()
    assert viewer.bodies[2:] == [b"new, dim: Front porch offline refused"]


def test_one_that_is_drawn_of_an_older_outage_is_not_shown_in_a_later_one(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send, away: Any
) -> None:
    become(State.ONLINE)
    send(b"old")
    viewer = make_viewer()
    channel.join(viewer)
    away.at_once = False
    become(State.OFFLINE, Reason.REFUSED)
    become(State.ONLINE)
    send(b"new")
    become(State.OFFLINE, Reason.REFUSED)
    away.finish()
    assert viewer.bodies == [b"old", b"new", b"new, dim: Front porch offline refused"]


def test_one_that_comes_while_the_camera_is_away_is_served_every_second_too(
    channel: Channel, make_viewer: MakeViewer, become: Become, clock: FakeClock
) -> None:
    become(State.OFFLINE, Reason.REFUSED)
    viewer = make_viewer()
    channel.join(viewer)
    clock.move(3)
    assert viewer.bodies == [b"nothing, dim: Front porch offline refused"] * 4
    assert viewer.states == ["offline"] * 4


def test_nothing_is_drawn_for_nobody(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send, clock: FakeClock, away: Any
) -> None:
    become(State.ONLINE)
    send(b"last")
    viewer = make_viewer()
    channel.join(viewer)
    channel.leave(viewer)
    become(State.OFFLINE, Reason.REFUSED)
    clock.move(5)
    assert away.drawn == 0


def test_nobody_looking_costs_no_timer(
    channel: Channel, make_viewer: MakeViewer, become: Become, camera: Any, clock: FakeClock
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
    assert viewer.bodies[0].startswith(b"nothing, dim: Front porch connecting")
    assert viewer.bodies[-1] == b"nothing, dim: Front porch offline slot_busy"


def test_the_camera_is_attended_from_the_first_viewer_to_the_last(
    channel: Channel, make_viewer: MakeViewer, camera: Any
) -> None:
    first, second = make_viewer(), make_viewer()
    channel.join(first)
    channel.join(second)
    channel.leave(first)
    channel.leave(first)
    assert camera.attended == [True]
    channel.leave(second)
    channel.leave(second)
    assert camera.attended == [True, False]
    channel.join(first)
    assert camera.attended == [True, False, True]


def test_a_frame_that_nobody_has_checked_in_full_is_not_shown_to_who_comes(
    channel: Channel, camera: Any, make_viewer: MakeViewer, become: Become, send: Send
) -> None:
    become(State.ONLINE)
    send(b"unchecked")
    camera.unchecked = True
    viewer = make_viewer()
    channel.join(viewer)
    assert viewer.bodies == []
    send(b"checked")
    assert viewer.bodies == [b"checked"]


def test_when_the_camera_is_no_more_all_viewers_are_ended_and_so_is_one_that_comes_too_late(
    channel: Channel, make_viewer: MakeViewer, become: Become, send: Send
) -> None:
    become(State.ONLINE)
    early, late = make_viewer(), make_viewer()
    channel.join(early)
    channel.close()
    channel.join(late)
    send(b"one")
    assert (early.ended, late.ended) == (True, True)
    assert early.bodies == late.bodies == []
