"""How answers are written and travel, and what they get who ask otherwise: what each shows by itself."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from tests.checker.choices.reading import left
from tests.checker.conversations import KNOWN, answered, month_to_date, numbered, refused, sent
from tests.checker.conversations import get as ask
from usagetwin_checker.asking.spoilt import NO_PROJECT
from usagetwin_checker.choices.lessons import Lesson, Lessons, Shown, lessons_of, most_telling, seen_of
from usagetwin_checker.choices.table import CHOICES
from usagetwin_checker.exchanges import Ask, Credential, Exchange
from usagetwin_checker.knowing.knowledge import Knowledge, Now

WEEK: Final = "from=2026-02-02&to=2026-02-06"
LINKS: Final = {"self": {"href": "/x", "type": "application/json"}}
POINT: Final = {"time": 1_769_990_400_000, "0": 4}
ZERO: Final = answered("from=2026-01-01&to=2026-01-02", {"2026-01-01": 0})


def written(body: bytes, query: str = WEEK, **headers: str) -> Exchange:
    """Make a 200 of these bytes."""
    exchange = sent(ask(query), 200, body)
    return replace(
        exchange, headers={**exchange.headers, **{name.replace("_", "-"): headers[name] for name in headers}}
    )


def shaped(query: str = WEEK, **fields: Any) -> Exchange:  # noqa: ANN401 -- parts of a JSON document
    """Make a 200 with other fields than the twin's."""
    document = {"_links": LINKS, "metadata": [{}], "series": [POINT], **fields}
    return written(json.dumps(document, separators=(",", ":")).encode(), query)


@pytest.mark.parametrize(
    ("choice", "fields", "ways"),
    [
        ("label of a total", {}, {""}),
        ("label of a total", {"series": [{"time": 1, "sessions": 4}]}, {"key-field-is-sessions"}),
        ("label of a total", {"series": [{"time": 1, "count": 4}]}, set()),
        ("label of a total", {"series": []}, {"", "key-field-is-sessions"}),
        ("metadata of a total", {}, {""}),
        ("metadata of a total", {"metadata": []}, {"total-without-metadata"}),
        ("metadata of a total", {"metadata": [{}, {}]}, set()),
        ("further fields", {}, {""}),
        ("further fields", {"totalCount": 1, "site": None}, {"extra-fields"}),
        ("further fields", {"page": 1}, set()),
        ("links", {}, {""}),
        ("links", {"_links": {}}, {"empty-links"}),
        ("links", {"_links": {**LINKS, "parent": {}}}, {"other-links"}),
        ("links", {"_links": {"next": {}}}, set()),
        ("links", {"_links": {"self": {"href": "/x", "type": "text/html"}}}, set()),
        ("numbers", {}, {""}),
        ("numbers", {"series": []}, {"", "integers-with-point-zero"}),
        ("numbers", {"metadata": [{"name": 'a":1.5'}]}, {""}),
        ("spacing", {}, {""}),
        ("spacing", {"metadata": [{"name": "a: b"}]}, {""}),
    ],
)
def test_a_200_shows_how_it_is_written(choice: str, fields: dict[str, Any], ways: set[str]) -> None:
    """What no known way writes leaves none."""
    assert left(choice, shaped(**fields)) == ways


def test_numbers_and_spaces_are_read_off_the_bytes() -> None:
    """As no parser shows them."""
    document = {"_links": LINKS, "metadata": [{}], "series": [POINT]}
    spaced = json.dumps(document, indent=4).encode() + b"\r\n"
    fraction = json.dumps(document, separators=(",", ":")).encode().replace(b'"0":4', b'"0":4.0')

    assert left("spacing", written(spaced)) == {"spaced-json"}
    assert left("spacing", written(json.dumps(document).encode())) == set()
    assert left("numbers", written(fraction)) == {"integers-with-point-zero"}


def test_a_filter_of_two_has_a_total_or_a_field_each() -> None:
    """Metadata says which, also of a filter of one."""
    two, one = f"{WEEK}&projectKey=web&projectKey=app", f"{WEEK}&projectKey=web"
    fields = [{"time": 1_769_990_400_000, "0": 4, "1": 5}]

    def told(*metadata: dict[str, Any]) -> set[str]:
        return left("several projects", shaped(two, metadata=list(metadata), series=fields))

    assert told({"projectKey": "web"}, {"projectKey": "app"}) == {"projects=separate"}
    assert told({"name": "web"}, {"name": "app"}) == {"separate-by-name"}
    assert told({"projectKey": "web", "projectName": "Web"}, {}) == {"separate-with-project-name"}
    assert told({"project": {"key": "app"}}, {}) == {"separate-in-key-order"}
    assert told({"app": "web"}, {}) == set()
    assert left("several projects", shaped(one)) == {""}
    assert len(left("several projects", shaped(), shaped(f"{WEEK}&projectKey=other"))) == 5


def test_an_unknown_project_gets_a_status_or_a_series() -> None:
    """An empty one says which it is where all projects show a bucket then, and zeros are shown."""
    query = f"{WEEK}&projectKey={NO_PROJECT}"
    total = answered(f"{WEEK}&projectKey=web", month_to_date("2026-02-02", "2026-02-05"))
    every = answered(WEEK, month_to_date("2026-02-02", "2026-02-05"))
    empty = answered(query, {})

    for status, way in (
        (404, ""),
        (400, "unknown-project-is-invalid"),
        (403, "unknown-project-is-forbidden"),
    ):
        assert left("unknown project", refused(query, status)) == {way}
    assert left("unknown project", answered(query, {"2026-02-02": 0})) == {"unknown-project-is-zero"}
    assert left("unknown project", ZERO, total, every, empty) == {"unknown_project=empty"}
    assert left("unknown project", total, every, empty) == {
        "unknown_project=empty",
        "unknown-project-is-empty",
        "unknown-project-is-zero",
    }
    assert len(left("unknown project", empty)) == 3
    assert left("unknown project", answered(query, {"2026-02-02": 3})) == set()


def test_a_key_in_capitals_is_another_key_or_another_spelling() -> None:
    """By its status, or by what it counts."""
    usual = answered(f"{WEEK}&projectKey=web", {"2026-02-02": 4})
    shouted = f"{WEEK}&projectKey=WEB"
    choice, way = "case of keys", "keys-in-any-case"

    assert left(choice, usual, refused(shouted, 404)) == {""}
    assert left(choice, usual, answered(shouted, {"2026-02-02": 4})) == {way}
    assert left(choice, usual, answered(shouted, {"2026-02-02": 0})) == {""}
    assert left(choice, usual, answered(shouted, {"2026-02-02": 9})) == set()
    assert left(choice, answered(shouted, {"2026-02-02": 4})) == {"", way}
    assert left(choice, sent(ask(shouted), 200, b"{}")) == {"", way}
    joined = f"{WEEK}&projectKey=web,app"
    both = answered(f"{WEEK}&projectKey=web&projectKey=app", {"2026-02-02": 6})
    assert left("several keys in one", both, answered(joined, {"2026-02-02": 6})) == {"keys-joined-by-commas"}


def test_errors_are_read_by_their_words_and_fields() -> None:
    """An id that is always the same is one way, and one of its own for each error another."""
    hourly, weekly = f"{WEEK}&granularity=hourly", f"{WEEK}&granularity=weekly"

    def said(query: str, **more: str | None) -> Exchange:
        error = {"code": "invalid_request", "message": "No.", **more}
        return sent(
            ask(query),
            400,
            json.dumps({name: text for name, text in error.items() if text is not None}).encode(),
        )

    words, own = "words of errors", "id of errors"
    assert left(words, said(hourly)) == {""}
    assert left(words, said(hourly, code="E-400")) == {"errors-in-other-words"}
    assert left(words, said(hourly, code="", message="")) == {"errors-without-words"}
    assert left(words, said(hourly, code="bad")) == set()
    assert left(words, sent(ask(hourly), 400, b"no")) == {"", "errors-in-other-words", "errors-without-words"}
    assert left(own, said(hourly), said(weekly)) == {""}
    assert left(own, said(hourly, id="1"), said(weekly, id="2")) == {"error_id=on"}
    assert left(own, said(hourly, id="1"), said(weekly, id="1")) == {"errors-with-id"}
    assert left(own, said(hourly, id="1")) == {"error_id=on", "errors-with-id"}
    assert left(own, said(hourly, id="1"), said(weekly)) == set()
    assert left(own, said(hourly, code="E-400")) == {"", "error_id=on"}
    assert len(left(own, said("from=2026-02-05&to=2026-02-02"))) == 3
    assert left("fields of errors", said(hourly, type="about:blank")) == set()


def test_a_quota_is_read_off_the_headers() -> None:
    """Of a token, of the route, of both; some of them and those of a gateway are a variation."""
    body = shaped().body
    token, route, reset = "x_ratelimit_auth_token_limit", "x_ratelimit_route_limit", "x_ratelimit_reset"

    def quota(**headers: str) -> set[str]:
        return left("quota", written(body, **headers))

    assert quota() == {""}
    assert quota(**{token: "5", route: "5", reset: "1"}) == {"quota=5"}
    assert quota(**{route: "9", reset: "1"}) == {"quota=route:9"}
    assert quota(**{token: "5", route: "9", reset: "1"}) == {"quota=5,route:9"}
    assert quota(**{route: "10", "set_cookie": "a=b"}) == {"rate-limit-headers"}
    assert quota(**{route: "10"}) == set()
    assert quota(**{reset: "1"}) == set()
    assert left("quota", written(body), written(body, **{route: "9", reset: "1"})) == set()
    assert left("quota", refused("from=x", 400)) == {"", "quota", "rate-limit-headers"}


@pytest.mark.parametrize(
    ("ahead_s", "named", "shown"),
    [
        (10, "x_ratelimit_reset", True),
        (0.5, "x_ratelimit_reset", True),
        (27, "x_ratelimit_reset", False),
        (27, "x_ratelimit_auth_token_reset", False),
        (-3600, "x_ratelimit_reset", False),
    ],
)
def test_a_quota_of_another_window_is_not_shown(ahead_s: float, named: str, *, shown: bool) -> None:
    """Nor one of which nobody knows by which clock it begins again; a time that is given is one."""
    body, dated = shaped().body, "Tue, 17 Mar 2026 11:00:00 GMT"
    resets = {"x_ratelimit_reset": 1_773_745_201_000, named: int(1000 * (1_773_745_200 + ahead_s))}
    limits = {"x_ratelimit_auth_token_limit": "5", "x_ratelimit_route_limit": "5"}
    headers = {**limits, **{name: str(reset) for name, reset in resets.items()}}
    given = replace(KNOWN, now=Now(1_773_745_200, 1_773_745_200))

    by_date = left("quota", written(body, date=dated, **headers), knowledge=Knowledge())
    by_its_time = left("quota", written(body, **headers), knowledge=given)
    by_no_clock = left("quota", written(body, **headers), knowledge=Knowledge())
    once = left(
        "quota", written(body, date=dated, **headers), written(body, **headers), knowledge=Knowledge()
    )

    assert by_date == by_its_time == ({"quota=5"} if shown else {"", "quota", "rate-limit-headers"})
    assert by_no_clock == once == {"", "quota", "rate-limit-headers"}


@pytest.mark.parametrize("reset", ["", "soon", "-1", "9" * 21])
def test_a_reset_that_is_no_instant_shows_no_quota(reset: str) -> None:
    """It may be anything."""
    headers = {"x_ratelimit_route_limit": "5", "x_ratelimit_reset": reset}

    assert len(left("quota", written(shaped().body, **headers))) == 3


def test_refusals_now_and_then_are_counted() -> None:
    """Twenty answers apart; none in forty-five answers shows that there are none."""
    good, busy = shaped(), refused("", 429)

    def seen(*statuses: Exchange) -> set[str]:
        return left("refusals now and then", *statuses)

    assert seen(*[good] * 45) == {""}
    assert seen(*[good] * 44) == {"", "limited-now-and-then"}
    assert seen(*[*[good] * 19, busy] * 2) == {"limited-now-and-then"}
    assert seen(busy, *[good] * 45) == {"", "limited-now-and-then"}


def test_gates_and_tokens_are_told_by_what_is_asked_otherwise() -> None:
    """The beta gate as recorded has no code; an invented token after Bearer may be refused for itself."""
    gate = Ask(beta=False)
    bearer, unknown = Ask(credential=Credential.BEARER), Ask(credential=Credential.UNKNOWN)

    assert left("beta header", sent(gate, 200, b"{}")) == {""}
    assert left("beta header", sent(gate, 403, b'{"message":"beta"}')) == {"beta=required"}
    assert left("beta header", sent(gate, 403, b'{"code":"forbidden","message":""}')) == {"beta-gate"}
    assert left("beta header", sent(gate, 403, b'{"code":"E-403","message":""}')) == {"beta=required"}
    assert left("beta header", sent(gate, 403, b'{"code":"no","message":""}')) == set()
    assert left("beta header", sent(gate, 403, b"no")) == set()
    assert len(left("beta header", sent(gate, 401, b"{}"))) == 3
    assert left("Bearer", sent(bearer, 200, b"{}")) == {"bearer-is-taken"}
    assert left("Bearer", sent(bearer, 401, b"{}")) == {"", "bearer-is-taken"}
    assert left("Bearer", sent(bearer, 401, b"{}"), sent(unknown, 200, b"{}")) == {""}


def test_a_405_is_json_or_plain_text() -> None:
    """Whatever method is refused."""
    put = Ask(method="PUT")

    assert left("refused methods", sent(put, 405, b"{}")) == {""}
    assert left("refused methods", sent(put, 405, b"no", "text/plain")) == {"method-refused-in-plain-text"}


def test_where_nothing_is_known_nothing_is_shown() -> None:
    """No choice is, of a target that never answered, and requests that would tell are there."""
    seen = seen_of([], Knowledge(), only_get=True)

    assert {lesson.shown for lesson in lessons_of(seen).each} == {Shown.OPEN}
    asks = most_telling(seen, 6)
    assert len(asks) == 6
    assert {each.method for each in asks} == {"GET"}


def test_what_fits_no_known_way_is_said_so_and_stays_out_of_the_profile() -> None:
    """The profile has what is known."""
    seen = seen_of(numbered(shaped(page=1), shaped(_links={})), KNOWN, only_get=True)

    lessons = lessons_of(seen)

    assert "further fields" in [lesson.choice.name for lesson in lessons.of(Shown.UNLIKE)]
    assert lessons.profile.variations == ()


def test_what_a_variation_has_already_is_not_named_beside_it() -> None:
    """And where the rest of it is not shown, it is not named itself."""

    def shown(*names: str) -> Lessons:
        ways = {name: choice for choice in CHOICES.values() for name in choice.ways if name in names}
        return Lessons(tuple(Lesson(choice, (name,)) for name, choice in ways.items()))

    whole = shown("a-day-late-and-elsewhere", "open-bucket-absent", "descending", "spaced-json")

    assert whole.profile.variations == ("a-day-late-and-elsewhere", "spaced-json")
    assert shown("a-day-late-and-elsewhere", "descending").profile.variations == ("descending",)
