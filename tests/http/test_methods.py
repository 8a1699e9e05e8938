"""Methods: HEAD is GET without its body, every other one is refused with `Allow`."""

from typing import TYPE_CHECKING

import pytest

from tests.acme import FULL, PATH
from tests.answer import assert_error
from tests.inprocess import ask
from tests.wire import request, send

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.served import Twin


@pytest.mark.parametrize(
    "query", ["", "aggregationType=rolling_30d", "from=x", "projectKey=nope", "from=0&to=0"]
)
def test_head_is_get_without_the_body(app: "ASGIApp", query: str) -> None:
    """The status and every header are equal, the length of the body that is not there included."""
    got, head = ask(app, query), ask(app, query, method="HEAD")

    assert (head.status, head.headers, head.body) == (got.status, got.headers, b"")
    assert head.header("content-length") == str(len(got.body))


def test_head_without_a_credential_is_unauthorized(app: "ASGIApp") -> None:
    """As GET would be."""
    assert ask(app, method="HEAD", headers=()).status == 401


def test_head_over_http_leaves_the_connection_in_order(twin: "Twin") -> None:
    """A body that was sent by mistake would be read as the next answer."""
    target = PATH.encode()

    answer = send(twin.url, request(target, b"Authorization: t\r\n", b"HEAD") + request(target))

    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.header("content-length") or 0) > 100


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("credential", [(), (("authorization", FULL),)])
def test_another_method_is_refused_with_allow(
    app: "ASGIApp", method: str, credential: tuple[tuple[str, str], ...]
) -> None:
    """With or without a credential: 405 comes first."""
    answer = ask(app, "from=x", method=method, headers=credential, body=b"{}")

    message = assert_error(answer, 405, "method_not_allowed")
    assert answer.header("allow") == "GET, HEAD"
    assert repr(method) in message
    assert "GET, HEAD" in message


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE"])
def test_another_method_is_refused_over_http(twin: "Twin", method: bytes) -> None:
    """The server lets them through to the twin, bodies included."""
    answer = send(twin.url, request(PATH.encode(), b"Content-Length: 2\r\n", method) + b"{}")

    assert_error(answer, 405, "method_not_allowed")
    assert answer.header("allow") == "GET, HEAD"
