"""The samples of the page are answered as they stand, and a mistake that is planted in one is told."""

import hashlib
import re
from typing import TYPE_CHECKING

import pytest

from tests.apart import NotPossibleError, apart
from tests.leading.led import KEPT, NO_CALLS, led
from tests.project.checkout import ROOT, text
from tests.samples.languages import LANGUAGES, MILLISECONDS, NODE, NOT_RUN, PAGE, URL, samples
from tests.samples.table import GUIDE, NOW, VARIABLES, answered, led_there, needed, table_of
from usagetwin.hosts import HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from subprocess import CompletedProcess

    from tests.apart import Apart
    from tests.samples.languages import Language

BY_PROXY = [name for name, language in LANGUAGES.items() if language.heeds_proxies]
BY_NAME_ALONE = [name for name, language in LANGUAGES.items() if not language.heeds_proxies]
PATH = URL.partition(".com")[2]


def in_short(*short: str) -> list[object]:
    """Give the languages that are led by a proxy; all but some take their time, and a toolchain."""
    return [pytest.param(name, marks=() if name in short else pytest.mark.proof) for name in BY_PROXY]


def language_of(name: str) -> "Language":
    """Give a language; skip the test where its sample can't be run."""
    reason = LANGUAGES[name].lacks()
    if reason is not None:
        pytest.skip(reason)
    return LANGUAGES[name]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Apart]":
    """Have a network where nobody answers, or skip the test."""
    try:
        with apart(tmp_path_factory.mktemp("alone"), ()) as place:
            yield place
    except NotPossibleError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Apart]":
    """Have a network where the real hostnames lead to this machine, or skip the test."""
    try:
        with apart(tmp_path_factory.mktemp("named"), HOSTS) as place:
            yield place
    except NotPossibleError as error:
        pytest.skip(str(error))


def test_the_samples_are_as_they_were_published() -> None:
    """Byte for byte."""
    digest = hashlib.sha256((ROOT / PAGE).read_bytes()).hexdigest()

    assert f"`{digest}`" in text("openapi/SOURCE.md")


def test_every_sample_is_run_or_said_not_to_be() -> None:
    """Each asks by the real hostname, once."""
    fences = [*(language.fence for language in LANGUAGES.values()), *NOT_RUN.values()]

    assert list(samples()) == fences
    assert {sample.count(URL) for sample in samples().values()} == {1}


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_sample_is_run_as_it_stands(name: str, tmp_path: "Path") -> None:
    """Java's is a snippet, whose lines are in a class; all others are a program by themselves."""
    language = LANGUAGES[name]
    sample = samples()[language.fence]

    written = language.written(tmp_path).read_text("utf-8")

    left = iter(written.splitlines())
    assert [line for line in sample.splitlines() if line and line not in left] == []
    assert (written == sample) is (name != "Java")


@pytest.mark.parametrize("name", in_short("Python", "JavaScript"))
def test_a_sample_is_answered(name: str, tmp_path: "Path") -> None:
    """And keeps the contract."""
    ended = led(*language_of(name).command(tmp_path), options=NOW)

    assert answered(ended), ended.stderr
    assert ended.stderr.endswith(KEPT)


@pytest.mark.parametrize("name", in_short("Python"))
def test_milliseconds_in_a_sample_are_told(name: str, tmp_path: "Path") -> None:
    """Where the sample takes the refusal for an answer, the status is 1 all the same."""
    language = language_of(name)

    ended = led(*language.command(tmp_path, MILLISECONDS), options=NOW)

    assert_told(language, ended)


def assert_told(language: "Language", ended: "CompletedProcess[str]") -> None:
    """Hold what is said of the mistake, and the status."""
    assert ended.returncode == (language.status_of_a_refusal or 1)
    assert "usagetwin: 1 request to app.launchdarkly.com, which breaks the contract\n" in ended.stderr
    assert "  timestamp-fits-ten-digits: from='1773532800000' looks like milliseconds" in ended.stderr
    assert f"    sent  request 1: GET app.launchdarkly.com{PATH}{MILLISECONDS}\n" in ended.stderr


@pytest.mark.proof
@pytest.mark.parametrize("name", BY_NAME_ALONE)
def test_a_sample_that_takes_no_proxy_is_told_to_have_asked_nobody(
    alone: "Apart", name: str, tmp_path: "Path"
) -> None:
    """Where the name leads nowhere."""
    ended = led_there(alone, language_of(name).command(tmp_path), by_name=False)

    assert ended.returncode != 0
    assert ended.stderr.endswith(NO_CALLS)


@pytest.mark.proof
@pytest.mark.parametrize("name", LANGUAGES)
def test_a_sample_is_answered_by_name(named: "Apart", name: str, tmp_path: "Path") -> None:
    """In every language, without a proxy."""
    ended = led_there(named, language_of(name).command(tmp_path), by_name=True)

    assert answered(ended), ended.stderr
    assert ended.stderr.endswith(KEPT)


@pytest.mark.proof
@pytest.mark.parametrize("name", LANGUAGES)
def test_milliseconds_in_a_sample_are_told_by_name(named: "Apart", name: str, tmp_path: "Path") -> None:
    """As by a proxy."""
    language = language_of(name)

    ended = led_there(named, language.command(tmp_path, MILLISECONDS), by_name=True)

    assert_told(language, ended)


def test_the_table_has_every_language() -> None:
    """In the order of the page."""
    rows = table_of(text(GUIDE)).splitlines()[2:]

    assert [row.strip("| ").split(" | ")[0] for row in rows] == [*LANGUAGES, *NOT_RUN]


def test_the_variables_that_are_left_out_are_those_of_run() -> None:
    """All of its guide, but for two that are not for clients as they are."""
    page = text("docs/run.md").partition("| variable | who heeds it |")[2].partition("\n\n")[0]
    heads = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)

    told = {name for head in heads for name in re.findall(r"`([A-Z_]+)`", head)}

    assert sorted(VARIABLES) == sorted(told - {"NO_PROXY", "USAGETWIN_URL"})


@pytest.mark.proof
@pytest.mark.parametrize("name", LANGUAGES)
def test_the_table_has_what_leads_a_sample(
    alone: "Apart", named: "Apart", name: str, tmp_path: "Path"
) -> None:
    """Write it with `make samples`."""
    language = language_of(name)
    if name == "JavaScript" and not NODE.exists():
        pytest.skip("the table is of the Node.js that `make samples` installs")

    found = [needed(language, tmp_path, place, by_name=place is named) for place in (alone, named)]

    (row,) = re.findall(rf"^\| {name} \| .*$", table_of(text(GUIDE)), re.MULTILINE)
    assert [re.findall(r"`([A-Z_]+)`", cell) for cell in row.split(" | ")[2:]] == [
        [*(each or ())] for each in found
    ]
    assert (found[0] is not None) is language.heeds_proxies
