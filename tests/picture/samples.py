"""Pictures for the tests of recipes, and a look at their coefficients and luma."""

import ctypes

import cv2
import numpy as np
import simplejpeg

from vedette.boards.framesizes import FRAMESIZES
from vedette.picture.recipe import Turn
from vedette.picture.turbojpeg import TurboJpeg

SAMPLINGS = {
    "4:4:4": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    "4:2:2": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    "4:2:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    "4:4:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440,
    "4:1:1": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411,
}
OV_SIZES = sorted({size for table in FRAMESIZES.values() for size in table})


def paint(width: int, height: int, seed: int = 0) -> np.ndarray:
    """BGR: soft colours with a little noise, the same nowhere."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (height // 32 + 2, width // 32 + 2, 3)).astype(np.uint8)
    soft = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(soft + random.integers(-4, 5, soft.shape), 0, 255), np.uint8)


def encode(pixels: np.ndarray, subsampling: str = "4:2:2", *options: int) -> bytes:
    sampling: tuple[int, ...] = ()
    if subsampling == "gray":
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    else:
        sampling = (cv2.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLINGS[subsampling])
    done, jpeg = cv2.imencode(".jpg", pixels, [*sampling, cv2.IMWRITE_JPEG_QUALITY, 80, *options])
    assert done
    return bytes(jpeg)


def luma(jpeg: bytes) -> np.ndarray:
    return np.asarray(simplejpeg.decode_jpeg(jpeg, "GRAY", fastdct=False)[:, :, 0])


def colours(jpeg: bytes) -> np.ndarray:
    return np.asarray(simplejpeg.decode_jpeg(jpeg, "BGR", fastdct=False))


def distance(one: np.ndarray, other: np.ndarray) -> tuple[float, int]:
    """By how many levels two pictures of the same size differ: on average, and at most."""
    assert one.shape == other.shape
    off = np.asarray(cv2.absdiff(np.ascontiguousarray(one), np.ascontiguousarray(other)))
    return float(off.mean()), int(off.max())


def turned(pixels: np.ndarray, turn: Turn) -> np.ndarray:
    mirrored, degrees = turn.value
    return np.rot90(pixels[:, ::-1] if mirrored else pixels, -degrees // 90)


def coefficients(library: TurboJpeg, jpeg: bytes) -> dict[int, list[bytes]]:
    """The rows of blocks of each component, as they are coded."""
    rows: dict[int, list[bytes]] = {}

    def look(address: int, count: int, component: int, row: int) -> None:
        seen = rows.setdefault(component, [])
        assert row == len(seen)
        seen.append(ctypes.string_at(address, count * 128))

    library.transform(jpeg, blocks=look)
    return rows
