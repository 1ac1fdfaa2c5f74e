from pathlib import Path

import pytest
from PIL import ImageFont

import vedette.picture
from vedette.picture.cmap import read_characters

FONTS = sorted(Path(vedette.picture.__file__).with_name("fonts").glob("*.[ot]tf"))


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_a_character_that_is_listed_is_drawn_and_one_that_is_not_is_a_box(path: Path) -> None:
    font = ImageFont.truetype(str(path), 40, layout_engine=ImageFont.Layout.BASIC)
    characters = read_characters(path)
    box = bytes(font.getmask("\uffff"))
    listed = [code for code in sorted(characters) if chr(code).isalpha()]
    sample = listed[:: max(1, len(listed) // 50)]
    assert sample
    assert [hex(code) for code in sample if bytes(font.getmask(chr(code))) == box] == []
    missing = [code for code in range(0x21, 0x3000) if code not in characters and chr(code).isalpha()][::100]
    assert [hex(code) for code in missing if bytes(font.getmask(chr(code))) != box] == []


def test_what_is_no_font_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.ttf"
    path.write_bytes(b"\0\1\0\0" + bytes(40))
    with pytest.raises(ValueError, match="has no table"):
        read_characters(path)
