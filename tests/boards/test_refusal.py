import json

import pytest

from vedette.boards import FIRMWARES, VEDETTE_CAM, Complaint, read_complaint


def test_a_busy_boards_refusal_names_its_viewer():
    assert VEDETTE_CAM.refusal is not None
    said = read_complaint(VEDETTE_CAM.refusal.body("192.168.0.9", 75))
    assert said is not None
    assert (said.code, said.viewer) == ("slot_busy", "192.168.0.9")
    assert said.message == "192.168.0.9 has been streaming for 75 s; this board serves one viewer at a time"


def test_firmware_that_refuses_without_a_body_has_none():
    refusal = FIRMWARES["mjpeg2sd-stream"].refusal
    assert refusal is not None
    assert refusal.body("192.168.0.9", 75) == ""


@pytest.mark.parametrize(
    "message",
    [
        "unknown has been streaming for 5 s; this board serves one viewer at a time",
        "<b>you</b> has been streaming for 5 s",
        "192.168.0.9 has been streaming for ever",
        "it is late",
        "",
    ],
)
def test_a_message_of_another_kind_names_nobody(message):
    assert Complaint("slot_busy", message).viewer is None


@pytest.mark.parametrize("message", [None, 5, "two\nlines", "\x1b[31mred", "long " * 50])
def test_words_that_cannot_be_shown_are_left_out(message):
    text = json.dumps({"error": {"code": "slot_busy", "message": message}})
    assert read_complaint(text) == Complaint("slot_busy", "")


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "3", "{}", '{"error": 3}', '{"error": {}}', '{"error": {"code": 3}}', "[" * 100_000),
        json.dumps({"error": {"code": "c" * 41}}),
    ],
)
def test_what_is_no_complaint_is_none(text):
    assert read_complaint(text) is None
