"""Spoil what an honest twin answers, in each way that JSON, types, sizes and labels allow."""

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tests.checker.honest import honest
from usagetwin_checker.reporting.json_report import as_json
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.talking.targets import Target

    Document = dict[str, Any]

NOW: Final = "2026-03-17T15:20:00Z"
PLACE: Final = "@@value@@"
DAY_MS: Final = 86_400_000


def nested(depth: int) -> str:
    """Write lists inside of lists."""
    return "[" * depth + "]" * depth


VALUES: Final = (
    *("-1", "0.5", "1.0", "1e3", "1e400", "1e-400", "-0", "null", "true", '"x"', '"\\ud800"', "[]", "{}"),
    *("9007199254740993", "18446744073709551616", "9" * 30, "9" * 4400),
    *(nested(depth) for depth in (500, 980, 1020, 1100)),
)
ODD_POINTS: Final[tuple[dict[str, int], ...]] = (
    {},
    {"time": 0, "0": 1},
    {"time": -1, "0": 1},
    {"time": 1},
    {"0": 1},
    {"time": 10**17, "0": 1},
    {"time": 253_402_300_800_000, "0": 1},
    {"time": 9 * 10**18, "0": 2},
)


class SpoilingTarget:
    """An honest target, some of whose answers are spoiled: as many, and in such ways, as the seed says."""

    loopback: Final = True
    route: Final = "no proxy"
    token: Final = None
    name: Final = "http://spoiled.example"

    def __init__(self, target: "Target", seed: int) -> None:
        """Take the honest target."""
        self._target = target
        self._random = random.Random(seed)  # noqa: S311 -- to be repeated, not to be secret
        self._share = self._random.choice([0.02, 0.2, 1])
        self._ways = self._random.sample(WAYS, k=self._random.randint(1, len(WAYS)))

    def send(self, ask: "Ask") -> "Exchange":
        """Give the honest answer, or a spoiled one."""
        exchange = self._target.send(ask)
        if self._random.random() >= self._share:
            return exchange
        text = self._random.choice(self._ways)(exchange.body.decode(), self._random)
        return replace(exchange, body=text.encode("utf-8", "surrogatepass"))

    def interrupt(self) -> None:
        """Have nothing to give up."""

    def close(self) -> None:
        """Leave the honest target to who made it."""


def verdict_on(seed: int) -> str:
    """Check a twin whose answers are spoiled, and give the verdict that the written report has."""
    with honest(now=NOW) as (target, known):
        spoiled = SpoilingTarget(target, seed)
        options = Options(known, budget=50, max_examples=5, seed=seed)
        report = Campaign(spoiled, options, lambda _sent, _of: None).run()
    return str(json.loads(as_json(report))["verdict"])


def cut(text: str, chance: random.Random) -> str:
    """End somewhere."""
    return text[: chance.randrange(len(text))]


def another_character(text: str, chance: random.Random) -> str:
    """Have one character that is another."""
    place = chance.randrange(len(text))
    return text[:place] + chance.choice('{}[]",:0aé\\') + text[place + 1 :]


def marked(text: str, _chance: random.Random) -> str:
    """Begin with a byte order mark."""
    return f"\ufeff{text}"


def another_field(text: str, chance: random.Random) -> str:
    """Have a field more, somewhere near the start."""
    return text.replace("}", f', "more": {chance.choice(VALUES)}}}', 1)


def _changing(change: "Callable[[Document, random.Random], None]") -> "Callable[[str, random.Random], str]":
    """Spoil the parsed document of a 200; where PLACE stands afterwards, an odd value is written."""

    def spoiled(text: str, chance: random.Random) -> str:
        document = json.loads(text)
        if not document.get("series"):
            return text
        change(document, chance)
        return json.dumps(document).replace(f'"{PLACE}"', chance.choice(VALUES))

    return spoiled


def _part(document: "Document", chance: random.Random) -> None:
    document[chance.choice(list(document))] = PLACE


def _value(document: "Document", chance: random.Random) -> None:
    chance.choice(document["series"])[chance.choice(["time", "0", "1", "x"])] = PLACE


def _values(document: "Document", chance: random.Random) -> None:
    name = chance.choice(["0", "1", "time"])
    for point in document["series"]:
        point[name] = PLACE


def _order(document: "Document", chance: random.Random) -> None:
    chance.shuffle(document["series"])


def _odd_point(document: "Document", chance: random.Random) -> None:
    series = document["series"]
    series.insert(chance.randrange(len(series) + 1), chance.choice([*ODD_POINTS, dict(series[0])]))


def _metadata(document: "Document", chance: random.Random) -> None:
    document["metadata"] = chance.choice([[], [{}] * 3, [{"projectKey": "web"}], [{"a": None}]])


def _labels(document: "Document", chance: random.Random) -> None:
    scale, shift = chance.choice([0, 1, 10**3, 10**6, 10**9]), chance.choice([0, 1, DAY_MS // 3, -DAY_MS])
    for point in document["series"]:
        point["time"] = point["time"] // 1000 * scale + shift


def _counts(document: "Document", chance: random.Random) -> None:
    for point in document["series"]:
        point[chance.choice(["0", "0", "1"])] = chance.randrange(10 ** chance.randrange(1, 20))


def _none(document: "Document", _chance: random.Random) -> None:
    document["series"] = []


WAYS: Final = (
    cut,
    another_character,
    marked,
    another_field,
    *map(_changing, (_part, _value, _values, _order, _odd_point, _metadata, _labels, _counts, _none)),
)
