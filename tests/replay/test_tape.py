"""Tests of a recording as a table of questions."""

import json
from pathlib import Path

import pytest

from tests.acme import NOW, PATH
from tests.checker.recorded import LIVE, daily, entry, har, recorded_run
from tests.replay.taped import tape
from usagetwin.errors import FileError, SettingError
from usagetwin.replay import tape as module
from usagetwin.replay.question import Credential
from usagetwin.replay.tape import load


def test_what_answers_nothing_is_counted_by_its_reason(tmp_path: Path) -> None:
    """Other hosts, answers without their bodies, statuses that end nothing."""
    made = tape(
        tmp_path,
        entry(),
        entry(url="https://cdn.example/x.js"),
        entry("?from=1", content_too={"text": None}),
        entry("?from=2", status=101),
        "no entry",
    )

    assert (made.replies, made.entries) == (1, 5)
    assert made.passed_over == {
        "of other hosts or paths": 1,
        "whose body was not kept whole": 1,
        "with a status that ends no exchange": 1,
        "that are in no known form": 1,
    }


def test_another_token_than_the_usual_one_may_be_another_account(tmp_path: Path) -> None:
    """Its answers are left out; one that was refused is of nobody, and stays."""

    def by(token: str) -> list[dict[str, str]]:
        return [{"name": "authorization", "value": token}]

    made = tape(
        tmp_path,
        entry(asked_with=by("api-a")),
        entry(asked_with=by("api-a")),
        entry(asked_with=by("api-b")),
        entry(asked_with=by("api-wrong"), status=401),
    )

    assert made.replies == 3
    assert made.passed_over == {"by another credential than most": 1}


def test_one_of_several_base_urls_has_to_be_named(tmp_path: Path) -> None:
    """As for a check; the others are counted."""
    both = (entry(), entry(url=f"http://localhost:8080{PATH}"))

    with pytest.raises(
        SettingError, match="recorded at 2 base URLs, and one target is answered for at a time"
    ):
        tape(tmp_path, *both)
    with pytest.raises(SettingError, match=r"is not where calls\.har was recorded"):
        tape(tmp_path, *both, recorded_at="https://else.example")
    made = tape(tmp_path, *both, recorded_at=LIVE)

    assert (made.base_url, made.replies, made.passed_over) == (LIVE, 1, {"of other base URLs": 1})


def test_a_file_that_answers_nothing_is_refused(tmp_path: Path) -> None:
    """With what it has instead."""
    with pytest.raises(FileError, match="its one entry answers nothing: 1 of other hosts or paths"):
        tape(tmp_path, entry(url="https://cdn.example/x.js"))
    with pytest.raises(FileError, match=r"calls\.har: it has no entries\n"):
        tape(tmp_path)
    with pytest.raises(FileError, match="no ordinary file"):
        load(str(tmp_path))
    with pytest.raises(FileError, match="can't be read: No such file"):
        load(str(tmp_path / "none.har"))


def test_a_recording_that_is_cut_off_answers_as_far_as_it_is_whole(tmp_path: Path) -> None:
    """And says so."""
    file = tmp_path / "cut.har"
    file.write_bytes(har(daily("incremental", (1, 2)), daily("rolling_30d", (1, 2)))[:-200])

    made = load(str(file))

    assert (made.cut, made.replies) == (True, 1)


def test_a_recording_of_ours_says_which_credential_was_sent(acme_file: str, tmp_path: Path) -> None:
    """What a token of its own role was answered is nobody else's."""
    file = tmp_path / "run.har"
    recorded_run(file, now=NOW, world=acme_file)
    document = json.loads(file.read_text(encoding="utf-8"))
    document["log"]["entries"][-1]["comment"] = json.dumps({"usagetwin": {"role": "revoked"}})
    file.write_text(json.dumps(document), encoding="utf-8")

    made = load(str(file))

    assert {asked.credential for asked in made.questions} >= {Credential.NONE, Credential.TOKEN}
    assert made.passed_over["by a token with a role of its own"] == 1


def test_no_more_is_kept_than_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is counted."""
    monkeypatch.setattr(module, "MOST_ANSWERS", 1)

    made = tape(tmp_path, entry(), entry("?from=1"))

    assert (made.replies, made.passed_over) == (1, {"beyond what is kept of a recording": 1})
