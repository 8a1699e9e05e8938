"""Requests that no client should send, over raw sockets: a documented answer or a clear 4xx, in JSON."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import FULL, PATH, REVOKED, assert_default_answer
from tests.answer import assert_error
from tests.wire import CREDENTIAL, request, send

if TYPE_CHECKING:
    from tests.answer import Answer
    from tests.served import Twin

TARGET: Final = PATH.encode()
KEYS: Final = b"&".join(b"projectKey=p%d" % number for number in range(3500))

QUERIES: Final[dict[str, tuple[bytes, int]]] = {  # what is asked, and the documented status
    "plus is a space": (b"projectKey=web+app", 404),
    "plus before digits": (b"from=+1735689600", 400),
    "encoded digits": (b"from=%31%37%33%35%36%38%39%36%30%30", 200),
    "encoded name": (b"%66rom=x", 400),
    "encoded separator": (b"projectKey=web%26from=x", 404),
    "encoded equals": (b"from%3Dx", 200),
    "semicolon": (b"granularity=daily;from=x", 400),
    "NUL": (b"from=%00", 400),
    "NUL after digits": (b"from=1735689600%00", 400),
    "NUL in a key": (b"projectKey=we%00b", 404),
    "NUL in a name": (b"fro%00m=x", 200),
    "half a percent": (b"projectKey=%", 404),
    "bad hex": (b"projectKey=%zz", 404),
    "invalid UTF-8": (b"projectKey=%ff%fe", 404),
    "overlong UTF-8": (b"from=%c0%b1", 400),
    "surrogate in UTF-8": (b"projectKey=%ed%a0%80", 404),
    "invalid UTF-8 undocumented": (b"x=%ff", 200),
    "line break": (b"from=1%0d%0aSet-Cookie:x", 400),
    "script": (b"projectKey=%3Cscript%3Ealert(1)%3C/script%3E", 404),
    "template": (b"projectKey=%7B%7B7*7%7D%7D%25s%25d", 404),
    "only separators": (b"&&&==&=&", 200),
    "question marks": (b"??from=x", 200),
    "brackets": (b"projectKey[]=web&from[$gt]=1", 200),
    "quotation marks": (b'from="1"', 400),
    "fragment sign": (b"projectKey=web%23x", 404),
    "emoji": (b"projectKey=%F0%9F%A6%8A", 404),
    "right-to-left": (b"granularity=%E2%80%AEdaily", 400),
    "3500 unknown keys": (KEYS, 404),
    "one key 4000 times": (b"&".join([b"projectKey=web"] * 4000), 200),
    "3500 times from": (b"&".join([b"from=1"] * 3500), 400),
    "a key of 60 kB": (b"projectKey=" + b"k" * 60_000, 404),
    "a number of 60 kB": (b"to=" + b"9" * 60_000, 400),
    "60 kB undocumented": (b"x=" + b"%41" * 20_000, 200),
    "20 000 undocumented": (b"a&" * 20_000, 200),
}


def assert_clear(answer: "Answer") -> None:
    """Hold an answer to: 200, or a 4xx in JSON with code and message that says what to do."""
    assert answer.header("content-type") == "application/json"
    if answer.status != 200:
        assert 400 <= answer.status < 500
        assert len(assert_error(answer, answer.status, answer.json()["code"])) < 1000


@pytest.mark.parametrize(("query", "status"), QUERIES.values(), ids=QUERIES)
def test_a_strange_query_gets_its_documented_answer(twin: "Twin", query: bytes, status: int) -> None:
    """Whatever the bytes, up to 64 kB of them."""
    answer = send(twin.url, request(TARGET + b"?" + query))

    assert answer.status == status
    assert_clear(answer)


@pytest.mark.parametrize("size", [65_000, 66_000, 70_000, 200_000, 300_000, 5_000_000])
def test_a_query_without_end_is_refused_in_json(twin: "Twin", size: int) -> None:
    """A target of 64 kB is read, a longer one is not; either way there is an answer."""
    answer = send(twin.url, request(TARGET + b"?x=" + b"y" * size))

    assert answer.status == (200 if size == 65_000 else 400)
    assert_clear(answer)


def test_ten_thousand_project_keys_are_answered(twin: "Twin") -> None:
    """As many as fit the longest target are looked up; more get a clear refusal."""
    keys = b"&".join(b"projectKey=%d" % (number % 100) for number in range(10_000))

    answer = send(twin.url, request(TARGET + b"?" + keys))

    assert answer.status in {400, 404}
    assert_clear(answer)


HEADS: Final[dict[str, tuple[bytes, int]]] = {  # header lines, and the status they get
    "500 headers": (CREDENTIAL + b"".join(b"X-%d: y\r\n" % number for number in range(500)), 200),
    "500 times one header": (CREDENTIAL + b"LD-API-Version: beta\r\n" * 500, 200),
    "a header of 60 kB": (CREDENTIAL + b"X: " + b"y" * 60_000 + b"\r\n", 200),
    "a header of 2 MB": (CREDENTIAL + b"X: " + b"y" * 2_000_000 + b"\r\n", 400),
    "100 000 headers": (CREDENTIAL + b"X-Header: yes\r\n" * 100_000, 400),
    "a token of 60 kB": (b"Authorization: " + b"t" * 60_000 + b"\r\n", 200),
    "full, then revoked": (CREDENTIAL + b"Authorization: " + REVOKED.encode() + b"\r\n", 200),
    "revoked, then full": (b"Authorization: " + REVOKED.encode() + b"\r\n" + CREDENTIAL, 401),
    "blank, then full": (b"Authorization:\r\n" + CREDENTIAL, 401),
    "header name in another case": (b"aUTHORIZATION: x\r\n", 200),
    "non-ASCII token": (b"Authorization: t\xc3\xb6ken\r\n", 200),
    "non-ASCII header": (CREDENTIAL + b"X: \xff\xfe\r\n", 200),
    "no colon": (CREDENTIAL + b"nonsense\r\n", 400),
    "space before the colon": (b"Authorization : x\r\n", 400),
    "NUL in a header": (CREDENTIAL + b"X: a\0b\r\n", 400),
    "conditional and range": (
        CREDENTIAL + b"If-None-Match: *\r\nRange: bytes=0-1\r\nAccept: text/html\r\n",
        200,
    ),
    "compressed please": (CREDENTIAL + b"Accept-Encoding: gzip, br\r\n", 200),
    "method override": (CREDENTIAL + b"X-HTTP-Method-Override: DELETE\r\n", 200),
    "expectation": (CREDENTIAL + b"Expect: 200-maybe\r\n", 200),
    "negative length": (CREDENTIAL + b"Content-Length: -1\r\n", 400),
    "two lengths": (CREDENTIAL + b"Content-Length: 1\r\nContent-Length: 2\r\n", 400),
    "upgrade to a websocket": (
        CREDENTIAL + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        200,
    ),
    "upgrade to HTTP/2": (CREDENTIAL + b"Connection: Upgrade\r\nUpgrade: h2c\r\n", 200),
}


@pytest.mark.parametrize(("head", "status"), HEADS.values(), ids=HEADS)
def test_strange_headers_get_an_answer(twin: "Twin", head: bytes, status: int) -> None:
    """As many and as long as 256 kB hold, and the answer is the default one; else a clear 400."""
    answer = send(twin.url, request(TARGET, head))

    assert answer.status == status
    assert_clear(answer)
    if status == 200:
        assert_default_answer(answer)


BODIES: Final[dict[str, tuple[bytes, bytes]]] = {
    "null as JSON": (b"Content-Type: application/json\r\nContent-Length: 4\r\n", b"null"),
    "broken JSON": (b"Content-Type: application/json\r\nContent-Length: 2\r\n", b"{]"),
    "a form": (b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n", b"from=x"),
    "chunked": (b"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", b"3\r\nabc\r\n0\r\n\r\n"),
    "a megabyte": (b"Content-Length: 1000000\r\n", b"x" * 1_000_000),
    "an impossible media type": (b"Content-Type: ;;;\r\nContent-Length: 1\r\n", b"x"),
}


@pytest.mark.parametrize(("head", "body"), BODIES.values(), ids=BODIES)
def test_a_body_on_a_get_is_ignored(twin: "Twin", head: bytes, body: bytes) -> None:
    """LaunchDarkly's own CLI sends the body `null` as JSON; others send worse."""
    assert_default_answer(send(twin.url, request(TARGET, CREDENTIAL + head) + body))


RAW: Final[dict[str, tuple[bytes, int]]] = {
    "no request line": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "words": (b"hello twin, how many sessions?\r\n\r\n", 400),
    "unknown method": (request(TARGET, method=b"BREW"), 400),
    "method in lower case": (request(TARGET, method=b"get"), 400),
    "raw non-ASCII path": (request(TARGET + b"/\xc3\xa9"), 400),
    "raw non-ASCII query": (request(TARGET + b"?projectKey=\xff\xfe"), 400),
    "space in the target": (request(TARGET + b"?projectKey=a b"), 400),
    "chunk without a size": (
        request(TARGET, CREDENTIAL + b"Transfer-Encoding: chunked\r\n") + b"zz\r\n",
        400,
    ),
    "HTTP/1.0": (request(TARGET).replace(b"HTTP/1.1", b"HTTP/1.0"), 200),
    "no host": (b"GET " + TARGET + b" HTTP/1.1\r\n" + CREDENTIAL + b"\r\n", 200),
    "absolute target": (request(b"http://twin" + TARGET), 200),
    "asterisk": (request(b"*", method=b"OPTIONS"), 404),
    "CONNECT": (request(b"twin:443", method=b"CONNECT"), 400),
    "WebDAV": (request(TARGET, method=b"PROPFIND"), 405),
    "encoded slash": (request(TARGET.replace(b"/sessions", b"%2Fsessions")), 200),
    "encoded letter": (request(TARGET.replace(b"sessions", b"%73essions")), 200),
    "two slashes": (request(b"/" + TARGET), 404),
    "dots": (request(b"/api/v2/usage/x/../observability/sessions"), 404),
    "NUL in the path": (request(TARGET + b"%00"), 404),
    "invalid UTF-8 in the path": (request(TARGET + b"%ff"), 404),
    "slash at the end": (request(TARGET + b"/?from=x"), 404),
}


@pytest.mark.parametrize(("raw", "status"), RAW.values(), ids=RAW)
def test_what_is_hardly_a_request_gets_an_answer_in_json(twin: "Twin", raw: bytes, status: int) -> None:
    """Never plain text, never a closed connection without a word."""
    answer = send(twin.url, raw)

    assert answer.status == status
    assert_clear(answer)


def test_after_all_that_the_twin_is_well(twin: "Twin") -> None:
    """It answers as before, and its log has no error."""
    assert_default_answer(send(twin.url, request(TARGET)))
    assert [line for line in twin.log if "Traceback" in line or "ERROR" in line] == []


def test_a_credential_is_not_repeated_in_any_answer(twin: "Twin") -> None:
    """In the query it is an undocumented parameter, or an unknown project."""
    answer = send(twin.url, request(TARGET + b"?access_token=" + FULL.encode() + b"&from=x"))

    assert answer.status == 400
    assert FULL.encode() not in answer.body
