import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from tests.picture import turbojpegs
from tests.picture.samples import OV_SIZES, coefficients, distance, encode, luma, paint, turned

import vedette.picture.turbojpeg
from vedette.picture.recipe import Turn
from vedette.picture.render import turned_size
from vedette.picture.turbojpeg import TurboJpeg, TurboJpegError, find_turbojpeg
from vedette.wire.jpeg import inspect
from vedette.wire.jpeg_header import read_header

INVERSE = {Turn.QUARTER: Turn.THREE_QUARTERS, Turn.THREE_QUARTERS: Turn.QUARTER}


@pytest.fixture(scope="module", params=turbojpegs.ALL)
def library(request: pytest.FixtureRequest) -> TurboJpeg:
    return turbojpegs.load(request.param)


@pytest.mark.parametrize("subsampling", ["4:2:2", "4:2:0"])
@pytest.mark.parametrize("size", OV_SIZES, ids=str)
def test_each_size_of_each_sensor_is_turned_without_loss(library, size, subsampling):
    jpeg = encode(paint(*size), subsampling)
    header, before = read_header(jpeg)[0], luma(jpeg)
    for turn in Turn:
        left = turned_size(header, turn)
        assert left is not None
        width, height = turn.size(*left)  # without the incomplete MCUs that would change sides
        _, most = distance(luma(library.transform(jpeg, turn)), turned(before[:height, :width], turn))
        assert most <= turn.swaps_sides, turn  # a decoder does not round alike in both directions


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1", "gray"])
def test_a_turn_and_the_one_that_takes_it_back_give_the_very_same_coefficients(library, subsampling):
    jpeg = library.transform(encode(paint(320, 240), subsampling))
    for turn in Turn:
        if subsampling == "4:1:1" and turn.swaps_sides:
            continue  # MCUs of 8x32: libturbojpeg 2.1 makes such a picture, and does not take it
        whole = turned_size(read_header(jpeg)[0], turn) == turn.size(320, 240)
        back = library.transform(library.transform(jpeg, turn), INVERSE.get(turn, turn))
        assert (back == jpeg) == whole, turn
    assert coefficients(library, jpeg) == coefficients(library, encode(paint(320, 240), subsampling))


def test_what_cannot_be_turned_is_left_out(library):
    jpeg = encode(paint(800, 600), "4:2:0")
    sizes = {turn: inspect(library.transform(jpeg, turn)) for turn in Turn}
    assert {turn for turn, info in sizes.items() if 592 in (info.width, info.height)} == {
        *(Turn.MIRROR_VERTICALLY, Turn.HALF),
        *(Turn.QUARTER, Turn.TRANSVERSE),
    }
    assert not any(592 in luma(library.transform(encode(paint(800, 600)), turn)).shape for turn in Turn)


def test_a_quarter_turn_of_422_is_440(library):
    assert inspect(library.transform(encode(paint(320, 240)), Turn.QUARTER)).subsampling == "4:4:0"


@pytest.mark.parametrize(
    "options",
    [
        (cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
        (cv2.IMWRITE_JPEG_RST_INTERVAL, 7),
        (cv2.IMWRITE_JPEG_OPTIMIZE, 1),
    ],
    ids=["progressive", "restarts", "optimised"],
)
def test_other_ways_to_code_the_same_coefficients_come_to_the_same(library, options):
    plain, other = encode(paint(320, 240)), encode(paint(320, 240), "4:2:2", *options)
    assert plain != other
    assert library.transform(plain, Turn.MIRROR) == library.transform(other, Turn.MIRROR)


def test_what_stood_beside_the_picture_is_left_out(library):
    jpeg = encode(paint(320, 240))
    exif = b"\xff\xe1\x00\x20Exif\x00\x00" + bytes(24)
    dressed = jpeg[:2] + exif + b"\xff\xfe\x00\x07hello" + jpeg[2:]
    assert library.transform(dressed, Turn.HALF) == library.transform(jpeg, Turn.HALF)


def test_rows_below_can_be_left_out(library):
    jpeg = encode(paint(320, 240))
    cut = library.transform(jpeg, Turn.HALF, 208)
    assert np.array_equal(luma(cut), luma(jpeg)[::-1, ::-1][:208])


def test_a_filter_that_fails_says_so(library):
    def fail(*_: int) -> None:
        raise RuntimeError("no filter")

    with pytest.raises(RuntimeError, match="no filter"):
        library.transform(encode(paint(64, 64)), blocks=fail)
    assert library.transform(encode(paint(64, 64)))


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xd9", encode(paint(96, 96))[:-200]], ids=range(4))
def test_what_is_no_whole_picture_is_refused_with_a_reason(library, data):
    with pytest.raises(TurboJpegError, match=r"\w"):
        library.transform(data, Turn.MIRROR)


@pytest.mark.parametrize("bad", [b"\xff\xd8\xff\xd9", encode(paint(96, 96))[:300]], ids=range(2))
def test_a_picture_that_was_refused_does_not_spoil_the_next(library, bad):
    good = library.transform(encode(paint(96, 96)))
    for _ in range(2):
        with pytest.raises(TurboJpegError):
            library.transform(bad)
        assert library.transform(good) == good


def test_threads_do_not_get_into_each_others_way(library):
    jpegs = [encode(paint(*size)) for size in ((160, 120), (320, 240), (96, 96))]
    jobs = list(itertools.product(jpegs, Turn)) * 20
    alone = {job: library.transform(*job) for job in jobs}
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda job: library.transform(*job), jobs)) == [alone[job] for job in jobs]


def test_a_library_that_is_none_is_said_to_be_missing(tmp_path):
    (tmp_path / "libturbojpeg.so.0").write_bytes(b"nothing")
    for path in (tmp_path / "libturbojpeg.so.0", tmp_path / "nowhere"):
        with pytest.raises(OSError, match=str(path)):
            TurboJpeg(str(path))
    with pytest.raises(OSError, match="lacks a function"):
        TurboJpeg("libc.so.6")


def test_without_a_library_none_is_found(monkeypatch):
    monkeypatch.setattr(vedette.picture.turbojpeg, "_NAMES", ("libnothing.so.0",))
    monkeypatch.setattr("ctypes.util.find_library", lambda _name: None)
    assert find_turbojpeg() is None


HOSTILE = """
import sys
from random import Random
from tests.picture import turbojpegs
from tests.picture.samples import encode, paint
from vedette.picture import Caption, Flip, Recipe, Renderer

renderer = Renderer(turbojpegs.load(sys.argv[1]))
random = Random(7)
whole = [encode(paint(112, 104), kind) for kind in ("4:2:2", "4:2:0", "gray")]
whole.append(encode(paint(112, 104), "4:4:4", 2, 1))  # progressive
refused = 0
for number in range(3000):
    jpeg = bytearray(whole[number % len(whole)])
    if number % 3:
        reach = len(jpeg) if number % 3 == 1 else 700  # anywhere, or in the header
        for _ in range(random.choice((1, 2, 8, 64))):
            jpeg[random.randrange(reach)] = random.randrange(256)
    else:
        del jpeg[random.randrange(len(jpeg)) :]
    recipe = Recipe(random.choice(list(Flip)), random.choice((0, 90)), label=random.random() < 0.5)
    try:
        renderer.render(bytes(jpeg), recipe, Caption("porch", "12:03"))
    except ValueError:
        refused += 1
print("refused", refused)
"""


@pytest.mark.parametrize("name", turbojpegs.ALL)
def test_hostile_bytes_are_refused_and_nothing_falls_over(name):
    turbojpegs.load(name)
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", HOSTILE, name], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout.split()[-1]) > 1000
