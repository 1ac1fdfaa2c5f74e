from collections.abc import Iterator

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.config.lines import Repeat, locate
from vedette.config.words import KeyPath

CASES = {
    "a table and its key": ("[server]\nport = 1\n", {("server",): 1, ("server", "port"): 2}),
    "after a multi-line array": (
        '[server]\nallowed_hosts = [\n  "a",\n  # ] and "\n  "b",\n]\nport = 1\n',
        {("server", "allowed_hosts", 0): 3, ("server", "allowed_hosts", 1): 5, ("server", "port"): 7},
    ),
    "after a multi-line basic string": ('a = """x\n[b]\nc = \\""" \\\n"""\nd = 1', {("a",): 1, ("d",): 5}),
    "after a multi-line literal string": ("a = '''x\n\"\n[b]\\'''\nd = 1", {("a",): 1, ("d",): 4}),
    "quotes before the closing three": ('a = """x"""""\nb = """"""\nc = 1', {("a",): 1, ("b",): 2, ("c",): 3}),
    "dotted keys": (
        '# first\nserver.port = 1\ncameras.porch.flip = "x"\n',
        {("server",): 2, ("server", "port"): 2, ("cameras",): 3, ("cameras", "porch"): 3}
        | {("cameras", "porch", "flip"): 3},
    ),
    "an inline table": (
        '[cameras]\n\nporch = { url = "u", flip = "x" }\n',
        {("cameras",): 1, ("cameras", "porch"): 3, ("cameras", "porch", "url"): 3} | {("cameras", "porch", "flip"): 3},
    ),
    "dotted keys in an inline table": (
        "a = { b.c = 1, b.d = [1,\n {e = 2}] }\nf = 3",
        {("a",): 1, ("a", "b"): 1, ("a", "b", "c"): 1, ("a", "b", "d"): 1, ("a", "b", "d", 0): 1}
        | {("a", "b", "d", 1): 2, ("a", "b", "d", 1, "e"): 2, ("f",): 3},
    ),
    "out-of-order tables": (
        "[cameras.a]\nx = 1\n[server]\n[cameras.b]\nx = 2\n[cameras]\n",
        {("cameras", "a"): 1, ("cameras", "a", "x"): 2, ("server",): 3, ("cameras", "b"): 4}
        | {("cameras", "b", "x"): 5, ("cameras",): 6},
    ),
    "a header wins over an earlier mention": ("[a.b]\n[a]\n", {("a", "b"): 1, ("a",): 2}),
    "quoted keys": (
        '[cameras."porch"]\n\'a.b\' = 1\n"\\u0061" = 2\n',
        {("cameras", "porch"): 1, ("cameras", "porch", "a.b"): 2, ("cameras", "porch", "a"): 3},
    ),
    "spaces around dots": ("[ a . b ]\nc . d = 1\n", {("a", "b"): 1, ("a", "b", "c", "d"): 2}),
    "CRLF": ("[a]\r\n# x\r\nb = 1\r\n", {("a",): 1, ("a", "b"): 3}),
    "comments with brackets and quotes": ('[a] # "\n# [b]\nc = 1 # """ [\nd = 2', {("a", "c"): 3, ("a", "d"): 4}),
    "arrays of tables": (
        "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\n",
        {("a",): 1, ("a", 0): 1, ("a", 0, "b"): 2, ("a", 1): 3, ("a", 1, "b"): 4, ("a", 1, "c"): 5},
    ),
    "dates, floats and signs": ("a = 1979-05-27 07:32:00.5Z\nb = -1.5e3\nc = 1", {("b",): 2, ("c",): 3}),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_every_key_has_its_line(text, expected):
    lines = locate(text)
    assert {path: lines.of[path] for path in expected} == expected
    assert set(lines.of) == set(paths_of(tomlkit.parse(text).unwrap()))
    assert not lines.repeats


REPEATS = {
    "a key": ("a = 1\n\na = 2\n", Repeat(("a",), 3, 1)),
    "a table": ("[a]\nb = 1\n[c]\n[a]\n", Repeat(("a",), 4, 1)),
    "a table below another": ("[a.b]\n[a]\n[a.b]\n", Repeat(("a", "b"), 3, 1)),
    "a key on one line": ("a = { b = 1, b = 2 }\n", Repeat(("a", "b"), 1, 1)),
    "a table after a value": ("a = 1\n[a]\n", Repeat(("a",), 2, 1)),
    "a table below a value": ("a = 1\n[a.b]\n", Repeat(("a",), 2, 1)),
    "an inline table's table": ("[a]\nb = {}\n[a.b]\n", Repeat(("a", "b"), 3, 2)),
    "an inline table's dotted key": ("a = {}\na.b = 1\n", Repeat(("a",), 2, 1)),
    "a value after a dotted key": ("a.b = 1\na = 2\n", Repeat(("a",), 2, 1)),
    "a table after a dotted key": ("a.b = 1\n[a]\n", Repeat(("a",), 2, 1)),
    "a table after an array of tables": ("[[a]]\n[a]\n", Repeat(("a",), 2, 1)),
    "an array of tables after a table": ("[a]\n[[a]]\n", Repeat(("a",), 2, 1)),
}


@pytest.mark.parametrize(("text", "expected"), REPEATS.values(), ids=REPEATS)
def test_a_second_definition_is_seen(text, expected):
    assert locate(text).repeats[0] == expected


def test_text_that_is_not_toml_comes_to_an_end():
    for text in ("a = [" * 5000, "[" * 5000, 'a = """', "= }{ ]", "a = {" * 5000, "a." * 5000, '"\\q" = 1'):
        locate(text)


keys = st.text(st.sampled_from("ab.\"' #[=\n\\"), max_size=3)
values = st.recursive(
    st.one_of(st.text(st.sampled_from("ab'\"#[]{}=,\n\\"), max_size=8), st.integers(-9, 9), st.booleans()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
)


@settings(deadline=None)  # a busy machine is no mistake
@given(st.dictionaries(keys, values, max_size=4))
def test_exactly_the_keys_of_a_written_file_are_found(tables):
    text = tomlkit.dumps(tables)
    lines = locate(text)
    assert set(lines.of) == set(paths_of(tomlkit.parse(text).unwrap()))
    assert not lines.repeats


def paths_of(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, child in value.items():
            yield from paths_of(child, (*path, key))
    if isinstance(value, list):
        for index, child in enumerate(value):
            yield from paths_of(child, (*path, index))
