import itertools

import numpy as np
import pytest

from vedette.picture import Canvas, Lettering

MARK = "\N{REPLACEMENT CHARACTER}"
NAMES = {
    "Latin": "Türklingel Große Straße",
    "Vietnamese": "Cổng trước",
    "Greek": "Πίσω αυλή",
    "Cyrillic": "Гараж та дім",
    "Arabic": "حديقة المنزل",
    "Persian": "پارکینگ",
    "Hebrew": "גינה אחורית",
    "Thai": "หน้าบ้าน",
    "Devanagari": "सामने का दरवाज़ा",
    "Bengali": "সামনের দরজা",
    "Tamil": "முன் கதவு",
    "Telugu": "ముందు తలుపు",
    "Khmer": "ទ្វារមុខ",
    "Myanmar": "အိမ်ရှေ့",
    "Amharic": "የፊት በር",
    "Georgian": "წინა კარი",
    "Chinese": "前门 車庫",
    "Japanese": "玄関カメラ ひろば",
    "Korean": "현관 카메라",
    "emoji": "🏠 🐔 🚗",
}


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering()


def drawn(lettering: Lettering, text: str, size: int = 24) -> "np.typing.NDArray[np.uint8]":
    canvas = Canvas(800, 100)
    lettering.write(canvas, text, (400, 60), size, (255, 255, 255))
    return canvas.pixels[..., 0]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_of_any_script_is_drawn_without_a_replacement_mark(name: str, lettering: Lettering) -> None:
    assert MARK not in lettering.readable(name)
    ink = drawn(lettering, name)
    columns = np.flatnonzero(ink.max(axis=0) > 60)
    assert columns[-1] - columns[0] == pytest.approx(lettering.width(name, 24), abs=8), "it is as wide as was said"
    boxes = drawn(lettering, "\uffff" * len(name))  # what a font draws for what it has not
    assert not np.array_equal(ink, boxes)


def test_every_letter_of_a_name_has_a_shape_of_its_own(lettering: Lettering) -> None:
    for letters in ("abcde", "前门車庫", "กขคง", "가나다", "אבגד", "🏠🐔🚗"):
        shapes = [drawn(lettering, letter) for letter in letters]
        assert not any(np.array_equal(one, other) for one, other in itertools.combinations(shapes, 2)), letters


def test_arabic_letters_join_and_run_from_right_to_left(lettering: Lettering) -> None:
    assert lettering.width("\u0628\u0628\u0628", 40) < 3 * lettering.width("\u0628", 40), "joined ones are narrower"
    ink = drawn(lettering, "\u0627......", 40)  # a tall letter, and dots
    columns = np.flatnonzero(ink.max(axis=0) > 60)
    tall = np.flatnonzero(ink[30:50].max(axis=0) > 60)
    assert tall.mean() > columns.mean(), "the first letter stands at the right"


def test_pieces_of_several_fonts_stand_in_the_lines_direction(lettering: Lettering) -> None:
    gap = "      "
    right, left = drawn(lettering, f"{chr(0x627) * 4}{gap}前"), drawn(lettering, f"AAAA{gap}前")
    alone = drawn(lettering, "前")
    shape = alone[:, alone.max(axis=0) > 60]
    for ink, side in ((right, 0), (left, -1)):
        columns = np.flatnonzero(ink.max(axis=0) > 60)
        breaks = np.flatnonzero(np.diff(columns) > 15)
        pieces = np.split(columns, breaks + 1)
        assert pieces[side][-1] - pieces[side][0] + 1 == pytest.approx(shape.shape[1], abs=2)


@pytest.mark.parametrize("text", ["a\x07b", "a\u202eb", "a\ue000b", "a\U0002fffeb", "a\U00020000b"], ids=ascii)
def test_what_cannot_be_seen_is_a_replacement_mark(text: str, lettering: Lettering) -> None:
    assert lettering.readable(text) == f"a{MARK}b"


def test_a_character_that_only_asks_for_another_look_is_no_replacement_mark(lettering: Lettering) -> None:
    assert MARK not in lettering.readable("\u2764\ufe0f \U0001f3e0\ufe0f \u845b\U000e0100")


def test_a_line_is_made_smaller_and_only_then_shorter(lettering: Lettering) -> None:
    assert lettering.fit("Gate", 30, 20, 400) == ("Gate", 30)
    text, size = lettering.fit("Front porch", 30, 10, 120)
    assert (text, size < 30) == ("Front porch", True)
    text, size = lettering.fit("Front porch " * 9, 30, 10, 120)
    assert size == 10
    assert text.endswith("…")
    assert text.startswith("Front porch")
    assert lettering.width(text, size) <= 120


def test_a_cut_takes_no_marks_from_their_letter(lettering: Lettering) -> None:
    text, size = lettering.fit("กี่" * 40, 20, 20, 150)
    assert text.removesuffix("…") == "กี่" * (len(text) // 3)
    assert lettering.width(text, size) <= 150


def test_lines_are_broken_at_spaces_and_long_words_where_they_must(lettering: Lettering) -> None:
    lines = lettering.wrap("the board is off, or out of range, or has another address", 16, 200, 3)
    assert " ".join(lines) == "the board is off, or out of range, or has another address"
    assert all(lettering.width(line, 16) <= 200 for line in lines)
    long = lettering.wrap("http://" + "a" * 200, 16, 200, 3)
    assert len(long) == 3
    assert long[-1].endswith("…")
    assert all(lettering.width(line, 16) <= 200 for line in long)
    assert lettering.wrap("", 16, 200, 3) == []


def test_words_may_hang_over_the_edge(lettering: Lettering) -> None:
    canvas = Canvas(40, 20)
    lettering.write(canvas, "far too wide for this", (20, 4), 24, (255, 255, 255))
    assert canvas.pixels.max() > 200
