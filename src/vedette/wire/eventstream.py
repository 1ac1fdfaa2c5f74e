"""Server-sent events (WHATWG HTML, "Server-sent events"), as bytes."""

CONTENT_TYPE = "text/event-stream"
HEARTBEAT = b":\n\n"  # a comment: proxies and browsers see that the line is alive


def encode_retry(milliseconds: int) -> bytes:
    """Tells a browser how long to wait before it comes back."""
    return b"retry: %d\n\n" % milliseconds


def encode_event(name: str, number: int, data: str) -> bytes:
    """One event.

    Args:
        name: of its kind.
        number: its id.
        data: one line; JSON as our encoder writes it has no line ends.
    """
    return f"event: {name}\nid: {number}\ndata: {data}\n\n".encode()
