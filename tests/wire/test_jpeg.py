from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.wire.jpeg import EOI, SOI, BadJpegError, Damage, JpegInfo, complete, inspect, read_size

DHT, DQT, DRI, SOF0, SOF2, SOS, APP0, APP1, COM = 0xC4, 0xDB, 0xDD, 0xC0, 0xC2, 0xDA, 0xE0, 0xE1, 0xFE


def segment(marker: int, payload: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def split(jpeg: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The header segments as (marker, payload) pairs, and the scan up to and with EOI."""
    segments = []
    at = 2
    while True:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        segments.append((marker, jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
        if marker == SOS:
            return segments, jpeg[at:]


def join(segments: list[tuple[int, bytes]], scan: bytes) -> bytes:
    return SOI + b"".join(segment(*each) for each in segments) + scan


def change(jpeg: bytes, marker: int, payload: bytes | None) -> bytes:
    """The same with the payload of its first segment of a kind replaced; None takes the segment out."""
    segments, scan = split(jpeg)
    at = next(index for index, (kind, _) in enumerate(segments) if kind == marker)
    segments[at : at + 1] = [] if payload is None else [(marker, payload)]
    return join(segments, scan)


def payload_of(jpeg: bytes, marker: int) -> bytes:
    return next(payload for kind, payload in split(jpeg)[0] if kind == marker)


def damage(data: bytes) -> Damage:
    with pytest.raises(BadJpegError) as caught:
        inspect(data)
    assert isinstance(caught.value.damage, Damage)
    assert str(caught.value).startswith(caught.value.damage.value)
    return caught.value.damage


# Whole pictures.


@pytest.mark.parametrize("restart_interval", [0, 1, 3])
@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1", "gray"])
@pytest.mark.parametrize(("width", "height"), [(32, 16), (33, 17), (1, 1), (160, 120)])
def test_an_encoders_picture_is_what_its_header_says(
    width, height, subsampling, progressive, restart_interval, make_jpeg
):
    jpeg = make_jpeg(width, height, subsampling, progressive=progressive, restart_interval=restart_interval)
    assert inspect(jpeg) == JpegInfo(width, height, subsampling, len(jpeg))


def test_restart_markers_and_several_scans_were_among_the_pictures(make_jpeg):
    assert b"\xff\xd0" in make_jpeg(restart_interval=1)
    assert b"\xff\xd7" in make_jpeg(160, 120, restart_interval=1)
    assert make_jpeg(progressive=True).count(b"\xff\xda") > 1
    assert split(make_jpeg(progressive=True))[0][-1][0] == SOS
    assert any(kind == SOF2 for kind, _ in split(make_jpeg(progressive=True))[0])


@pytest.mark.parametrize("padding", [b"\0", b"\0" * 16, b"\r\n", b"\xff", b"\xff\xff", b"junk", EOI], ids=repr)
def test_padding_behind_the_end_marker_is_not_counted(padding, jpeg):
    assert inspect(jpeg + padding) == inspect(jpeg)


def test_fill_bytes_before_any_marker_are_legal(jpeg):
    segments, scan = split(jpeg)
    filled = SOI + b"".join(b"\xff\xff" + segment(*each) for each in segments) + scan[:-2] + b"\xff\xff" + EOI
    assert inspect(filled) == JpegInfo(32, 16, "4:2:2", len(filled))


def test_a_picture_without_huffman_tables_passes(jpeg):
    segments, scan = split(jpeg)
    bare = join([each for each in segments if each[0] != DHT], scan)
    assert len(bare) < len(jpeg)
    assert inspect(bare) == JpegInfo(32, 16, "4:2:2", len(bare))


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1", "gray"])
def test_a_picture_without_huffman_tables_is_completed_with_the_standard_ones(subsampling, make_jpeg):
    jpeg = make_jpeg(33, 17, subsampling)
    segments, scan = split(jpeg)
    bare = join([each for each in segments if each[0] != DHT], scan)
    completed = complete(bare)
    assert (decode(completed) == decode(jpeg)).all()
    assert inspect(completed) == JpegInfo(33, 17, subsampling, len(completed))
    assert complete(jpeg) is jpeg


def test_tables_go_behind_the_fill_bytes_of_the_scan_header(jpeg):
    segments, scan = split(jpeg)
    kept = [each for each in segments if each[0] != DHT]
    bare = join(kept[:-1], b"\xff\xff" + segment(*kept[-1]) + scan)
    assert (decode(complete(bare)) == decode(jpeg)).all()


def test_a_picture_of_restarts_may_close_its_last_interval(make_jpeg):
    jpeg = make_jpeg(64, 16, restart_interval=2)
    assert jpeg.count(b"\xff\xd2") == 1
    closed = jpeg[:-2] + b"\xff\xd3" + EOI
    assert inspect(closed).length == len(closed)


def test_zeros_in_the_scan_pass_where_the_tables_make_them_a_flat_picture():
    flat = np.full((480, 640, 3), 200, np.uint8)
    jpeg = cv2.imencode(".jpg", flat, [cv2.IMWRITE_JPEG_OPTIMIZE, 1])[1].tobytes()
    assert bytes(64) in jpeg
    assert inspect(jpeg).width == 640


def decode(jpeg: bytes) -> np.ndarray:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return pixels


def test_a_thumbnail_in_a_segment_is_no_second_picture(jpeg, make_jpeg):
    segments, scan = split(jpeg)
    with_thumbnail = join([(APP1, b"Exif\0\0" + make_jpeg(16, 8)), *segments], scan)
    assert inspect(with_thumbnail).length == len(with_thumbnail)
    assert inspect(with_thumbnail).width == 32


def test_a_comment_may_be_empty_and_stand_between_scans(jpeg, make_jpeg):
    segments, scan = split(jpeg)
    assert inspect(join([(COM, b""), *segments], scan)).width == 32
    progressive = make_jpeg(progressive=True)
    first_scans_end = split(progressive)[1].index(b"\xff" + bytes([DHT]))
    at = len(progressive) - len(split(progressive)[1]) + first_scans_end
    assert inspect(progressive[:at] + segment(COM, b"between") + progressive[at:]).width == 32


def test_sixteen_bit_quantization_tables_pass(jpeg):
    wide = b"\x10" + b"\x01\x00" * 64
    assert inspect(change(jpeg, DQT, wide)).width == 32


def test_a_header_sampled_as_nothing_with_a_name_is_other(jpeg):
    header = bytearray(payload_of(jpeg, SOF0))
    header[7] = 0x42
    assert inspect(change(jpeg, SOF0, bytes(header))).subsampling == "other"
    header[7], header[10] = 0x22, 0x21
    assert inspect(change(jpeg, SOF0, bytes(header))).subsampling == "other"


# Cut off.


@pytest.mark.parametrize("subsampling", ["4:2:2", "gray"])
@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
def test_a_picture_cut_at_any_byte_is_truncated(progressive, subsampling, make_jpeg):
    jpeg = make_jpeg(16, 8, subsampling, progressive=progressive, restart_interval=1)
    for length in range(2, len(jpeg)):
        assert damage(jpeg[:length]) is Damage.TRUNCATED, length


@pytest.mark.parametrize("data", [b"", b"\xff"], ids=repr)
def test_what_has_not_even_begun_is_bad(data):
    assert damage(data) in Damage


def test_a_scan_that_ends_in_fill_bytes_is_truncated(jpeg):
    assert damage(jpeg[:-2] + b"\xff" * 1000) is Damage.TRUNCATED


def test_a_missing_end_marker_is_seen_behind_padding_too(jpeg):
    assert damage(jpeg[:-2]) is Damage.TRUNCATED
    assert damage(jpeg[:-2] + b"\0" * 64) is Damage.TRUNCATED
    assert damage(jpeg[:-1]) is Damage.TRUNCATED


def test_a_frame_cut_in_its_scan_and_continued_by_the_next_is_corrupt(jpegs):
    assert damage(jpegs[0][: len(jpegs[0]) - 40] + jpegs[1]) is Damage.CORRUPT


def test_a_scan_too_short_for_its_picture_is_truncated(jpeg):
    header = payload_of(jpeg, SOF0)
    assert damage(change(jpeg, SOF0, of_size(header, 4096, 4096))) is Damage.TRUNCATED


def of_size(header: bytes, width: int, height: int) -> bytes:
    """A frame header of another size."""
    return header[:1] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + header[5:]


def test_several_scans_too_short_for_their_picture_are_truncated(jpeg, make_jpeg):
    progressive = make_jpeg(16, 16, progressive=True)
    huge = of_size(payload_of(progressive, SOF2), 4096, 4096)
    assert damage(change(progressive, SOF2, huge)) is Damage.TRUNCATED
    one_by_one = change(jpeg, SOS, b"\1\1\0\0\x3f\0")
    assert inspect(one_by_one).width == 32
    huge = of_size(payload_of(jpeg, SOF0), 4096, 4096)
    assert damage(change(one_by_one, SOF0, huge)) is Damage.TRUNCATED


@pytest.mark.parametrize("subsampling", [0x111111, 0x211111, 0x221111, 0x121111, 0x411111], ids=hex)
@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
@pytest.mark.parametrize(("width", "height"), [(2592, 1944), (1281, 723)])
def test_the_least_that_an_encoder_makes_is_not_too_short(width, height, progressive, subsampling):
    options = [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive), cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, subsampling]
    flat = np.full((height, width, 3), 128, np.uint8)
    assert inspect(cv2.imencode(".jpg", flat, options)[1].tobytes()).width == width


def test_a_picture_of_five_times_the_largest_sensors_pixels_is_the_largest(jpeg):
    header = payload_of(jpeg, SOF0)
    with pytest.raises(BadJpegError, match="shorter than a picture of that size"):
        inspect(change(jpeg, SOF0, of_size(header, 5000, 5000)))
    with pytest.raises(BadJpegError, match="a picture of 5000x5001"):
        inspect(change(jpeg, SOF0, of_size(header, 5000, 5001)))


def test_scans_without_end_are_corrupt(make_jpeg):
    progressive = make_jpeg(progressive=True)
    empty = segment(SOS, b"\1\1\0\1\x3f\0")
    assert inspect(progressive[:-2] + empty * 8 + EOI).width == 32
    assert damage(progressive[:-2] + empty * 40 + EOI) is Damage.CORRUPT


# Corrupt.


def without_header(jpeg: bytes) -> bytes:
    return change(jpeg, SOF0, None)


def doubled_header(jpeg: bytes) -> bytes:
    segments, scan = split(jpeg)
    return join([each for one in segments for each in ([one, one] if one[0] == SOF0 else [one])], scan)


def nested(jpeg: bytes) -> bytes:
    _, scan = split(jpeg)
    middle = len(jpeg) - len(scan) + len(scan) // 2
    while jpeg[middle - 1] == 0xFF:
        middle += 1
    return jpeg[:middle] + jpeg + jpeg[middle:]


def with_tables(jpeg: bytes, payload: bytes) -> bytes:
    return change(jpeg, DHT, payload)


def with_restarts(spoil: Callable[[bytes], bytes]) -> bytes:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 64, 3), np.uint8)
    options = [cv2.IMWRITE_JPEG_RST_INTERVAL, 2, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x211111]
    jpeg = bytes(cv2.imencode(".jpg", pixels, options)[1])
    spoiled = spoil(jpeg)
    assert spoiled != jpeg
    return spoiled


CORRUPT = {
    "segments without end": lambda jpeg: SOI + segment(COM, b"") * 1000 + jpeg[2:],
    "fill bytes without end": lambda jpeg: SOI + b"\xff" * 1000 + jpeg[2:],
    "a marker behind a megabyte of fill": lambda jpeg: jpeg[:-2] + b"\xff" * 1_000_000 + b"\x01" + EOI,
    "no quantization table": lambda jpeg: change(jpeg, DQT, None),
    "a component of a quantization table that is not there": lambda jpeg: change(
        jpeg, SOF0, payload_of(jpeg, SOF0)[:-1] + b"\3"
    ),
    "samples of 12 bits": lambda jpeg: change(jpeg, SOF0, b"\x0c" + payload_of(jpeg, SOF0)[1:]),
    "a picture of more pixels than any camera has": lambda jpeg: change(
        jpeg, SOF0, b"\x08\xff\xff\xff\xff" + payload_of(jpeg, SOF0)[5:]
    ),
    "one Huffman table missing": lambda jpeg: change(jpeg, DHT, None),
    "a Huffman table cut short": lambda jpeg: with_tables(jpeg, payload_of(jpeg, DHT)[:-1]),
    "a Huffman table cut in its counts": lambda jpeg: with_tables(jpeg, payload_of(jpeg, DHT)[:12]),
    "a Huffman table of a third class": lambda jpeg: with_tables(jpeg, b"\x20" + payload_of(jpeg, DHT)[1:]),
    "a fifth Huffman table": lambda jpeg: with_tables(jpeg, b"\x04" + payload_of(jpeg, DHT)[1:]),
    "a Huffman table with more codes than there are": lambda jpeg: with_tables(
        jpeg, payload_of(jpeg, DHT)[:1] + b"\3" + bytes(15) + b"\0\1\2"
    ),
    "a Huffman table that uses up the code of ones": lambda jpeg: with_tables(
        jpeg, payload_of(jpeg, DHT)[:1] + b"\2" + bytes(15) + b"\0\1"
    ),
    "a mean's difference of 16 bits": lambda jpeg: with_tables(
        jpeg, payload_of(jpeg, DHT)[:1] + b"\1" + bytes(15) + b"\x10"
    ),
    "a scan of a component that is not there": lambda jpeg: change(jpeg, SOS, b"\3\7" + payload_of(jpeg, SOS)[2:]),
    "a restart interval of one byte": lambda jpeg: SOI + segment(DRI, b"\1") + jpeg[2:],
    "restart markers that are missing": lambda jpeg: SOI + segment(DRI, b"\0\1") + jpeg[2:],
    "a restart marker lost": lambda _: with_restarts(lambda jpeg: jpeg.replace(b"\xff\xd1", b"")),
    "restart markers out of order": lambda _: with_restarts(lambda jpeg: jpeg.replace(b"\xff\xd1", b"\xff\xd5")),
    "two restart markers behind the last interval": lambda _: with_restarts(
        lambda jpeg: jpeg[:-2] + b"\xff\xd3\xff\xd4" + EOI
    ),
    "memory that nobody wrote to": lambda jpeg: jpeg[:-40] + bytes(32) + jpeg[-8:],
    "a second scan behind one that holds everything": lambda jpeg: (
        jpeg[:-2] + segment(SOS, payload_of(jpeg, SOS)) + EOI
    ),
    "a progressive picture without Huffman tables": lambda jpeg: join(
        [(SOF2 if kind == SOF0 else kind, each) for kind, each in split(jpeg)[0] if kind != DHT], split(jpeg)[1]
    ),
    "not a picture": lambda _: b"No frames send.",
    "SOI behind a line end": lambda jpeg: b"\r\n" + jpeg,
    "a picture of HTML": lambda _: b"<html>" * 50,
    "the start marker twice": lambda jpeg: SOI + jpeg,
    "the headers twice": lambda jpeg: jpeg[: jpeg.index(b"\xff\xda")] + jpeg,
    "the frame header twice": doubled_header,
    "two pictures joined": lambda jpeg: jpeg + jpeg,
    "two pictures with padding between": lambda jpeg: jpeg + b"\0" * 4 + jpeg,
    "a second picture's beginning behind the first": lambda jpeg: jpeg + SOI,
    "one picture inside another": nested,
    "no frame header": without_header,
    "an end marker among the headers": lambda jpeg: SOI + EOI + jpeg[2:],
    "a restart marker among the headers": lambda jpeg: SOI + b"\xff\xd0" + jpeg[2:],
    "a byte between segments": lambda jpeg: SOI + b"\0" + jpeg[2:],
    "a reserved marker": lambda jpeg: SOI + segment(0x02, b"x") + jpeg[2:],
    "a segment of length 0": lambda jpeg: SOI + b"\xff\xe0\0\0" + jpeg[2:],
    "a segment of length 1": lambda jpeg: SOI + b"\xff\xe0\0\1" + jpeg[2:],
    "an empty quantization table": lambda jpeg: change(jpeg, DQT, b""),
    "a short quantization table": lambda jpeg: change(jpeg, DQT, payload_of(jpeg, DQT)[:-1]),
    "a short second quantization table": lambda jpeg: change(jpeg, DQT, payload_of(jpeg, DQT) + b"\x01\x05"),
    "a quantization table with a zero": lambda jpeg: change(jpeg, DQT, b"\0" + bytes([0]) + b"\x01" * 63),
    "a 16-bit quantization table with a zero": lambda jpeg: change(jpeg, DQT, b"\x10" + b"\0\1" * 63 + b"\0\0"),
    "a quantization table of 24 bits": lambda jpeg: change(jpeg, DQT, b"\x20" + b"\1" * 128),
    "a fifth quantization table": lambda jpeg: change(jpeg, DQT, b"\x04" + b"\1" * 64),
    "a frame header cut short": lambda jpeg: change(jpeg, SOF0, payload_of(jpeg, SOF0)[:-1]),
    "a frame header of nothing": lambda jpeg: change(jpeg, SOF0, b""),
    "no components": lambda jpeg: change(jpeg, SOF0, payload_of(jpeg, SOF0)[:5] + b"\0"),
    "no height": lambda jpeg: change(jpeg, SOF0, b"\x08\0\0\0\x20" + payload_of(jpeg, SOF0)[5:]),
    "no width": lambda jpeg: change(jpeg, SOF0, b"\x08\0\x10\0\0" + payload_of(jpeg, SOF0)[5:]),
    "a sampling factor of 0": lambda jpeg: change(jpeg, SOF0, payload_of(jpeg, SOF0).replace(b"\x21", b"\x20", 1)),
    "a sampling factor of 5": lambda jpeg: change(jpeg, SOF0, payload_of(jpeg, SOF0).replace(b"\x21", b"\x51", 1)),
    "a lossless picture": lambda jpeg: jpeg.replace(b"\xff\xc0", b"\xff\xc3", 1),
    "an arithmetic picture": lambda jpeg: jpeg.replace(b"\xff\xc0", b"\xff\xc9", 1),
    "a scan header cut short": lambda jpeg: change(jpeg, SOS, payload_of(jpeg, SOS)[:-1]),
    "a scan header of nothing": lambda jpeg: change(jpeg, SOS, b""),
    "a part of the coefficients in a sequential scan": lambda jpeg: change(
        jpeg, SOS, payload_of(jpeg, SOS)[:-3] + b"\0\x14\0"
    ),
    "a part of the bits in a sequential scan": lambda jpeg: change(jpeg, SOS, payload_of(jpeg, SOS)[:-1] + b"\1"),
    "a part of the coefficients in a later scan": lambda jpeg: (
        change(jpeg, SOS, b"\1\1\0\0\x3f\0")[:-2] + segment(SOS, b"\1\2\0\1\x3f\0") + EOI
    ),
    "a scan of no components": lambda jpeg: change(jpeg, SOS, b"\0\0\x3f\0"),
    "an application segment in the scan": lambda jpeg: jpeg[:-10] + segment(APP0, b"x") + jpeg[-10:],
    "a second frame header in the scan": lambda jpeg: jpeg[:-2] + segment(SOF0, payload_of(jpeg, SOF0)) + EOI,
    "a marker in the scan behind fill bytes": lambda jpeg: jpeg[:-2] + b"\xff\xff\xff\x01" + EOI,
}


@pytest.mark.parametrize("spoil", CORRUPT.values(), ids=CORRUPT)
def test_a_picture_that_breaks_the_grammar_is_corrupt(spoil, jpeg):
    spoiled = spoil(jpeg)
    assert spoiled != jpeg
    assert damage(spoiled) is Damage.CORRUPT


# What is left of a picture.


def test_the_size_is_read_of_whatever_is_left(jpeg):
    assert read_size(jpeg) == (32, 16)
    assert read_size(jpeg[: jpeg.index(b"\xff\xda")]) == (32, 16)
    assert read_size(change(jpeg, DQT, b"")) == (32, 16)
    assert read_size(change(jpeg, SOF0, None)) is None
    assert read_size(jpeg[:30]) is None
    assert read_size(b"") is None
    assert read_size(b"No frames send.") is None


# Properties.


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_pass_or_are_bad(data, begins):
    check_that_nothing_else_is_raised(SOI + data if begins else data)


SEGMENTS = st.lists(
    st.one_of(
        st.builds(segment, st.sampled_from([DHT, DQT, SOF0, SOF2, SOS, APP0, COM, 0xDD, 0xDC]), st.binary(max_size=20)),
        st.sampled_from([b"\xff", b"\xff\xd0", EOI, SOI, b"\xff\x00", segment(SOS, b"\1\1\0\0\x3f\0")]),
        st.just(segment(SOF0, b"\x08\0\x08\0\x08\1\1\x11\0")),
        st.binary(max_size=10),
    ),
    max_size=12,
).map(b"".join)


@settings(max_examples=200, deadline=None)
@given(SEGMENTS)
def test_any_segments_pass_or_are_bad(data):
    check_that_nothing_else_is_raised(SOI + data)


def check_that_nothing_else_is_raised(data: bytes) -> None:
    try:
        info = inspect(data)
    except BadJpegError as error:
        assert error.damage in Damage  # noqa: PT017 - either outcome is right
    else:
        assert info.width > 0
        assert info.height > 0
        assert data[info.length - 2 : info.length] == EOI


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_picture_with_a_bent_byte_passes_or_is_bad(make_jpeg, data):
    jpeg = bytearray(make_jpeg(16, 8, restart_interval=1))
    jpeg[data.draw(st.integers(0, len(jpeg) - 1))] = data.draw(st.integers(0, 255))
    check_that_nothing_else_is_raised(bytes(jpeg))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 80), st.integers(1, 80), st.integers(0, 3), st.integers(0, 9))
def test_whatever_a_decoder_decodes_has_the_size_it_says(make_jpeg, width, height, restart_interval, seed):
    jpeg = make_jpeg(width, height, seed=seed, restart_interval=restart_interval)
    info = inspect(jpeg)
    decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape == (info.height, info.width, 3)
