from collections.abc import Callable

import pytest
from tests.fake_clock import FakeClock
from tests.store.harness import HandCamera, eventually

from vedette.errors import Reason
from vedette.hub import State
from vedette.store import CameraHistory, Period, Store
from vedette.store.tables import outages

Open = Callable[[], Store]
MakeCamera = Callable[[str], HandCamera]


def day_of(store: Store, camera: str) -> CameraHistory:
    return next(store.history.cameras([camera], Period.DAY, store.history.now()))


def test_outages_are_kept_from_beginning_to_end(open_store: Open, make_camera: MakeCamera, clock: FakeClock) -> None:
    store, porch, gate = open_store(), make_camera("porch"), make_camera("gate")
    chronicle = store.chronicle([porch, gate])
    chronicle.start()
    began = clock.time()
    porch.become(State.OFFLINE, Reason.REFUSED, "It is starting.")  # away from the start, never online
    clock.move(5)
    gate.become(State.ONLINE)
    clock.move(15)
    porch.become(State.ONLINE)
    clock.move(10)
    gate.become(State.STALE, Reason.STALLED, "Pictures stopped.")
    clock.move(30)
    chronicle.stop()
    gate.become(State.ONLINE)  # too late: the books are closed
    store.close()
    assert [tuple(outage) for outage in open_store().history.outages(10)] == [
        ("gate", began + 30, began + 60, "stalled", "Pictures stopped."),
        ("porch", began, began + 20, "refused", "It is starting."),
    ]


def test_a_day_is_counted_to_the_second(open_store: Open, make_camera: MakeCamera, clock: FakeClock) -> None:
    store, porch = open_store(), make_camera("porch")
    clock.move(300 - clock.time() % 300)  # to the start of a bucket
    chronicle = store.chronicle([porch])
    chronicle.start()
    porch.become(State.ONLINE)
    porch.age = 0.04
    porch.frames = 1
    clock.move(203)
    porch.frames, porch.rejected = 2030, 70
    porch.become(State.OFFLINE, Reason.STALLED)
    porch.age = 1000.0
    clock.move(97)
    clock.move(3)
    chronicle.stop()
    store.close()
    day = day_of(open_store(), "porch")
    sample, newest = day.samples[-2:]
    assert (sample.rejected, sample.fps) == (70, 10.0)
    assert sample.online == 203 / 300
    assert newest.online == 0.0
    assert newest.fps == 0.0
    assert day.uptime == 203 / 303
    assert day.frame_age_s == pytest.approx(0.04)  # an age without end, of a camera that is away, says nothing
    assert day.reject_rate == 70 / 2100
    assert all(older[1:] == (None,) * 4 for older in day.samples[:-2])


def test_what_is_lost_by_a_kill_is_a_minute_at_most(
    open_store: Open, make_camera: MakeCamera, clock: FakeClock
) -> None:
    store, porch = open_store(), make_camera("porch")
    clock.move(300 - clock.time() % 300)
    chronicle = store.chronicle([porch])
    chronicle.start()
    porch.become(State.ONLINE)
    clock.move(119)
    store.close()  # and the chronicle was never stopped
    assert day_of(open_store(), "porch").samples[-1].online == 1.0


def test_a_bucket_goes_on_after_a_restart_and_the_time_between_is_unknown(
    open_store: Open, make_camera: MakeCamera, clock: FakeClock
) -> None:
    clock.move(300 - clock.time() % 300)
    for state in (State.ONLINE, State.OFFLINE):
        store, porch = open_store(), make_camera("porch")
        chronicle = store.chronicle([porch])
        chronicle.start()
        porch.become(state)
        clock.move(60)
        chronicle.stop()
        store.close()
        clock.move(60)
    day = day_of(open_store(), "porch")
    assert day.samples[-1].online == 0.5
    assert day.uptime == 0.5


def test_old_history_is_deleted_every_day(open_store: Open, make_camera: MakeCamera, clock: FakeClock) -> None:
    def away(days: float) -> dict[str, object]:
        start = clock.time() - days * 86400
        return {"camera": "porch", "start": start, "end": start + 1, "reason": None, "explanation": None}

    first = open_store()
    first.writer.put(outages, [away(days) for days in (800, 399.5, 399, 398)])
    first.close()
    store = open_store()
    store.chronicle([make_camera("porch")]).start()
    clock.move(120)
    eventually(lambda: len(store.history.outages(10)) == 3)
    clock.move(86400)
    eventually(lambda: len(store.history.outages(10)) == 1)


def test_five_hundred_cameras_that_go_and_come_at_once_are_all_kept(
    open_store: Open, make_camera: MakeCamera, clock: FakeClock
) -> None:
    store, cameras = open_store(), [make_camera(f"camera-{number}") for number in range(500)]
    chronicle = store.chronicle(cameras)
    chronicle.start()
    for state in (State.ONLINE, State.OFFLINE, State.ONLINE):
        for camera in cameras:
            camera.become(state, Reason.UNREACHABLE if state is State.OFFLINE else None)
        clock.move(10)
    chronicle.stop()
    store.close()
    assert store.writer.lost == 0
    found = open_store().history.outages(1000)
    assert len(found) == 500
    assert {(outage.end or 0) - outage.start for outage in found} == {10.0}


def test_a_camera_that_is_added_later_is_kept_and_what_was_of_a_removed_one_stays(
    open_store: Open, make_camera: MakeCamera, clock: FakeClock
) -> None:
    store, porch, gate = open_store(), make_camera("porch"), make_camera("gate")
    chronicle = store.chronicle([porch])
    chronicle.start()
    clock.move(5)
    chronicle.add(gate)
    began = clock.time()
    for camera in (porch, gate):
        camera.become(State.OFFLINE, Reason.REFUSED)
    clock.move(30)
    chronicle.remove(porch)
    clock.move(30)
    porch.become(State.ONLINE)  # nobody listens any more
    gate.become(State.ONLINE)
    clock.move(10)
    chronicle.stop()
    store.close()
    history = open_store().history
    assert {(outage.camera, outage.start, outage.end) for outage in history.outages(10)} == {
        ("porch", began, began + 30),
        ("gate", began, began + 60),
    }
