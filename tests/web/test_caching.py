import pytest
from flask import Response

from vedette.web.caching import forbid_caching


@pytest.mark.parametrize(("said", "expected"), [({}, "no-store"), ({"Cache-Control": "max-age=60"}, "max-age=60")])
def test_an_answer_is_kept_by_nobody_unless_it_says_otherwise(said: dict[str, str], expected: str) -> None:
    assert forbid_caching(Response(headers=said)).headers["Cache-Control"] == expected
