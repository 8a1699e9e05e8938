"""What the plugin costs, worked out from what runs and requests took."""

from benchmarks.plugin import Took, request_lines, start_line


def test_the_start_is_compared_in_pairs() -> None:
    """A pair that a busy machine slows by a second says 4 ms too: the differences are 2, 4 and 9 ms."""
    pairs = [
        (Took(302, 250), Took(300, 247)),
        (Took(1304, 251), Took(1300, 247)),
        (Took(309, 252), Took(300, 247)),
    ]

    line = start_line(pairs)

    assert (line.value, line.kept) == (4, True)
    assert line.note == (
        "2.0 to 9.0 ms in 3 pairs, 4.0 ms of processor time; the whole run takes 300 ms without"
    )


def test_a_slow_start_misses_its_bar() -> None:
    """Eleven milliseconds are too many."""
    assert start_line([(Took(311, 0), Took(300, 0))]).kept is False


def test_a_request_is_compared_with_the_client_s_own_cost_and_with_a_canned_body() -> None:
    """Medians of 0.75, 0.5 and 0.25 ms."""
    taken = {
        "usage_twin": [0.75, 9.0, 0.5],
        "a plain server": [0.5, 0.5, 4.0],
        "responses": [0.25, 0.25, 0.25],
    }

    more, canned = request_lines("requests", "responses", taken)

    assert more.value == 0.25
    assert more.note.startswith("0.75 ms against 0.5 ms, over plain HTTP")
    assert "3 requests each way" in more.note
    assert canned.claim == "requests, a request that responses answers with a canned body"
    assert canned.value == 0.25
