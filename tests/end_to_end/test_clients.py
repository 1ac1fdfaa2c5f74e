"""The clients people use: each reads a hundred frames while others watch."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.end_to_end.harness import Server, Viewer

from vedette.simulator import Simulator
from vedette.wire.multipart import MultipartReader

FRAMES = 100


@pytest.fixture
def board(make_boards: Callable[..., Simulator]) -> Simulator:
    """A board whose loop of pictures is remembered whole, whoever looks when."""
    return make_boards(fps=25, size=(640, 480))


@pytest.fixture
def watched(board: Simulator, serve: Callable[..., Server], watch: Callable[..., Viewer]) -> Server:
    """A server whose camera others look at already."""
    server = serve({"porch": board.stream_url()})
    server.wait_for_state("porch", "online")
    for _ in range(5):
        watch(server, "/cameras/porch/stream.mjpg").part()
    return server


def sent_by(board: Simulator) -> set[bytes]:
    return board.call(lambda: set(board.boards[0].sent))


def test_curl(watched: Server, board: Simulator, find_program: Callable[[str], str], tmp_path: Path) -> None:
    target = tmp_path / "stream"
    url = f"{watched.url}cameras/porch/stream.mjpg"
    with target.open("wb") as output, subprocess.Popen([find_program("curl"), "-sN", url], stdout=output) as curl:
        while target.stat().st_size < FRAMES * 40_000 and len(read_parts(target)) < FRAMES:
            with pytest.raises(subprocess.TimeoutExpired):
                curl.wait(0.2)
        sent = sent_by(board)
        curl.terminate()
    parts = read_parts(target)
    assert len(parts) >= FRAMES
    assert all(part in sent for part in parts[:FRAMES])


def read_parts(path: Path) -> list[bytes]:
    reader = MultipartReader(b"vedette")
    parts = [part.body for part in reader.feed(path.read_bytes())]
    assert reader.faults == 0
    return parts


def test_ffmpeg_copies_every_frame_and_warns_of_nothing(
    watched: Server, board: Simulator, find_program: Callable[[str], str], tmp_path: Path
) -> None:
    url = f"{watched.url}cameras/porch/stream.mjpg"
    command = [find_program("ffmpeg"), "-v", "warning", "-i", url, "-frames:v", str(FRAMES)]
    copied = subprocess.run(
        [*command, "-c", "copy", "-f", "image2", str(tmp_path / "%03d.jpg")],
        capture_output=True,
        timeout=60,
        check=True,
    )
    sent = sent_by(board)
    pictures = [path.read_bytes() for path in sorted(tmp_path.glob("*.jpg"))]
    assert copied.stderr == b""
    assert len(pictures) == FRAMES
    assert all(picture in sent for picture in pictures)


def test_ffmpeg_decodes_every_frame_and_warns_of_nothing(watched: Server, find_program: Callable[[str], str]) -> None:
    url = f"{watched.url}cameras/porch/stream.mjpg"
    decoded = subprocess.run(
        [find_program("ffmpeg"), "-v", "warning", "-i", url, "-frames:v", str(FRAMES), "-f", "null", "-"],
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert decoded.stderr == b""


def test_opencv(watched: Server, board: Simulator) -> None:
    capture = cv2.VideoCapture(f"{watched.url}cameras/porch/stream.mjpg")
    try:
        pictures = []
        for _ in range(FRAMES):
            done, picture = capture.read()
            assert done
            pictures.append(picture)
    finally:
        capture.release()
    # OpenCV hands out pixels: each must be one of the board's pictures, decoded.
    smallest = [shrink(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)) for jpeg in sent_by(board)]
    for picture in pictures[:: FRAMES // 10]:
        assert picture.shape == (480, 640, 3)
        assert min(float(np.abs(shrink(picture) - known).mean()) for known in smallest) < 2


def shrink(picture: "np.typing.NDArray[Any] | cv2.Mat | None") -> "np.typing.NDArray[np.float32]":
    assert picture is not None
    return cv2.resize(picture, (160, 120), interpolation=cv2.INTER_AREA).astype(np.float32)
