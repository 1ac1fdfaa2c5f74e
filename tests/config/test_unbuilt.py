import pytest
from pydantic import ValidationError

from vedette.config import CameraConfig, Config, ServerConfig, warnings


def test_nothing_is_said_about_what_changes_nothing():
    harmless = CameraConfig(
        url="http://cam/",
        flip="none",
        rotate=0,
        connect="always",
        check="markers",
        firmware="generic",
        settings={"x": 1},
    )
    assert (
        warnings(Config(cameras={"a": harmless, "b": CameraConfig(url="http://cam/", firmware="cameraserver")})) == ()
    )


@pytest.mark.parametrize(
    ("camera", "sentence"),
    [
        ({"flip": "both"}, "cameras.porch.flip does nothing yet: pictures are shown as the board sends them"),
        ({"rotate": 90}, "cameras.porch.rotate does nothing yet: pictures are shown as the board sends them"),
    ],
)
def test_a_key_without_effect_is_named(camera, sentence):
    config = Config(cameras={"porch": CameraConfig(url="http://cam/", **camera)})
    assert warnings(config) == (sentence,)


def test_a_generic_camera_needs_the_url_of_its_stream():
    with pytest.raises(ValidationError, match="expected url"):
        CameraConfig(host="cam", firmware="generic")


def test_a_host_alone_is_probed():
    assert warnings(Config(cameras={"porch": CameraConfig(host="cam", firmware="esphome")})) == ()


@pytest.mark.parametrize("seconds", [0, 0.05, 4000, "1"])
def test_the_pace_of_single_pictures_has_its_range(seconds):
    with pytest.raises(ValidationError):
        CameraConfig(url="http://cam/", poll_interval=seconds)


def test_a_star_allows_every_host():
    assert ServerConfig(allowed_hosts=("*", "a.example")).allowed_hosts == ("*", "a.example")
