import pytest

from vedette.errors import BoardError, Reason
from vedette.hub.health import explain, read_silence
from vedette.sources import Phase


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_explained_in_a_sentence(reason: Reason) -> None:
    for detail in ("", "404"):
        sentence = explain(BoardError(reason, detail), "192.168.0.123")
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "()" not in sentence


def test_an_explanation_names_the_host_and_what_was_seen() -> None:
    assert "192.168.0.123" in explain(BoardError(Reason.UNREACHABLE), "192.168.0.123")
    assert "error 404" in explain(BoardError(Reason.HTTP_ERROR, "404"), "porch.local")


def test_a_board_that_says_who_has_its_place_is_quoted() -> None:
    sentence = explain(BoardError(Reason.SLOT_BUSY, "192.168.0.9 has its only place"), "porch.local")
    assert sentence.startswith("The board refuses another viewer: 192.168.0.9 has its only place. Close that viewer")
    assert "says nothing" in explain(BoardError(Reason.SLOT_BUSY), "porch.local")


@pytest.mark.parametrize(
    ("phase", "reason"),
    [
        (Phase.RESOLVING, Reason.NAME_UNKNOWN),
        (Phase.CONNECTING, Reason.UNREACHABLE),
        (Phase.WAITING, Reason.SLOT_BUSY),
        (Phase.RECEIVING, Reason.STALLED),
    ],
)
def test_silence_means_what_the_attempt_was_at(phase: Phase, reason: Reason) -> None:
    assert read_silence(phase).reason is reason
