"""What a test says to its twin, and asks of it. The account is the one that `tests.acme` adds up by hand."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import freezegun
import pytest
import time_machine

import usagetwin_checker.testing
from tests import inprocess
from tests.acme import FEB_27, FULL, MAR_1, MAR_3, NOW, PATH, assert_default_answer
from tests.stage.records import GOOD, acme
from tests.testing.playing import URL, Playing, playing
from usagetwin.account.world import Role
from usagetwin.clock import real_clock
from usagetwin.errors import FileError, SettingError
from usagetwin.stage.faults import PredicateError
from usagetwin.stage.play import Play
from usagetwin.stage.setup import Setup
from usagetwin_checker.testing.asserting import BrokenRequestsError
from usagetwin_checker.testing.control import UsageTwin

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.stage.journal import Recorded


@pytest.fixture
def test() -> Playing:
    """Give a test's twin of the small account, at its noon."""
    return playing()


def token(value: str) -> tuple[tuple[str, str], ...]:
    """Give the headers of a request with this token."""
    return (("authorization", value),)


def test_the_twin_answers_for_the_account_at_its_instant(test: Playing) -> None:
    """As a test begins."""
    assert_default_answer(test.ask())
    assert test.twin.now == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert test.twin.url == URL


@pytest.mark.parametrize("instant", [MAR_1, "2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)])
def test_a_frozen_clock_stands(test: Playing, instant: str | int | datetime) -> None:
    """At midnight, nothing of this month is counted, and its window is empty."""
    with test.twin.freeze(instant):
        assert test.twin.now == datetime(2026, 3, 1, tzinfo=UTC)
        assert test.ask().values == []
    assert_default_answer(test.ask())


def test_a_frozen_clock_moves_on_and_stands_again(test: Playing) -> None:
    """A day is whole from the first instant of the next."""
    advance = test.twin.advance(timedelta(hours=11), hours=1)

    assert test.twin.now == datetime(2026, 3, 4, tzinfo=UTC)
    assert test.ask("aggregationType=incremental").values == [31, 42, 54]
    advance.undo()
    assert test.twin.now == datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_parts_of_a_second_add_up(test: Playing) -> None:
    """A client that waits half a second twice has waited one."""
    for _ in range(2):
        test.twin.advance(seconds=0.5)

    assert test.twin.now == datetime(2026, 3, 3, 12, 0, 1, tzinfo=UTC)


def test_it_shows_what_it_is(test: Playing) -> None:
    """In a failing test, pytest prints it."""
    test.ask()

    assert repr(test.twin) == "<UsageTwin: counts at 2026-03-03T12:00:00Z, requests: 1>"


def test_a_running_clock_stands_once_it_is_advanced() -> None:
    """An hour from the instant of the call; undone, it runs as before."""
    twin = playing(frozen=False).twin
    before = real_clock()

    with twin.advance(hours=1):
        stands = twin.now
        assert before + 3_600 <= stands.timestamp() <= real_clock() + 3_600
        with twin.freeze(5):
            assert twin.now.timestamp() == 5
        assert twin.now == stands
    assert before <= twin.now.timestamp() <= real_clock()


def test_time_travel_of_the_test_moves_a_running_clock_and_no_frozen_one() -> None:
    """With either of the libraries for it; what they call a datetime is an instant as any other."""
    twin = playing(frozen=False).twin

    for travel in (freezegun.freeze_time(NOW), time_machine.travel(NOW, tick=False)):
        with travel:
            assert twin.now == datetime(2026, 3, 3, 12, tzinfo=UTC)
            assert twin.expected() == dict(zip(twin.expected().times, [31, 73, 100], strict=True))
            with twin.freeze(datetime.now(UTC) - timedelta(days=1)):
                assert twin.now == datetime(2026, 3, 2, 12, tzinfo=UTC)
                assert twin.expected(to=datetime.now(UTC)).last == 52


def test_the_clock_has_an_end(test: Playing) -> None:
    """Ten digits of seconds, and no further."""
    test.twin.freeze("2286-11-20T17:46:39Z")

    with pytest.raises(SettingError, match="can't stand at 10000000000 seconds"):
        test.twin.advance(seconds=1)
    assert test.twin.now == datetime(2286, 11, 20, 17, 46, 39, tzinfo=UTC)


def test_another_account_answers(test: Playing, tmp_path: Path) -> None:
    """By name, from a file, or of counts written in the test."""
    file = tmp_path / "mine.csv"
    file.write_text("date,project,count\n2026-03-01,mine,7\n2026-03-02,mine,0\n", encoding="utf-8")

    with test.twin.world(file):
        assert test.ask().values == test.ask("projectKey=mine").values == [7, 7, 7]
    with test.twin.world({"one": {"2026-03-02": 3}}):
        assert test.ask().values == [3, 3]
        assert test.ask("projectKey=web").status == 404
    with test.twin.world("idle"):
        assert test.ask("projectKey=web").status == 404
    assert test.ask("projectKey=web").values == [30, 70, 95]


def test_policies_hold_whatever_the_profile_says(test: Playing) -> None:
    """In whichever order they are decided; a number may be given as one."""
    with test.twin.policy(beta="ignored", quota=1), test.twin.profile("observed"):
        first, second = test.ask(), test.ask()
        assert (first.status, second.status) == (200, 429)
        assert first.header("access-control-allow-origin") == "*"
    assert test.ask().header("access-control-allow-origin") is None


def test_a_profile_is_in_force(test: Playing) -> None:
    """`observed` refuses a request without the beta header."""
    with test.twin.profile("observed"):
        assert test.ask().status == 403
        assert test.ask(headers=(*GOOD, ("ld-api-version", "beta"))).status == 200


@pytest.mark.parametrize(
    ("role", "status"), [("full", 200), ("revoked", 401), (Role.FORBIDDEN, 403), ("throttled", 429)]
)
def test_a_token_does_what_the_test_says(test: Playing, role: str | Role, status: int) -> None:
    """And no other does; requests with it are no mistakes."""
    with test.twin.token("api-mine", role):
        assert test.ask(headers=token("api-mine")).status == status
        assert test.ask(headers=token(FULL)).status == 200
    assert test.ask(headers=token("api-mine")).status == 200
    assert test.twin.findings == ()


def test_tokens_and_policies_add_up(test: Playing) -> None:
    """Each call says something more; what is said again of the same replaces it."""
    test.twin.token("api-one", "revoked")
    test.twin.token("api-two", "full")
    test.twin.token("api-two", "forbidden")
    test.twin.policy(unknown_tokens="reject", error_id="on")
    test.twin.policy(unknown_tokens="accept")

    answers = [test.ask(headers=token(value)) for value in ("api-one", "api-two", "api-three")]

    assert [answer.status for answer in answers] == [401, 403, 200]
    assert "id" in answers[0].json()


def test_a_fault_is_shown_while_it_is_on(test: Playing) -> None:
    """Of the wire, of HTTP or of the contract; by count or by predicate."""
    with test.twin.fault("server-error"):
        assert test.ask().status == 500
    assert test.ask().status == 200

    test.twin.fault("rate-limited", times=1, retry_after=7)
    answers = [test.ask(), test.ask()]
    assert [answer.status for answer in answers] == [429, 200]
    assert answers[0].header("retry-after") == "7"

    with test.twin.fault("unavailable", when=lambda request: request.value("projectKey") == "app"):
        assert test.ask("projectKey=app").status == 503
        assert test.ask("projectKey=web").status == 200
    assert [request.fault for request in test.twin.requests if request.status != 200] == [
        "server-error",
        "rate-limited",
        "unavailable",
    ]


def test_what_is_expected_is_what_the_twin_answers(test: Playing) -> None:
    """For each parameter, after each change."""
    twin = test.twin

    assert twin.expected() == test.ask().json()
    assert twin.expected(aggregation_type="incremental") == [31, 42, 27]
    assert (
        twin.expected(from_="2026-02-27", granularity="monthly")
        == test.ask(f"from={FEB_27}&granularity=monthly").json()
    )
    assert twin.expected(from_=MAR_1, to=datetime(2026, 3, 2, tzinfo=UTC), project_key="app") == [1]
    wire: Any = {"from": MAR_1, "to": "2026-03-02", "projectKey": "app"}
    assert twin.expected(**wire) == [1]
    assert twin.expected(aggregationType="incremental") == twin.expected(aggregation_type="incremental")
    twin.policy(projects="separate")
    twin.advance(days=1)
    assert (
        twin.expected(project_key=["app", "web"], to=str(MAR_3))
        == test.ask(f"projectKey=app&projectKey=web&to={MAR_3}").json()
    )
    twin.world({"one": {"2026-03-02": 3}})
    assert twin.expected() == [3, 3, 3] == test.ask().values


def test_expecting_what_the_contract_refuses_is_a_value_error(test: Playing) -> None:
    """With the rule's text; milliseconds are named as such."""
    with pytest.raises(ValueError, match=r"looks like milliseconds.*\n  rule  timestamp-fits-ten-digits"):
        test.twin.expected(from_=MAR_1 * 1000)
    with pytest.raises(ValueError, match="\n  rule  project-key-not-empty"):
        test.twin.expected(project_key="")
    with pytest.raises(ValueError, match="\n  rule  unknown-project-not-found"):
        test.twin.expected(project_key=("web", "wob"))


def test_requests_are_counted_and_kept(test: Playing) -> None:
    """Whatever became of them."""
    assert (test.twin.calls, test.twin.requests) == (0, ())
    test.ask("projectKey=web")
    test.ask("projectKey=wob")

    assert test.twin.calls == 2
    assert [(each.number, each.status, each.value("projectKey")) for each in test.twin.requests] == [
        (1, 200, "web"),
        (2, 404, "wob"),
    ]


def test_an_expectation_of_requests_is_an_assertion(test: Playing) -> None:
    """By number and parameters; a failure shows the requests."""
    test.twin.assert_not_called()
    test.ask("aggregationType=incremental&projectKey=web&projectKey=app")

    test.twin.assert_called()
    test.twin.assert_called(times=1, aggregationType="incremental", projectKey=["app", "web"], from_=None)
    test.twin.assert_called(times=1, aggregation_type="incremental", project_key=["web", "app"])
    test.twin.assert_called(times=0, aggregationType="rolling_30d")
    with pytest.raises(AssertionError, match="aggregationType='incremental', expected 'rolling_30d'"):
        test.twin.assert_called(aggregationType="rolling_30d")
    with pytest.raises(AssertionError, match="expected no request, got 1 of 1\nmatching:\n  request 1: GET"):
        test.twin.assert_not_called()


@pytest.mark.parametrize("times", [-1, True, "2"])
def test_a_number_of_requests_is_a_whole_number(test: Playing, times: Any) -> None:  # noqa: ANN401 -- wrong on purpose
    """Anything else could never be met."""
    with pytest.raises(SettingError, match="is no number of requests"):
        test.twin.assert_called(times=times)


def test_a_request_that_breaks_a_rule_is_found(test: Playing) -> None:
    """Although the code under test may have swallowed the answer."""
    test.twin.check_requests()
    test.ask(f"from={MAR_1}000")

    (finding,) = test.twin.findings
    assert (finding.rule, finding.request.number) == ("timestamp-fits-ten-digits", 1)
    with pytest.raises(BrokenRequestsError, match="looks like milliseconds") as caught:
        test.twin.check_requests()
    assert caught.value.findings == (finding,)


def test_a_test_may_send_something_wrong_on_purpose() -> None:
    """For a block, for the rest of it, or from its beginning; by the rule's id."""
    test = playing(allow=["project-key-not-empty"])
    with test.twin.allow("timestamp-fits-ten-digits", "undocumented-parameters-ignored"):
        test.ask(f"from={MAR_1}000&page=1")
    test.ask("projectKey=&page=1")
    test.twin.allow("undocumented-parameters-ignored")
    test.ask("page=1")

    assert [(each.request.number, each.rule) for each in test.twin.findings] == [
        (2, "undocumented-parameters-ignored")
    ]
    with pytest.raises(SettingError, match="no rule 'milliseconds'"):
        test.twin.allow("milliseconds")
    with pytest.raises(SettingError, match="no rule 'project-key-empty'\n  try   project-key-not-empty"):
        playing(allow=["project-key-empty"])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda twin: twin.freeze(1.5),
        lambda twin: twin.advance(),
        lambda twin: twin.world("business-weak"),
        lambda twin: twin.world({"web": {}}),
        lambda twin: twin.policy(project="separate"),
        lambda twin: twin.policy(projects="apart"),
        lambda twin: twin.policy(quota=0),
        lambda twin: twin.policy(error_id=True),
        lambda twin: twin.profile("observd"),
        lambda twin: twin.token("api mine", "full"),
        lambda twin: twin.token("api-mine", "admin"),
        lambda twin: twin.fault("resett"),
        lambda twin: twin.fault("reset", seconds=1),
        lambda twin: twin.assert_called(project="web"),
    ],
)
def test_what_can_t_be_is_refused_and_changes_nothing(
    test: Playing, wrong: "Callable[[UsageTwin], object]"
) -> None:
    """With what is wrong, and what can be."""
    with pytest.raises(SettingError, match="\n  try   "):
        wrong(test.twin)
    with pytest.raises(FileError, match=r"nowhere\.yaml"):
        test.twin.world(Path("nowhere.yaml"))

    assert_default_answer(test.ask())


def test_no_message_repeats_a_token(test: Playing) -> None:
    """A secret may stand where only its form is wrong."""
    with pytest.raises(SettingError) as caught:
        test.twin.token("my secret", "full")
    with pytest.raises(SettingError) as other:
        test.twin.token("secret", "fool")

    assert "secret" not in f"{caught.value} {other.value}"


def _fail(_request: "Recorded") -> NoReturn:
    message = "the predicate's own"
    raise LookupError(message)


@pytest.mark.parametrize(
    "use",
    [
        lambda twin: twin.calls,
        lambda twin: twin.findings,
        lambda twin: twin.now,
        lambda twin: twin.freeze(NOW),
        lambda twin: twin.expected(),
        lambda twin: twin.assert_called(),
        lambda twin: twin.fault("reset"),
        lambda twin: twin.allow("project-key-not-empty"),
        lambda twin: twin.raise_errors(),
    ],
)
def test_an_error_on_the_server_s_thread_surfaces_in_the_test(
    test: Playing, use: "Callable[[UsageTwin], object]"
) -> None:
    """At the next use of the twin, once for each error."""
    with test.twin.fault("reset", when=_fail):
        assert test.ask().status == 500
        assert test.ask().status == 500

    for _ in range(2):
        with pytest.raises(PredicateError, match="the predicate's own") as caught:
            use(test.twin)
        assert isinstance(caught.value.__cause__, LookupError)
    use(test.twin)


def test_other_programs_are_led_by_variables() -> None:
    """A copy of what the server's side gives; none without it."""
    play = Play(Setup(world=acme()))
    variables = {"HTTPS_PROXY": "http://127.0.0.1:1"}

    given = UsageTwin(play, url=URL, environment=lambda: variables).environment()

    assert given == variables
    assert given is not variables
    assert UsageTwin(play, url=URL).environment() == {}


def test_it_is_usable_without_pytest_and_its_import_is_light() -> None:
    """Other test runners have the same twin; the libraries behind the app load with the first request."""
    heavy = ["pytest", "connexion", "openapi_core", "hypothesis", "httpx", "uvicorn"]
    code = f"import sys, usagetwin_checker.testing.control; print([m for m in {heavy} if m in sys.modules])"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout

    assert shown == "[]\n"


def test_every_public_name_is_there_and_listed_in_order() -> None:
    """Each loads on first use; a name that is not public is refused as any module does."""
    names = usagetwin_checker.testing.__all__

    assert sorted(names) == names
    assert all(getattr(usagetwin_checker.testing, name).__name__ == name for name in names)
    with pytest.raises(AttributeError, match="has no attribute 'Usagetwin'"):
        _ = usagetwin_checker.testing.Usagetwin


def test_the_stage_is_asked_on_the_path_of_the_contract(test: Playing) -> None:
    """Other paths are recorded, answered with 404, and told."""
    assert inprocess.ask(test.stage, path=f"{PATH}/").status == 404
    assert [finding.rule for finding in test.twin.findings] == ["unknown-path-not-found"]
