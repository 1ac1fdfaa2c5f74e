import pytest

from vedette.boards import FRAMESIZES, OV2640, OV3660, OV5640, Era, StatusReport
from vedette.control.knowledge import Knowledge


def of(*eras: Era, sensors=(OV2640,)) -> Knowledge:
    knowledge = Knowledge()
    knowledge.read(StatusReport("cameraserver", eras, sensors, 5, None))
    return knowledge


def eras_of(knowledge: Knowledge) -> list[Era]:
    return list(knowledge.eras)


def test_a_pair_leaves_the_eras_that_it_fits():
    knowledge = of(Era.A, Era.C, Era.B)
    assert knowledge.pair(2, (176, 144))
    assert eras_of(knowledge) == [Era.A, Era.C]
    assert knowledge.pair(4, (320, 240))
    assert eras_of(knowledge) == [Era.A]


@pytest.mark.parametrize(("number", "era"), [(4, Era.A), (5, Era.C), (6, Era.D)])
def test_the_size_that_every_board_boots_with_tells_them_apart(number, era):
    knowledge = of(Era.A, Era.C, Era.D)
    knowledge.notice(number, (320, 240), 0.0)
    assert eras_of(knowledge) == [era]


def test_the_same_status_again_takes_nothing_back():
    knowledge = of(Era.C, Era.D)
    knowledge.pair(5, (320, 240))
    knowledge.read(StatusReport("cameraserver", (Era.C, Era.D), (OV2640,), 8, None))
    assert eras_of(knowledge) == [Era.C]


def test_another_kind_of_status_begins_anew():
    knowledge = of(Era.C, Era.D, sensors=(OV3660, OV5640))
    knowledge.pair(5, (320, 240))
    knowledge.chip("54")
    knowledge.read(StatusReport("easytarget", (Era.C, Era.D, Era.A), (), 8, None))
    assert (knowledge.eras, knowledge.sensors, knowledge.asked_chip) == ((Era.C, Era.D, Era.A), (), False)


def test_what_contradicts_counts_only_when_it_is_seen_again_later():
    knowledge = of(Era.A)
    knowledge.notice(8, (640, 480), 0.0)  # somebody changed the size, and the frame is still the old one
    assert eras_of(knowledge) == [Era.A]
    knowledge.notice(8, (640, 480), 5.0)
    assert eras_of(knowledge) == [Era.A]
    knowledge.notice(8, (1024, 768), 6.0)
    knowledge.notice(8, (640, 480), 70.0)
    assert eras_of(knowledge) == [Era.A]
    knowledge.notice(8, (640, 480), 130.0)
    assert eras_of(knowledge) == [Era.B, Era.C], "the firmware was replaced"


def test_a_pair_that_fits_no_table_says_so_and_changes_nothing():
    knowledge = of(Era.C, Era.D)
    assert not knowledge.pair(3, (500, 500))
    assert eras_of(knowledge) == [Era.C, Era.D]


@pytest.mark.parametrize("eras", [(Era.A, Era.C, Era.B), (Era.C, Era.D, Era.A), (Era.C, Era.D), (Era.D, Era.C)])
@pytest.mark.parametrize("sensors", [(OV2640,), (), (OV3660,), (OV3660, OV5640)], ids=str)
def test_a_number_is_within_every_table_that_may_be_the_boards(eras, sensors):
    knowledge = of(*eras, sensors=sensors)
    largest = max((sensor.largest for sensor in sensors), default=OV2640.largest)
    for size in {size for era in eras for size in FRAMESIZES[era]}:
        number = knowledge.number_for(size)
        if number is not None:
            for era in eras:
                width, height = FRAMESIZES[era][number]
                assert (width <= largest[0], height <= largest[1]) == (True, True)


def test_a_size_that_no_table_has_has_no_number():
    assert of(Era.C).number_for((500, 500)) is None
    assert of(Era.C).number_for((2048, 1536)) is None, "an OV2640 does not deliver it"
    assert of(Era.C, sensors=(OV3660,)).number_for((2048, 1536)) == 17


@pytest.mark.parametrize(
    ("text", "sensors"), [("54", (OV3660,)), ("86\r\n", (OV5640,)), ("0", (OV3660, OV5640)), ("x", (OV3660, OV5640))]
)
def test_the_chip_is_asked_once(text, sensors):
    knowledge = of(Era.D, sensors=(OV3660, OV5640))
    doubted = knowledge.doubts_chip
    knowledge.chip(text)
    assert (doubted, knowledge.doubts_chip) == (True, False)
    assert knowledge.sensors == sensors


def test_what_contradicts_counts_at_once_for_what_is_sent():
    knowledge = of(Era.C, Era.D)
    knowledge.pair(6, (320, 240))
    assert knowledge.number_for((1600, 1200)) == 15
    knowledge.notice(5, (320, 240), 0.0)
    assert eras_of(knowledge) == [Era.D], "which is what is offered"
    assert knowledge.in_question == (Era.C, Era.D)
    assert knowledge.number_for((1600, 1200)) == 13, "which an OV2640 has in both"
    knowledge.notice(6, (320, 240), 1.0)
    assert knowledge.number_for((1600, 1200)) == 15


def test_behind_a_new_connection_may_be_another_board():
    knowledge = of(Era.C, Era.D)
    knowledge.pair(6, (320, 240))
    knowledge.reconnect()
    knowledge.notice(1, (160, 120), 0.0)  # in both eras
    assert eras_of(knowledge) == [Era.D]
    assert knowledge.number_for((1600, 1200)) == 13, "it tells them apart"
    assert knowledge.pair(13, (1280, 720))
    assert knowledge.in_question == (Era.D,)
    assert knowledge.number_for((1600, 1200)) == 15
