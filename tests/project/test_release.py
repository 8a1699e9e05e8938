"""A release is built once, tested as it is published, and published with as few rights as that takes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.project.checkout import ROOT, assert_keeps, pyproject, text
from tests.project.test_image import stages
from tools import release
from usagetwin import __version__

JOBS: dict[str, Any] = yaml.safe_load(text(".github/workflows/release.yml"))["jobs"]
TAGGED = "github.ref_type == 'tag'"


def steps(job: str, key: str) -> list[Any]:
    """Give what the steps of a job have under a key."""
    return [step[key] for step in JOBS[job]["steps"] if key in step]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give the files that tell of a version, as they are when 1.2.3 is to be released."""
    for name, words in {
        release.VERSION_FILE: '__version__ = "1.2.3"\n',
        "CITATION.cff": "version: 1.2.3\n",
        "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n## 1.2.3\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)
    return tmp_path


def test_a_tag_that_agrees_with_everything_may_be_released(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is said."""
    assert release.main(["v1.2.3"], root=checkout) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", [*release.WRITTEN, release.CHANGELOG])
def test_a_file_that_tells_of_another_version_is_named(
    checkout: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what it says, and what to do."""
    path = checkout / name
    path.write_text(path.read_text().replace("1.2.3", "1.2.2"))

    assert release.main(["v1.2.3"], root=checkout) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(f"{name} ")
    assert said.endswith("before the tag")


@pytest.mark.parametrize("tag", ["1.2.3", "v1.2", "v1.2.3rc1", "v1.2.3\n", "main"])
def test_what_is_no_tag_of_a_release_is_refused(checkout: Path, tag: str) -> None:
    """Its form is told."""
    assert list(release.problems(tag, root=checkout)) == [
        f"{tag!r} is no tag of a release; write it as v1.2.3"
    ]


def test_the_version_is_read_where_it_is_written() -> None:
    """Of this checkout everything but the changelog agrees, which a release gives its heading."""
    command = [sys.executable, "-m", "tools.release", f"v{__version__}"]

    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert [line.split()[0] for line in ended.stderr.splitlines()] in ([], ["CHANGELOG.md"])


def test_the_citation_keeps_its_published_schema() -> None:
    """Programs that read citations take it, and it says what the package says."""
    assert_keeps("vendor.citation-file-format", "CITATION.cff")

    said = yaml.safe_load(text("CITATION.cff"))
    project = pyproject()["project"]
    assert said["abstract"] == f"{project['description']}."
    assert said["license"] == project["license"]


def test_the_files_are_tested_on_every_python_and_system() -> None:
    """The Pythons are those that the classifiers name."""
    named = re.findall(r"Python :: (3\.\d+)", " ".join(pyproject()["project"]["classifiers"]))

    matrix = JOBS["test"]["strategy"]["matrix"]

    assert matrix == {"python": named, "system": ["ubuntu-latest", "macos-latest", "windows-latest"]}


def test_one_job_builds_and_all_others_take_its_files() -> None:
    """So that what is published is what was tested."""
    took = {
        job: [step["with"]["name"] for step in JOBS[job]["steps"] if "download-artifact" in str(step)]
        for job in JOBS
    }

    assert took == {"build": [], "test": ["dist"], "pypi": ["dist"], "image": ["dist"]}
    assert "make dist" in steps("build", "run")
    assert [job for job in JOBS if re.search(r"\b(make|build) ", str(steps(job, "run")))] == ["build"]


def test_the_tests_take_no_file_from_the_repository() -> None:
    """They are those of the source distribution, which has all that they need."""
    assert [use for use in steps("test", "uses") if "checkout" in use] == []


@pytest.mark.parametrize("job", ["pypi", "image"])
def test_what_publishes_waits_for_the_tests_and_for_a_tag(job: str) -> None:
    """A run that is started by hand publishes nothing."""
    assert (JOBS[job]["needs"], JOBS[job]["if"]) == ("test", TAGGED)


def test_publishing_to_pypi_takes_no_secret() -> None:
    """The workflow itself is trusted; its environment can ask a person first."""
    assert JOBS["pypi"]["permissions"] == {"id-token": "write"}
    assert JOBS["pypi"]["environment"] == "pypi"
    assert "secrets." not in text(".github/workflows/release.yml")


def test_the_image_has_the_wheel_that_was_tested() -> None:
    """A build context in the name of the first stage stands for what that stage would build."""
    first, last = stages()
    name = first[0][1].rpartition(" AS ")[2]
    (copied,) = [rest for kind, rest in last if kind == "COPY" and "--from" in rest]
    built = "${{ runner.temp }}/built"

    assert copied == f"--from={name} /src/dist dist"
    contexts = {step["build-contexts"] for step in steps("image", "with") if "build-contexts" in step}
    assert contexts == {f"{name}={built}"}
    assert f"{built}/src/dist" in [step.get("path") for step in steps("image", "with")]


def test_the_image_is_for_two_architectures_and_says_what_is_in_it() -> None:
    """The one that is published, after the one for the runner has passed its own check."""
    tried, published = [step for step in steps("image", "with") if "build-contexts" in step]

    assert (tried.get("push"), tried["load"]) == (None, True)
    assert published["platforms"] == "linux/amd64,linux/arm64"
    assert (published["push"], published["sbom"], published["provenance"]) == (True, True, "mode=max")
    assert any("usagetwin check twin" in run for run in steps("image", "run"))


def test_both_stages_of_the_image_stand_on_one_base_pinned_by_its_digest() -> None:
    """A tag can be moved; the tag before the digest tells a person, and Dependabot, which one it is."""
    bases = {stage[0][1].partition(" AS ")[0] for stage in stages()}

    (base,) = bases
    assert re.fullmatch(r"python:3\.13-slim@sha256:[0-9a-f]{64}", base)


@pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("jq") is None, reason="the step takes a shell of Linux, and jq"
)
def test_the_workflow_reads_the_base_from_the_dockerfile(tmp_path: Path) -> None:
    """The step that asks the registry names the base that is pinned, and fails without both architectures."""
    (step,) = [run for run in steps("image", "run") if "imagetools" in run]
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$CALLED"; printf "%s" "$INDEX"\n')
    docker.chmod(0o755)
    base = stages()[0][0][1].partition(" AS ")[0]

    def ended(*architectures: str) -> int:
        platforms = [{"platform": {"os": "linux", "architecture": each}} for each in architectures]
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", step],  # noqa: S607 -- as the runner does
            cwd=ROOT,
            env={
                "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
                "CALLED": str(tmp_path / "called"),
                "INDEX": json.dumps({"manifests": platforms}),
            },
            check=False,
            capture_output=True,
        ).returncode

    assert ended("amd64", "arm64") == 0
    assert (tmp_path / "called").read_text().split() == ["buildx", "imagetools", "inspect", "--raw", base]
    assert ended("amd64") == 1
