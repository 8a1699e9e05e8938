"""The view *control*, without a browser."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests import inprocess
from tests.acme import FULL, PATH
from tests.page.hostile import HOSTILE
from tests.page.paged import BROWSER, HOST, OWN, Document, paged
from usagetwin.page.forms import FORMS

if TYPE_CHECKING:
    from tests.answer import Answer
    from tests.page.paged import Paged

VIEW = "/__twin__/page/control"


@dataclass(frozen=True, slots=True)
class Desk:
    """A browser at the view: its cookie, and what its forms are sent with."""

    twin: "Paged"
    cookie: str
    proof: str

    def send(self, form: str, /, query: str = "", **given: str) -> "Answer":
        """Send a form as the browser does."""
        body = urlencode({"proof": self.proof, **given})
        return self.posted(form, body, ("cookie", self.cookie), OWN, query=query)

    def posted(self, form: str, body: str, *headers: tuple[str, str], query: str = "") -> "Answer":
        """Send any form with any headers."""
        kind = ("content-type", "application/x-www-form-urlencoded")
        sent = (*BROWSER, kind, *headers)
        return inprocess.ask(
            self.twin.app, query, method="POST", path=f"{VIEW}/{form}", body=body.encode(), headers=sent
        )

    def sent(self, form: str, /, query: str = "", **given: str) -> None:
        """Send a form that is taken."""
        answer = self.send(form, query, **given)
        assert answer.status == 303, answer.body
        assert self.twin.get(str(answer.header("location"))).status == 200

    def refused(self, form: str, /, status: int = 400, **given: str) -> Document:
        """Send a form that is not taken, and give the document that says why."""
        answer = self.send(form, **given)
        assert answer.status == status, answer.body
        return Document(answer.body.decode())


def desk(twin: "Paged") -> Desk:
    """Open the view."""
    answer = twin.get(VIEW)
    assert answer.status == 200, answer.body
    cookie = str(answer.header("set-cookie"))
    proof = re.search(r'name="proof" value="([0-9a-f]+)"', answer.body.decode())
    assert proof is not None
    return Desk(twin, cookie.partition(";")[0], proof[1])


@pytest.fixture(scope="module")
def told() -> Desk:
    """Open the view of a twin that many tests share, none of which changes what its answers depend on."""
    return desk(paged())


def test_the_clock_is_frozen_advanced_and_released() -> None:
    """As by the control API, and the document says so."""
    twin = paged()
    told = desk(twin)

    told.sent("freeze", now="2026-03-01T12:00:00Z")
    told.sent("advance", days="1", hours="12", minutes="")

    assert "It is 2026-03-03T00:00:00Z, and the clock stands." in twin.document(f"{VIEW}?done=freeze").text
    assert "The clock stands." in twin.document(f"{VIEW}?done=freeze").text
    told.sent("release")
    assert twin.served.default.setup.frozen_s is None


def test_world_policies_roles_and_rules_are_changed() -> None:
    """By name, or with a world of one's own, whose lines a browser ends in its own way."""
    twin = paged()
    told = desk(twin)
    play = twin.served.default

    told.sent("world", world="idle")
    assert play.setup.world.name == "idle"
    told.sent("own-world", form="csv", world_text="date,project,count\r\n2026-03-01,web,7\r\n")
    assert [each.key for each in play.setup.world.projects] == ["web"]
    told.sent("policies", **{"profile": "observed", "policy-cors": "off", "policy-quota": "9/10s"})
    assert (play.setup.policies.beta, play.setup.policies.cors, play.setup.policies.quota) == (
        "required",
        "off",
        "9/10s",
    )
    told.sent("role", token=FULL, role="revoked")
    assert play.setup.tokens[FULL].value == "revoked"
    told.sent("allow", allow="to-is-unix-seconds")
    assert play.setup.allowed == {"to-is-unix-seconds"}
    document = twin.document(VIEW)
    assert "to-is-unix-seconds" in document.text
    assert "The profile is observed; decided by name: cors, quota" in document.text
    assert FULL not in document.source
    name = next(iter(FORMS["deviation"].fields[0].choices()))
    told.sent("deviation", deviation=name)
    assert str(play.setup.settings.deviation) == name
    told.sent("deviation", deviation="")
    assert str(play.setup.settings.deviation) == "None"
    told.sent("reset")
    assert play.setup is twin.served.first


def test_faults_are_shown_and_taken_back() -> None:
    """With what they take, one by one, or all."""
    twin = paged()
    told = desk(twin)

    told.sent("fault", name="rate-limited", times="1", retry_after="7", when="projectKey=web")
    told.sent("fault", name="503")
    answer = inprocess.ask(twin.app, "projectKey=web", path=PATH)

    assert (answer.status, answer.header("retry-after")) == (429, "7")
    rows = {cells[0]: cells for cells in twin.document(VIEW).rows if len(cells) == 6}
    assert [each.strip() for each in rows["1"][1:5]] == [
        "rate-limited",
        "429, with Retry-After: `retry_after`",
        "retry_after 7 times 1",
        "1",
    ]
    told.sent("remove", fault="1")
    assert [each.number for each in twin.served.default.faults.current] == [2]
    told.sent("clear")
    assert not twin.served.default.faults.current


def test_a_play_is_made_and_its_token_shown_once() -> None:
    """Where it is made, never in an address, and nowhere later."""
    twin = paged()
    told = desk(twin)

    answer = told.send("make", name="mine", world="idle", now="2026-03-05", longest_wait="2.5")
    token = twin.served.plays.all()[0].token

    assert (answer.status, answer.header("cache-control")) == (200, "no-store")
    assert f'<code id="made-token">{token}</code>' in answer.body.decode()
    assert answer.header("location") is None
    for view in (VIEW, f"{VIEW}?play=1", "/__twin__/page/requests?play=1"):
        assert token not in twin.document(view).source
    told.sent("freeze", "play=1", now="2026-03-06")
    assert twin.served.plays.numbered(1).play.setup.frozen_s == 1772755200
    answer = told.send("end", "play=1")
    assert (answer.status, answer.header("location")) == (303, f"{VIEW}?done=end")
    assert twin.served.plays.all() == ()


def test_the_requests_of_a_play_are_recorded_and_forgotten() -> None:
    """From the view that shows them, to which a browser goes back."""
    twin = paged()
    told = desk(twin)

    answer = told.send("record", recording="true", back="requests")
    assert answer.header("location") == "/__twin__/page/requests"
    assert twin.served.recording
    inprocess.ask(twin.app, path=PATH)
    told.sent("forget", back="requests")
    assert len(twin.served.default.journal) == 0
    told.sent("record", recording="false", back="requests")
    assert not twin.served.recording


@pytest.mark.parametrize(
    ("form", "given", "field", "words"),
    [
        ("freeze", {"now": "never"}, "now", "'never'"),
        ("freeze", {"now": ""}, "now", "''"),
        ("advance", {"days": "1", "hours": "two"}, "hours", "the field 'hours' can't be 'two'"),
        (
            "own-world",
            {"form": "csv", "world_text": "date,project,count\n2026-03-01,web,x\n"},
            "world_text",
            "line 2",
        ),
        ("own-world", {"form": "counts", "world_text": "{"}, "world_text", "the field 'counts' can't be '{'"),
        ("policies", {"policy-quota": "many"}, "policy-quota", "quota"),
        ("role", {"token": "", "role": "full"}, "token", "the default play has no token of its own"),
        ("fault", {"name": "delay", "seconds": "long"}, "seconds", "can't have seconds='long'"),
        ("fault", {"name": "reset", "seconds": "1"}, "seconds", "takes no 'seconds'"),
        ("fault", {"name": "resett"}, "name", "there is no fault 'resett'"),
        ("allow", {"allow": "no-such-rule"}, "allow", "there is no rule 'no-such-rule'"),
        ("deviation", {"deviation": "nope"}, "deviation", "nope"),
        ("make", {"now": "x"}, "now", "'x'"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    told: Desk, form: str, given: dict[str, str], field: str, words: str
) -> None:
    """In the control API's own words, with what was filled in."""
    document = told.refused(form, 400, **given)

    fields = {
        str(each["id"]): each
        for name in ("input", "select", "textarea")
        for each in document.all(name)
        if "id" in each
    }
    marked = [name for name, each in fields.items() if each.get("aria-invalid") == "true"]
    assert marked == [f"{form}-{field}"]
    assert f"{form}-wrong" in str(fields[marked[0]]["aria-describedby"]).split()
    assert words in document.text
    assert "Try: " in document.text
    for name, value in given.items():
        kept = fields[f"{form}-{name}"].get("value")
        assert kept == value or value in document.source
    assert told.twin.served.default.setup is told.twin.served.first


@pytest.mark.parametrize(
    ("form", "given", "status"),
    [
        ("remove", {"fault": "9"}, 404),
        ("remove", {"fault": "../x"}, 404),
        ("end", {}, 409),
        ("record", {"recording": "x"}, 400),
    ],
)
def test_what_a_button_cannot_do_is_said_too(
    told: Desk, form: str, given: dict[str, str], status: int
) -> None:
    """Though it has no field."""
    document = told.refused(form, status, **given)

    assert any(each.get("role") == "alert" for each in document.all("div"))
    assert "Try: " in document.text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_filled_in_is_text_when_it_comes_back(told: Desk, text: str) -> None:
    """In fields, in messages, and as the name of a play."""
    twin = told.twin
    clean = len(twin.document(VIEW).all("script"))

    refused = told.refused("freeze", now=text)
    told.refused("own-world", form="yaml", world_text=text)
    assert told.send("make", name=text[:200]).status == 200
    document = twin.document(VIEW)

    for shown in (refused, document):
        assert len(shown.all("script")) == clean
        assert [name for name, _ in shown.elements if name in {"img", "iframe"}] == []
        assert [name for _, each in shown.elements for name in each if name.startswith("on")] == []
    assert [each["autofocus"] for each in refused.all("input") if "autofocus" in each] == []


def test_a_form_is_taken_from_the_page_alone() -> None:
    """Not from another site, nor without what this browser was given, nor from one that says nothing."""
    twin = paged()
    told = desk(twin)
    body = urlencode({"proof": told.proof, "now": "2026-03-01"})
    cookie = ("cookie", told.cookie)

    attempts = {
        "another site": told.posted("freeze", body, cookie, ("origin", "https://evil.example")),
        "another port": told.posted("freeze", body, cookie, ("origin", "http://127.0.0.1:9090")),
        "a site that hides": told.posted("freeze", body, cookie, ("origin", "null")),
        "a site of the same name": told.posted("freeze", body, cookie, OWN, ("sec-fetch-site", "same-site")),
        "no origin": told.posted("freeze", body, cookie),
        "no cookie": told.posted("freeze", body, OWN),
        "no proof": told.posted("freeze", "now=2026-03-01", cookie, OWN),
        "another browser's": told.posted("freeze", body, ("cookie", "usagetwin-form-8080=x"), OWN),
    }

    assert {name: answer.status for name, answer in attempts.items()} == dict.fromkeys(attempts, 403)
    assert twin.served.default.setup is twin.served.first


def test_the_cookie_is_one_that_no_script_and_no_other_site_has() -> None:
    """And a browser that has it is given no other."""
    twin = paged()
    given = str(twin.get(VIEW).header("set-cookie"))

    assert re.fullmatch(
        r"usagetwin-form-8080=[\w-]{22}; Path=/__twin__/page; HttpOnly; SameSite=Strict", given
    )
    assert twin.get(VIEW, *BROWSER, ("cookie", given.partition(";")[0])).header("set-cookie") is None


def test_with_a_control_token_nobody_else_is_let_in() -> None:
    """To the view or to a form."""
    twin = paged(token="s3cret")
    bearer = ("authorization", "Bearer s3cret")

    assert twin.get(VIEW).status == 401
    assert twin.get(VIEW, *BROWSER, bearer).status == 200
    assert Desk(twin, "usagetwin-form-8080=x", "y").send("freeze", now="2026-03-01").status == 401


def test_without_plays_it_says_so_and_has_no_forms() -> None:
    """A form that is sent all the same changes nothing."""
    twin = paged(stage=False)
    document = twin.document(VIEW)

    assert "this twin is closed for the test. Nothing can be told to it." in document.text
    assert document.all("form") == []
    cookie = str(twin.get(VIEW).header("set-cookie"))
    assert Desk(twin, cookie, "x").send("freeze", now="2026-03-01").status == 403


def test_what_is_no_form_is_not_found() -> None:
    """As what is no view."""
    twin = paged()

    assert desk(twin).send("nothing").status == 404
    assert twin.get(f"{VIEW}/freeze", HOST).status == 405
