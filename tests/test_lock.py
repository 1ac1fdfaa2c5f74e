import os
import subprocess
import sys
from pathlib import Path

import pytest

from vedette.errors import ServerError
from vedette.lock import FolderLock


def test_a_folder_is_made_and_held_by_one_only(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    lock = FolderLock(folder)
    with pytest.raises(ServerError, match=rf"another Vedette \(process {os.getpid()}\) runs on"):
        FolderLock(folder)
    lock.release()
    FolderLock(folder).release()


def test_it_is_free_again_when_its_holder_was_killed(tmp_path: Path) -> None:
    hold = "from vedette.lock import FolderLock; import pathlib, sys; l = FolderLock(pathlib.Path(sys.argv[1]));"
    with subprocess.Popen(
        [sys.executable, "-c", hold + "print('held', flush=True); sys.stdin.read()", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ServerError, match=f"process {holder.pid}"):
            FolderLock(tmp_path)
        holder.kill()
    FolderLock(tmp_path).release()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ServerError, match="cannot be used"):
        FolderLock(blocked / "data")
