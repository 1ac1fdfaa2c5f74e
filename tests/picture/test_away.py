import numpy as np
import pytest

from vedette.picture import Canvas, Lettering, Notice, Sign, draw_away
from vedette.wire.jpeg import inspect

WHY = "Nothing answers at 192.168.0.123 (no answer): the board is off, out of Wi-Fi range, or has another address now."
NOTICE = Notice(Sign.AWAY, "Front porch", "away since 12:03", WHY)
SIZES = [(640, 480), (160, 120), (96, 96), (1600, 1200), (1280, 720), (239, 177), (48, 400), (16, 8), (1, 1)]


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering()


def scene(width: int = 640, height: int = 480) -> bytes:
    canvas = Canvas(width, height)
    canvas.gradient((120, 170, 230), (60, 110, 50))
    canvas.disc((width / 3, height / 4), height / 6, (220, 40, 30))
    return canvas.encode(90)


def pixels(jpeg: bytes) -> "np.typing.NDArray[np.float64]":
    return Canvas.from_jpeg(jpeg).pixels.astype(float)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_it_has_the_size_of_the_last_picture(size: tuple[int, int], lettering: Lettering) -> None:
    info = inspect(draw_away(NOTICE, scene(*size), lettering))
    assert (info.width, info.height) == size


@pytest.mark.parametrize("size", SIZES[:6], ids=str)
def test_it_is_dimmed_and_pale_everywhere_but_in_the_words(size: tuple[int, int], lettering: Lettering) -> None:
    before, after = pixels(scene(*size)), pixels(draw_away(NOTICE, scene(*size), lettering))
    top = slice(0, size[1] // 12)
    assert after[top].mean() == pytest.approx(0.45 * before[top].mean(), rel=0.1)
    assert np.ptp(after[top], axis=2).mean() < 0.25 * np.ptp(before[top], axis=2).mean()
    assert after.mean() < 0.5 * before.mean()
    middle = after[size[1] // 3 : 2 * size[1] // 3]
    assert middle.max() > 180, "the words are bright"


def test_each_thing_that_is_said_changes_the_picture(lettering: Lettering) -> None:
    said = [
        NOTICE,
        Notice(Sign.STALE, NOTICE.name, NOTICE.words, WHY),
        Notice(Sign.AWAY, "Gate", NOTICE.words, WHY),
        Notice(Sign.AWAY, NOTICE.name, "away since 12:04", WHY),
        Notice(Sign.AWAY, NOTICE.name, NOTICE.words, "Another reason."),
        *(Notice(sign, NOTICE.name, "", "") for sign in Sign),
    ]
    assert len({draw_away(notice, scene(), lettering) for notice in said}) == len(said)


def test_a_tiny_picture_has_no_explanation(lettering: Lettering) -> None:
    short = Notice(Sign.AWAY, NOTICE.name, NOTICE.words, "")
    assert draw_away(NOTICE, scene(160, 120), lettering) == draw_away(short, scene(160, 120), lettering)
    assert draw_away(NOTICE, scene(320, 240), lettering) != draw_away(short, scene(320, 240), lettering)


def test_an_explanation_that_is_too_long_is_cut_to_what_is_wrong(lettering: Lettering) -> None:
    long = Notice(Sign.AWAY, "", "", "Nothing answers: " + "look at all the many things that it can be, " * 20)
    short = Notice(Sign.AWAY, "", "", "Nothing answers")
    assert draw_away(long, scene(), lettering) == draw_away(short, scene(), lettering)


@pytest.mark.parametrize("jpeg", [None, b"", b"\xff\xd8\xff\xd9", scene()[:200], b"no picture"], ids=range(5))
def test_without_a_picture_that_can_be_decoded_there_is_a_plain_ground(
    jpeg: bytes | None, lettering: Lettering
) -> None:
    info = inspect(draw_away(NOTICE, jpeg, lettering))
    assert (info.width, info.height) == (640, 480)


def test_any_name_fits(lettering: Lettering) -> None:
    for name in ("", "x" * 100, "長い名前" * 25, "\u0301" * 50, "a\u202eb\x00", "ह" * 100, "\U0001f3e0" * 30):
        after = pixels(draw_away(Notice(Sign.AWAY, name, "away since 14 Feb 12:03", ""), scene(320, 240), lettering))
        assert after[:, :6].max() < 160, "nothing is written to the very edge"
        assert after[:, -6:].max() < 160
