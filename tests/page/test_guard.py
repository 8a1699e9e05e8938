"""Who may see the page: who may speak to the control API, and who has signed in with its token."""

import pytest

from tests.answer import Answer
from tests.page.paged import BROWSER, HOST, OWN, Paged, paged
from usagetwin.page.guard import COOKIE

TOKEN = "let-me-in"
SIGN_IN = "/__twin__/page/sign-in"


def signed_in(twin: Paged) -> tuple[str, str]:
    """Sign in, and give the header that a browser sends from then on."""
    answer = twin.post(SIGN_IN, f"token={TOKEN}", OWN)
    assert (answer.status, answer.header("location")) == (303, "/")
    return ("cookie", (answer.header("set-cookie") or "").partition(";")[0])


def refused(answer: Answer, status: int) -> str:
    """Hold a refusal to what a browser gets, and give its text."""
    assert (answer.status, answer.header("content-type")) == (status, "text/html; charset=utf-8")
    return answer.body.decode()


@pytest.mark.parametrize("host", ["example.org", "", "localhost.example.org"])
def test_another_name_for_this_machine_is_refused(host: str) -> None:
    """As a page whose name leads here for once could read it otherwise."""
    text = refused(paged().get("/", ("host", host), BROWSER[1]), 403)

    assert "does not answer for the host" in text
    assert "business" not in text


@pytest.mark.parametrize("path", ["/", "/__twin__/page/account/total", "/__twin__/page/nothing"])
@pytest.mark.parametrize("header", [("origin", "https://example.org"), ("sec-fetch-site", "cross-site")])
def test_a_page_of_another_site_is_refused(path: str, header: tuple[str, str]) -> None:
    """Whatever it asks for."""
    assert paged().get(path, *BROWSER, header).status == 403


def test_a_program_is_refused_in_json() -> None:
    """As the control API does it, which the page's own scripts read too."""
    answer = paged().get("/__twin__/page/account/total", ("host", "example.org"))

    assert answer.status == 403
    assert answer.json().keys() == {"code", "message", "remedy"}


def test_where_there_is_a_control_token_one_signs_in() -> None:
    """A browser sends no credential by itself; the cookie is not the token."""
    twin = paged(token=TOKEN)
    text = refused(twin.get("/"), 401)
    assert 'action="/__twin__/page/sign-in"' in text
    assert "web" not in text

    cookie = signed_in(twin)

    assert TOKEN not in cookie[1]
    assert "web" in twin.get("/", *BROWSER, cookie).body.decode()


def test_the_cookie_is_for_this_page_alone() -> None:
    """No script reads it, no other site sends it, and it goes over HTTPS only where it came by it."""
    twin = paged(token=TOKEN)

    cookie = twin.post(SIGN_IN, f"token={TOKEN}", OWN).header("set-cookie") or ""

    assert cookie.split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Strict"]


def test_with_the_control_token_any_host_is_answered() -> None:
    """The credential of a program does as well as the cookie."""
    headers = (("host", "twin.example.org"), BROWSER[1], ("authorization", f"Bearer {TOKEN}"))

    assert paged(token=TOKEN).get("/", *headers).status == 200


@pytest.mark.parametrize(
    "cookie", [f"{COOKIE}=", f"{COOKIE}={TOKEN}", f"{COOKIE}=%%; a", "\x00=;;", "other=1"]
)
def test_another_cookie_lets_nobody_in(cookie: str) -> None:
    """Nor does one that can't be read."""
    assert paged(token=TOKEN).get("/", *BROWSER, ("cookie", cookie)).status == 401


@pytest.mark.parametrize(
    "body", ["", "token=", "token=wrong", "token=%ff", "other=1", "token=wrong&token=let-me-in"]
)
def test_a_wrong_token_signs_nobody_in(body: str) -> None:
    """It is asked for again, and no answer says it."""
    answer = paged(token=TOKEN).post(SIGN_IN, body, OWN)

    text = refused(answer, 401)
    assert answer.header("set-cookie") is None
    assert TOKEN not in text


def test_where_there_is_no_token_nobody_signs_in() -> None:
    """And who tries reads why."""
    assert paged().post(SIGN_IN, "token=x", OWN).status == 401


def test_who_signs_out_is_out() -> None:
    """The cookie is taken away."""
    twin = paged(token=TOKEN)
    cookie = signed_in(twin)

    answer = twin.post("/__twin__/page/sign-out", "", OWN, cookie)

    assert answer.status == 303
    assert f"{COOKIE}=; Path=/; Max-Age=0" in (answer.header("set-cookie") or "")


@pytest.mark.parametrize("path", [SIGN_IN, "/__twin__/page/sign-out", "/__twin__/page/query"])
@pytest.mark.parametrize(
    "headers", [(), (("origin", "https://example.org"),), (("sec-fetch-site", "same-site"),)]
)
def test_what_changes_something_must_come_from_the_page_itself(
    path: str, headers: tuple[tuple[str, str], ...]
) -> None:
    """No other site's form is taken, nor one that does not say where it is from."""
    answer = paged(token=TOKEN).post(path, f"token={TOKEN}", *headers)

    assert answer.status == 403
    assert answer.header("set-cookie") is None


def test_a_form_that_is_too_large_is_refused() -> None:
    """Before it is read to its end."""
    answer = paged(token=TOKEN).post(SIGN_IN, "token=" + "x" * (2 * 1024 * 1024 + 1), OWN)

    assert answer.status == 413


def test_files_are_for_everybody() -> None:
    """They are those of each installed copy, and the sign-in is drawn with them."""
    answer = paged(token=TOKEN).get("/__twin__/page/static/any/page.css", ("host", "twin.example.org"), HOST)

    assert answer.status == 200


def test_another_method_is_refused_with_those_that_there_are() -> None:
    """As the control API does it."""
    answer = paged().post("/__twin__/page/query", "", OWN)

    assert answer.status == 405
    assert "is no method of" in answer.body.decode()


def test_a_form_of_very_many_fields_is_refused() -> None:
    """No form of the page has more than some hundreds."""
    assert paged(token=TOKEN).post(SIGN_IN, "a=1&" * 20_000, OWN).status == 400
