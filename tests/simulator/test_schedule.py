import pytest

from vedette.simulator import Entry, Fault, read_schedule


def test_a_line_says_when_and_what():
    assert read_schedule("0 stall, 10 none, 20 drop+truncate") == (
        Entry(0.0, frozenset({Fault.STALL})),
        Entry(10.0, frozenset()),
        Entry(20.0, frozenset({Fault.DROP, Fault.TRUNCATE})),
    )


def test_a_file_has_lines_comments_and_any_order():
    text = """
    # first well
    5.5 404@1   # the second board alone
    2 none, 30 again
    """
    assert read_schedule(text) == (
        Entry(2.0, frozenset()),
        Entry(5.5, frozenset({Fault.NOT_FOUND}), 1),
        Entry(30.0, frozenset(), again=True),
    )


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_can_be_scheduled(fault):
    assert read_schedule(f"3 {fault.value}")[0].faults == {fault}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no entry"),
        ("# nothing", "no entry"),
        ("stall", "SECONDS FAULT"),
        ("ten stall", "SECONDS FAULT"),
        ("10 stall drop", "SECONDS FAULT"),
        ("-1 stall", "SECONDS FAULT"),
        ("10 nonsense", "nonsense"),
        ("10 stall+nonsense", "nonsense"),
        ("10 again, 20 stall", "end of a schedule"),
        ("0 again", "end of a schedule"),
    ],
)
def test_what_is_not_understood_is_quoted(text, said):
    with pytest.raises(ValueError, match=said):
        read_schedule(text)
