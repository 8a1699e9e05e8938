"""What a visitor of the repository is asked and told is what its host takes, and is true."""

import re
from pathlib import Path

import pytest
import yaml

from tests.project.checkout import ROOT, assert_keeps, text

FOLDER = ".github/ISSUE_TEMPLATE"
FORMS = sorted(path.name for path in (ROOT / FOLDER).glob("*.yml") if path.name != "config.yml")
PULL_REQUEST = text(".github/pull_request_template.md")


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_an_issue_keeps_its_published_schema(name: str) -> None:
    """The host would show it."""
    assert_keeps("vendor.github-issue-forms", f"{FOLDER}/{name}")


def test_the_choice_of_forms_keeps_its_published_schema() -> None:
    """The host would read it."""
    assert_keeps("vendor.github-issue-config", f"{FOLDER}/config.yml")


def test_no_form_asks_for_what_is_secret() -> None:
    """Where a request or a command is asked for, the form says to leave the token out."""
    pasted = [
        (name, field["attributes"]["description"])
        for name in FORMS
        for field in yaml.safe_load(text(f"{FOLDER}/{name}"))["body"]
        if field["attributes"].get("render") in ("shell", "http")
    ]

    assert {name for name, _ in pasted} == {"bug.yml", "difference.yml"}
    assert [name for name, asked in pasted if "token" not in asked] == []


def test_the_pull_request_asks_for_targets_that_there_are() -> None:
    """And for what CONTRIBUTING.md asks for."""
    targets = set(re.findall(r"`make ([a-z-]+)`", PULL_REQUEST))

    assert targets == {"check", "contract"}
    assert targets <= set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    assert [
        name for name in re.findall(r"`([A-Z]+\.md)`", PULL_REQUEST) if not Path(ROOT / name).exists()
    ] == []


def test_security_names_no_host_of_ours() -> None:
    """There is no public one; its words hold wherever the repository will be."""
    assert re.findall(r"https?://|@\w+\.", text("SECURITY.md")) == []
