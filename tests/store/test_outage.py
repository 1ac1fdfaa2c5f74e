import pytest

from vedette.errors import Reason
from vedette.hub import Health, State
from vedette.store.outage import OutageWatch


def away(since: float, reason: Reason = Reason.STALLED, explanation: str = "Stopped.") -> Health:
    return Health(State.OFFLINE, since, reason, explanation)


@pytest.mark.parametrize("state", [State.STALE, State.OFFLINE])
def test_it_begins_when_the_camera_goes(state: State) -> None:
    assert OutageWatch("porch").take(Health(state, 5.0, Reason.STALLED, "Stopped.")) == {
        "camera": "porch",
        "start": 5.0,
        "end": None,
        "reason": "stalled",
        "explanation": "Stopped.",
    }


@pytest.mark.parametrize("state", [State.ONLINE, State.IDLE, State.DISABLED])
def test_it_ends_when_the_camera_is_back_or_not_wanted(state: State) -> None:
    watch = OutageWatch("porch")
    watch.take(away(5.0))
    row = watch.take(Health(state, 9.0))
    assert row is not None
    assert (row["start"], row["end"], row["reason"]) == (5.0, 9.0, "stalled")
    assert watch.take(Health(state, 9.0)) is None
    assert watch.end(10.0) is None


def test_trying_neither_begins_nor_ends_one() -> None:
    watch = OutageWatch("porch")
    assert watch.take(Health(State.CONNECTING, 1.0)) is None
    watch.take(away(5.0))
    assert watch.take(Health(State.CONNECTING, 6.0)) is None
    row = watch.end(7.0)
    assert row is not None
    assert (row["start"], row["end"]) == (5.0, 7.0)


def test_stale_then_offline_is_one_outage_under_its_last_reason() -> None:
    watch = OutageWatch("porch")
    watch.take(Health(State.STALE, 5.0, Reason.STALLED, "Stopped."))
    row = watch.take(away(12.0, Reason.UNREACHABLE, "Nothing answers."))
    assert row is not None
    assert (row["start"], row["reason"], row["explanation"]) == (5.0, "unreachable", "Nothing answers.")


def test_what_is_known_is_not_forgotten_and_what_is_the_same_is_not_written_again() -> None:
    watch = OutageWatch("porch")
    watch.take(away(5.0))
    assert watch.take(Health(State.OFFLINE, 5.0)) is None
    assert watch.take(away(5.0)) is None
    row = watch.end(6.0)
    assert row is not None
    assert row["reason"] == "stalled"


def test_it_never_ends_before_it_began() -> None:
    watch = OutageWatch("porch")
    watch.take(away(5.0))
    row = watch.end(4.0)  # the clock was set back
    assert row is not None
    assert row["end"] == 5.0


def test_whatever_a_board_says_can_be_kept() -> None:
    row = OutageWatch("porch").take(away(5.0, explanation="error \0\udcff!"))
    assert row is not None
    assert row["explanation"] == "error ?!"
