"""How `Accept` and `Accept-Encoding` are read."""

import pytest

from usagetwin.page.accepting import encoding_of


@pytest.mark.parametrize(
    ("sent", "chosen"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("identity", ""),
        ("br;q=no", ""),
        (None, ""),
        ("", ""),
    ],
)
def test_the_first_known_compression_that_a_client_reads_is_taken(sent: str | None, chosen: str) -> None:
    """Ours come in the order that we would rather have."""
    assert encoding_of(sent, ("br", "gzip")) == chosen
