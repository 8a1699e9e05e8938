"""What leads the sample of each language to a twin, tried for real, and the table that the guide has of it.

`python -m tests.samples.table` prints what each sample gets, and writes that table. What is needed is found
by leaving out one variable after the other, in a network where nobody else answers.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from tests.apart import apart
from tests.project.checkout import ROOT, text
from tests.samples.languages import LANGUAGES, MILLISECONDS, NOT_RUN
from tests.served import USAGETWIN
from usagetwin.hosts import HOSTS

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence

    from tests.apart import Apart
    from tests.samples.languages import Language

GUIDE: Final = "docs/languages.md"
HEAD: Final = "| language | tried with | `usagetwin run` leads it through | by name it is led through |"
LEADING: Final = ("PYTHONPATH", "NODE_OPTIONS", "ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY")
VARIABLES: Final = (  # that `usagetwin run` sets, in the order in which they are left out
    *LEADING,  # whatever the name leads to
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "NODE_USE_ENV_PROXY",
    "JAVA_TOOL_OPTIONS",
    "PHP_INI_SCAN_DIR",
)
NOW: Final = ("--now", "2026-03-03")
COUNTS: Final = ("4255", "32673")  # of the two days since the first of the month, as month_to_date sums them
BY_NAME: Final = ("--tls-port", "443")
BELOW_1024: Final = "echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start"
JOURNAL: Final = ("sh", "-c", f'"$@"; echo; {" ".join(USAGETWIN)} control journal', "sh")
NOT_LED, NOT_TRIED = "nothing: it takes no proxy from its environment", "not run; see below"


def answered(ended: "subprocess.CompletedProcess[str]") -> bool:
    """Tell whether a sample has printed what the twin answers."""
    return ended.returncode == 0 and all(count in ended.stdout for count in COUNTS)


def led_there(
    place: "Apart", command: "Sequence[str]", *, by_name: bool, without: "Sequence[str]" = ()
) -> "subprocess.CompletedProcess[str]":
    """Run a command under `usagetwin run` in a place apart, without some of its variables.

    By name nothing else leads it.
    """
    unset = (*without, *LEADING) if by_name else without
    words = [part for name in unset for form in (name, name.lower()) for part in ("-u", form)]
    options = (*NOW, *BY_NAME) if by_name else NOW
    return place.run(*USAGETWIN, "run", *options, "--", "env", *words, *command, before=[BELOW_1024])


def needed(language: "Language", folder: Path, place: "Apart", *, by_name: bool) -> tuple[str, ...] | None:
    """Give the variables that lead a sample to a twin, as few as do; None where all do not."""

    def is_led(without: "Sequence[str]") -> bool:
        return answered(led_there(place, language.command(folder), by_name=by_name, without=without))

    if not is_led(()):
        return None
    without = [*LEADING] if by_name else []
    for name in VARIABLES:
        if name not in without and is_led([*without, name]):
            without.append(name)
    return tuple(name for name in VARIABLES if name not in without)


def rows(folder: Path, alone: "Apart", named: "Apart") -> "Iterator[str]":
    """Give the rows of the table."""
    for name, language in LANGUAGES.items():
        found = needed(language, folder, alone, by_name=False), needed(language, folder, named, by_name=True)
        cells = [NOT_LED if each is None else ", ".join(f"`{one}`" for one in each) for each in found]
        yield f"| {name} | {language.described()} | {' | '.join(cells)} |"
    for name in NOT_RUN:
        yield f"| {name} | {NOT_TRIED} | | |"


def table_of(page: str) -> str:
    """Give the table that a page has."""
    begin = page.index(HEAD)
    return page[begin : page.index("\n\n", begin)]


def shown(language: "Language", folder: Path, alone: "Apart", named: "Apart") -> "Iterator[str]":
    """Give what a sample gets and its line in the journal, and what is said of milliseconds in it."""
    by_name = not language.heeds_proxies
    place = named if by_name else alone
    yield f"\n{language.name}: {language.described()}{', by name' if by_name else ''}"
    for command in ((*JOURNAL, *language.command(folder)), language.command(folder, MILLISECONDS)):
        ended = led_there(place, command, by_name=by_name)
        yield from (f"  {line}" for line in (ended.stdout + ended.stderr).splitlines() if line.strip())
        yield f"  status {ended.returncode}"


def main() -> None:
    """Print what the samples get, and write the table into the guide."""
    lacking = [reason for language in LANGUAGES.values() if (reason := language.lacks())]
    if lacking:
        sys.exit("\n".join(lacking))
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        folder = Path(one)
        with apart(folder, ()) as alone, apart(Path(other), HOSTS) as named:
            for language in LANGUAGES.values():
                for line in shown(language, folder, alone, named):
                    print(line, flush=True)  # noqa: T201 -- it is for a terminal
            lines = [HEAD, "|---|---|---|---|", *rows(folder, alone, named)]
    page = text(GUIDE)
    (ROOT / GUIDE).write_text(page.replace(table_of(page), "\n".join(lines)), encoding="utf-8")


if __name__ == "__main__":
    main()
