"""Which faults and variations a LIST names."""

import pytest

from usagetwin.contract import Tier, rule
from usagetwin.deviations import faults, variations
from usagetwin.errors import SettingError
from usagetwin_checker.noticing.deviation_list import DEFAULT, GROUPS, deviations_of


def test_groups_are_faults_variations_or_both() -> None:
    """Each in the order of `usagetwin faults`."""
    assert deviations_of("faults") == tuple(faults())
    assert deviations_of("variations") == tuple(variations())
    assert deviations_of("all") == (*faults(), *variations())


def test_the_default_list_has_about_a_dozen_of_each() -> None:
    """Short enough to run with a suite, and with a fault for each class of mistakes."""
    names = deviations_of("default")

    assert 10 <= sum(name in faults() for name in names) <= 15
    assert 10 <= sum(name in variations() for name in names) <= 15
    assert len(names) == len(set(names)) == sum(map(len, DEFAULT.values()))


def test_every_default_fault_breaks_what_the_document_says() -> None:
    """A consumer may rely on schema and prose alone, so these alone are worth a test by default."""
    broken = {
        name: rule(faults()[name].rules[0]).tier for name in deviations_of("default") if name in faults()
    }

    assert set(broken.values()) <= {Tier.SCHEMA, Tier.PROSE}, broken


def test_names_and_groups_go_together_and_count_once() -> None:
    """In the order given, with space around commas."""
    assert deviations_of("sparse, counts-are-strings,sparse") == ("sparse", "counts-are-strings")
    assert deviations_of("counts-are-strings,default")[0] == "counts-are-strings"
    assert len(deviations_of("default,counts-are-strings")) == len(deviations_of("default"))


def test_no_deviation_has_the_name_of_a_group() -> None:
    """So a word is one or the other."""
    assert {*faults(), *variations()}.isdisjoint(GROUPS)


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("counts-are-string", "counts-are-string", "counts-are-strings"),
        ("sparse,variation", "variation", "variations"),
        ("", "", "one of default, all, faults, variations, "),
        ("sparse,", "", "one of default"),
    ],
)
def test_a_name_that_there_is_not_is_refused(text: str, wrong: str, right: str) -> None:
    """With the nearest name, be it of a group or a deviation."""
    with pytest.raises(SettingError) as refused:
        deviations_of(text)

    assert refused.value.problem == f"there is no fault or variation {wrong!r}"
    assert refused.value.remedy.startswith(right)
