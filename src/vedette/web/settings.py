"""The boards' settings: what is wanted, and what the board reports."""

from collections.abc import Mapping
from typing import Self

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, Field

from vedette.boards import Control
from vedette.config import Setting
from vedette.control import Command, Preset
from vedette.web.bodies import read_object
from vedette.web.caching import forbid_caching
from vedette.web.permission import Action, permits
from vedette.web.services import Services
from vedette.web.versions import expected, mark


class ControlAnswer(BaseModel):
    """Something that can be set on a board.

    `options` are the values of a choice, and `labels` what they mean, one for each; both are null for other kinds.
    """

    name: str
    kind: str = Field(description="int, bool or choice")
    min: int | None
    max: int | None
    options: list[int | str] | None
    labels: list[str] | None
    title: str
    group: str = Field(description="picture, colour, orientation, light or expert")
    default: int | bool | str | None
    hint: str

    @classmethod
    def of(cls, control: Control) -> Self:
        """The answer for a control."""
        return cls(
            name=control.name,
            kind=control.kind.value,
            min=control.low,
            max=control.high,
            options=list(control.options) or None,
            labels=list(control.labels) or None,
            title=control.title,
            group=control.group.value,
            default=control.default,
            hint=control.hint,
        )


class PresetAnswer(BaseModel):
    """Settings that go together."""

    name: str
    title: str
    settings: dict[str, Setting]

    @classmethod
    def of(cls, preset: Preset) -> Self:
        """The answer for a preset."""
        return cls(name=preset.name, title=preset.title, settings=dict(preset.settings))


class SettingsAnswer(BaseModel):
    """The settings of one board."""

    wanted: dict[str, Setting] = Field(description="what the configuration wants")
    reported: dict[str, Setting] = Field(description="what the board says it has")
    pending: list[str] = Field(description="wanted, and not confirmed by the board yet")
    refused: dict[str, str] = Field(description="wanted, and not to be had, with the reason")
    controls: list[ControlAnswer] = Field(description="what can be set")
    presets: list[PresetAnswer]
    commands: list[str] = Field(description="what the board can be told to do: reboot, save, clear")
    note: str | None = Field(description="why there are no controls")
    locked: dict[str, str] = Field(description="settings that an environment variable sets, with its name")


def create_settings(services: Services) -> Blueprint:
    """`/api/cameras/<id>/settings`."""
    settings = Blueprint("settings", __name__, url_prefix="/api/cameras/<camera_id>")

    @settings.get("/settings")
    @permits(Action.WATCH)
    def show(camera_id: str) -> Response:
        return _answer(services, camera_id)

    @settings.patch("/settings")
    @permits(Action.MANAGE)
    def change(camera_id: str) -> Response:
        services.hub.find(camera_id)
        changes = services.keepers.checked(camera_id, read_object())
        seen = expected(services)
        if changes:
            services.roster.change_settings(camera_id, changes, seen)
        return _answer(services, camera_id)

    @settings.post("/settings/reset")
    @permits(Action.MANAGE)
    def reset(camera_id: str) -> Response:
        services.hub.find(camera_id)
        locked = _locked(services, camera_id)
        wanted = services.camera_config(camera_id).settings
        seen = expected(services)
        if forgotten := dict.fromkeys(name for name in wanted if name not in locked):
            services.roster.change_settings(camera_id, forgotten, seen)
        services.engine.call(lambda: services.keepers.reset(camera_id))
        return _answer(services, camera_id)

    settings.after_request(forbid_caching)
    return settings


def _answer(services: Services, camera_id: str) -> Response:
    services.hub.find(camera_id)
    report = services.keepers.settings(camera_id)
    answer = SettingsAnswer(
        wanted=dict(report.wanted),
        reported=dict(report.reported),
        pending=list(report.pending),
        refused=dict(report.refused),
        controls=[ControlAnswer.of(control) for control in report.controls],
        presets=[PresetAnswer.of(preset) for preset in report.presets],
        commands=[command.value for command in Command if command in report.commands],
        note=report.note,
        locked=dict(_locked(services, camera_id)),
    )
    return mark(jsonify(answer.model_dump(mode="json")), services)


def _locked(services: Services, camera_id: str) -> Mapping[str, str]:
    place = ("cameras", camera_id, "settings")
    return {str(path[3]): name for path, name in services.roster.variables.items() if path[:3] == place}
