"""Files that are no worlds: bounded in time and memory, and nothing of what is in them is shown."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.account.world.heavy import HEAVY_TABLES, heavy_table
from tests.account.world.reading import error_of, written

SECRET: Final = "hunter2-0123456789abcdef"
WORLD: Final = "name: own\nabout: x\nprojects: [{key: p, counts: {2026-01-01: 5}}]\n"
MEASURED: Final = """\
import sys, time
from benchmarks.peak import peak
from usagetwin.account.world import load_world
from usagetwin.errors import FileError
try:
    load_world(sys.argv[1])
except FileError as error:
    print(peak() // 2**20, time.process_time(), error.problem, sep=chr(10))
"""


@pytest.mark.parametrize("of", HEAVY_TABLES)
def test_a_table_of_nothing_is_refused_early(tmp_path: Path, of: str) -> None:
    """With its line; a file of one megabyte shows what a larger one gets."""
    error = error_of(heavy_table(tmp_path, of, 1_000_000))

    assert HEAVY_TABLES[of][1] in error.problem
    assert error.line is not None
    assert error.remedy


@pytest.mark.proof
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux does")
@pytest.mark.parametrize("of", HEAVY_TABLES)
def test_a_table_of_nothing_takes_no_more_than_its_own_size(tmp_path: Path, of: str) -> None:
    """Three times the file in memory, and some seconds of processor time: it is read once."""
    file = heavy_table(tmp_path, of)

    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file)], capture_output=True, text=True, check=True, timeout=120
    )

    memory_mib, processor_s, problem = ended.stdout.splitlines()
    assert HEAVY_TABLES[of][1] in problem
    assert int(memory_mib) < 3 * 63 + 64
    assert float(processor_s) < 10


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("passwd.csv", f"root:x:0:0:{SECRET}:/root:/bin/sh\n"),
        ("secret.csv", f"{SECRET}\n"),
        ("accounts.csv", f"user,password,{SECRET}\n"),
        ("secret.yaml", f"{SECRET}\n"),
        ("config.yaml", f"{SECRET}: 5\n"),
        ("config.yaml", f"password {SECRET}: 5\n"),
        ("list.yaml", f"- {SECRET}\n"),
        ("twice.yaml", f"{SECRET}: 5\n{SECRET}: 6\n"),
        ("nested.yaml", f"name: {{{SECRET}: 5, {SECRET}: 6}}\n"),
        ("broken.yaml", f"a: [{SECRET}\nb: {SECRET}: {SECRET}\n"),
        ("broken.yaml", f"'{SECRET}\n"),
        ("alias.yaml", f"a: *{SECRET}\n"),
        ("tag.yaml", f"a: !{SECRET} b\n"),
        ("key.yaml", f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n"),
        ("own.yaml", WORLD + f"policies: {{{SECRET}: on}}\n"),
        ("own.yaml", WORLD + f"policies: {{beta: {SECRET}}}\n"),
        ("own.yaml", WORLD + f"{SECRET}: x\n"),
    ],
)
def test_what_is_in_a_file_that_is_no_world_is_not_shown(tmp_path: Path, name: str, content: str) -> None:
    """Only where it is, and what would be right."""
    error = error_of(written(tmp_path, name, content))

    assert "hunter2" not in str(error)
    assert error.remedy


@pytest.mark.parametrize(
    "tokens",
    [
        f"[{{token: full, role: {SECRET}}}]",
        f"[{{{SECRET}: full}}]",
        f"[{{token: a, role: full, {SECRET}: x}}]",
        f"[{{token: a, role: full}}, {SECRET}]",
        f"{{{SECRET}: full}}",
        f"[{{token: {SECRET}, role: full}}, {{token: {SECRET}, role: full}}]",
        f"[{{token: '{SECRET} {SECRET}', role: full}}]",
        f"[{{token: [{SECRET}], role: full}}]",
    ],
)
def test_a_token_is_never_shown_wherever_it_stands(tmp_path: Path, tokens: str) -> None:
    """As a role, as a key, alone, twice; the line says which it is."""
    error = error_of(written(tmp_path, "own.yaml", WORLD + f"tokens: {tokens}\n"))

    assert "hunter2" not in str(error)
    assert error.line == 4


@pytest.mark.parametrize(
    ("name", "begin"), [("own.yaml", "name: own\n"), ("own.csv", "date,project,count\n")]
)
@pytest.mark.parametrize("mark", ["\ufeff", "\u202e", "\u2066", "\u200f", "\u200b"])
def test_marks_that_nobody_sees_are_refused_by_their_number(
    tmp_path: Path, name: str, begin: str, mark: str
) -> None:
    """A second byte order mark, and what turns the order of text around; one byte order mark is fine."""
    for content, line in ((f"\ufeff{mark}{begin}", 1), (f"{begin}{mark}\n", 2), (f"{begin}a{mark}b: 5\n", 2)):
        error = error_of(written(tmp_path, name, content))

        assert error.line == line
        assert f"{mark!a}" in error.problem
        assert mark not in str(error)


@pytest.mark.parametrize("mark", [r"\u202e", r"\u2067", r"\ufeff", r"\u200e"])
@pytest.mark.parametrize("world", ['name: "o{}wn"\nabout: x\n', 'name: own\nabout: "{}x"\n'])
def test_an_escape_brings_no_such_mark_in(tmp_path: Path, world: str, mark: str) -> None:
    """YAML writes any character as an escape."""
    text = world.format(mark) + "projects: [{key: p, counts: {2026-01-01: 5}}]\n"

    error = error_of(written(tmp_path, "own.yaml", text))

    assert "nobody sees" in error.problem


def test_an_escape_brings_no_such_mark_into_a_key(tmp_path: Path) -> None:
    """Which messages show, and the log."""
    text = WORLD.replace("key: p", r'key: "p\u202e"')

    assert "nobody sees" in error_of(written(tmp_path, "own.yaml", text)).problem
