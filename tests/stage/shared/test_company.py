"""How a process comes to have its plays together with others."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests import inprocess
from tests.acme import MONTH_TO_DATE
from tests.control.controlled import HOST
from tests.stage.records import acme
from tests.stage.shared.replicas import SETTINGS
from usagetwin.errors import SettingError
from usagetwin.serving.assembly import Wanted, assembled
from usagetwin.settings import Settings
from usagetwin.stage.plays import Limits
from usagetwin.stage.shared.company import company
from usagetwin.store import StoreGoneError

if TYPE_CHECKING:
    from usagetwin.account.world import World

NOBODY = "redis://127.0.0.1:1"  # a port of the system's, which no test has


def test_the_store_need_not_be_there_at_the_start() -> None:
    """Clients are answered as the options say, and the control API says what is missing."""
    settings = replace(SETTINGS, store=NOBODY)
    app = assembled(settings, acme(), Wanted(control=True), alone=False).app

    told = inprocess.ask(app, path="/__twin__/plays", headers=(HOST,))

    assert inprocess.ask(app).values == MONTH_TO_DATE
    assert (told.status, told.json()["code"]) == (503, "store_unavailable")


@pytest.mark.parametrize("store", ["redis://127.0.0.1:1?socket_timeout=soon", "nonsense"])
def test_a_store_that_can_t_be_used_is_refused_at_the_start(store: str) -> None:
    """As where requests are counted."""
    with pytest.raises(SettingError, match="the store"):
        company(replace(SETTINGS, store=store), acme(), Limits())


@pytest.mark.parametrize(
    ("settings", "world", "alike"),
    [
        (replace(SETTINGS, access_log=True, reply_cache=False, world="elsewhere.yaml"), acme(), True),
        (replace(SETTINGS, policies={"quota": "5"}), acme(), False),
        (replace(SETTINGS, now=None), acme(), False),
        (SETTINGS, replace(acme(), seed=7), False),
    ],
)
def test_twins_are_the_same_where_they_answer_alike(settings: Settings, world: "World", alike: bool) -> None:  # noqa: FBT001 -- a case
    """Whatever they log, and from wherever they have their world."""
    prefixes = [
        company(replace(each, store=NOBODY), account, Limits())[1]._book._prefix  # noqa: SLF001 -- what tells them apart
        for each, account in ((SETTINGS, acme()), (settings, world))
    ]

    assert (prefixes[0] == prefixes[1]) is alike


def test_a_mirror_of_nothing_reads_nothing() -> None:
    """And says so."""
    _, mirror = company(replace(SETTINGS, store=NOBODY), acme(), Limits())

    with pytest.raises(StoreGoneError), mirror.reading():
        raise AssertionError
