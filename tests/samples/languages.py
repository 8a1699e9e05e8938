"""The languages of the samples: what runs each sample here.

Rule: a sample is written as the page has it; what a snippet lacks to be a program is put around it.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.project.checkout import ROOT, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGE: Final = "tests/samples/samples.md"
URL: Final = "https://app.launchdarkly.com/api/v2/usage/observability/sessions"
MILLISECONDS: Final = "?from=1773532800000"  # the mistake that is planted
INSTALLED_BY: Final = "make samples"
NODE: Final = ROOT / ".samples" / "node_modules" / ".bin" / "node"
HAS_FETCH: Final = 18  # the first Node.js
GUZZLE: Final = Path("/usr/share/php/GuzzleHttp/autoload.php")
JARS: Final = Path("/usr/share/java")
UNIREST: Final = (
    "unirest-java",
    "httpclient",
    "httpcore",
    "httpasyncclient",
    "httpcore-nio",
    "httpmime",
    "commons-logging",
    "com.android.json",
)


@dataclass(frozen=True, slots=True)
class Language:
    """One language: how its sample is made a file and run, and what is told of it.

    `lacks` gives the reason why it can't be run here. A refusal is an answer to most samples, with status 0.
    """

    name: str
    fence: str
    file: str
    program: str
    version: tuple[str, ...]
    client: str
    lacks: "Callable[[], str | None]"
    before: tuple[str, ...] = ()
    around: "Callable[[str], str]" = str
    beside: "Mapping[str, str]" = field(default_factory=dict)
    heeds_proxies: bool = True
    status_of_a_refusal: int = 0

    def written(self, folder: Path, query: str = "") -> Path:
        """Write the sample into a folder, and give its file; a query is put after its URL."""
        sample = samples()[self.fence]
        assert sample.count(URL) == 1
        file = folder / self.file
        file.write_text(self.around(sample.replace(URL, URL + query)), encoding="utf-8")
        for name, content in self.beside.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8")
        return file

    def command(self, folder: Path, query: str = "") -> tuple[str, ...]:
        """Write the sample, and give the command that runs it."""
        return (self.program, *self.before, str(self.written(folder, query)))

    def described(self) -> str:
        """Give what runs the sample here, with its version."""
        said = subprocess.run(
            [self.program, *self.version], capture_output=True, check=True, text=True
        ).stdout
        (version,) = re.findall(r"\d+\.\d+\.\d+", said)[:1]
        return self.client.format(version)


@cache
def samples() -> "Mapping[str, str]":
    """Give the samples of the page, each by the language that its fence names."""
    return dict(re.findall(r"^```(\w+)\n(.*?)\n```$", text(PAGE), re.MULTILINE | re.DOTALL))


def _program(name: str) -> "Callable[[], str | None]":
    def lacks() -> str | None:
        return None if shutil.which(name) else f"{name} is not installed here; `{INSTALLED_BY}` does it"

    return lacks


def _file(name: str, file: Path, what: str) -> "Callable[[], str | None]":
    def lacks() -> str | None:
        there = None if file.exists() else f"{what} is not installed here; `{INSTALLED_BY}` does it"
        return _program(name)() or there

    return lacks


def node() -> str:
    """Give the Node.js that `make samples` has installed, else the machine's."""
    return str(NODE) if NODE.exists() else "node"


def _no_node() -> str | None:
    if not NODE.exists() and (reason := _program("node")()):
        return reason
    said = subprocess.run([node(), "--version"], capture_output=True, check=True, text=True).stdout
    (major,) = re.findall(r"\d+", said)[:1]
    if int(major) >= HAS_FETCH:
        return None
    return f"Node.js {major} has no fetch, {HAS_FETCH} has; `{INSTALLED_BY}` installs a newer one"


def _in_a_class(snippet: str) -> str:
    """Make a program of a snippet in Java: its imports, a class around the rest, and a line that prints."""
    lines = snippet.splitlines()
    imports = [line for line in lines if line.startswith("import ")]
    rest = [line for line in lines if line not in imports]
    return "\n".join(
        [
            *imports,
            "class Sample {",
            "public static void main(String[] arguments) throws Exception {",
            *rest,
            "System.out.println(response.getBody());",
            "Unirest.shutdown();",
            "}",
            "}",
        ]
    )


LANGUAGES: Final = {
    language.name: language
    for language in (
        Language(
            "Python",
            "python",
            "sample.py",
            sys.executable,
            ("--version",),
            "Python {}, requests",
            lambda: None,
        ),
        Language(
            "JavaScript",
            "javascript",
            "sample.mjs",  # a module, for its `await`
            node(),
            ("--version",),
            "Node.js {}, `fetch`",
            _no_node,
        ),
        Language(
            "Go",
            "go",
            "sample.go",
            "go",
            ("version",),
            "Go {}, `net/http`",
            _program("go"),
            before=("run",),
        ),
        Language(
            "Ruby",
            "ruby",
            "sample.rb",
            "ruby",
            ("--version",),
            "Ruby {}, `net/http`",
            _program("ruby"),
        ),
        Language(
            "Java",
            "java",
            "Sample.java",
            "java",
            ("--version",),
            "Java {}, Unirest 1",
            _file("javac", JARS / "unirest-java.jar", "Unirest"),
            before=("-cp", ":".join(str(JARS / f"{name}.jar") for name in UNIREST)),
            around=_in_a_class,
            heeds_proxies=False,
        ),
        Language(
            "PHP",
            "php",
            "sample.php",
            "php",
            ("--version",),
            "PHP {}, Guzzle",
            _file("php", GUZZLE, "Guzzle"),
            status_of_a_refusal=255,
            beside={"vendor/autoload.php": f"<?php require_once('{GUZZLE}');\n"},
        ),
    )
}
NOT_RUN: Final = {"C#": "csharp", "Swift": "swift"}
