"""Where a running twin is, and what keeps a run from it."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.control.controlled import controlled
from tests.testing.running import running, serving
from usagetwin.control.refusals import ControlError, written
from usagetwin.errors import SettingError
from usagetwin.settings import CONTROL_VARIABLE
from usagetwin.stage.replies import JSON_TYPE, WholeAnswer, leave
from usagetwin_checker.testing.running_twin import RunningTwin

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

SECRET: Final = "let-me-in"


def refused(url: str, token: str | None = None) -> tuple[str, str]:
    """Give what keeps a run from a twin, and what would help."""
    with pytest.raises(SettingError) as caught:
        RunningTwin(url, token=token).check()
    return caught.value.problem, caught.value.remedy


def test_a_twin_that_gives_plays_is_left_as_it_was() -> None:
    """The play that was tried is ended."""
    with running() as url:
        twin = RunningTwin(url)
        twin.check()

        assert [each["play"] for each in twin.say("GET", "/plays")["plays"]] == ["default"]


def test_a_twin_without_plays_says_so() -> None:
    """One without a control API, and one with several workers."""
    with running(control=False) as url:
        assert refused(url) == (
            f"the twin at {url} has no control API",
            "usagetwin serve, of this release and without --no-control",
        )
    with running(workers=2) as url:
        assert refused(url)[1].startswith("usagetwin serve --workers 1, or --store redis://")


def test_a_twin_that_wants_a_token_is_sent_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing or wrong one is refused, and not shown."""
    with running(token=SECRET) as url:
        monkeypatch.setenv(CONTROL_VARIABLE, SECRET)
        RunningTwin.at(url).check()
        for token in (None, "open-sesame"):
            problem, remedy = refused(url, token)
            assert "control token" in problem
            assert remedy == f"{CONTROL_VARIABLE} with the same value for `usagetwin serve` and for pytest"
            assert "sesame" not in problem
    with pytest.raises(SettingError, match="is no control token") as caught:
        RunningTwin(url, token="open sesame")
    assert "sesame" not in str(caught.value)


def test_nobody_listens(unused_port: int) -> None:
    """The option is named."""
    problem, remedy = refused(f"http://127.0.0.1:{unused_port}")

    assert problem.startswith("nothing listens at")
    assert "--usage-twin-url=" in remedy


@pytest.mark.parametrize("unknown", ["PATCH", "DELETE"])
def test_another_release_is_known_by_what_it_does_not_know(unknown: str) -> None:
    """As one that had plays, and could not be told all that a test says."""
    twin = controlled().app
    refusal = ControlError(405, "method_not_allowed", f"{unknown} is no method", "POST")

    async def older(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["method"] == unknown:
            await leave(written(refusal), scope, send)
        else:
            await twin(scope, receive, send)

    with serving(older) as url:
        problem, remedy = refused(url)

    assert problem == f"the twin at {url} is of another release of usagetwin"
    assert remedy.startswith("the same release")


def test_what_answers_with_other_json_is_another_release() -> None:
    """Whatever it is."""

    async def other(scope: "Scope", _receive: "Receive", send: "Send") -> None:
        await leave(WholeAnswer(200, (JSON_TYPE,), b"{}"), scope, send)

    with serving(other) as url:
        assert refused(url)[0] == f"the twin at {url} is of another release of usagetwin"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "twin",
        "127.0.0.1:8080",
        "ftp://127.0.0.1",
        "http://",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "http://[::1",
        "http://127.0.0.1/?a=1",
        "http://127.0.0.1/#a",
        "http://user:secret@127.0.0.1",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\n",
        "http://tẅin",
    ],
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    """With one that would do."""
    with pytest.raises(SettingError, match=r"http://127\.0\.0\.1:8080"):
        RunningTwin(url)


def test_a_password_is_not_repeated() -> None:
    """The error goes to the log of a CI."""
    with pytest.raises(SettingError) as caught:
        RunningTwin("http://user:secret@127.0.0.1")

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["app.launchdarkly.com", "APP.EU.launchdarkly.com", "app.launchdarkly.us."])
def test_the_redirected_hosts_are_no_running_twin(host: str) -> None:
    """They lead back here while a test runs: a request would never end."""
    with pytest.raises(SettingError, match="leads to the twin itself"):
        RunningTwin(f"https://{host}")
