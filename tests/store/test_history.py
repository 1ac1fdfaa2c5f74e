from collections.abc import Callable

import pytest
from sqlalchemy import event
from tests.fake_clock import FakeClock

from vedette.store import Database, History, Period
from vedette.store.tables import health_samples, outages

Keep = Callable[..., None]
NOW = 1_700_001_000.0  # what the fake clock begins with


@pytest.fixture
def keep(database: Database) -> Keep:
    """Write a sample that begins so many seconds before the bucket at hand."""

    def write(camera: str, ago: int, online: float = 300.0, away: float = 0.0, **values: float | None) -> None:
        row = {
            "camera": camera,
            "start": int(NOW // 300 * 300) - ago,
            "seconds_online": online,
            "seconds_away": away,
            "frames": 0,
            "rejected": 0,
            "frame_age_mean": None,
            "frame_age_max": None,
        }
        with database.writing() as connection:
            connection.execute(health_samples.insert().values(row | values))

    return write


@pytest.fixture
def keep_outage(database: Database) -> Keep:
    def write(camera: str, start: float, end: float | None) -> None:
        with database.writing() as connection:
            connection.execute(outages.insert().values(camera=camera, start=start, end=end, reason="stalled"))

    return write


def test_a_period_is_whole_steps_and_the_last_is_under_way() -> None:
    for period, count in ((Period.DAY, 288), (Period.WEEK, 336)):
        begin, end = period.span(NOW)
        assert begin % period.step == 0
        assert end - period.step <= NOW < end
        assert (end - begin) // period.step == count
        assert period.span(end - 1) == (begin, end)
        assert period.span(end)[1] == end + period.step


def test_nothing_known_is_null_and_not_nought(history: History) -> None:
    (porch,) = history.cameras(["porch"], Period.DAY, NOW)
    assert (porch.uptime, porch.frame_age_s, porch.reject_rate, porch.outages) == (None, None, None, [])
    assert len(porch.samples) == 288
    assert all(sample[1:] == (None,) * 4 for sample in porch.samples)


def test_a_day_has_each_sample_at_its_time_and_gaps_between(history: History, keep: Keep) -> None:
    keep("porch", 0, online=60.0, frames=600, frame_age_mean=0.05)
    keep("porch", 900, online=150.0, away=150.0, frames=1500, rejected=500, frame_age_mean=0.1)
    keep("porch", 1200, online=0.0, away=300.0)
    keep("porch", 86400, online=300.0)  # a day and a step ago
    keep("gate", 0, online=60.0)
    (porch,) = history.cameras(["porch"], Period.DAY, NOW)
    begin, _ = Period.DAY.span(NOW)
    assert [sample.start for sample in porch.samples] == list(range(begin, begin + 86400, 300))
    assert porch.samples[-1] == (begin + 287 * 300, 10.0, 0, 0.05, 1.0)
    assert porch.samples[-2][1:] == porch.samples[-3][1:] == (None,) * 4  # no server ran
    assert porch.samples[-4][1:] == (10.0, 500, 0.1, 0.5)
    assert porch.samples[-5][1:] == (0.0, 0, None, 0.0)
    assert all(sample.online is None for sample in porch.samples[:-5])
    assert porch.uptime == 210 / 660  # what is unknown is neither
    assert porch.reject_rate == 500 / 2600
    assert porch.frame_age_s == pytest.approx((60 * 0.05 + 150 * 0.1) / 210)


def test_a_week_sums_up_half_hours(history: History, keep: Keep) -> None:
    half = int(NOW // 1800 * 1800) - int(NOW // 300 * 300)  # where the step at hand begins, as seconds ahead
    for ago in range(1800, 0, -300):
        keep("porch", ago - half, online=100.0, away=200.0, frames=1000, rejected=1, frame_age_mean=ago / 1000)
    (porch,) = history.cameras(["porch"], Period.WEEK, NOW)
    assert len(porch.samples) == 336
    assert porch.samples[-2].start % 1800 == 0
    assert list(porch.samples[-2][1:]) == [10.0, 6, pytest.approx(1.05), pytest.approx(1 / 3)]
    assert all(sample.online is None for sample in porch.samples[:-2])
    assert porch.uptime == pytest.approx(1 / 3)


def test_outages_that_reach_into_the_period_are_told(history: History, keep_outage: Keep) -> None:
    begin, _ = Period.DAY.span(NOW)
    keep_outage("porch", begin - 100.0, begin - 1.0)
    keep_outage("porch", begin - 50.0, begin + 1.0)
    keep_outage("porch", NOW - 10.0, None)
    keep_outage("gate", NOW - 10.0, None)
    (porch,) = history.cameras(["porch"], Period.DAY, NOW)
    assert [(outage.start, outage.end) for outage in porch.outages] == [
        (NOW - 10.0, None),
        (begin - 50.0, begin + 1.0),
    ]


def test_cameras_come_in_the_order_asked_for(history: History, keep: Keep) -> None:
    for camera in ("a", "b", "c"):
        keep(camera, 0)
    found = list(history.cameras(["c", "new", "a", "b"], Period.DAY, NOW))
    assert [(camera.camera, camera.uptime) for camera in found] == [("c", 1.0), ("new", None), ("a", 1.0), ("b", 1.0)]


def test_five_hundred_cameras_take_few_questions_and_each_finds_its_rows_by_a_key(
    history: History, database: Database, keep: Keep, keep_outage: Keep
) -> None:
    keep("camera-499", 0, away=100.0)
    keep_outage("camera-499", NOW - 10.0, None)
    asked: list[tuple[str, object]] = []
    event.listen(
        database._engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, parameters, *_: asked.append((statement, parameters)),
    )
    found = list(history.cameras([f"camera-{number}" for number in range(500)], Period.WEEK, NOW))
    assert (found[499].uptime, len(found[499].outages)) == (0.75, 1)
    questions = [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]
    assert len(questions) == 10
    with database.reading() as connection:
        for statement, parameters in questions:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
            assert not [step for *_, step in plan if step.startswith("SCAN")]


def test_pages_of_outages_hold_each_once_newest_first(history: History, keep_outage: Keep) -> None:
    for number in range(20):
        keep_outage("porch", 100.25 * number, 100.25 * number + 1)
        keep_outage("gate", 100.25 * number, 100.25 * number + 1)  # in the same moment: the power was gone
    seen, after = [], None
    while page := history.outages(7, after=after):
        seen += [(outage.start, outage.camera) for outage in page]
        after = seen[-1]
    assert seen == [(100.25 * number, camera) for number in range(19, -1, -1) for camera in ("porch", "gate")]


def test_outages_are_chosen_by_camera_and_by_the_time_they_reach_into(history: History, keep_outage: Keep) -> None:
    keep_outage("porch", 10.0, 20.0)
    keep_outage("porch", 30.0, 40.0)
    keep_outage("gate", 35.0, None)

    def starts(**chosen: object) -> list[float]:
        return [outage.start for outage in history.outages(10, **chosen)]  # type: ignore[arg-type]

    assert starts() == [35.0, 30.0, 10.0]
    assert starts(camera="porch") == [30.0, 10.0]
    assert starts(begin=15.0) == [35.0, 30.0, 10.0]
    assert starts(begin=20.0) == [35.0, 30.0]
    assert starts(begin=1000.0) == [35.0]  # it lasts
    assert starts(end=35.0) == [30.0, 10.0]
    assert starts(begin=12.0, end=13.0) == [10.0]
    assert starts(begin=22.0, end=23.0) == []


def test_a_camera_is_known_by_whatever_it_left(history: History, keep: Keep, keep_outage: Keep) -> None:
    keep("sampled", 0)
    keep_outage("lost", 1.0, 2.0)
    assert [history.knows(camera) for camera in ("sampled", "lost", "never")] == [True, True, False]


def test_the_end_of_the_history_is_the_clocks_now(history: History, clock: FakeClock) -> None:
    clock.move(7)
    assert history.now() == NOW + 7
