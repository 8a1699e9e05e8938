"""What shows that a form is one that the page gave to this browser."""

import asyncio

import pytest
from starlette.requests import Request

from usagetwin.control.refusals import ControlError
from usagetwin.page.proof import Proofs, known


def asked(cookie: str = "", port: int = 8080) -> Request:
    """Give a request with cookies."""
    host = f"twin.example:{port}" if port else "twin.example"
    headers = [(b"host", host.encode()), *([(b"cookie", cookie.encode())] if cookie else [])]
    return Request({"type": "http", "headers": headers, "server": ("127.0.0.1", 9999)})


def proofs_of(secret: bytes) -> Proofs:
    """Give those of a twin with a secret."""

    async def known_secret() -> bytes:
        return secret

    return Proofs(known_secret)


def check(proofs: Proofs, cookie: str, sent: str) -> None:
    """Hold a form that a browser sends to what it was given."""
    asyncio.run(proofs.check(asked(cookie), {"proof": [sent]}))


def value(field: str) -> str:
    """Give the value of a hidden field."""
    return field.rpartition('value="')[2].removesuffix('">')


def test_a_form_is_for_the_browser_that_it_was_given_to() -> None:
    """No other browser, and no other twin's form, passes."""
    proofs, again, others = proofs_of(b"own"), proofs_of(b"own"), proofs_of(b"another's")
    proof = value(asyncio.run(proofs.field("mine")))
    mine = "usagetwin-form-8080=mine"

    check(proofs, mine, proof)
    check(again, mine, proof)  # another process, with the same secret

    for cookie, sent in (
        ("", proof),
        ("usagetwin-form-8080=theirs", proof),
        ("usagetwin-form-9090=mine", proof),
        (mine, ""),
        (mine, "é"),
        (mine, value(asyncio.run(others.field("mine")))),
    ):
        with pytest.raises(ControlError, match="load the page again") as refused:
            check(proofs, cookie, sent)
        assert refused.value.status == 403


def test_other_cookies_of_this_host_are_in_nobodys_way() -> None:
    """Whatever their names are; nor is the cookie of another port taken for this one's."""
    assert known(asked("a/b:c=1; usagetwin-form-8080=mine; \x00=;=;")) == "mine"
    assert known(asked("usagetwin-form-8080=" + "x" * 500)) == "x" * 64
    assert known(asked("usagetwin-form-8080=a", port=9090)) == ""
    assert known(asked("usagetwin-form-=mine", port=0)) == "mine"
    assert known(asked()) == ""
