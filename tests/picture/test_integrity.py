from random import Random

import cv2
import numpy as np
import pytest
import simplejpeg
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.picture import Canvas, Checked, check, check_markers
from vedette.simulator.damage import DAMAGES, HARMLESS
from vedette.wire.jpeg import BadJpegError, Damage, JpegInfo, inspect

SAMPLINGS = {
    "4:4:4": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    "4:2:2": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    "4:2:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    "4:4:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440,
    "4:1:1": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411,
}
UNDETECTED = {"bitflip", "dqt-wrong"}  # nothing in such a frame gives it away for sure


def paint(width: int, height: int, seed: int = 0, noise: float = 4.0) -> np.ndarray:
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (height // 32 + 2, width // 32 + 2, 3)).astype(np.uint8)
    soft = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(soft + random.normal(0, noise, soft.shape), 0, 255), np.uint8)


def encode(pixels: np.ndarray, *options: int) -> bytes:
    done, jpeg = cv2.imencode(".jpg", pixels, options)
    assert done
    return bytes(jpeg)


def sampled(pixels: np.ndarray, subsampling: str, *options: int) -> bytes:
    if subsampling == "gray":
        return encode(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)), *options)
    return encode(pixels, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLINGS[subsampling], *options)


def gray_of(checked: Checked) -> np.ndarray:
    assert checked.gray is not None
    return checked.gray


def refusal(data: bytes) -> BadJpegError:
    with pytest.raises(BadJpegError) as caught:
        check(data)
    return caught.value


# Whole pictures.


@pytest.mark.parametrize("quality", [1, 30, 75, 97, 100])
@pytest.mark.parametrize("subsampling", [*SAMPLINGS, "gray"])
@pytest.mark.parametrize(("width", "height"), [(320, 240), (161, 119), (8, 8), (1, 1), (9, 1)])
def test_a_whole_picture_passes_with_its_small_gray_copy(width, height, subsampling, quality):
    jpeg = sampled(paint(width, height), subsampling, cv2.IMWRITE_JPEG_QUALITY, quality)
    checked = check(jpeg)
    assert checked.jpeg is jpeg
    assert checked.info == JpegInfo(width, height, subsampling, len(jpeg))
    gray = gray_of(checked)
    assert gray.dtype == np.uint8
    assert gray.shape == (-(-height // 8), -(-width // 8))
    plain = simplejpeg.decode_jpeg(jpeg, "GRAY", min_height=1, min_width=1, min_factor=8)[:, :, 0]
    assert np.abs(gray.astype(int) - plain).max() <= 1


def test_the_small_copy_is_not_to_be_written_to():
    gray = gray_of(check(encode(paint(64, 48))))
    with pytest.raises(ValueError, match="read-only"):
        gray[0, 0] = 1


@pytest.mark.parametrize(
    "options",
    [
        (cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
        (cv2.IMWRITE_JPEG_OPTIMIZE, 1),
        (cv2.IMWRITE_JPEG_RST_INTERVAL, 1),
        (cv2.IMWRITE_JPEG_RST_INTERVAL, 7),
    ],
    ids=["progressive", "optimized", "restarts", "restarts that do not fit"],
)
@pytest.mark.parametrize("subsampling", ["4:2:2", "4:2:0", "gray"])
def test_other_encodings_pass(subsampling, options):
    jpeg = sampled(paint(160, 120), subsampling, *options)
    assert gray_of(check(jpeg)).shape == (15, 20)


def test_a_restart_marker_that_closes_the_last_interval_passes():
    jpeg = encode(paint(64, 16), cv2.IMWRITE_JPEG_RST_INTERVAL, 2, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLINGS["4:2:2"])
    assert jpeg.count(b"\xff\xd2") == 1
    assert gray_of(check(jpeg[:-2] + b"\xff\xd3\xff\xd9")).shape == (2, 8)


@pytest.mark.parametrize("quality", [1, 5, 50, 90, 100])
@pytest.mark.parametrize("content", ["black", "white", "stripes", "dots", "noise"])
def test_a_picture_at_the_ends_of_the_range_passes(content, quality):
    pixels = {
        "black": np.zeros((96, 128, 3), np.uint8),
        "white": np.full((96, 128, 3), 255, np.uint8),
        "stripes": np.repeat(np.tile(np.repeat([0, 255], 8), 8).astype(np.uint8)[None, :, None], 96, 0).repeat(3, 2),
        "dots": (np.indices((96, 128)).sum(axis=0) % 2 * 255).astype(np.uint8)[:, :, None].repeat(3, 2),
        "noise": np.random.default_rng(1).choice([0, 255], (96, 128, 3)).astype(np.uint8),
    }[content]
    jpeg = encode(pixels, cv2.IMWRITE_JPEG_QUALITY, quality)
    plain = simplejpeg.decode_jpeg(jpeg, "GRAY", min_height=1, min_width=1, min_factor=8)[:, :, 0]
    assert np.abs(gray_of(check(jpeg)).astype(int) - plain).max() <= 1


def test_the_simulators_canvas_passes():
    assert check(Canvas(640, 480, (10, 20, 30)).encode(60, restart_interval=4)).info is not None


@pytest.mark.parametrize("look", [check, check_markers])
def test_padding_is_not_handed_on(look):
    jpeg = encode(paint(64, 48))
    checked = look(jpeg + bytes(31))
    assert checked.jpeg == jpeg
    assert checked.info == inspect(jpeg)


@pytest.mark.parametrize("look", [check, check_markers])
def test_a_picture_without_huffman_tables_is_handed_on_with_them(look):
    jpeg = encode(paint(64, 48))
    bare = HARMLESS["no-huffman"](jpeg, Random(1))
    checked = look(bare + bytes(3))
    assert b"\xff\xc4" not in bare[:600]
    pixels = simplejpeg.decode_jpeg(checked.jpeg, "BGR")
    assert (pixels == simplejpeg.decode_jpeg(jpeg, "BGR")).all()
    assert checked.info == inspect(bare)


def test_the_look_at_the_markers_alone_makes_no_gray_copy():
    assert check_markers(encode(paint(64, 48))).gray is None


def test_a_picture_in_colours_of_its_own_is_decoded_as_it_is():
    jpeg = encode(paint(64, 48), cv2.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLINGS["4:4:4"])
    adobe = jpeg[:2] + b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x01" + jpeg[2:]
    plain = simplejpeg.decode_jpeg(jpeg, "GRAY", min_height=1, min_width=1, min_factor=8)[:, :, 0]
    assert (gray_of(check(adobe)) == plain).all()


# Damaged ones.


@pytest.mark.parametrize("kind", sorted(set(DAMAGES) - UNDETECTED))
def test_each_kind_of_damage_is_stopped(kind):
    random = Random(kind)
    jpegs = [sampled(paint(160, 120, seed), "4:2:2", cv2.IMWRITE_JPEG_QUALITY, 40 + seed) for seed in range(20)]
    frames = [DAMAGES[kind](jpeg, random) for jpeg in jpegs for _ in range(5)]
    passed = 0
    for frame in frames:
        try:
            check(frame)
        except BadJpegError as bad:
            assert bad.detail  # noqa: PT017 - either outcome counts
        else:
            passed += 1
    assert passed <= len(frames) // 20


def test_many_of_the_flipped_bits_are_stopped_too():
    jpeg = encode(paint(320, 240))
    random = Random(1)
    stopped = 0
    for _ in range(100):
        try:
            check(DAMAGES["bitflip"](jpeg, random))
        except BadJpegError:
            stopped += 1
    assert stopped > 25


def test_a_cut_frame_is_truncated_and_says_so_in_words():
    jpeg = encode(paint(320, 240))
    cut = refusal(jpeg[: len(jpeg) // 2] + b"\xff\xd9")
    assert cut.damage is Damage.TRUNCATED
    assert "premature end" in cut.detail


def test_bytes_too_many_are_corrupt():
    jpeg = encode(paint(320, 240))
    assert refusal(jpeg[:-2] + bytes(range(1, 20)) + b"\xff\xd9").damage is Damage.CORRUPT


@pytest.mark.parametrize("level", [250, 5])
def test_means_that_no_samples_can_have_are_damage(level):
    jpeg = bytearray(encode(np.full((64, 64), level, np.uint8), cv2.IMWRITE_JPEG_QUALITY, 50))
    step_at = jpeg.index(b"\xff\xdb") + 5
    jpeg[step_at] *= 2  # as if each difference had been misread: every code is one, and none is missing
    assert simplejpeg.decode_jpeg(bytes(jpeg), "GRAY").size == 64 * 64
    assert "darker than black or brighter than white" in refusal(bytes(jpeg)).detail


def test_a_header_of_a_giant_is_refused_without_trying_to_decode_it():
    jpeg = encode(paint(64, 48))
    at = jpeg.index(b"\xff\xc0") + 5
    giant = jpeg[:at] + (5000).to_bytes(2, "big") * 2 + jpeg[at + 4 :]
    assert refusal(giant).damage is Damage.TRUNCATED
    assert "shorter than a picture of that size" in refusal(giant).detail


def test_a_progressive_header_of_a_giant_is_refused_without_trying_to_decode_it():
    jpeg = encode(paint(16, 16), cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    at = jpeg.index(b"\xff\xc2") + 5
    giant = jpeg[:at] + (5000).to_bytes(2, "big") * 2 + jpeg[at + 4 :]
    assert refusal(giant).damage is Damage.TRUNCATED
    assert "shorter than a picture of that size" in refusal(giant).detail


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_passes_or_is_bad(data):
    jpeg = bytearray(encode(paint(48, 32)))
    for _ in range(data.draw(st.integers(1, 4))):
        jpeg[data.draw(st.integers(0, len(jpeg) - 1))] = data.draw(st.integers(0, 255))
    try:
        checked = check(bytes(jpeg))
    except BadJpegError as bad:
        assert bad.damage in Damage  # noqa: PT017 - either outcome is right
    else:
        info = checked.info
        assert info is not None
        assert gray_of(checked).shape == (-(-info.height // 8), -(-info.width // 8))
