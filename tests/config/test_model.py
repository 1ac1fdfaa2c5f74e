import pytest
from pydantic import ValidationError

from vedette.config import CameraConfig, Config, ServerConfig


def test_a_generic_camera_needs_the_url_of_its_stream():
    with pytest.raises(ValidationError, match="expected url"):
        CameraConfig(host="cam", firmware="generic")


def test_a_host_alone_is_probed():
    assert Config(cameras={"porch": CameraConfig(host="cam", firmware="esphome")}).cameras["porch"].board == "cam"


@pytest.mark.parametrize("seconds", [0, 0.05, 4000, "1"])
def test_the_pace_of_single_pictures_has_its_range(seconds):
    with pytest.raises(ValidationError):
        CameraConfig(url="http://cam/", poll_interval=seconds)


def test_a_star_allows_every_host():
    assert ServerConfig(allowed_hosts=("*", "a.example")).allowed_hosts == ("*", "a.example")
