"""The checks of one camera, on a fake clock, with a pool that works when it is told to."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from tests.fake_clock import FakeClock

from vedette.config import Check
from vedette.hub import Engine
from vedette.hub.checks import HOLD, SAMPLE_INTERVAL, TRIAL, WAITING_LIMIT, WAITING_MOST, Arrival, Checks
from vedette.picture import Canvas, Checked
from vedette.wire.jpeg import Damage
from vedette.wire.multipart import Part

GOOD = Canvas(160, 120, (90, 120, 60)).encode(80)
CUT = GOOD[:-60] + b"\xff\xd9"  # its markers are whole; its scan is not
HEADLESS = GOOD[20:]


class HandPool(Executor):
    """Does what it was given when it is told to, in this thread."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], Any]] = []

    def submit(self, act: Callable[..., Any], /, *arguments: Any, **named: Any) -> "Future[Any]":
        self.jobs.append(lambda: act(*arguments, **named))
        return Future()

    def work(self) -> None:
        self.jobs.pop(0)()


class Rig:
    """Checks, and what they called back; parts are known by their X-Timestamp."""

    def __init__(self, clock: FakeClock, mode: Check = "full") -> None:
        self.clock = clock
        self.pool = HandPool()
        self.posted: list[Callable[[], object]] = []
        self.heard: list[tuple[str, str]] = []
        self.arrivals: list[Arrival] = []
        self.overloads: list[bool] = []
        self.checks = Checks(
            self.posted.append,
            self.pool,
            clock,
            mode,
            self._accept,
            self._refuse,
            lambda: self.overloads.append(self.checks.overloaded),
        )

    def take(self, name: str, body: bytes = GOOD) -> None:
        self.checks.take(Part(body, name))

    def work(self) -> None:
        """Let the pool do one check, and the loop hear of it."""
        self.pool.work()
        self.posted.pop(0)()

    def names(self) -> str:
        return "".join(name for name, _ in self.heard)

    def _accept(self, arrival: Arrival, checked: Checked) -> None:
        how = "unseen" if checked.info is None else "markers" if checked.gray is None else "full"
        self.arrivals.append(arrival)
        self.heard.append((arrival.part.timestamp or "", how))

    def _refuse(self, arrival: Arrival, damage: Damage, detail: str) -> None:
        assert detail
        self.arrivals.append(arrival)
        self.heard.append((arrival.part.timestamp or "", damage.value))


@pytest.fixture(autouse=True)
def _at_any_age(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still in most of these stories: what waits is late as soon as it is too much."""
    monkeypatch.setattr("vedette.hub.checks.WAITING_AGE", 0.0)


@pytest.fixture
def rig(clock: FakeClock) -> Rig:
    return Rig(clock)


# In full.


def test_a_part_is_checked_in_the_pool_and_then_handed_on(rig: Rig) -> None:
    rig.take("a")
    assert rig.heard == []
    rig.pool.work()
    assert rig.heard == []
    rig.posted.pop(0)()
    assert rig.heard == [("a", "full")]


def test_a_scan_that_does_not_decode_is_refused(rig: Rig) -> None:
    rig.take("a", CUT)
    rig.work()
    rig.take("b", HEADLESS)
    rig.work()
    assert rig.heard == [("a", "truncated"), ("b", "corrupt")]


def test_one_check_is_in_flight_and_the_order_is_kept(rig: Rig) -> None:
    rig.take("a")
    rig.take("b", CUT)
    rig.take("c")
    assert len(rig.pool.jobs) == 1
    rig.work()
    assert len(rig.pool.jobs) == 1
    rig.work()
    rig.work()
    assert rig.heard == [("a", "full"), ("b", "truncated"), ("c", "full")]


def test_an_arrival_bears_the_time_at_which_it_came_not_that_of_its_verdict(rig: Rig, clock: FakeClock) -> None:
    came = (clock.time(), clock.monotonic())
    rig.take("a")
    clock.move(0.3)
    rig.work()
    assert rig.arrivals == [Arrival(Part(GOOD, "a"), *came)]


def test_a_fault_of_our_own_lets_the_markers_decide(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: bytes) -> Checked:
        raise MemoryError

    monkeypatch.setattr("vedette.hub.checks.check", fail)
    rig.take("a")
    rig.take("b", HEADLESS)
    rig.work()
    rig.work()
    assert rig.heard == [("a", "markers"), ("b", "corrupt")]
    assert "please report it" in caplog.text


# Otherwise.


def test_with_check_markers_nothing_goes_to_the_pool(clock: FakeClock) -> None:
    rig = Rig(clock, "markers")
    rig.take("a", CUT)
    rig.take("b", HEADLESS)
    assert rig.heard == [("a", "markers"), ("b", "corrupt")]
    assert rig.pool.jobs == []


def test_with_check_off_everything_passes_as_it_came(clock: FakeClock) -> None:
    rig = Rig(clock, "off")
    rig.take("a", b"anything")
    assert rig.heard == [("a", "unseen")]
    assert rig.pool.jobs == []


def test_with_nobody_watching_one_part_a_second_is_checked_in_full(rig: Rig, clock: FakeClock) -> None:
    rig.checks.watched = False
    rig.take("a")
    rig.work()
    rig.take("b")
    clock.move(SAMPLE_INTERVAL - 0.1)
    rig.take("c", CUT)
    clock.move(0.1)
    rig.take("d", CUT)
    rig.work()
    assert rig.heard == [("a", "full"), ("b", "markers"), ("c", "markers"), ("d", "truncated")]


def test_a_sample_holds_up_those_behind_it_so_that_order_is_kept(rig: Rig) -> None:
    rig.checks.watched = False
    rig.take("a")
    rig.take("b")
    assert rig.heard == []
    rig.work()
    assert rig.heard == [("a", "full"), ("b", "markers")]


def test_from_the_moment_somebody_watches_each_part_is_checked_in_full(rig: Rig) -> None:
    rig.checks.watched = False
    rig.take("a")
    rig.work()
    rig.checks.watched = True
    for name in "bc":
        rig.take(name)
        rig.work()
    assert [how for _, how in rig.heard] == ["full"] * 3


# Overload.


def overload(rig: Rig) -> None:
    for name in "abcde"[: 2 + WAITING_LIMIT]:
        rig.take(name)


def test_one_part_too_many_lets_all_that_wait_go_by_their_markers(rig: Rig) -> None:
    rig.take("a")
    rig.take("b", HEADLESS)
    rig.take("c")
    rig.take("d")
    assert rig.heard == []
    assert not rig.checks.overloaded
    rig.take("e")
    assert rig.heard == [("a", "markers"), ("b", "corrupt"), ("c", "markers"), ("d", "markers"), ("e", "markers")]
    assert rig.overloads == [True]


def test_a_verdict_that_was_given_up_is_not_given_twice(rig: Rig) -> None:
    overload(rig)
    rig.work()
    assert rig.names() == "abcde"


def test_while_overloaded_parts_pass_at_once_and_one_a_second_is_checked_in_full(rig: Rig, clock: FakeClock) -> None:
    overload(rig)
    rig.take("f")
    clock.move(SAMPLE_INTERVAL)
    rig.take("g")  # the check that was given up is still in the pool: no second one beside it
    assert rig.names() == "abcdefg"
    rig.work()
    rig.take("h")
    assert rig.names() == "abcdefg"
    rig.work()
    rig.take("i")
    assert rig.heard[-2:] == [("h", "full"), ("i", "markers")]
    assert rig.overloads == [True]


def test_an_overload_ends_when_full_checks_were_tried_and_kept_up(rig: Rig, clock: FakeClock) -> None:
    overload(rig)
    rig.work()
    clock.move(HOLD)
    assert rig.checks.overloaded
    for name in "fg":
        rig.take(name)
        rig.work()
    assert rig.heard[-2:] == [("f", "full"), ("g", "full")]
    clock.move(TRIAL)
    assert rig.overloads == [True, False]


def test_an_overload_goes_on_when_full_checks_do_not_keep_up_yet(rig: Rig, clock: FakeClock) -> None:
    overload(rig)
    rig.work()
    clock.move(HOLD)
    overload(rig)
    assert rig.names() == "abcdeabcde"
    clock.move(TRIAL)
    assert rig.overloads == [True]
    rig.work()
    clock.move(HOLD)
    assert rig.overloads == [True, False]


def test_a_trial_waits_for_the_check_that_was_given_up(rig: Rig, clock: FakeClock) -> None:
    overload(rig)
    clock.move(HOLD)
    rig.take("f")
    assert len(rig.pool.jobs) == 1
    rig.work()
    rig.work()
    assert rig.heard[-1] == ("f", "full")


# Ends.


def test_no_verdict_of_before_a_restart_comes_after_it(rig: Rig) -> None:
    rig.take("a")
    rig.take("b")
    rig.checks.restart()
    rig.take("c")
    assert len(rig.pool.jobs) == 1  # one at a time, even then
    rig.work()
    rig.work()
    assert rig.heard == [("c", "full")]
    assert rig.pool.jobs == []


def test_a_restart_out_of_a_verdict_forgets_what_waits(clock: FakeClock) -> None:
    rig = Rig(clock)
    rig.take("a", HEADLESS)
    rig.take("b")
    rig.checks._refuse = lambda *_: rig.checks.restart()
    rig.work()
    assert rig.heard == []
    assert rig.pool.jobs == []


def test_after_the_end_nothing_is_called_back(rig: Rig, clock: FakeClock) -> None:
    overload(rig)
    rig.heard.clear()
    rig.checks.stop()
    rig.work()
    clock.move(HOLD + TRIAL)
    assert rig.heard == []
    assert rig.overloads == [True]
    assert clock.pending() == 0


# On the real things.


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_a_thousand_parts_come_through_in_order(engine: Engine, pool: ThreadPoolExecutor, clock: FakeClock) -> None:
    count = 1000
    heard: list[str | None] = []
    done = Event()

    def accept(arrival: Arrival, _: Checked) -> None:
        heard.append(arrival.part.timestamp)
        send()

    def refuse(arrival: Arrival, _damage: Damage, _detail: str) -> None:
        heard.append(f"-{arrival.part.timestamp}")
        send()

    def send() -> None:
        sent = len(heard)
        if sent == count:
            done.set()
        else:
            checks.take(Part(GOOD if sent % 10 else CUT, str(sent)))

    checks = Checks(engine.post, pool, clock, "full", accept, refuse)
    engine.post(send)
    assert done.wait(60)
    assert heard == [str(number) if number % 10 else f"-{number}" for number in range(count)]


def test_several_parts_that_come_at_once_are_no_overload(
    rig: Rig, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vedette.hub.checks.WAITING_AGE", 0.12)
    for name in "abcdefgh":
        rig.take(name)
    assert not rig.checks.overloaded
    for _ in range(8):
        rig.work()
    assert rig.names() == "abcdefgh"
    assert {how for _, how in rig.heard} == {"full"}
    for name in "ijkl":
        rig.take(name)
    clock.move(0.2)
    rig.take("m")
    assert rig.checks.overloaded


def test_no_more_than_so_many_wait_however_young(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vedette.hub.checks.WAITING_AGE", 1000.0)
    for number in range(WAITING_MOST + 2):
        rig.take(str(number))
    assert rig.checks.overloaded
