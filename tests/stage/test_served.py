"""What `usagetwin serve` answers through: the twin alone, until somebody says something."""

import asyncio
from typing import TYPE_CHECKING, Final

import pytest

from tests import inprocess
from tests.acme import FULL, MONTH_TO_DATE, NOW
from tests.stage.records import acme
from usagetwin.errors import SettingError
from usagetwin.settings import Settings
from usagetwin.stage import changes
from usagetwin.stage.faults import make_fault
from usagetwin.stage.plays import Limits, MadePlay, Plays
from usagetwin.stage.served import ServedStage

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from tests.answer import Answer

SETTINGS: Final = Settings(now=NOW)


def served(settings: Settings = SETTINGS) -> ServedStage:
    """Give a served twin of the small account, at its noon."""
    return ServedStage(settings, acme(), Plays(Limits()))


def ask(app: ServedStage, token: str = FULL, query: str = "") -> "Answer":
    """Ask with a token."""
    return inprocess.ask(app, query, headers=(("authorization", token),))


def made(app: ServedStage) -> MadePlay:
    """Make a play as the twin was started."""
    return app.plays.make(app.first)


def test_until_something_is_said_the_stage_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is recorded, and the answers are the twin's."""
    app = served()

    async def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(app, "stage", never)

    assert ask(app).values == MONTH_TO_DATE
    assert len(app.default.journal) == 0


def test_a_play_is_made_beside_the_default_one() -> None:
    """And begins as the options say."""
    app = served()
    play = made(app)
    play.play.alter(changes.frozen("2026-03-02T12:00:00Z"))

    assert ask(app, play.token).values == [31, 52]
    assert ask(app).values == MONTH_TO_DATE
    assert (len(play.play.journal), len(app.default.journal)) == (1, 0)


@pytest.mark.parametrize(
    ("header", "value", "told"),
    [
        ("usagetwin-play", "default", True),
        ("prefer", "wait=0", True),
        ("prefer", "return=minimal", False),
        ("authorization", "api-01234567-0123-8000-8000-0123456789ab", True),
        ("authorization", "api-01234567-0123-8", False),
        ("authorization", "api-01234567-0123-4000-8000-0123456789ab", False),
        ("x-prefer", "wait=0", False),
    ],
)
def test_a_header_that_says_something_leads_to_the_stage(
    monkeypatch: pytest.MonkeyPatch, header: str, value: str, *, told: bool
) -> None:
    """Wherever it stands among the others, which do not."""
    app = served()
    stage, asked = app.stage, []

    async def noting(scope: "Scope", receive: "Receive", send: "Send") -> None:
        asked.append(scope)
        await stage(scope, receive, send)

    monkeypatch.setattr(app, "stage", noting)
    others = () if header == "authorization" else (("authorization", FULL),)
    inprocess.ask(app, headers=(("accept", "*/*"), (header, value), ("host", "h"), *others))

    assert len(asked) == told


def test_without_plays_no_token_leads_to_the_stage() -> None:
    """There is none that it could be for; a preference is heard."""
    app = ServedStage(SETTINGS, acme(), None)

    for header in (("usagetwin-play", "x"), ("authorization", "api-01234567-0123-8000-8000-0123456789ab")):
        inprocess.ask(app, headers=(header,))

    assert len(app.default.journal) == 0
    assert inprocess.ask(app, headers=(("prefer", "code=404"),)).status == 404


def test_the_default_play_can_be_told_things_and_be_as_it_began_again() -> None:
    """While something is said, it keeps a journal."""
    app = served()

    app.default.alter(changes.frozen("2026-03-02T12:00:00Z"))
    assert ask(app).values == [31, 52]
    app.default.alter(lambda _: app.first)
    assert ask(app).values == MONTH_TO_DATE

    fault = make_fault("server-error")
    app.default.faults.add(fault)
    assert ask(app).status == 500
    app.default.faults.remove(fault)
    assert ask(app).values == MONTH_TO_DATE

    assert [each.status for each in app.default.journal.requests] == [200, 500]


def test_the_default_play_keeps_a_journal_when_it_is_told_to() -> None:
    """Of the requests from then on, with what they broke."""
    app = served()
    ask(app, query="page=1")

    app.recording = True
    ask(app, query="page=2")
    app.recording = False
    ask(app, query="page=3")

    assert [each.query_string for each in app.default.journal.requests] == ["page=2"]
    assert [finding.rule for finding in app.default.findings] == ["undocumented-parameters-ignored"]


def test_a_quota_that_is_spent_is_spent_while_it_is_recorded_too() -> None:
    """The twin is the same one, with all that it remembers."""
    app = served(Settings(now=NOW, policies={"quota": "2"}))

    assert ask(app).status == 200
    app.recording = True
    assert [ask(app).status for _ in range(2)] == [200, 429]


def test_a_deviation_of_the_options_is_shown_by_the_plays_too() -> None:
    """A play begins as the options say."""
    app = served(Settings(now=NOW, deviation="counts-are-strings"))

    answers = [ask(app), ask(app, made(app).token)]

    assert [[point["0"] for point in each.json()["series"]] for each in answers] == [["31", "73", "100"]] * 2


def test_what_is_wrong_is_said_at_the_start() -> None:
    """As without a stage."""
    with pytest.raises(SettingError, match="the store"):
        served(Settings(policies={"quota": "1"}, store="nowhere://"))


def test_the_server_s_own_events_are_the_twin_s() -> None:
    """It starts and ends as it does alone."""
    events = iter(("lifespan.startup", "lifespan.shutdown"))
    sent = []

    async def receive() -> "Message":
        return {"type": next(events)}

    async def send(message: "Message") -> None:
        sent.append(message["type"])

    async def serve() -> None:
        await served()({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)

    asyncio.run(serve())

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
