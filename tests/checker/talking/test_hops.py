"""Tests of `usagetwin_checker.talking.hops`."""

from usagetwin_checker.talking.hops import end_to_end


def test_what_is_of_one_connection_is_left_out() -> None:
    """Those that HTTP names, and those that `Connection` names; the others keep their order."""
    headers = [
        (b"A", b"1"),
        (b"Connection", b"close, X-Hop"),
        (b"Transfer-Encoding", b"chunked"),
        (b"x-hop", b"2"),
        (b"a", b"3"),
    ]

    assert end_to_end(headers) == [(b"A", b"1"), (b"a", b"3")]
