from vedette.wire.eventstream import HEARTBEAT, encode_event, encode_retry


def test_an_event_has_name_number_and_one_line_of_data() -> None:
    assert encode_event("camera", 7, '{"name":"K\u00fcche"}') == (
        'event: camera\nid: 7\ndata: {"name":"K\u00fcche"}\n\n'.encode()
    )


def test_a_heartbeat_is_a_comment_and_the_time_to_come_back_is_in_milliseconds() -> None:
    assert HEARTBEAT == b":\n\n"
    assert encode_retry(2000) == b"retry: 2000\n\n"
