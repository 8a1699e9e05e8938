"""Tests of loading a recording: which entries are exchanges with one target, and what is no recording."""

import os
from pathlib import Path
from typing import Any, Final

import pytest

from tests.acme import MAR_1, MAR_3, PATH
from tests.checker.recorded import AT_S, LIVE, entry, har
from usagetwin.errors import FileError, SettingError
from usagetwin_checker.exchanges import Credential
from usagetwin_checker.talking.recordings import exchanges_of
from usagetwin_checker.talking.recordings.loading import Loaded, is_recording, load
from usagetwin_checker.talking.recordings.scrubbing import Scrubber

OURS: Final = {"comment": '{"usagetwin": {"projects": []}}'}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the place of a recording."""
    return tmp_path / "calls.har"


def loaded(file: Path, *entries: Any, recorded_at: str | None = None, **head: Any) -> Loaded:  # noqa: ANN401 -- any JSON
    """Write a recording of these entries, and load it."""
    file.write_bytes(har(*entries, **head))
    return load(str(file), Scrubber(), recorded_at)


def authorized(value: str) -> list[dict[str, str]]:
    """Give the headers of a request with a credential."""
    return [{"name": "authorization", "value": value}]


def test_an_entry_is_an_exchange(file: Path) -> None:
    """What was asked, what was answered, and when."""
    (exchange,) = loaded(file, entry(f"?from={MAR_1}&to={MAR_3}")).exchanges

    assert exchange.ask.parameters == (("from", str(MAR_1)), ("to", str(MAR_3)))
    assert (exchange.status, exchange.at_s, exchange.seconds) == (200, AT_S, 0.0125)
    assert exchange.well_formed


@pytest.mark.parametrize(
    "query", ["from=%31&to=2", "projectKey=a+b", "projectKey=a,b", "flag", "from=1&&to=2"]
)
def test_a_query_stays_as_it_was_written(query: str, file: Path) -> None:
    """However somebody else encodes: the answer's link names it so, and so does the command for it."""
    (exchange,) = loaded(file, entry(f"?{query}")).exchanges

    assert exchange.ask.target == f"{PATH}?{query}"


def test_when_it_was_is_the_answers_date_where_nothing_else_says_so(file: Path) -> None:
    """Else nobody knows."""
    dated, undated = loaded(
        file, entry(startedDateTime=None), entry("?to=1", startedDateTime=None, headers=[])
    ).exchanges

    assert (dated.at_s, undated.at_s) == (AT_S, 0)


def test_a_base_path_is_part_of_where_it_was_recorded(file: Path) -> None:
    """And user, port and case of the host are as a URL has them."""
    found = loaded(file, entry(url=f"http://me:word@Host.example:8080/mock{PATH}?to=1"))

    assert found.base_url == "http://host.example:8080/mock"


def test_other_hosts_and_paths_are_counted_and_passed_over(file: Path) -> None:
    """A page asks for much else."""
    urls = (
        "https://cdn.example/x.js",
        f"{LIVE}/api/v2/flags",
        f"{LIVE}{PATH}/deeper",
        "data:,x",
        "http://[",
        "//x",
    )

    found = loaded(file, entry(), *(entry(url=url) for url in urls))

    assert len(found.exchanges) == 1
    assert found.passed_over == {"of other hosts or paths": len(urls)}
    assert found.entries == 1 + len(urls)


def test_of_a_run_of_ours_paths_below_the_endpoint_are_kept(file: Path) -> None:
    """A check asks for an unknown one."""
    (exchange,) = loaded(file, entry(url=f"{LIVE}{PATH}/deeper"), **OURS).exchanges

    assert exchange.ask.suffix == "/deeper"


def test_one_base_url_is_judged_at_a_time(file: Path) -> None:
    """Which one, its user says where there are several."""
    two = (entry(), entry(url=f"http://127.0.0.1:8080{PATH}"), entry())

    with pytest.raises(SettingError, match="was recorded at 2 base URLs") as refused:
        loaded(file, *two)
    found = loaded(file, *two, recorded_at=LIVE)

    assert str(refused.value).endswith(f"--recorded-at with one of {LIVE}, http://127.0.0.1:8080")
    assert (found.base_url, len(found.exchanges)) == (LIVE, 2)
    assert found.passed_over == {"of other base URLs": 1}


def test_a_base_url_that_is_not_in_the_recording_is_refused(file: Path) -> None:
    """With those that are."""
    with pytest.raises(SettingError, match=f"one of {LIVE}"):
        loaded(file, entry(), recorded_at="http://127.0.0.1:1")


def test_a_credential_that_is_not_shown_may_have_been_sent(file: Path) -> None:
    """Browsers leave it out; a run of ours says what it sent."""
    (others,) = loaded(file, entry(asked_with=[])).exchanges
    (ours,) = loaded(file, entry(asked_with=[]), **OURS).exchanges
    (blank,) = loaded(file, entry(asked_with=authorized("")), **OURS).exchanges

    assert others.ask.credential is Credential.TOKEN
    assert ours.ask.credential is Credential.NONE
    assert blank.ask.credential is Credential.BLANK


def test_what_was_asked_by_another_credential_is_another_accounts(file: Path) -> None:
    """As on a twin, where each token may have a world of its own: the usual one is judged."""
    asked = ["api-one", "api-two", "api-one", "api-one"]

    found = loaded(
        file, *(entry(f"?to={MAR_3 + n}", asked_with=authorized(by)) for n, by in enumerate(asked))
    )

    assert [exchange.number for exchange in found.exchanges] == [1, 3, 4]
    assert found.passed_over == {"by another credential than most": 1}


def test_a_request_without_the_beta_header_is_judged_unless_it_is_refused(file: Path) -> None:
    """Clients that do without it are answered by most targets; of ours it says what was sent."""
    answered, refused = loaded(file, entry("?to=1"), entry("?to=2", status=403)).exchanges
    (ours,) = loaded(file, entry(), **OURS).exchanges

    assert (answered.ask.beta, refused.ask.beta, ours.ask.beta) == (True, False, False)


def test_a_gateways_answer_counts_when_it_was_given_three_times(file: Path) -> None:
    """As in a run; alone it is passed over, and said so."""
    often = loaded(file, *[entry(status=503)] * 3)
    once = loaded(file, entry(status=503), entry())
    last = loaded(file, entry("?to=1"), entry(status=502))

    assert [exchange.status for exchange in often.exchanges] == [503]
    assert [exchange.status for exchange in once.exchanges] == [200]
    assert last.passed_over == {
        "not answered, or by a gateway (502, 503, 504), and not asked often enough": 1
    }


def test_what_a_run_of_ours_gave_up_on_counts(file: Path) -> None:
    """It tried as often as it would."""
    (exchange,) = loaded(file, entry(status=503), **OURS).exchanges

    assert exchange.status == 503


def test_what_a_browser_asks_first_is_no_request_of_the_page(file: Path) -> None:
    """It asks whether the page may ask."""
    before = [{"name": "Access-Control-Request-Method", "value": "GET"}]

    found = loaded(
        file, entry(), entry(method="OPTIONS", status=204, asked_with=before, content_too={"text": ""})
    )

    assert found.passed_over == {"that a browser asks before a page's own (preflights)": 1}


def test_no_more_is_kept_than_can_be_judged(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes first is; the rest is counted."""
    monkeypatch.setattr(exchanges_of, "MOST_EXCHANGES", 2)

    found = loaded(file, *(entry(f"?to={day}") for day in range(5)))

    assert len(found.exchanges) == 2
    assert found.passed_over == {"beyond what is kept of a recording": 3}


def test_bodies_are_kept_up_to_a_size(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All together."""
    monkeypatch.setattr(exchanges_of, "MOST_BYTES", 10)

    assert len(loaded(file, *(entry(f"?to={day}") for day in range(5))).exchanges) == 1


def test_no_secret_of_a_recording_is_kept(file: Path) -> None:
    """Whoever wrote it: it would be in the report."""
    secret, own = "api-22222222-2222-4222-8222-2222222255ec", "a-credential-of-another-form"
    cookie = [{"name": "Set-Cookie", "value": "id=12345"}, {"name": "X-Echo", "value": secret}]
    query = f"?token=hunter2&x={secret}"

    (exchange,) = loaded(
        file, entry(query, f"no {secret} {own} {query}", headers=cookie, asked_with=authorized(own))
    ).exchanges

    for hidden in ("hunter2", secret, own, "12345"):
        assert hidden not in repr(exchange)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty, or cut off before its first entry"),
        (b"{}", "it has no entries of a format that is read"),
        (b"7;", "it is no dump of mitmproxy's"),
        (b'{"log": {"entries": {}}}', "it has no entries of a format that is read"),
        (b"dear diary", "it has no entries of a format that is read"),
        (b"interactions:", "it has no entries of a format that is read"),
        (b"{]", "it is no JSON"),
        (b"\x00\x01", "it is neither JSON nor YAML"),
        (
            b'{"_type": "export", "resources": []}',
            "an export of Insomnia's that has no answers",
        ),
    ],
)
def test_what_is_no_recording_is_refused(content: bytes, said: str, file: Path) -> None:
    """With what would be one."""
    file.write_bytes(content)

    with pytest.raises(FileError, match=said) as refused:
        load(str(file), Scrubber())

    assert "calls.har: it" in str(refused.value)
    assert str(file.parent) not in str(refused.value)
    assert "try   a HAR (browsers, proxies," in str(refused.value)


def test_a_recording_that_is_cut_off_loads(file: Path) -> None:
    """At any place after its entries began: the whole ones are there."""
    content = har(entry("?to=1"), entry("?to=2"), entry("?to=3"))
    whole = [at for at in range(len(content)) if content.startswith(b', {"startedDateTime"', at)]
    whole.append(len(content.removesuffix(b"]}}")))

    for at in range(whole[0], len(content), 97):
        file.write_bytes(content[:at])
        found = load(str(file), Scrubber())
        assert found.cut
        assert len(found.exchanges) == sum(at >= end for end in whole)


@pytest.mark.parametrize("name", ["pipe", "folder", "gone.har", "secret.har"])
def test_what_can_not_be_opened_is_refused_at_once(name: str, tmp_path: Path) -> None:
    """A pipe may never end; nothing waits for one."""
    file = tmp_path / name
    if name == "pipe":
        os.mkfifo(file)
    elif name == "folder":
        file.mkdir()
    elif name == "secret.har":
        file.write_bytes(har())
        file.chmod(0)
        if os.access(file, os.R_OK):
            pytest.skip("whoever runs this may read every file")

    with pytest.raises(FileError, match=r"no ordinary file|can't be read") as refused:
        load(str(file), Scrubber())

    assert refused.value.file == str(file)


def test_a_recording_without_a_name_is_refused_first() -> None:
    """A variable that nobody set is no folder."""
    with pytest.raises(SettingError, match="the name of the recording is empty") as refused:
        load("", Scrubber())

    assert "a recording that exists and can be read" in refused.value.remedy


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("twin", False),
        ("calls.har", True),
        ("CALLS.HAR", True),
        (f"{LIVE}/x.har", False),
        ("localhost", False),
    ],
)
def test_a_target_that_looks_like_a_file_is_one(name: str, meant: bool) -> None:  # noqa: FBT001 -- a case
    """By its ending; a URL never does."""
    assert is_recording(name) is meant


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_what_no_file_can_be_called_is_none(name: str) -> None:
    """Nothing is raised for it."""
    assert not is_recording(name)


def test_a_target_that_exists_as_a_file_is_one(tmp_path: Path) -> None:
    """Whatever its name."""
    file = tmp_path / "calls"
    file.touch()

    assert is_recording(str(file))
