"""The configuration file on a real disk."""

import hashlib
import os
import shutil
import stat
import threading
from functools import partial
from pathlib import Path

import pytest
import tomlkit
from tomlkit import TOMLDocument

from vedette.config import ConfigFile, Version, add_camera, change_camera, change_settings, load, remove_camera
from vedette.errors import ConfigError, ConflictError, LockedError, ReadOnlyError, ServerError

TEXT = """\
# the house
[server]
port = 5100

[cameras.porch] # at the front
url = "http://cam/"
username = "me"
password = "hunter2"
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "vedette.toml"
    path.write_bytes(TEXT.encode())
    return path


def etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def rename(file: ConfigFile, name: str = "Front", expected: str | None = None) -> Version:
    return file.edit(
        partial(change_camera, camera_id="porch", changes={"name": name}), [("cameras", "porch", "name")], expected
    )


def renamed(name: str = "Front") -> str:
    return TEXT + f'name = "{name}"\n'


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_read_has_the_etag_of_its_bytes(path):
    version = ConfigFile(path, {"VEDETTE_SERVER__PORT": "5200"}).read()
    assert version.etag == etag(TEXT.encode())
    assert version.config.server.port == 5200
    assert version.config.cameras["porch"].url == "http://cam/"


def test_a_file_that_does_not_exist_is_an_empty_one(tmp_path):
    version = ConfigFile(tmp_path / "none" / "vedette.toml", {}).read()
    assert version.etag == etag(b"")
    assert not version.config.cameras


def test_an_edit_changes_the_file_and_says_what_it_is_now(path):
    file = ConfigFile(path, {})
    version = rename(file, expected=etag(TEXT.encode()))
    assert path.read_text() == renamed()
    assert version == file.read()
    assert version.config.cameras["porch"].name == "Front"


def test_the_version_before_is_kept(path, tmp_path):
    path.chmod(0o640)
    file = ConfigFile(path, {})
    rename(file, "One")
    rename(file, "Two")
    backup = tmp_path / "vedette.toml.bak"
    assert path.read_text() == renamed("Two")
    assert backup.read_text() == renamed("One")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(backup.stat().st_mode) == 0o640
    assert names(tmp_path) == ["vedette.toml", "vedette.toml.bak"]


def test_an_edit_that_changes_nothing_writes_nothing(path, tmp_path):
    before = path.stat()
    version = ConfigFile(path, {}).edit(lambda _: None, [], None)
    assert version.etag == etag(TEXT.encode())
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert names(tmp_path) == ["vedette.toml"]


def test_a_new_file_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "new" / "vedette.toml"
    file = ConfigFile(path, {})
    file.edit(partial(add_camera, camera_id="a", table={"url": "http://a/"}), [("cameras", "a", "url")], etag(b""))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(path.parent) == ["vedette.toml"]
    assert load(path, {}).cameras["a"].url == "http://a/"


def test_byte_order_mark_line_endings_and_missing_newline_are_kept(path):
    content = b"\xef\xbb\xbf" + TEXT.rstrip("\n").replace("\n", "\r\n").encode()
    path.write_bytes(content)
    rename(ConfigFile(path, {}))
    assert path.read_bytes() == content + b'\r\nname = "Front"'


def test_the_target_of_a_link_is_replaced_and_not_the_link(path, tmp_path):
    link = tmp_path / "elsewhere" / "link.toml"
    link.parent.mkdir()
    link.symlink_to("../vedette.toml")
    rename(ConfigFile(link, {}))
    assert link.is_symlink()
    assert path.read_text() == renamed()
    assert names(link.parent) == ["link.toml"]


def test_an_editor_who_saw_another_file_is_told_so(path):
    with pytest.raises(ConflictError, match="changed by somebody else"):
        rename(ConfigFile(path, {}), expected=etag(b"another"))
    assert path.read_text() == TEXT


class Meddler:
    """Saves the file in a text editor while an edit is under way, so many times."""

    def __init__(self, path: Path, times: int) -> None:
        self.path, self.times, self.calls = path, times, 0

    def __call__(self, document: TOMLDocument) -> None:
        change_camera(document, "porch", {"name": "Front"})
        if self.calls < self.times:
            self.path.write_text(self.path.read_text() + f"# saved {self.calls}\n")
        self.calls += 1


def test_an_edit_starts_over_when_the_file_was_saved_meanwhile(path):
    meddler = Meddler(path, 2)
    ConfigFile(path, {}).edit(meddler, [], None)
    assert meddler.calls == 3
    assert path.read_text() == renamed() + "# saved 0\n# saved 1\n"


def test_an_edit_of_a_version_that_was_seen_does_not_start_over(path, tmp_path):
    with pytest.raises(ConflictError):
        ConfigFile(path, {}).edit(Meddler(path, 1), [], etag(TEXT.encode()))
    assert path.read_text() == TEXT + "# saved 0\n"
    assert names(tmp_path) == ["vedette.toml"]


def test_a_file_that_is_saved_all_the_time_is_left_alone(path):
    meddler = Meddler(path, 1000)
    with pytest.raises(ConflictError):
        ConfigFile(path, {}).edit(meddler, [], None)
    assert 'name = "Front"' not in path.read_text()
    assert path.read_text().endswith(f"# saved {meddler.calls - 1}\n")


def test_a_file_that_is_deleted_meanwhile_is_not_brought_back(path, tmp_path):
    def change(document):
        change_camera(document, "porch", {"name": "Front"})
        path.unlink(missing_ok=True)

    with pytest.raises(ConfigError, match="missing key"):  # started over, on no file at all
        ConfigFile(path, {}).edit(change, [], None)
    assert names(tmp_path) == []


@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_a_file_without_write_permission_is_read_only_for_root_too(path, mode):
    path.chmod(mode)
    with pytest.raises(ReadOnlyError, match=r"vedette\.toml is read-only"):
        rename(ConfigFile(path, {}))
    assert path.read_text() == TEXT


def test_a_folder_without_write_permission_is_read_only(path, tmp_path):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(ReadOnlyError, match=r"vedette\.toml cannot be changed"):
            rename(ConfigFile(path, {}))
        assert names(tmp_path) == ["vedette.toml"]
    finally:
        tmp_path.chmod(0o755)


def test_a_folder_that_cannot_be_made_is_the_machines_fault(path):
    file = ConfigFile(path.parent / "deep" / "er" / "vedette.toml", {})
    (path.parent / "deep").write_text("no folder")
    with pytest.raises(ConfigError, match="cannot be read"):
        file.read()


def test_a_backup_that_cannot_be_written_stops_the_edit(path, tmp_path):
    (tmp_path / "vedette.toml.bak").mkdir()
    with pytest.raises(ServerError, match="could not be written, and is as it was"):
        rename(ConfigFile(path, {}))
    assert path.read_text() == TEXT
    assert names(tmp_path) == ["vedette.toml", "vedette.toml.bak"]


def test_a_full_disk_leaves_the_file_as_it_was(path, tmp_path):
    """A file that may not grow is a full disk to the one who writes."""
    import resource  # noqa: PLC0415 - only here
    import signal  # noqa: PLC0415 - the same

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(TEXT), limits[1]))
    try:
        with pytest.raises(ServerError, match="could not be written"):
            rename(ConfigFile(path, {}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_text() == TEXT
    assert names(tmp_path) == ["vedette.toml"]


def test_what_would_be_wrong_is_not_written(path, tmp_path):
    file = ConfigFile(path, {})
    with pytest.raises(ConfigError) as error:
        file.edit(partial(change_camera, camera_id="porch", changes={"url": "ftp://cam/", "flip": "up"}), [], None)
    assert [mistake.where for mistake in error.value.mistakes] == ["cameras.porch.url", "cameras.porch.flip"]
    with pytest.raises(ConfigError, match="half of a character"):
        file.edit(partial(change_settings, camera_id="porch", changes={"x": "\ud800"}), [], None)
    assert path.read_text() == TEXT
    assert names(tmp_path) == ["vedette.toml"]


def test_a_file_with_a_mistake_is_not_edited(path):
    path.write_text(TEXT + "port = 1\n")
    with pytest.raises(ConfigError, match=r"vedette\.toml:9: cameras\.porch\.port"):
        rename(ConfigFile(path, {}))
    assert path.read_text() == TEXT + "port = 1\n"


def test_what_tomlkit_writes_in_the_wrong_place_is_not_written(path):
    text = 'cameras.a.url = "http://a/"\ncameras.a.enabled = false\n'
    path.write_text(text)

    def change(document):
        document["cameras"]["z"] = tomlkit.table()
        document["cameras"]["z"]["url"] = "http://z/"

    with pytest.raises(ServerError, match="cannot be changed without harm"):
        ConfigFile(path, {}).edit(change, [], None)
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("variable", "edit", "keys"),
    [
        ("VEDETTE_CAMERAS__PORCH__NAME", change_camera, [("cameras", "porch", "name")]),
        ("vedette_cameras__porch__settings__quality", change_camera, [("cameras", "porch", "settings")]),
        ("VEDETTE_CAMERAS__PORCH__SETTINGS__QUALITY", change_camera, [("cameras", "porch")]),
    ],
)
def test_what_the_environment_sets_is_locked(path, variable, edit, keys):
    file = ConfigFile(path, {variable: "1"})
    with pytest.raises(LockedError, match=variable):
        file.edit(partial(edit, camera_id="porch", changes={"name": "x"}), keys, None)
    assert path.read_text() == TEXT


def test_what_the_environment_does_not_set_is_not_locked(path):
    file = ConfigFile(path, {"VEDETTE_CAMERAS__PORCH__SETTINGS__QUALITY": "4", "VEDETTE_SERVER__PORT": "9"})
    version = rename(file)
    assert version.config.cameras["porch"].settings == {"quality": 4}
    assert path.read_text() == renamed()
    assert file.variables() == {
        ("cameras", "porch", "settings", "quality"): "VEDETTE_CAMERAS__PORCH__SETTINGS__QUALITY",
        ("server", "port"): "VEDETTE_SERVER__PORT",
    }


def test_a_camera_of_the_environment_may_have_settings_in_the_file(tmp_path):
    path = tmp_path / "vedette.toml"
    file = ConfigFile(path, {"VEDETTE_CAMERAS__YARD__URL": "http://yard/"})
    change = partial(change_settings, camera_id="yard", changes={"quality": 4})
    version = file.edit(change, [("cameras", "yard", "settings", "quality")], None)
    assert version.config.cameras["yard"].settings == {"quality": 4}
    assert path.read_text() == "[cameras.yard.settings]\nquality = 4\n"


def test_many_threads_lose_no_edit(path):
    file = ConfigFile(path, {})

    def add(number):
        for part in range(3):
            camera_id = f"c{number}-{part}"
            table = {"url": f"http://{camera_id}/"}
            file.edit(partial(add_camera, camera_id=camera_id, table=table), [], None)
            file.edit(partial(change_settings, camera_id=camera_id, changes={"quality": part}), [], None)
        file.edit(partial(remove_camera, camera_id=f"c{number}-0"), [], None)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    config = load(path, {})
    assert set(config.cameras) == {"porch", *(f"c{number}-{part}" for number in range(4) for part in (1, 2))}
    assert all(camera.settings for camera_id, camera in config.cameras.items() if camera_id != "porch")
    assert path.read_text().startswith(TEXT)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays_the_owner(path, tmp_path):
    os.chown(path, 12345, 23456)
    rename(ConfigFile(path, {}))
    for kept in (path, tmp_path / "vedette.toml.bak"):
        assert (kept.stat().st_uid, kept.stat().st_gid) == (12345, 23456)


def test_a_copy_of_the_backup_brings_the_file_back(path, tmp_path):
    file = ConfigFile(path, {})
    before = file.read()
    file.edit(partial(remove_camera, camera_id="porch"), [], None)
    shutil.copy(tmp_path / "vedette.toml.bak", path)
    assert file.read() == before
