"""What a server keeps: through a kill, a damaged file, a full disk."""

import resource
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.end_to_end.harness import VEDETTE, Server, free_port, wait_until

from vedette.simulator import Simulator

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]


def test_what_a_killed_server_left_open_is_ended_when_it_starts_again(make_boards: Boards, serve: Serve) -> None:
    cameras = {"porch": make_boards().stream_url(), "gone": f"http://127.0.0.1:{free_port()}/stream"}
    server = serve(cameras)
    server.wait_for_state("porch", "online")
    wait_until(lambda: server.get("/api/outages").json["items"], what="the outage is kept")
    assert server.get("/api/outages?camera=gone").json["items"][0]["end"] is None
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()

    again = serve(cameras)
    again.wait_for_state("gone", "offline")
    wait_until(lambda: len(again.get("/api/outages").json["items"]) == 2, what="the new outage is kept")
    new, old = again.get("/api/outages").json["items"]
    assert (new["camera"], new["end"]) == ("gone", None)
    assert old["end"] is not None
    assert old["end"] <= new["start"]
    assert again.stop() == 0

    third = serve({"porch": cameras["porch"]})  # the camera that was away has been removed from the file
    ended, _ = third.get("/api/outages?camera=gone").json["items"]
    assert ended["end"] is not None
    assert [item["camera"] for item in third.get("/api/history").json["items"]] == ["porch"]
    assert len(third.get("/api/cameras/gone/history").json["outages"]) == 2


def test_a_damaged_database_is_refused_in_words_and_kept(
    write_config: Callable[..., Path], tmp_path: Path, vedette: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "vedette.db").write_bytes(b"no database" * 1000)
    done = vedette("serve", "-c", str(write_config({})))
    assert done.returncode == 1
    assert "is damaged" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "data" / "vedette.db").read_bytes() == b"no database" * 1000


def test_a_disk_that_takes_no_more_hurts_no_picture(make_boards: Boards, serve: Serve) -> None:
    boards = make_boards()

    def limit() -> None:  # a write beyond it fails, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (128 * 1024, 128 * 1024))

    server = serve({"porch": boards.stream_url()}, before=limit)

    def said_so() -> bool:
        boards.cut(0)  # each outage makes the file's log of changes longer
        server.wait_for_state("porch", "online")
        return "cannot be written" in server.output()

    wait_until(said_so, seconds=60, what="the log says that the disk takes no more")
    server.wait_for_state("porch", "online")
    assert server.get("/cameras/porch/snapshot.jpg").status == 200
    assert server.get("/api/outages?camera=porch").status == 200
    assert server.stop() == 0
    assert "Traceback" not in server.output()


def test_a_demonstration_leaves_no_history_behind(start: Callable[..., Server], tmp_path: Path) -> None:
    port = free_port()
    folder = tmp_path / "temporary"
    folder.mkdir()
    server = start(
        [*VEDETTE, "demo", "--cameras", "1", "--port", str(port)],
        f"http://127.0.0.1:{port}/",
        environ={"TMPDIR": str(folder)},
    )
    assert list(folder.glob("*/vedette.db"))
    assert server.stop() == 0
    assert list(folder.iterdir()) == []
