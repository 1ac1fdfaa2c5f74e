import pytest
from werkzeug.datastructures import MultiDict

from vedette.errors import RequestError
from vedette.store import Period
from vedette.web.parameters import choose_period


@pytest.mark.parametrize(
    ("arguments", "period"), [({}, Period.DAY), ({"period": "day"}, Period.DAY), ({"period": "week"}, Period.WEEK)]
)
def test_a_period_is_a_day_unless_a_week_is_asked_for(arguments: dict[str, str], period: Period) -> None:
    assert choose_period(MultiDict(arguments)) is period


def test_a_period_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(RequestError, match="day or week, not 'year'"):
        choose_period(MultiDict({"period": "year"}))
