"""Cameras as they are told to whoever asks: the API, the pages and the news say the same."""

from collections.abc import Iterator

from vedette.hub import Camera
from vedette.live import Description
from vedette.web.answers import CameraAnswer
from vedette.web.services import Services


def answer_camera(services: Services, camera: Camera) -> CameraAnswer:
    """A camera as the API and the pages show it."""
    return CameraAnswer.of(camera.status(), services.viewer_count(camera.id))


def describe_cameras(services: Services) -> Iterator[Description]:
    """The JSON of each camera, in order: for the news."""
    for camera in services.hub.cameras.values():
        answer = answer_camera(services, camera)
        yield Description(camera.id, answer.model_dump_json(), vars(answer) | {"last_frame_age_s": None})
