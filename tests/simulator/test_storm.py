from itertools import islice, pairwise

from vedette.simulator import Fault, Squall, storm, weather
from vedette.simulator.storm import MEAN_BAD, MEAN_GOOD


def test_the_same_seed_is_the_same_storm_and_another_is_not():
    assert storm(7, 3, 600.0) == storm(7, 3, 600.0)
    assert storm(7, 3, 600.0) != storm(8, 3, 600.0)


def test_more_boards_or_more_time_change_nothing_about_the_rest():
    small = storm(7, 2, 300.0)
    large = storm(7, 4, 900.0)
    assert small == [squall for squall in large if squall.board < 2 and squall.at < 300.0]


def test_squalls_come_in_order_and_one_at_a_time_to_each_board():
    squalls = storm(1, 4, 2000.0)
    assert squalls == sorted(squalls, key=lambda squall: squall.at)
    for board in range(4):
        own = [squall for squall in squalls if squall.board == board]
        assert all(one.at + one.duration < other.at for one, other in pairwise(own))


def test_the_means_are_the_means():
    squalls = list(islice(weather(3, 0), 4000))
    gaps = [other.at - one.at - one.duration for one, other in pairwise(squalls)]
    assert abs(sum(gaps) / len(gaps) / MEAN_GOOD - 1) < 0.1
    assert abs(sum(squall.duration for squall in squalls) / len(squalls) / MEAN_BAD - 1) < 0.1


def test_every_fault_comes_unless_only_some_are_asked_for():
    assert {squall.fault for squall in storm(1, 20, 4000.0)} == set(Fault)
    few = (Fault.STALL, Fault.DROP)
    assert {squall.fault for squall in storm(1, 20, 4000.0, faults=few)} == set(few)


def test_a_first_storm_is_written_down():
    """Measurements are compared over versions: what a seed means must not change unnoticed."""
    first = storm(1, 2, 60.0, faults=(Fault.STALL, Fault.DROP, Fault.REFUSE))[0]
    assert first == Squall(25.2, 1, Fault.STALL, 12.859)
