"""MAC addresses are kept over restarts, and a damaged file costs nothing else."""

import asyncio
from pathlib import Path

import pytest

from vedette.hub.macs import Known, MacMemory

PORCH = Known("192.168.0.50", "24:0a:c4:00:00:50", "192.168.0.50")


def test_what_is_remembered_is_recalled_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "macs.json"
    asyncio.run(MacMemory(path).remember("porch", PORCH))
    assert MacMemory(path).recall("porch", "192.168.0.50") == PORCH
    assert [file.name for file in tmp_path.iterdir()] == ["macs.json"]


def test_another_host_in_the_configuration_is_another_board(tmp_path: Path) -> None:
    memory = MacMemory(tmp_path / "macs.json")
    asyncio.run(memory.remember("porch", PORCH))
    assert memory.recall("porch", "192.168.0.51") is None
    assert memory.recall("gate", "192.168.0.50") is None


def test_cameras_that_learn_at_once_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "macs.json"

    async def story() -> None:
        memory = MacMemory(path)
        await asyncio.gather(*(memory.remember(f"camera-{number}", PORCH) for number in range(20)))

    asyncio.run(story())
    assert all(MacMemory(path).recall(f"camera-{number}", PORCH.host) == PORCH for number in range(20))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe",
        b'{"porch": 3}',
        b'{"porch": {"host": "192.168.0.50"}}',
        b'{"porch": {"host": "192.168.0.50", "mac": 5, "address": "192.168.0.50"}}',
        b'{"porch": {"host": "192.168.0.50", "mac": "x", "address": "192.168.0.50"}}',
        b'{"porch": {"host": "192.168.0.50", "mac": "24:0a:c4:00:00:50", "address": "a", "more": 1}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "macs.json"
    path.write_bytes(content)
    assert MacMemory(path).recall("porch", "192.168.0.50") is None


def test_one_damaged_entry_does_not_spoil_the_others(tmp_path: Path) -> None:
    path = tmp_path / "macs.json"
    asyncio.run(MacMemory(path).remember("porch", PORCH))
    path.write_text(path.read_text().replace("{", '{"gate": [],', 1))
    assert MacMemory(path).recall("porch", "192.168.0.50") == PORCH


def test_a_file_that_cannot_be_written_is_logged_and_what_was_learned_still_counts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory = MacMemory(tmp_path / "missing" / "macs.json")
    asyncio.run(memory.remember("porch", PORCH))
    assert memory.recall("porch", "192.168.0.50") == PORCH
    assert "cannot write" in caplog.text


def test_what_is_forgotten_is_not_recalled_after_a_restart_either(tmp_path: Path) -> None:
    path = tmp_path / "macs.json"

    async def story() -> None:
        memory = MacMemory(path)
        await memory.remember("porch", PORCH)
        await memory.forget("porch")
        await memory.forget("nobody")

    asyncio.run(story())
    assert MacMemory(path).recall("porch", PORCH.host) is None
