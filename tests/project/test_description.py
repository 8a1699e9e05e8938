"""What a package index shows: the README, without a link that leads nowhere there."""

import re
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath

import pytest

from tests.project.checkout import ROOT, pyproject, text
from usagetwin import __version__

API = "https://launchdarkly.com/docs/api/account-usage-beta/get-observability-sessions-usage"
METADATA = "from hatchling.build import prepare_metadata_for_build_wheel as make; make(sys.argv[1])"
SDIST = "from hatchling.build import build_sdist; build_sdist(sys.argv[1])"


def built(code: str, folder: Path) -> None:
    """Let hatchling build something, without the network."""
    command = [sys.executable, "-c", f"import sys; {code}", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the description of the metadata."""
    folder = tmp_path_factory.mktemp("metadata")
    built(METADATA, folder)
    return next(folder.rglob("METADATA")).read_text("utf-8").partition("\n\n")[2]


def test_the_one_address_of_the_project_is_the_endpoints_page() -> None:
    """The README's first words of what it is have it too; there is no public host of ours to name."""
    assert pyproject()["project"]["urls"] == {"API documentation": API}
    assert f"]({API})" in next(
        part for part in text("README.md").split("\n\n") if part.startswith("usagetwin is")
    )


def test_every_link_can_be_followed_on_an_index(description: str) -> None:
    """None is relative, and no picture is left that an index can't find."""
    assert set(re.findall(r"\]\(([^)]*)\)", description)) == {API}
    assert re.findall(r"<(?:picture|source|img)|src=", description) == []


def test_the_line_that_installs_it_is_the_one_for_an_index(description: str) -> None:
    """There is no clone where an index is read."""
    assert '```console\npip install "usagetwin[check]"\n' in description
    assert "`pip install usagetwin`" in description
    assert "clone" not in description
    assert "not yet" not in description
    assert '```console\nuvx --from "usagetwin[check]" usagetwin demo\n```' in description


def test_every_file_that_it_names_is_in_the_source_distribution(description: str, tmp_path: Path) -> None:
    """Its last line says so."""
    built(SDIST, tmp_path)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        files = {name.removeprefix(f"usagetwin-{__version__}/") for name in archive.getnames()}

    named = set(re.findall(r"`((?:docs/|examples/)[\w./-]+|[A-Z]{5,}(?:\.md)?)`", description))

    folders = {str(parent) for name in files for parent in PurePosixPath(name).parents}
    assert len(named) >= 15
    assert named - files - folders == set()


def test_it_has_the_words_of_the_pictures(description: str) -> None:
    """Where the README has a picture, an index has its text."""
    for name in ("finding", "failing-test"):
        assert f"```text\n{text(f'docs/pictures/{name}.txt')}```\n" in description
