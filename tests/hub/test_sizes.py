from vedette.hub.sizes import SizeSorter

SIZES = {"a": (320, 240), "b": (640, 480), "c": (800, 600)}


def sort(letters: str) -> tuple[str, str]:
    """Frames by the letters of their sizes: what was good, and what was junk."""
    sorter: SizeSorter[str] = SizeSorter()
    good, junk = "", ""
    for letter in letters:
        found = sorter.sort(SIZES[letter], letter)
        good += "".join(found.good)
        junk += "".join(found.junk)
    return good, junk


def test_frames_of_one_size_pass() -> None:
    assert sort("aaa") == ("aaa", "")


def test_a_change_of_size_loses_nothing() -> None:
    assert sort("aabbb") == ("aabbb", "")


def test_a_single_frame_of_another_size_is_junk() -> None:
    assert sort("aabaa") == ("aaaa", "b")


def test_old_frames_that_follow_a_change_are_junk() -> None:
    assert sort("aabbab") == ("aabbb", "a")


def test_many_kinds_of_junk_are_still_junk() -> None:
    assert sort("abcaa") == ("aaa", "bc")


def test_a_size_that_alternates_keeps_the_first() -> None:
    assert sort("abababab") == ("aaaa", "bbb")


def test_a_new_connection_begins_with_any_size() -> None:
    sorter: SizeSorter[str] = SizeSorter()
    sorter.sort(SIZES["a"], "a")
    sorter.restart()
    assert sorter.sort(SIZES["b"], "b").good == ("b",)
