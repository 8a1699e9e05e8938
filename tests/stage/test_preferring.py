"""What a request asks of its own answer with `Prefer`, over HTTP and as text."""

import time
from typing import TYPE_CHECKING

import pytest

from tests.acme import MONTH_TO_DATE, PATH, assert_default_answer
from tests.answer import assert_error
from tests.control.controlled import controlled
from tests.inprocess import WITH_TOKEN, ask
from tests.siblings import ERRORS as ERRORS_PATH
from tests.siblings import operations
from tests.stage.records import acme
from tests.stage.staged import staged
from tests.wire import CREDENTIAL, request, send
from usagetwin.contract.operation import DOCUMENTED
from usagetwin.settings import Settings
from usagetwin.stage.faults import make_fault
from usagetwin.stage.preferring import ERRORS, LONGEST, Preferences, may_prefer, preferences_of
from usagetwin.stage.served import ServedStage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control.controlled import Controlled
    from tests.stage.staged import Staged


@pytest.fixture(scope="module")
def stage() -> "Iterator[Staged]":
    """Serve a stage for the tests of this file."""
    with staged() as stage:
        yield stage


def status_of(twin: "Controlled", prefer: str, **asked: str) -> tuple[int, str | None]:
    """Ask a twin in this process, and give the status with what was applied."""
    answer = ask(twin.served, headers=(*WITH_TOKEN, ("prefer", prefer)), **asked)  # type: ignore[arg-type]  # -- texts by name
    return answer.status, answer.header("preference-applied")


def test_an_error_of_the_contract_is_answered_and_recorded(stage: "Staged", acme_file: str) -> None:
    """With its documented code and message, and what was applied; the next request gets its answer."""
    with stage.play(acme_file) as play:
        answer = stage.ask(Prefer="code=429")
        assert_default_answer(stage.ask())

    message = assert_error(answer, 429, "rate_limited")
    assert message.startswith("You've exceeded the API rate limit. Try again later. ")
    assert (answer.header("preference-applied"), answer.header("vary")) == ("code=429", "Prefer")
    first, second = play.journal.requests
    assert (first.status, first.preference, first.fault) == (429, "code=429", None)
    assert (second.status, second.preference) == (200, None)


def test_an_answer_is_late(stage: "Staged", acme_file: str) -> None:
    """By so many seconds at least, and is the twin's own."""
    with stage.play(acme_file):
        began_s = time.monotonic()
        answer = stage.ask(Prefer="wait=1")
        took_s = time.monotonic() - began_s

    assert_default_answer(answer)
    assert answer.header("preference-applied") == "wait=1"
    assert took_s >= 1


def test_several_lines_are_one_list(stage: "Staged", acme_file: str) -> None:
    """A late error, asked for on two lines."""
    with stage.play(acme_file):
        lines = CREDENTIAL + b"Prefer: return=minimal, code=404\r\nPrefer: wait=0\r\n"
        answer = send(stage.server.url, request(PATH.encode(), lines))

    assert_error(answer, 404, "not_found")
    assert answer.header("preference-applied") == "code=404, wait=0"


def test_a_fault_comes_before(stage: "Staged", acme_file: str) -> None:
    """A request that gets one gets that alone."""
    with stage.play(acme_file, make_fault("unavailable", times=1)):
        answers = [stage.ask(Prefer="code=403") for _ in range(2)]

    assert [(each.status, each.header("preference-applied")) for each in answers] == [
        (503, None),
        (403, "code=403"),
    ]


@pytest.mark.parametrize("status", sorted(DOCUMENTED - {200}))
def test_every_error_of_the_document_can_be_asked_for(status: int) -> None:
    """In the shape of all errors."""
    answer = ask(controlled().served, headers=(*WITH_TOKEN, ("prefer", f"code={status}")))

    assert_error(answer, status, ERRORS[status][0])


@pytest.mark.parametrize("status", [200, 302, 405, 418, 500, 999, -1])
def test_a_status_that_is_not_documented_is_ignored(status: int) -> None:
    """The answer is as ever, and says that nothing was applied."""
    assert status_of(controlled(), f"code={status}") == (200, None)


def test_only_the_endpoint_has_documented_errors() -> None:
    """Another path, or method, has the twin's own."""
    twin = controlled()

    assert status_of(twin, "code=429", path="/api/v2/flags") == (404, None)
    assert status_of(twin, "code=429", method="POST") == (405, None)
    assert status_of(twin, "code=429", method="HEAD") == (429, "code=429")


def test_each_operation_that_is_served_has_documented_errors() -> None:
    """The vendored one where it is served."""
    served = ServedStage(Settings(operations=operations(ERRORS_PATH)), acme(), None)
    preferring = (*WITH_TOKEN, ("prefer", "code=429"))

    assert ask(served, path=ERRORS_PATH, headers=preferring).status == 429
    assert ask(served, headers=preferring).status == 404


def test_the_observed_profile_does_not_listen() -> None:
    """Nobody has recorded that the real API does."""
    twin = controlled()
    policies = {"profile": "observed", "policies": {"beta": "ignored"}}
    twin.tell("PATCH", "/plays/default/policies", policies)

    assert status_of(twin, "code=429") == (200, None)


def test_a_twin_that_was_told_nothing_records_what_it_applied() -> None:
    """And nothing else; the control API shows it."""
    twin = controlled()
    assert twin.ask().values == MONTH_TO_DATE
    assert status_of(twin, "return=minimal") == (200, None)

    assert status_of(twin, "code=401") == (401, "code=401")

    journal = twin.tell("GET", "/plays/default/journal")
    assert [(each["status"], each["preference"]) for each in journal["requests"]] == [(401, "code=401")]


def test_a_play_behind_a_token_listens() -> None:
    """As the default one does."""
    twin = controlled()
    token = twin.tell("POST", "/plays", {}, status=201)["token"]

    answer = ask(twin.served, headers=(("authorization", token), ("prefer", "code=400")))

    assert answer.status == 400
    assert twin.tell("GET", "/plays/1/journal")["requests"][0]["preference"] == "code=400"


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        (["code=429"], Preferences(429)),
        (["CODE = 429 ,Wait=2"], Preferences(429, 2)),
        (['code="429"; why="a, b" ; x, wait="\\2"'], Preferences(429, 2)),
        (["code=400", "code=429, wait=5"], Preferences(400, 5)),  # of two the first counts
        (["code=x, code=429"], Preferences()),
        (['a="b, code=429", wait=1'], Preferences(None, 1)),
        (["=y, @@, code=404"], Preferences(404)),
        (['"code=404", "open, code=429'], Preferences(429)),
        (["code=429 wait=2"], Preferences()),
        (["wait=60"], Preferences(None, 60)),
        (["wait=61"], Preferences()),
        (["wait=1.5, code="], Preferences()),
        (["wait=-1, code=+429"], Preferences()),
        (["wait=٣"], Preferences()),
        (["code=" + "4" * 5_000], Preferences()),
        (["code=429" + " " * LONGEST], Preferences()),
        ([], Preferences()),
    ],
)
def test_a_header_is_read_as_the_rfc_says(lines: list[str], meant: Preferences) -> None:
    """Names in any case, quoted values, parameters, lists over lines; what makes no sense is ignored."""
    assert preferences_of(lines) == meant


@pytest.mark.parametrize("text", ['"\\' * 512, "a;a= " * 204, "a; \t" * 256, "a=b;" + " " * 1_020])
def test_no_header_takes_long_to_read(text: str) -> None:
    """A pattern that tries a way twice takes years for some of these."""
    assert preferences_of([f"{text}@"[-LONGEST:]]) == Preferences()


def test_only_known_preferences_are_looked_at() -> None:
    """The others leave a request on its short way."""
    assert may_prefer([(b"host", b"x"), (b"prefer", b"Wait=1")])
    assert not may_prefer([(b"host", b"code=429"), (b"prefer", b"return=minimal")])
