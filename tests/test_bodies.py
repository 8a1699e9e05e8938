"""Tests of `usagetwin.bodies`."""

import gzip
import tracemalloc
import zlib
from typing import Final

import pytest

from usagetwin.bodies import Body

LARGEST_BODY: Final = 16 * 1024 * 1024


def read(encoding: str, *pieces: bytes) -> bytes:
    """Read a body that comes in pieces."""
    body = Body(encoding, LARGEST_BODY)
    for piece in pieces:
        body.add(piece)
    return body.whole()


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_a_plain_body_is_its_pieces(encoding: str) -> None:
    """Without compression the pieces are joined."""
    assert read(encoding, b"ab", b"", b"c") == b"abc"


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_a_compressed_body_is_decoded_from_pieces_of_any_size(encoding: str) -> None:
    """Gzip and deflate are decoded, one byte at a time as well."""
    content = bytes(range(256)) * 40
    packed = zlib.compress(content) if encoding == "deflate" else gzip.compress(content)

    assert read(encoding, packed) == content
    assert read(encoding, *(packed[index : index + 1] for index in range(len(packed)))) == content


def test_a_compressed_answer_without_any_body_is_empty() -> None:
    """A HEAD or a 204 names an encoding and has nothing to decode."""
    assert read("gzip") == b""


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "\x1b[2J"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    """What can't be decoded within a bound is not decoded at all; the name is quoted."""
    with pytest.raises(ValueError, match="was not asked for") as refused:
        Body(encoding, LARGEST_BODY)

    assert str(refused.value).isprintable()


def test_a_body_of_exactly_the_bound_is_read() -> None:
    """The bound itself is allowed, one byte more is not."""
    assert len(read("", bytes(LARGEST_BODY))) == LARGEST_BODY
    with pytest.raises(ValueError, match="no end within"):
        read("", bytes(LARGEST_BODY), b"x")


def test_a_bomb_is_left_at_the_bound() -> None:
    """A compressed body that grows past the bound is refused, in one piece or many."""
    bomb = gzip.compress(bytes(LARGEST_BODY + 1))

    with pytest.raises(ValueError, match="no end within"):
        read("gzip", bomb)
    with pytest.raises(ValueError, match="no end within"):
        read("gzip", *(bomb[start : start + 1000] for start in range(0, len(bomb), 1000)))


def test_a_compressed_body_that_ends_too_soon_is_refused() -> None:
    """Half a gzip is no answer."""
    with pytest.raises(ValueError, match="ends before its gzip does"):
        read("gzip", gzip.compress(b"abc" * 100)[:-4])


def test_what_is_no_gzip_is_refused() -> None:
    """Plain text under the name of gzip can't be decoded."""
    with pytest.raises(ValueError, match="the body is no gzip"):
        read("gzip", b"plain text")


def test_a_bomb_costs_no_more_memory_than_the_bound() -> None:
    """What is not read is not inflated either, although it all came in one piece."""
    deflater = zlib.compressobj()
    zeros = bytes(1024 * 1024)
    bomb = b"".join([*(deflater.compress(zeros) for _ in range(200)), deflater.flush()])

    tracemalloc.start()
    with pytest.raises(ValueError, match="no end within"):
        read("deflate", bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 5 * LARGEST_BODY
