import pytest

from vedette.picture import Canvas, check, shrink


def size_of(jpeg: bytes) -> tuple[int, int]:
    info = check(jpeg).info
    assert info is not None
    return info.width, info.height


@pytest.mark.parametrize(
    ("size", "small"),
    [((1600, 1200), (320, 240)), ((640, 480), (320, 240)), ((400, 1), (320, 1)), ((321, 9), (320, 9))],
)
def test_a_large_picture_becomes_small_in_the_same_shape(size, small):
    assert size_of(shrink(Canvas(*size).encode(80), 320)) == small


@pytest.mark.parametrize("size", [(320, 240), (96, 96), (1, 1)])
def test_a_small_one_stays_as_it_came(size):
    jpeg = Canvas(*size).encode(80)
    assert shrink(jpeg, 320) is jpeg


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xd9"])
def test_what_cannot_be_decoded_says_so(data):
    with pytest.raises(ValueError, match="no JPEG"):
        shrink(data, 320)
