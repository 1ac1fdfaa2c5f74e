"""The clients people use: each reads a hundred frames while five others watch, and stays when a camera does not.

Each runs in a folder and with an environment of its own, so that nobody's settings and proxies count. The commands that
docs/clients.md gives are these, told to hand over or count what they got.
"""

import contextlib
import hashlib
import os
import pwd
import select
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any

import cv2
import numpy as np
import pytest
from tests.end_to_end.harness import Server, Viewer, wait_until

from vedette.simulator import Fault, Simulator
from vedette.wire.multipart import MultipartReader

pytestmark = pytest.mark.clients

FRAMES = 100
ASKED = FRAMES + 1  # GStreamer's `eos-after` ends before it passes the last one on
OTHERS = 5  # viewers
STREAM = "cameras/porch/stream.mjpg"
TURNED = "?rotate=90"
PATIENCE = 60.0  # seconds; a hundred frames take four

Find = Callable[[str], str]


@dataclass(frozen=True)
class Client:
    """A program that writes what it gets, or what it made of it.

    Attributes:
        command: how it is called: $url, $frames to read, the $file below, the $folder to write to.
        count: the frames in what it has written, a line each: a fingerprint where it has the bytes.
        output: what it writes to in its folder, as a pattern; its standard output goes to its messages then.
        file: the text of a file that the command names: a script, a configuration.
        endless: it cannot count, and is ended by SIGTERM.
        status: what it exits with.
        usual: what it says on a good day, by parts of lines.
    """

    command: str
    count: Callable[[Path], list[str]]
    output: str = ""
    file: str = ""
    endless: bool = False
    status: int = 0
    usual: tuple[str, ...] = ()


@dataclass
class Run:
    """A client that runs."""

    name: str
    client: Client
    process: subprocess.Popen[bytes]
    folder: Path

    def pictures(self) -> list[str]:
        written = next(self.folder.glob(self.client.output or "output"), None)
        return self.client.count(written) if written else []

    def complaints(self) -> list[str]:
        lines = (self.folder / "messages").read_text(errors="replace").splitlines()
        return [line for line in lines if line.strip() and not any(part in line for part in self.client.usual)]

    def wait_for_new(self, count: int, seen: AbstractSet[str] = frozenset()) -> None:
        wait_until(lambda: len(set(self.pictures()) - seen) >= count, PATIENCE, f"{self.name} has {count} new frames")

    def wait_for_end(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Until it has read its hundred and ended, by itself if it can."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and not (self.client.endless and len(set(self.pictures())) >= FRAMES):
            meanwhile()
            assert time.monotonic() < deadline, f"{self.name} has {len(self.pictures())} frames; {self.complaints()}"
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.2)
        if self.client.endless:
            assert self.process.poll() is None, f"{self.name} ended; {self.complaints()}"
            self.process.terminate()
        assert self.process.wait(20) == self.client.status, self.complaints()


# How to find the frames in what a client wrote.


def fingerprint(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def parts(path: Path) -> list[str]:
    """Of the stream as it came, framing and all."""
    reader = MultipartReader(b"vedette")
    bodies = [part.body for part in reader.feed(path.read_bytes())]
    assert reader.faults == 0
    return [fingerprint(body) for body in bodies]


def jpegs(path: Path) -> list[str]:
    """Of whatever has whole JPEGs in it."""
    data, found, end = path.read_bytes(), [], 0
    while (start := data.find(b"\xff\xd8\xff", end)) >= 0 and (stop := data.find(b"\xff\xd9", start)) >= 0:
        end = stop + 2
        found.append(fingerprint(data[start:end]))
    return found


def hashes(path: Path) -> list[str]:
    """Of a list of hashes; a line that is still being written does not count."""
    lines = path.read_text().splitlines(keepends=True)
    return [line.strip().removeprefix("MD5:") for line in lines if line.endswith("\n") and not line.startswith("#")]


def buffers(path: Path) -> list[str]:
    """Of GStreamer's messages on the buffers that reach a fakesink."""
    return [line for line in path.read_text().splitlines() if "last-message = chain " in line]


def files(path: Path) -> list[str]:
    """Of a folder of pictures; what the client is still writing does not count."""
    names = sorted(path.glob("*.jpg"), key=lambda name: name.stat().st_mtime_ns)[:-1]
    return [name.name for name in names]


# The clients.

REQUESTS = r"""
import sys
import requests

url, frames = sys.argv[1], int(sys.argv[2])
with requests.get(url, stream=True, timeout=20) as answer:
    data = b""
    for chunk in answer.iter_content(4096):
        data += chunk
        start, end = data.find(b"\xff\xd8"), data.find(b"\xff\xd9")
        if start >= 0 and end >= 0:
            sys.stdout.buffer.write(data[start : end + 2])
            sys.stdout.buffer.flush()
            data = data[end + 2 :]
            frames -= 1
            if not frames:
                break
"""

OPENCV = """
import hashlib, sys
import cv2

capture = cv2.VideoCapture(sys.argv[1])
for _ in range(int(sys.argv[2])):
    done, picture = capture.read()
    if not done:
        sys.exit("the stream has ended")
    print(hashlib.md5(picture.tobytes()).hexdigest(), flush=True)
capture.release()
"""

MOTION = """
daemon off
setup_mode off
log_level 5
webcontrol_port 0
stream_port 0
netcam_url $url
target_dir $folder
width 640
height 480
framerate 25
emulate_motion on
"""
MOTION_MOVIE = "picture_output off\nmovie_output on\nmovie_passthrough on\nmovie_filename movie\n"
MOTION_PICTURES = "picture_output on\npicture_filename pictures/%Y%m%d%H%M%S-%q\nmovie_output off\n"
MOTION_USUAL = (" [NTC] ",)  # what it reads and starts

PYTHON = f"{shlex.quote(sys.executable)} $file $url $frames"
MPV = "mpv --no-config --msg-level=all=warn --frames=$frames"
MPV_USUAL = (
    "[lavf] ",  # MJPEG has no timestamps, it says in six lines: no stream of pictures over HTTP has
    "[recorder] This is an experimental feature",  # how the test gets at the bytes
)
VLC = "cvlc --no-dbus --aout=dummy"
VLC_USUAL = (
    "main interface error: no suitable interface module",  # no desktop, no keys
    'interface "globalhotkeys,none" initialization failed',  # the same
    "dummy interface: using the dummy interface module",  # what cvlc is
    "get_buffer() failed",  # its decoder, when it is ended in the middle of a picture
    "no matching alpha blending routine (chroma: YUVA -> J440)",  # it cannot lay its title over 4:4:0, for five seconds
    "blending YUVA to J440 failed",  # the same
)

BYTES = {
    "curl": Client("curl -sSN $url", parts, endless=True, status=-15),
    "wget": Client("wget -nv --tries=1 -O - $url", parts, endless=True, status=-15),
    "requests": Client(PYTHON, jpegs, file=REQUESTS),
    "ffmpeg": Client("ffmpeg -v warning -i $url -frames:v $frames -c copy -f mjpeg -", jpegs),
    "ffprobe": Client(
        "ffprobe -v warning -read_intervals %+#$frames -show_packets -show_data_hash md5"
        " -show_entries packet=data_hash -of csv=p=0 $url",
        hashes,
    ),
    "gstreamer": Client(
        "gst-launch-1.0 -q souphttpsrc location=$url ! multipartdemux ! identity eos-after=$frames ! fdsink", jpegs
    ),
    "mpv": Client(f"{MPV} --vo=null --stream-record=$folder/record.mjpeg $url", jpegs, "record.mjpeg", usual=MPV_USUAL),
    "vlc": Client(VLC + " --sout '#std{access=file,mux=mpjpeg,dst=-}' $url", jpegs, endless=True, usual=VLC_USUAL),
    "motion": Client("motion -n -c $file", jpegs, "movie*", MOTION + MOTION_MOVIE, endless=True, usual=MOTION_USUAL),
}

DECODED = {
    "ffmpeg": Client("ffmpeg -v warning -i $url -frames:v $frames -fps_mode passthrough -f framemd5 -", hashes),
    "ffprobe": Client(
        "ffprobe -v warning -read_intervals %+#$frames -show_frames -show_entries frame=pict_type -of csv=p=0 $url",
        hashes,
    ),
    "gstreamer": Client(
        "gst-launch-1.0 -v souphttpsrc location=$url ! multipartdemux ! jpegdec"
        " ! fakesink silent=false num-buffers=$frames",
        buffers,
    ),
    "mpv": Client(f"{MPV} --vo=image --vo-image-outdir=$folder/pictures $url", files, "pictures", usual=MPV_USUAL),
    "vlc": Client(
        f"{VLC} --vout=dummy --video-filter=scene --scene-ratio=1 --scene-format=jpg"
        " --scene-path=$folder/pictures $url",
        files,
        "pictures",
        endless=True,
        usual=VLC_USUAL,
    ),
    "opencv": Client(PYTHON, hashes, file=OPENCV),
    "motion": Client(
        "motion -n -c $file", files, "pictures", MOTION + MOTION_PICTURES, endless=True, usual=MOTION_USUAL
    ),
    "motion, its own reader": Client(  # HTTP/1.0, written by hand
        "motion -n -c $file",
        files,
        "pictures",
        MOTION.replace("$url", "$url_as_mjpeg") + MOTION_PICTURES,
        endless=True,
        usual=(
            *MOTION_USUAL,
            "Pass-through processing disabled",  # this reader has none
            "netcam_next: called with no data in buffer",  # it looks once before its first frame
        ),
    ),
}


@pytest.fixture
def board(make_boards: Callable[..., Simulator]) -> Simulator:
    """A board whose loop of pictures is remembered whole, whoever looks when."""
    return make_boards(fps=25, size=(640, 480))


@pytest.fixture
def watched(board: Simulator, serve: Callable[..., Server], watch: Callable[..., Viewer]) -> Iterator[Server]:
    """A server whose camera others look at, from before to after."""
    server = serve({"porch": board.stream_url()})
    server.wait_for_state("porch", "online")
    sockets = [watch(server, f"/{STREAM}").sock for _ in range(OTHERS)]
    enough = threading.Event()

    def look() -> None:
        while not enough.is_set():
            for sock in select.select(sockets, [], [], 0.1)[0]:
                assert sock.recv(1024 * 1024)

    others = threading.Thread(target=look)
    others.start()
    yield server
    enough.set()
    others.join(10)
    wait_until(lambda: server.camera("porch")["viewers"] == OTHERS, what="the others look on, and nobody else")


@pytest.fixture
def begin(watched: Server, find_program: Find) -> Iterator[Callable[..., Run]]:
    """Start a client, and see to it that it ends."""
    user = unprivileged_user()
    with contextlib.ExitStack() as stack:

        def run(name: str, client: Client, frames: int = ASKED, wish: str = "") -> Run:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vedette-client-")))
            (folder / "pictures").mkdir()
            url = watched.url + STREAM + wish
            names = {"url": url, "url_as_mjpeg": url.replace("http:", "mjpeg:"), "frames": str(frames)}
            names |= {"folder": str(folder), "file": str(folder / "file")}
            (folder / "file").write_text(Template(client.file).substitute(names))
            program, *arguments = shlex.split(Template(client.command).substitute(names))
            identity = user if program == "cvlc" else {}  # VLC refuses to run as root
            for path in (folder, folder / "pictures"):
                os.chown(path, identity.get("user", -1), identity.get("group", -1))
            output = stack.enter_context((folder / "output").open("wb"))
            messages = stack.enter_context((folder / "messages").open("wb"))
            process = subprocess.Popen(
                [find_program(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=messages if client.output else output,
                stderr=messages,
                cwd=folder,
                env={"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
                **identity,
            )
            stack.callback(finish, process)
            return Run(name, client, process, folder)

        yield run


def unprivileged_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def finish(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()


def sent_by(board: Simulator) -> set[bytes]:
    return board.call(lambda: set(board.boards[0].sent))


@pytest.mark.parametrize("name", BYTES)
def test_a_client_gets_the_pictures_byte_for_byte(name: str, board: Simulator, begin: Callable[..., Run]) -> None:
    run = begin(name, BYTES[name])
    sent: set[bytes] = set()
    run.wait_for_end(meanwhile=lambda: sent.update(sent_by(board)))
    known = {fingerprint(jpeg) for jpeg in sent | sent_by(board)}
    pictures = run.pictures()
    assert len(set(pictures)) >= FRAMES
    assert [index for index, picture in enumerate(pictures) if picture not in known] == []
    assert run.complaints() == []


@pytest.mark.parametrize("name", DECODED)
def test_a_client_decodes_the_pictures(name: str, begin: Callable[..., Run]) -> None:
    run = begin(name, DECODED[name])
    run.wait_for_end()
    assert len(run.pictures()) >= FRAMES
    assert run.complaints() == []


@pytest.mark.parametrize("name", DECODED)
def test_a_client_decodes_turned_pictures(name: str, begin: Callable[..., Run]) -> None:
    """A board's 4:2:2 is 4:4:0 after a quarter turn, which few programs ever meet."""
    run = begin(name, DECODED[name], wish=TURNED)
    run.wait_for_end()
    assert len(run.pictures()) >= FRAMES
    assert run.complaints() == []


def test_opencv_shows_turned_pictures_as_they_are(watched: Server, board: Simulator) -> None:
    capture = cv2.VideoCapture(watched.url + STREAM + TURNED)
    try:
        done, picture = capture.read()
    finally:
        capture.release()
    assert done
    assert picture.shape == (640, 480, 3)
    upright = shrink(np.rot90(picture))
    sent = [shrink(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)) for jpeg in sent_by(board)]
    assert min(float(np.abs(upright - known).mean()) for known in sent) < 2


def test_opencv_shows_the_pictures_of_the_board(watched: Server, board: Simulator) -> None:
    capture = cv2.VideoCapture(watched.url + STREAM)
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


def test_every_client_stays_while_the_camera_is_away(
    watched: Server, board: Simulator, begin: Callable[..., Run], watch: Callable[..., Viewer]
) -> None:
    clients = BYTES | {"opencv": DECODED["opencv"]}
    runs = [begin(name, client, frames=1_000_000) for name, client in clients.items()]
    for run in runs:
        run.wait_for_new(20)
    connections = peers(watched)
    assert watched.camera("porch")["viewers"] == OTHERS + len(runs)

    board.set_faults(0, Fault.REFUSE)
    watched.wait_for_state("porch", "offline")
    viewer = watch(watched, f"/{STREAM}")
    assert [viewer.part().state for _ in range(5)] == ["offline"] * 5  # one a second
    viewer.sock.close()
    before = {run.name: set(run.pictures()) for run in runs}

    board.set_faults(0)
    watched.wait_for_state("porch", "online")
    for run in runs:
        run.wait_for_new(30, before[run.name])
        assert run.process.poll() is None, run.name
        assert run.complaints() == [], run.name
        assert max(len(list(same)) for _, same in groupby(run.pictures())) >= 4, (
            f"{run.name} saw the last picture again"
        )
    assert connections <= peers(watched), "nobody has connected anew"
    assert watched.camera("porch")["viewers"] == OTHERS + len(runs)


def peers(server: Server) -> set[str]:
    """The far ends of a server's open connections, as Linux lists them."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {far for _, near, far, state, *_ in rows if near.endswith(f":{server.address[1]:04X}") and state == "01"}
