"""When several errors apply, the first in the documented order wins: every pair, and every combination."""

from itertools import combinations
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import FULL, PATH, THROTTLED
from tests.inprocess import ask

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp

    from tests.answer import Answer
    from tests.conftest import MakeApp

IN_ORDER: Final = {  # what is wrong with the request, and the status that it alone gives
    "unknown path": 404,
    "another method": 405,
    "blank credential": 401,
    "no beta header": 403,
    "throttled token": 429,
    "bad timestamp": 400,
    "unknown project": 404,
}


@pytest.fixture(scope="module")
def beta_app(make_app: "MakeApp") -> "ASGIApp":
    """Give a twin that can show all of them: the beta gate makes a 403 of any token."""
    return make_app(policies={"beta": "required"})


def _ask(app: "ASGIApp", wrong: "Collection[str]") -> "Answer":
    query = ["from=x"] if "bad timestamp" in wrong else []
    query += ["projectKey=nope"] if "unknown project" in wrong else []
    headers = [("authorization", " ")] if "blank credential" in wrong else []
    headers += [("authorization", THROTTLED if "throttled token" in wrong else FULL)]
    headers += [] if "no beta header" in wrong else [("ld-api-version", "beta")]
    return ask(
        app,
        "&".join(query),
        method="POST" if "another method" in wrong else "GET",
        path="/nope" if "unknown path" in wrong else PATH,
        headers=headers,
    )


@pytest.mark.parametrize("wrong", IN_ORDER)
def test_each_alone_gives_its_status(beta_app: "ASGIApp", wrong: str) -> None:
    """Without any, the answer is 200."""
    assert _ask(beta_app, ()).status == 200
    assert _ask(beta_app, (wrong,)).status == IN_ORDER[wrong]


@pytest.mark.parametrize(("first", "second"), list(combinations(IN_ORDER, 2)))
def test_of_two_the_first_wins(beta_app: "ASGIApp", first: str, second: str) -> None:
    """The answer to both is, byte for byte, the answer to the first alone."""
    both, alone = _ask(beta_app, (first, second)), _ask(beta_app, (first,))

    assert (both.status, both.body) == (alone.status, alone.body)


def test_of_any_number_the_first_wins(beta_app: "ASGIApp") -> None:
    """All 127 combinations."""
    wrong = [names for size in range(1, 8) for names in combinations(IN_ORDER, size)]

    statuses = [_ask(beta_app, names).status for names in wrong]

    assert len(wrong) == 127
    assert statuses == [IN_ORDER[names[0]] for names in wrong]
