"""`/api/history`, `/api/cameras/<id>/history`: how cameras were over the last day or week."""

from flask import Blueprint, Response, request

from vedette.web.outages import refuse_unknown
from vedette.web.parameters import choose_period
from vedette.web.past import HistoryAnswer, as_json
from vedette.web.permission import Action, permits
from vedette.web.services import Services


def create_history(services: Services) -> Blueprint:
    """`/api/history`, `/api/cameras/<id>/history`."""
    history = Blueprint("history", __name__, url_prefix="/api")

    @history.get("/history")
    @permits(Action.WATCH)
    def everything() -> Response:
        # Camera by camera, as text: with 500 of them the models of all at once would take ten times its memory.
        return as_json(f'{{"items":[{",".join(_tell(services, list(services.hub.cameras)))}],"next":null}}')

    @history.get("/cameras/<camera_id>/history")
    @permits(Action.WATCH)
    def one(camera_id: str) -> Response:
        refuse_unknown(services, camera_id)
        return as_json(_tell(services, [camera_id])[0])

    return history


def _tell(services: Services, cameras: list[str]) -> list[str]:
    """The JSON of each camera's history."""
    period = choose_period(request.args)
    now = services.history.now()
    histories = services.history.cameras(cameras, period, now)
    return [HistoryAnswer.of(history, period, now).model_dump_json(by_alias=True) for history in histories]
