import pytest
from werkzeug.datastructures import MultiDict

from vedette.errors import RequestError
from vedette.live import Look, MosaicLook
from vedette.picture import Flip, Recipe
from vedette.store import Period
from vedette.web.parameters import choose_look, choose_mosaic, choose_period


@pytest.mark.parametrize(
    ("arguments", "period"), [({}, Period.DAY), ({"period": "day"}, Period.DAY), ({"period": "week"}, Period.WEEK)]
)
def test_a_period_is_a_day_unless_a_week_is_asked_for(arguments: dict[str, str], period: Period) -> None:
    assert choose_period(MultiDict(arguments)) is period


def test_a_period_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(RequestError, match="day or week, not 'year'"):
        choose_period(MultiDict({"period": "year"}))


def test_what_is_not_asked_for_is_as_it_comes() -> None:
    assert choose_look(MultiDict(), "porch") == Look("porch", Recipe(), None)
    assert choose_mosaic(MultiDict()) == MosaicLook(None, None, 1280, label=True, fps=5.0)


def test_every_wish_is_in_the_look() -> None:
    query = {"flip": "horizontal", "rotate": "90", "width": "320", "quality": "50", "label": "1", "fps": "12.5"}
    wished = Recipe(Flip.HORIZONTAL, 90, width=320, quality=50, label=True)
    look = choose_look(MultiDict(query), "porch")
    assert (look.camera_id, look.recipe.turn, look.fps) == ("porch", wished.turn, 12.5)
    assert (look.recipe.width, look.recipe.quality, look.recipe.label) == (320, 50, True)
    query = {"cameras": "gate,porch,gate", "columns": "64", "width": "4096", "label": "0", "fps": "0.1"}
    assert choose_mosaic(MultiDict(query)) == MosaicLook(("gate", "porch"), 64, 4096, label=False, fps=0.1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"flip": "both"}, {"rotate": "180"}),
        ({"flip": "both", "rotate": "180"}, {}),
        ({"flip": "vertical"}, {"flip": "horizontal", "rotate": "180"}),
        ({"flip": "none", "rotate": "0", "label": "0"}, {}),
        ({"fps": "5"}, {"fps": "5.0"}),
    ],
)
def test_wishes_that_come_to_the_same_are_one_look(one: dict[str, str], other: dict[str, str]) -> None:
    assert choose_look(MultiDict(one), "porch") == choose_look(MultiDict(other), "porch")


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("width", ["16", "4096", "0320"], ["15", "4097", "-16", "+16", " 16", "1_6", "\u0661\u0666", "9" * 5000]),
        ("quality", ["1", "100"], ["0", "101", "1.0"]),
        (
            "fps",
            ["0.1", "60", "60.000", "7.125"],
            ["0.09", "60.001", "1000", "1.", ".5", "1e1", "inf", "nan", "\u0665"],
        ),
        ("rotate", ["0", "90", "180", "270"], ["360", "090", ""]),
        ("flip", ["none", "horizontal", "vertical", "both"], ["Both", "Flip.BOTH", ""]),
        ("label", ["0", "1"], ["true", "01", ""]),
    ],
)
def test_the_ends_of_each_range_belong_to_it_and_nothing_else_does(name: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        choose_look(MultiDict({name: text}), "porch")
    for text in bad:
        with pytest.raises(RequestError, match=f"'{name}' is "):
            choose_look(MultiDict({name: text}), "porch")
