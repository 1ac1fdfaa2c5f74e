"""What is sent to the API: JSON, checked before anything is done with it."""

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from vedette.config import Check, Connect, Firmware, Setting, closest
from vedette.errors import RequestError

Body = TypeVar("Body", bound=BaseModel)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class CameraBody(_Body):
    """Keys of a camera's table, as the configuration has them; null takes one away. What is not sent stays as it is."""

    name: str | None = None
    url: str | None = None
    host: str | None = None
    control_url: str | None = None
    username: str | None = None
    password: SecretStr | None = None
    enabled: bool | None = None
    firmware: Firmware | None = None
    check: Check | None = None
    connect: Connect | None = None
    poll_interval: float | None = None
    mac: str | None = None

    def changes(self) -> dict[str, object]:
        """What was sent, as the file has it."""
        sent = {key: getattr(self, key) for key in self.model_fields_set if key in CameraBody.model_fields}
        return {key: value.get_secret_value() if isinstance(value, SecretStr) else value for key, value in sent.items()}


class NewCameraBody(CameraBody):
    """A camera to be added."""

    id: str | None = None
    settings: dict[str, Setting] | None = None

    def changes(self) -> dict[str, object]:
        """What was sent, as the file has it: without what says nothing."""
        sent = super().changes() | ({"settings": self.settings} if self.settings else {})
        return {key: value for key, value in sent.items() if value is not None}


class ProbeBody(_Body):
    """A camera to be looked at."""

    address: str
    username: str | None = None
    password: SecretStr | None = None


class DiscoveryBody(_Body):
    """Where to search for cameras: the network as CIDR; null asks by mDNS alone."""

    network: str | None = None


def read_body(model: type[Body]) -> Body:
    """The body of this request.

    Raises:
        RequestError: it is no JSON object, or not what is expected.
    """
    content = read_object()
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _refusal(model, error) from None


def read_object() -> dict[str, object]:
    """The body of this request as it came.

    Raises:
        RequestError: it is no JSON object.
    """
    try:
        content = request.get_json(silent=True) if request.data else {}
    except RecursionError:  # from a hostile one
        content = None
    if not isinstance(content, dict):
        raise RequestError(400, "json_expected", "Send a JSON object.")
    return content


def _refusal(model: type[BaseModel], error: ValidationError) -> RequestError:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = str(first["loc"][0]) if first["loc"] else None
    if first["type"] == "extra_forbidden" and field is not None:
        match = closest(field, model.model_fields)
        hint = f"did you mean {match!r}?" if match else f"there are {', '.join(model.model_fields)}"
        return RequestError(422, "key_unknown", f"{field}: unknown key; {hint}", field=field)
    message = str(first["msg"])
    sentence = message[:1].lower() + message[1:]
    return RequestError(422, "value_wrong", f"{field}: {sentence}" if field else sentence, field=field)
