"""Edits of every way in which a camera can be written."""

import tomllib
from copy import deepcopy
from typing import Any

import pytest
import tomlkit
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vedette.config.edits import add_camera, change_camera, change_settings, plain, remove_camera, same
from vedette.config.layout import laid_out
from vedette.errors import ConflictError, ServerError

TABLES = """\
# the whole house
[server]
port = 5100  # as ever

[cameras.a]  # at the front
url = 'http://a/'   # quoted so
# name = "not yet"

[cameras.a.settings]
quality = 12
"odd name" = 1

# the garden
[cameras.b]
\turl = "http://b/"
# end
"""
INLINE = """\
[cameras]  # all of them
a = {url = 'http://a/', settings={quality=12, "odd name"=1}} # at the front
b = { url = "http://b/" }

# as ever
[server]
port = 5100
"""
ALL_INLINE = """\
cameras = { a = { url = "http://a/", settings.quality = 12 }, b = { url = "http://b/" } }  # all
server.port = 5100 # as ever
"""
DOTTED = """\
cameras.a.url = "http://a/" # at the front
cameras.a.settings.quality = 12
# the garden
cameras.b.url = "http://b/"
server.port = 5100
[auth] # open
mode = "open"
"""
HALF_DOTTED = """\
[cameras]
a.url = "http://a/" # at the front
a.settings.quality = 12
b.url = "http://b/"

# as ever
[server]
port = 5100
"""
OUT_OF_ORDER = """\
[cameras.a.settings] # first of all
quality = 12

[server] # as ever
port = 5100
[cameras.b]
url = "http://b/"
# between
[cameras.a]
url = "http://a/"
[auth]
mode = "open"  # end
"""
SUPER = """\
[cameras.a]
url = "http://a/"
[cameras.b.settings] # no table of its own
quality = 12
[storage]
path = '''
/data''' # odd
"""
NEWER_TOML = """\
cameras = {
  # at the front
  a = { url = "http://a/", }, # it
  b = { url = "http://b/" }, # the garden
}
"""
FORMS = {
    "tables": TABLES,
    "inline": INLINE,
    "all inline": ALL_INLINE,
    "dotted": DOTTED,
    "half dotted": HALF_DOTTED,
    "out of order": OUT_OF_ORDER,
    "super": SUPER,
    "TOML 1.1": NEWER_TOML,
    "empty table": "cameras = {}\n# end\n",
    "comments in braces": "cameras = {\n  # none yet\n}\n",
    "empty section": "[cameras] # none yet\n\n[server]\nport = 1\n",
    "comments only": "# nothing yet\n\n# [cameras.a]\n# url = 1\n",
    "nothing": "",
}
ENDINGS = {"LF": lambda text: text, "CRLF": lambda text: text.replace("\n", "\r\n"), "no end": lambda text: text[:-1]}


def edited(text: str, *edits: tuple[Any, ...]) -> str:
    document = tomlkit.parse(text)
    for edit, *arguments in edits:
        edit(document, *arguments)
    assert same(plain(document.as_string()), document.unwrap())
    return document.as_string()


def comments(text: str) -> list[str]:
    """Every comment of a text in which no string holds a number sign."""
    return [line[line.index("#") :].strip() for line in text.splitlines() if "#" in line]


every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
every_ending = pytest.mark.parametrize("ended", ENDINGS.values(), ids=ENDINGS.keys())


@every_form
@every_ending
def test_a_camera_is_added_in_every_form(form, ended):
    text = ended(form)
    table = {"url": "http://z/", "settings": {"quality": 4, "resolution": "800x600"}, "enabled": False, "name": None}
    after = edited(text, (add_camera, "z", table))
    wanted = plain(text)
    wanted.setdefault("cameras", {})["z"] = {key: value for key, value in table.items() if value is not None}
    assert plain(after) == wanted
    assert comments(after) == comments(text)
    assert ("\r\n" in text) == ("\r\n" in after) or not text
    assert after.count("\r\n") in {0, after.count("\n")}
    assert after.endswith("\n") == text.endswith("\n") or not text


@every_form
@every_ending
def test_a_setting_is_changed_added_and_taken_away_in_every_form(form, ended):
    text = ended(form)
    wanted = plain(text)
    after = edited(text, (change_settings, "a", {"quality": 4, "hmirror": True}))
    wanted.setdefault("cameras", {}).setdefault("a", {}).setdefault("settings", {}).update(quality=4, hmirror=True)
    assert plain(after) == wanted
    assert comments(after) == comments(text)
    for key in ("quality", "hmirror"):
        after = edited(after, (change_settings, "a", {key: None}))
        del wanted["cameras"]["a"]["settings"][key]
        assert same(plain(after), wanted)
    assert set(comments(after)) == set(comments(text))


@pytest.mark.parametrize("form", [form for form in FORMS.values() if "b" in plain(form).get("cameras", {})])
@every_ending
def test_a_camera_is_removed_from_every_form(form, ended):
    text = ended(form)
    after = edited(text, (remove_camera, "b"))
    wanted = plain(text)
    del wanted["cameras"]["b"]
    assert same(plain(after), wanted)
    gone = {"# end", "# no table of its own"}  # below its last key; beside its header
    assert [comment for comment in comments(text) if comment not in gone] == [
        comment for comment in comments(after) if comment not in gone
    ]


def test_nothing_but_the_change_is_touched():
    assert edited(TABLES, (change_camera, "a", {"name": "Front"})) == TABLES.replace(
        "# quoted so\n", '# quoted so\nname = "Front"\n'
    )
    assert edited(TABLES, (change_camera, "b", {"name": "Garden"})) == TABLES.replace(
        '\turl = "http://b/"\n', '\turl = "http://b/"\n\tname = "Garden"\n'
    )
    assert edited(INLINE, (change_settings, "a", {"quality": 9})) == INLINE.replace("quality=12", "quality=9")
    assert edited(DOTTED, (change_settings, "a", {"quality": None, "vflip": True})) == DOTTED.replace(
        "cameras.a.settings.quality = 12\n", "cameras.a.settings.vflip = true\n"
    )


def test_a_new_camera_stands_behind_the_others():
    text = '[cameras.a]\nurl = "http://a/"\n\n# as ever\n[server]\nport = 1\n'
    assert edited(text, (add_camera, "z", {"url": "http://z/"})) == text.replace(
        "\n# as ever", '\n[cameras.z]\nurl = "http://z/"\n\n# as ever'
    )


def test_a_camera_that_was_added_and_removed_leaves_no_trace():
    assert edited(TABLES, (add_camera, "z", {"url": "http://z/", "settings": {"x": 1}}), (remove_camera, "z")) == TABLES


def test_a_table_takes_the_place_of_the_one_before():
    after = edited(TABLES, (change_camera, "a", {"settings": {"vflip": True}, "power_cycle": {"url": "http://p/"}}))
    assert plain(after)["cameras"]["a"] == {
        "url": "http://a/",
        "settings": {"vflip": True},
        "power_cycle": {"url": "http://p/"},
    }


def test_a_value_takes_the_place_of_a_table():
    assert plain(edited(TABLES, (change_camera, "a", {"settings": 1})))["cameras"]["a"]["settings"] == 1
    assert plain(edited(DOTTED, (change_camera, "a", {"settings": 1})))["cameras"]["a"]["settings"] == 1


def test_text_of_any_kind_is_written_so_that_it_is_read_again():
    name = 'a "quoted" \\ name\n#\t\x00\x7f é 😀'
    after = edited(TABLES, (change_camera, "a", {"name": name}), (change_settings, "a", {name: [1, "x", 2.5]}))
    assert tomllib.loads(after)["cameras"]["a"]["name"] == name
    assert tomllib.loads(after)["cameras"]["a"]["settings"][name] == [1, "x", 2.5]


def test_a_camera_is_added_once_and_removed_once():
    with pytest.raises(ConflictError, match="'a' in the configuration file already"):
        edited(TABLES, (add_camera, "a", {"url": "http://z/"}))
    with pytest.raises(ConflictError, match="no camera 'z'"):
        edited(TABLES, (remove_camera, "z"))


@pytest.mark.parametrize("settings", ["[[cameras.a.settings]]\nx = 1\n", "cameras.a.settings = 1\n"])
def test_what_cannot_be_changed_without_harm_stays_as_it_was(settings):
    document = tomlkit.parse(settings)
    with pytest.raises(ServerError, match="Nothing was written"):
        change_settings(document, "a", {"y": 1})
    assert document.as_string() == settings


def test_types_are_not_mixed_up():
    assert not same({"a": 1}, {"a": True})
    assert not same({"a": 1}, {"a": 1.0})
    assert not same({"a": []}, {})
    assert same({"a": {}}, {"b": {"c": {}}})


values = st.one_of(st.booleans(), st.integers(-9, 9), st.text(max_size=5).filter(lambda text: "#" not in text))
keys = st.sampled_from(["quality", "resolution", "a.b", "new one", "ä"])
cameras = st.sampled_from(["a", "b", "z", "1"])
steps = st.lists(
    st.one_of(
        st.tuples(
            st.just(add_camera),
            cameras,
            st.fixed_dictionaries({"url": values, "settings": st.dictionaries(keys, values, max_size=2)}),
        ),
        st.tuples(
            st.just(change_camera), cameras, st.dictionaries(st.sampled_from(["url", "name"]), st.none() | values)
        ),
        st.tuples(st.just(change_settings), cameras, st.dictionaries(keys, st.none() | values, max_size=3)),
        st.tuples(st.just(remove_camera), cameras, st.just(None)),
    ),
    max_size=6,
)


def apply(tables: dict[str, Any], edit: object, camera_id: str, changes: dict[str, Any]) -> bool:
    """The same edit of plain data; whether it could be made."""
    cameras = tables.setdefault("cameras", {})
    if edit is add_camera:
        if camera_id in cameras:
            return False
        cameras[camera_id] = deepcopy(changes)
    elif edit is remove_camera:
        return cameras.pop(camera_id, None) is not None
    else:
        table = cameras.setdefault(camera_id, {})
        table = table.setdefault("settings", {}) if edit is change_settings else table
        for key, value in changes.items():
            if value is None:
                table.pop(key, None)
            else:
                table[key] = value
    return True


def pruned(tables: dict[str, Any]) -> dict[str, Any]:
    """As a file holds it: a camera without any key may be none."""
    kept = {key: pruned(value) if isinstance(value, dict) else value for key, value in tables.items()}
    return {key: value for key, value in kept.items() if value != {}}


@settings(deadline=None, max_examples=150)  # a busy machine is no mistake
@given(form=st.sampled_from(sorted(FORMS.values())), ended=st.sampled_from(list(ENDINGS.values())), steps=steps)
def test_any_edits_of_any_form_leave_everything_else_as_it_was(form, ended, steps):
    text = ended(form)
    wanted = plain(text)
    kept = comments(text)
    document = tomlkit.parse(text)
    for edit, camera_id, changes in steps:
        cameras = plain(document.as_string()).get("cameras", {})
        wanted.setdefault("cameras", {})
        if camera_id in wanted["cameras"] and camera_id not in cameras:
            del wanted["cameras"][camera_id]  # its last dotted key is gone, and it with it
        arguments = (camera_id,) if edit is remove_camera else (camera_id, changes)
        if apply(wanted, edit, camera_id, changes):
            edit(document, *arguments)
        else:
            with pytest.raises(ConflictError):
                edit(document, *arguments)
    after = document.as_string()
    assert pruned(plain(after)) == pruned(wanted)
    assert pruned(document.unwrap()) == pruned(wanted)
    if not any(edit is remove_camera or None in (changes or {}).values() for edit, _, changes in steps):
        assert comments(after) == kept
    for line in ("# as ever", "# the garden", "# the whole house", "# nothing yet"):
        assert comments(after).count(line) == kept.count(line)
    assert after.count("\r\n") in {0, after.count("\n")}


pieces = st.sampled_from(
    [
        "[cameras.a]",
        "[[x]]",
        "a",
        "=",
        "1",
        "'q'",
        '"',
        "'''",
        "{",
        "}",
        "[",
        "]",
        ",",
        ".",
        "\n",
        "\r\n",
        " ",
        "# c",
        "\\",
    ]
)


@settings(deadline=None)  # as above
@given(st.lists(pieces).map("".join) | st.text())
@example("a = {")
@example("[")
@example("a")
def test_any_text_has_a_layout_within_it(text):
    for scope in laid_out(text):
        assert 0 <= scope.start <= scope.end <= len(text)
        for entry in scope.entries:
            assert scope.start <= entry.start <= entry.value <= len(text)
            assert entry.start <= entry.end <= len(text)
