"""What a run learns of a twin is what the twin was told, or not shown yet: never anything else."""

from pathlib import Path
from typing import Final

import pytest

from tests.checker.choices.learning import EQUAL, learned, recovered
from tests.combinations import OF_THE_ACCOUNT, POLICIES, drawn
from tests.sampling import sampled
from usagetwin.deviations.together import ROWS
from usagetwin.profiles import Profile
from usagetwin_checker.choices.table import CHOICES

pytestmark = pytest.mark.no_cover  # whole checks: traced, they take twice as long
NOT_SEEN: Final = {  # alone, by one run of a frozen twin, and why
    "slow": "how long an answer takes is not the API's alone",
    "gzip": "the checker takes no compressed answers",
    "open_day=whole": "a clock that stands shows no growth",
    "today-counts-nothing": "nobody knows what the current day has so far",
    "open-bucket-grows-with-each-request": "so may an account that is counted meanwhile",
}
SEEDS: Final = 50
VARIATIONS: Final = [name for row in ROWS for name in row if name not in OF_THE_ACCOUNT]
ALONE: Final = [*VARIATIONS, *(f"{name}={value}" for name, value in POLICIES.items())]
SAMPLE: Final = ("retention", "quota=100000")


def test_the_table_has_every_variation_and_every_policy() -> None:
    """Each is a way of one choice, but for accounts, and for what is written as several."""
    ways = [way for choice in CHOICES.values() for way in choice.ways]

    whole = {"another-house-style"}
    assert {*ways} - {"quota"} == {*ALONE} - whole - {"quota=100000"}
    assert len(ways) == len({*ways})


@pytest.mark.parametrize("seed", sampled(range(SEEDS), (3,)))
def test_with_sixty_requests_nothing_is_claimed_wrongly(seed: int, tmp_path: Path) -> None:
    """Of a drawn combination, most is recovered, and what is not is said to be open."""
    profile = drawn(seed)

    report = learned(profile, tmp_path)

    assert report.lessons is not None
    found = recovered(profile, report.lessons)
    assert found.wrong == ()
    assert report.requests <= 60 + len(POLICIES)  # waiting a 429 out costs nothing
    assert len(report.lessons.each) - len(found.open) >= 30


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(SEEDS))
def test_with_a_thousand_requests_nothing_is_claimed_wrongly(seed: int, tmp_path: Path) -> None:
    """As with sixty, and more of it is recovered."""
    profile = drawn(seed)

    report = learned(profile, tmp_path, budget=960, learn_budget=40)

    assert report.lessons is not None
    assert recovered(profile, report.lessons).wrong == ()


@pytest.mark.parametrize("way", sampled([each for each in ALONE if each not in NOT_SEEN], SAMPLE))
def test_a_way_that_is_alone_is_recovered(way: str, tmp_path: Path) -> None:
    """By its name, and nothing else is taken for another way than the twin's."""
    policies = dict([way.split("=")]) if "=" in way else {}
    profile = Profile("alone", policies, () if policies else (way,))

    report = learned(profile, tmp_path, budget=60, learn_budget=40, given_now=True)

    assert report.lessons is not None
    found = recovered(profile, report.lessons)
    assert found.wrong == ()
    assert found.others == {*EQUAL.get(way, (way,))}
