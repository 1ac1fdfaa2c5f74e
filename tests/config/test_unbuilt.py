import pytest
from pydantic import ValidationError

from vedette.config import CameraConfig, Config, ServerConfig, warnings


def test_nothing_is_said_about_what_changes_nothing():
    harmless = CameraConfig(
        url="http://cam/", flip="none", rotate=0, connect="always", check="markers", firmware="generic", settings={}
    )
    assert (
        warnings(Config(cameras={"a": harmless, "b": CameraConfig(url="http://cam/", firmware="cameraserver")})) == ()
    )


@pytest.mark.parametrize(
    ("camera", "sentence"),
    [
        ({"flip": "both"}, "cameras.porch.flip does nothing yet: pictures are shown as the board sends them"),
        ({"rotate": 90}, "cameras.porch.rotate does nothing yet: pictures are shown as the board sends them"),
        ({"connect": "on-demand"}, "cameras.porch.connect does nothing yet: the camera is always connected"),
        ({"check": "full"}, "cameras.porch.check does nothing yet: frames are checked by their markers"),
        ({"control_url": "http://cam/"}, "cameras.porch.control_url does nothing yet: boards are not controlled"),
        ({"firmware": "esphome"}, 'cameras.porch.firmware does nothing yet: "esphome" is read as generic MJPEG'),
        ({"settings": {"x": 1}}, "cameras.porch.settings does nothing yet: the board keeps the settings it has"),
    ],
)
def test_a_key_without_effect_is_named(camera, sentence):
    config = Config(cameras={"porch": CameraConfig(url="http://cam/", **camera)})
    assert warnings(config) == (sentence,)


def test_a_host_is_taken_for_a_firmware_and_said_so():
    config = Config(cameras={"porch": CameraConfig(host="cam")})
    assert warnings(config) == (
        (
            "cameras.porch.firmware does nothing yet: the board is not probed, but taken for CameraWebServer with its "
            "stream on port 81"
        ),
    )


@pytest.mark.parametrize("firmware", ["generic", "esphome"])
def test_a_host_needs_a_firmware_whose_stream_is_known(firmware):
    with pytest.raises(ValidationError, match="expected url"):
        CameraConfig(host="cam", firmware=firmware)


def test_a_star_allows_every_host():
    assert ServerConfig(allowed_hosts=("*", "a.example")).allowed_hosts == ("*", "a.example")
