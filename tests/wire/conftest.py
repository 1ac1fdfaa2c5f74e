"""Pictures made by a real encoder, and the three ways in which bytes arrive."""

import cv2
import numpy as np
import pytest

SAMPLINGS = {
    "4:4:4": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    "4:2:2": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    "4:2:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    "4:4:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440,
    "4:1:1": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411,
}


def encode(
    width: int = 32,
    height: int = 16,
    subsampling: str = "4:2:2",
    *,
    progressive: bool = False,
    restart_interval: int = 0,
    seed: int = 0,
) -> bytes:
    shape = (height, width) if subsampling == "gray" else (height, width, 3)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    options = [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive), cv2.IMWRITE_JPEG_RST_INTERVAL, restart_interval]
    if subsampling != "gray":
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLINGS[subsampling]]
    done, jpeg = cv2.imencode(".jpg", pixels, options)
    assert done
    return bytes(jpeg)


@pytest.fixture(scope="session")
def make_jpeg():
    return encode


@pytest.fixture(scope="session")
def jpeg():
    return encode()


@pytest.fixture(scope="session")
def jpegs():
    return [encode(seed=seed) for seed in (1, 2, 3)]


@pytest.fixture(params=["whole", "one byte at a time", "with a tail"])
def arrive(request):
    """Feed a case to a reader in one of three ways; what each feed gave, joined where it gave lists.

    A tail is the beginning of what would come next; it must not change what the case gave.
    """

    def feed(reader, data, tail=b"\r\n"):
        if request.param == "whole":
            pieces = [data]
        elif request.param == "with a tail":
            pieces = [data + tail]
        else:
            pieces = [data[at : at + 1] for at in range(len(data))]
        given: list[object] = []
        for piece in pieces:
            given += reader.feed(piece) or []
        return given

    return feed
