import pytest

from vedette.simulator.saving import Saving


@pytest.fixture
def flash():
    """How often something has been saved."""
    return []


@pytest.fixture
def saving(flash):
    return Saving(lambda: flash.append("saved"))


def test_what_was_changed_is_saved_five_seconds_after_the_last_change(saving, flash):
    for moment in (100.0, 104.0, 108.0):
        saving.change(moment)
    assert saving.is_pending(112.9)
    assert not flash
    assert not saving.is_pending(113.0)
    assert flash == ["saved"]


def test_who_goes_on_changing_is_saved_after_a_minute(saving, flash):
    for moment in range(100, 161, 4):
        saving.change(float(moment))
    assert flash == ["saved"]


def test_flash_is_written_once_a_minute_at_most(saving, flash):
    saving.change(100.0)
    assert not saving.is_pending(105.0)
    saving.change(106.0)
    assert saving.is_pending(164.9)
    assert not saving.is_pending(165.0)
    assert len(flash) == 2


def test_what_was_due_is_saved_before_the_next_change_is_made(saving, flash):
    saving.change(100.0)
    saving.change(200.0)
    assert flash == ["saved"]
    assert saving.is_pending(201.0)


def test_a_reset_forgets_what_was_not_saved(saving, flash):
    saving.change(100.0)
    saving.forget()
    assert not saving.is_pending(500.0)
    assert not flash


def test_it_can_be_saved_at_once(saving, flash):
    saving.change(100.0)
    saving.save_now(101.0)
    assert not saving.is_pending(101.0)
    assert flash == ["saved"]
