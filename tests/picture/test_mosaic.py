import io
import random
from dataclasses import replace

import numpy as np
import pytest
import simplejpeg
from PIL import Image

from vedette.picture import Canvas, Lettering, Mosaic, Notice, Sign, Tile, check
from vedette.picture.recipe import Turn
from vedette.wire.jpeg import inspect

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (250, 250, 250)
AWAY = Notice(Sign.AWAY, "Barn", "away since 12:03", "Nothing answers at 192.168.0.123: the board is off.")
SIZES = [
    (640, 480),
    (800, 600),
    (1600, 1200),
    (1280, 720),
    (160, 120),
    (96, 96),
    (400, 296),
    (240, 320),
    (17, 9),
    (1, 1),
]
NAMES = [
    "",
    "Gate",
    "x" * 100,
    "長い名前" * 25,
    "\u0301" * 50,
    "a\u202eb\x00",
    "ह" * 100,
    "\U0001f3e0" * 30,
    "غرفة المعيشة",
]


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering()


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (640, 480)) -> bytes:
    return Canvas(*size, colour).encode(90)


def scene(size: tuple[int, int] = (640, 480), seed: int = 0) -> bytes:
    canvas = Canvas(*size)
    canvas.gradient((120, 170, 230), (60, 110, 50), grain=4, seed=seed)
    return canvas.encode(90)


def live(number: int, jpeg: bytes, sequence: int = 0, name: str = "") -> Tile:
    return Tile((number, sequence), jpeg, name)


def cell(mosaic: Mosaic, jpeg: bytes, number: int) -> "np.typing.NDArray[np.int16]":
    """The pixels of a cell: red, green, blue."""
    row, column = divmod(number, mosaic.grid.columns)
    width, height = mosaic.grid.cell_width, mosaic.grid.cell_height
    whole = Canvas.from_jpeg(jpeg).pixels[:, :, ::-1].astype(np.int16)
    return whole[row * height : (row + 1) * height, column * width : (column + 1) * width]


def luma(mosaic: Mosaic, jpeg: bytes, number: int) -> "np.typing.NDArray[np.uint8]":
    """The gray of a cell, which is coded in blocks that no neighbour touches."""
    row, column = divmod(number, mosaic.grid.columns)
    width, height = mosaic.grid.cell_width, mosaic.grid.cell_height
    whole: np.typing.NDArray[np.uint8] = simplejpeg.decode_jpeg(jpeg, "GRAY")[:, :, 0]
    return whole[row * height : (row + 1) * height, column * width : (column + 1) * width]


def is_coloured(pixels: "np.typing.NDArray[np.int16]", colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(np.median(pixels, axis=(0, 1)) - colour).max() < 8)


def test_each_camera_stands_in_its_cell(lettering: Lettering) -> None:
    colours = [RED, GREEN, BLUE, WHITE, RED, BLUE]
    mosaic = Mosaic(960, 3, 6, lettering)
    jpeg = mosaic.draw([live(number, plain(colour)) for number, colour in enumerate(colours)])
    for number, colour in enumerate(colours):
        inner = cell(mosaic, jpeg, number)[8:-8, 8:-8]
        assert np.abs(inner - colour).max() < 10


def test_cells_that_no_camera_is_left_for_are_black(lettering: Lettering) -> None:
    mosaic = Mosaic(640, 2, 3, lettering)
    jpeg = mosaic.draw([live(number, plain(WHITE)) for number in range(3)])
    assert cell(mosaic, jpeg, 3)[4:, 4:].max() < 4


@pytest.mark.parametrize(
    ("columns", "count", "shape"), [(1, 1, 1), (2, 3, 4 / 3), (5, 23, 4 / 3), (3, 7, 16 / 9), (20, 400, 4 / 3)]
)
def test_it_is_a_whole_jpeg_that_every_decoder_reads_alike(
    columns: int, count: int, shape: float, lettering: Lettering
) -> None:
    mosaic = Mosaic(1280, columns, count, lettering, shape=shape)
    pictures = [scene((160, 120), seed) for seed in range(8)]
    jpeg = mosaic.draw([live(number, pictures[number % 8]) for number in range(count)])
    info = check(jpeg).info
    assert info is not None
    assert (info.width, info.height) == mosaic.grid.size
    assert info.subsampling == "4:2:0"
    gray = simplejpeg.decode_jpeg(jpeg, "GRAY")[:, :, 0]
    pillow = Image.open(io.BytesIO(jpeg))
    pillow.draft("YCbCr", None)
    assert np.array_equal(np.asarray(pillow)[:, :, 0], gray)
    opencv = Canvas.from_jpeg(jpeg).pixels.astype(float) @ (0.114, 0.587, 0.299)
    assert np.abs(opencv - gray).mean() < 1


@pytest.mark.parametrize("quality", [1, 50, 100])
def test_any_quality_is_a_whole_jpeg(quality: int, lettering: Lettering) -> None:
    mosaic = Mosaic(320, 2, 4, lettering, quality=quality)
    check(mosaic.draw([live(number, scene(seed=number)) for number in range(4)]))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_picture_is_shown_whole_and_in_its_own_shape(size: tuple[int, int], lettering: Lettering) -> None:
    mosaic = Mosaic(640, 2, 2, lettering)
    jpeg = mosaic.draw([live(0, plain(WHITE, size)), live(1, plain(WHITE))])
    lit = np.argwhere(cell(mosaic, jpeg, 0).min(axis=2) > 128)
    height, width = lit.max(axis=0) - lit.min(axis=0) + 1
    assert width == pytest.approx(min(320, 240 * size[0] / size[1]), abs=2)
    assert height == pytest.approx(min(240, 320 * size[1] / size[0]), abs=2)


def test_the_noise_about_an_invalid_slice_when_sizes_differ_is_gone(
    lettering: Lettering, capfd: pytest.CaptureFixture[str]
) -> None:
    """The old script joined pictures as they came, and OpenCV complained when two of them were not of one size."""
    mosaic = Mosaic(640, 3, 9, lettering, label=True)
    draw = random.Random(7)
    for sequence in range(8):
        tiles = [live(number, plain(RED, draw.choice(SIZES)), sequence, f"Camera {number}") for number in range(9)]
        tiles[3] = live(3, scene()[: 500 + 100 * sequence], sequence, "Cut off")
        tiles[4] = live(4, scene()[:3000] + b"\xff\xd9", sequence, "Cut off, with an end")
        check(mosaic.draw(tiles))
    assert capfd.readouterr() == ("", "")


def test_a_picture_of_another_size_and_shape_takes_the_place_of_the_last(lettering: Lettering) -> None:
    mosaic = Mosaic(640, 2, 4, lettering)
    tiles = [live(number, plain(GREEN)) for number in range(4)]
    mosaic.draw(tiles)
    for sequence, size in enumerate([(1600, 1200), (240, 320), (1280, 720)], 1):
        tiles[1] = live(1, plain(RED, size), sequence)
        jpeg = mosaic.draw(tiles)
    changed = cell(mosaic, jpeg, 1)
    assert changed[:20, 16:-16].max() < 40, "black above a wide picture: nothing is left of those before"
    assert is_coloured(changed[40:200], RED)
    assert all(is_coloured(cell(mosaic, jpeg, number), GREEN) for number in (0, 2, 3))


def test_only_changed_tiles_are_decoded(lettering: Lettering) -> None:
    mosaic = Mosaic(640, 2, 4, lettering)
    tiles = [live(number, scene(seed=number)) for number in range(4)]
    first = mosaic.draw(tiles)
    tiles = [replace(tile, jpeg=b"nobody reads this") for tile in tiles]
    tiles[2] = live(2, plain(WHITE), 1)
    second = mosaic.draw(tiles)
    for number in (0, 1, 3):
        assert np.array_equal(luma(mosaic, first, number), luma(mosaic, second, number))
    assert is_coloured(cell(mosaic, second, 2), WHITE)


def test_where_nothing_changed_the_same_bytes_are_given(lettering: Lettering) -> None:
    mosaic = Mosaic(640, 2, 4, lettering)
    tiles = [live(number, scene(seed=number)) for number in range(4)]
    jpeg = mosaic.draw(tiles)
    assert mosaic.draw([replace(tile, jpeg=plain(RED)) for tile in tiles]) is jpeg


@pytest.mark.parametrize(
    "other",
    [
        Tile((0, 1), scene(), "Gate"),
        Tile((0, 0), scene(), "Porch"),
        Tile((0, 0), scene(), "Gate", AWAY),
        Tile((0, 0), scene(), "Gate", None, Turn.HALF),
    ],
    ids=["key", "name", "notice", "turn"],
)
def test_another_key_name_notice_or_turn_is_a_change(other: Tile, lettering: Lettering) -> None:
    mosaic = Mosaic(320, 1, 1, lettering, label=True)
    jpeg = mosaic.draw([Tile((0, 0), plain(WHITE), "Gate")])
    assert mosaic.draw([other]) != jpeg


def test_what_it_shows_does_not_depend_on_how_it_came_there(lettering: Lettering) -> None:
    tiles = [live(number, scene(seed=number), name=f"Camera {number}") for number in range(6)]
    tiles[4] = Tile(4, scene(seed=4), "Barn", AWAY)
    at_once = Mosaic(640, 3, 6, lettering, label=True).draw(tiles)
    mosaic = Mosaic(640, 3, 6, lettering, label=True)
    shown = [live(number, plain(RED, SIZES[number]), -1) for number in range(6)]
    for number in (3, 0, 5, 4, 1, 2):
        mosaic.draw(shown)
        shown[number] = tiles[number]
    assert mosaic.draw(shown) == at_once


def test_a_lost_camera_is_dimmed_and_labelled_once_and_costs_nothing_afterwards(lettering: Lettering) -> None:
    mosaic = Mosaic(640, 2, 4, lettering)
    bright = [live(number, plain(WHITE)) for number in range(4)]
    before = mosaic.draw(bright)
    lost = Tile((1, "away"), plain(WHITE), "Barn", AWAY)
    tiles = [bright[0], lost, bright[2], bright[3]]
    after = mosaic.draw(tiles)
    assert cell(mosaic, after, 1).mean() < 0.5 * cell(mosaic, before, 1).mean()
    assert mosaic.draw(tiles) is after
    tiles[1] = replace(lost, jpeg=b"it would be seen if this were decoded")
    for sequence in range(1, 4):
        tiles[0] = live(0, scene(seed=sequence), sequence)
        later = mosaic.draw(tiles)
        assert later != after
        assert np.array_equal(luma(mosaic, later, 1), luma(mosaic, after, 1))


@pytest.mark.parametrize(("width", "different"), [(640, 2), (160, 1)], ids=["160x128", "32x32"])
def test_words_of_the_notice_are_drawn_where_there_is_room(width: int, different: int, lettering: Lettering) -> None:
    notices = [replace(AWAY, words=words) for words in ("away since 12:03", "away since 12:04")]
    lost = [[Tile(number, plain(WHITE), "Barn", notice) for number in range(4)] for notice in notices]
    assert len({Mosaic(width, 4, 4, lettering).draw(tiles) for tiles in lost}) == different


@pytest.mark.parametrize("width", [160, 640], ids=["tiny", "large"])
@pytest.mark.parametrize("damage", [b"", b"\xff\xd8\xff\xd9", b"no picture", scene()[:4000], None], ids=range(5))
def test_what_cannot_be_decoded_says_so_and_the_others_go_on(
    damage: bytes | None, width: int, lettering: Lettering
) -> None:
    mosaic = Mosaic(width, 4, 4, lettering)
    jpeg = mosaic.draw([Tile(0, damage, "Gate"), *(live(number, plain(GREEN)) for number in (1, 2, 3))])
    assert all(is_coloured(cell(mosaic, jpeg, number), GREEN) for number in (1, 2, 3))
    shown = cell(mosaic, jpeg, 0)
    assert np.median(shown) < 60, "dark"
    assert shown.max() > 120, "with a sign on it"


def test_any_damage_leaves_a_whole_mosaic(lettering: Lettering) -> None:
    draw = random.Random(3)
    mosaic = Mosaic(320, 2, 2, lettering, label=True)
    whole = scene((160, 120))
    for sequence in range(60):
        broken = bytearray(whole)
        for _ in range(draw.randrange(1, 20)):
            broken[draw.randrange(len(broken) if sequence % 2 else 700)] = draw.randrange(256)
        jpeg = mosaic.draw([live(0, bytes(broken), sequence, "Broken"), live(1, plain(GREEN))])
        assert is_coloured(cell(mosaic, jpeg, 1), GREEN)


@pytest.mark.parametrize("subsampling", ["444", "422", "420", "440", "411", "Gray"])
def test_every_subsampling_is_shown(subsampling: str, lettering: Lettering) -> None:
    bright = np.full((480, 640, 1 if subsampling == "Gray" else 3), 250, np.uint8)
    picture = simplejpeg.encode_jpeg(bright, 90, "GRAY" if subsampling == "Gray" else "RGB", subsampling)
    mosaic = Mosaic(320, 1, 1, lettering)
    assert is_coloured(cell(mosaic, mosaic.draw([live(0, picture)]), 0), WHITE)


@pytest.mark.parametrize(
    ("turn", "corner"),
    [
        (Turn.NONE, (0, 0)),
        (Turn.QUARTER, (0, 1)),
        (Turn.HALF, (1, 1)),
        (Turn.THREE_QUARTERS, (1, 0)),
        (Turn.MIRROR, (0, 1)),
        (Turn.TRANSVERSE, (1, 1)),
        (Turn.MIRROR_VERTICALLY, (1, 0)),
        (Turn.TRANSPOSE, (0, 0)),
    ],
)
def test_a_turned_camera_is_shown_turned(turn: Turn, corner: tuple[int, int], lettering: Lettering) -> None:
    """A red upper left corner of a wide picture goes where the turn takes it: (lower, right)."""
    canvas = Canvas(640, 480, WHITE)
    canvas.polygon([(0, 0), (320, 0), (320, 240), (0, 240)], RED)
    mosaic = Mosaic(480, 1, 1, lettering, shape=1)
    shown = cell(mosaic, mosaic.draw([Tile(0, canvas.encode(90), "", None, turn)]), 0)
    high, wide = (480, 360) if turn.swaps_sides else (360, 480)
    shown = shown[(480 - high) // 2 : (480 + high) // 2, (480 - wide) // 2 : (480 + wide) // 2]
    for lower in (0, 1):
        for right in (0, 1):
            quarter = shown[lower * high // 2 :, right * wide // 2 :][: high // 2, : wide // 2]
            assert is_coloured(quarter, RED if (lower, right) == corner else WHITE)


def test_a_name_stands_at_the_lower_left_and_touches_nothing_else(lettering: Lettering) -> None:
    tiles = [live(number, scene(seed=number), name="Front porch") for number in range(4)]
    bare, labelled = (Mosaic(640, 2, 4, lettering, label=label) for label in (False, True))
    before, after = bare.draw(tiles), labelled.draw(tiles)
    for number in range(4):
        plain_cell, named = luma(bare, before, number), luma(labelled, after, number)
        assert np.array_equal(named[:192], plain_cell[:192])
        assert np.array_equal(named[:, 160:], plain_cell[:, 160:])
        assert named[208:, :120].max() > 220, "bright letters"
        assert named[208:, :120].min() < plain_cell[208:, :120].min() // 2, "on a dark ground"


@pytest.mark.parametrize("width", [160, 320, 1280])
def test_any_name_finds_room(width: int, lettering: Lettering) -> None:
    mosaic = Mosaic(width, 4, 2 * len(NAMES), lettering, label=True)
    tiles = [live(number, plain(GREEN), name=name) for number, name in enumerate(NAMES)]
    tiles += [Tile((name, "away"), plain(GREEN), name, replace(AWAY, name=name)) for name in NAMES]
    jpeg = mosaic.draw(tiles)
    check(jpeg)
    for number in range(len(NAMES)):
        upper = cell(mosaic, jpeg, number)[: mosaic.grid.cell_height * 2 // 5]
        assert is_coloured(upper, GREEN), "a name leaves the upper part as it is"


def test_another_number_of_tiles_is_refused(lettering: Lettering) -> None:
    mosaic = Mosaic(320, 2, 2, lettering)
    with pytest.raises(ValueError, match="shorter"):
        mosaic.draw([live(0, plain(RED))])


def test_its_size_is_what_it_says(lettering: Lettering) -> None:
    mosaic = Mosaic(1000, 3, 7, lettering, shape=16 / 9)
    info = inspect(mosaic.draw([live(number, plain(RED)) for number in range(7)]))
    assert (info.width, info.height) == mosaic.grid.size == (960, 528)
