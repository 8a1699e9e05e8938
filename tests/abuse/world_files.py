"""World files that are none: broken, bent, too large, or of another kind; each is refused in words."""

import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.claims import Line
from tests.abuse.rows import Row, problems_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.abuse.rows import Effort

    Make = Callable[[random.Random], tuple[str, bytes]]

SECRET: Final = "hunter2-fedcba9876543210"
MOST_S: Final = 10.0  # of processor time, for a file of 63 MB
MOST_MIB: Final = 400.0
WORLD: Final = f"""\
name: ours
about: Two projects.
projects:
  - key: shop
    counts: {{2026-01-01: 5, 2026-01-02: 7}}
  - key: blog
    created: 2025-06-01
    traffic: {{level: 300, noise: 20, events: [{{from: 2025-07-01, to: 2025-07-02, percent: 50, why: x}}]}}
tokens:
  - {{token: {SECRET}, role: full}}
"""
TABLE: Final = "date,project,count\n" + "".join(f"2026-01-{day:02},shop,{day}\n" for day in range(1, 29))
BENT: Final = re.compile(r"counts:|created:|traffic:|token:")  # a project's key may be any of WORDS
LOADING: Final = """\
import json, sys, time
from benchmarks.peak import peak
from usagetwin.account.world import load_world
from usagetwin.errors import UsageTwinError
for file in sys.argv[1:]:
    before = time.process_time()
    try:
        load_world(file)
        said = None
    except UsageTwinError as error:
        said = str(error)
    except Exception as error:
        said = "Traceback: " + repr(error)
    print(json.dumps([said, time.process_time() - before, peak() / 2**20]))
"""
WORDS: Final = (
    *("", "null", "~", "-1", "1.5", "1e9", "NaN", ".inf", "2026-02-30", "0x10", "yes", "[]", "{}", "'", '"'),
    *("*a", "&a b", "!!python/object:os.system x", "<<", "---", "...", "\t", "9" * 5000, "\u202eabc", "%x"),
    *("{" * 50, "[" * 2000, "a: " * 40, "? ", "| ", "\x00", "\u200b", "2026-01-01..2026-01-05"),
)


def bent_yaml(chance: random.Random) -> tuple[str, bytes]:
    """Have one value that is another."""
    lines = WORLD.splitlines()
    place = chance.choice([place for place, line in enumerate(lines) if BENT.search(line)])
    lines[place] = f"{lines[place].partition(': ')[0]}: {chance.choice(WORDS)}"
    return "bent.yaml", "\n".join(lines).encode("utf-8", "surrogatepass")


def unknown_field(chance: random.Random) -> tuple[str, bytes]:
    """Have a field that no world has."""
    return "field.yaml", f"{WORLD}{chance.choice(['size', 'projets', 'Name', 'on'])}: 1\n".encode()


def cut_yaml(chance: random.Random) -> tuple[str, bytes]:
    """End within the first project."""
    return "cut.yaml", WORLD[: chance.randrange(3, WORLD.index("counts"))].encode()


def bent_csv(chance: random.Random) -> tuple[str, bytes]:
    """Have one row that is none."""
    lines = TABLE.splitlines()
    words = (
        "2026-02-30,shop,1",
        "2026-01-05,shop",
        "x,y,z",
        "2026-01-01,shop,-1",
        "2026-01-01,shop,1.5",
        '"',
    )
    lines.insert(chance.randrange(1, len(lines)), chance.choice(words))
    return "bent.csv", "\n".join(lines).encode()


def another_encoding(chance: random.Random) -> tuple[str, bytes]:
    """Be written in an encoding that is not UTF-8."""
    name, text = chance.choice((("other.yaml", WORLD), ("other.csv", TABLE)))
    return name, ("é" + text).encode(chance.choice(("latin-1", "utf-16", "utf-32")))


def noise(chance: random.Random) -> tuple[str, bytes]:
    """Be no text at all."""
    return chance.choice(("noise.yaml", "noise.csv")), chance.randbytes(chance.randrange(1, 100_000))


def key_file(chance: random.Random) -> tuple[str, bytes]:
    """Be a file of another program, with a secret in it."""
    other = chance.choice(
        (
            f"[default]\naws_secret_access_key = {SECRET}\n",
            f"root:{SECRET}:20000:0:99999:7:::\n",
            f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n",
            f'{{"auths": {{"x": "{SECRET}"}}}}\n',
            f"export TOKEN={SECRET}\n",
        )
    )
    return chance.choice(("other.yaml", "other.csv")), other.encode()


def deep(chance: random.Random) -> tuple[str, bytes]:
    """Be nested deeper than any world, or have more elements."""
    return "deep.yaml", chance.choice(
        (
            "a: " + "[" * 50_000,
            "".join(f"{' ' * level}a:\n" for level in range(900)),
            "projects: [" + "{}, " * 700_000,
            "a: &a [x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n",
        )
    ).encode()


def large(chance: random.Random) -> tuple[str, bytes]:
    """Be larger than a world may be."""
    return "large.yaml", chance.choice((b"# x\n", b"a: b\n", b"\n", b" ")) * (5 << 20)


KINDS: "Final[tuple[Make, ...]]" = (
    *(bent_yaml, unknown_field, cut_yaml, bent_csv, another_encoding, noise, key_file, deep, large),
)
HEAVY: Final = (";", "\t\n", "2026-01-01\n", "a,b,c\n", ",,\n", "é", '"a"\n', "\u00a0\n")


def hostile_files(effort: "Effort") -> list[Row]:
    """Load each file in a process beside this one."""
    with tempfile.TemporaryDirectory() as folder:
        small = list(_written(Path(folder), KINDS, effort))
        row = _row("world files that are broken, bent, or of another kind", _loaded(small))
        heavy = list(_heavy(Path(folder), effort.table_bytes))
        size = f"{effort.table_bytes / 1e6:g} MB"
        return [row, _row(f"tables of {size} that hold nothing", _loaded(heavy))]


def _written(folder: Path, kinds: "tuple[Make, ...]", effort: "Effort") -> "Iterator[Path]":
    chance = random.Random(effort.seed)  # noqa: S311 -- the same files in every run of a seed
    for kind in kinds:
        for number in range(effort.worlds):
            name, content = kind(chance)
            path = folder / f"{kind.__name__}-{number}-{name}"
            path.write_bytes(content)
            yield path


def _heavy(folder: Path, size: int) -> "Iterator[Path]":
    for number, piece in enumerate(HEAVY):
        path = folder / f"heavy-{number}.csv"
        path.write_bytes(b"date,project,count\n" + piece.encode() * (size // len(piece.encode())))
        yield path


def _loaded(files: list[Path]) -> list[tuple[str, str | None, float, float]]:
    """Give, for each file, its name, what was said of it, processor time, and the peak of memory so far."""
    command = [sys.executable, "-c", LOADING, *map(str, files)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    read = [json.loads(line) for line in ended.stdout.splitlines()]
    return [(file.name, *outcome) for file, outcome in zip(files, read, strict=True)]


def _row(tried: str, loaded: list[tuple[str, str | None, float, float]]) -> Row:
    return Row(
        tried=tried,
        attempts=len(loaded),
        problems=problems_of(_problem(name, said) for name, said, _, _ in loaded),
        figures=(
            Line(
                claim="slowest",
                value=max(used_s for _, _, used_s, _ in loaded),
                unit="s of processor time",
                at_most=MOST_S,
            ),
            Line(claim="memory at its peak", value=loaded[-1][3], unit="MiB", at_most=MOST_MIB),
        ),
    )


def _problem(name: str, said: str | None) -> str | None:
    """Hold what was said to: refused, with the file, a remedy, on few lines, and nothing secret."""
    if said is None:
        return f"{name} is taken"
    if said.startswith("Traceback") or name not in said or "try" not in said:
        return f"{name}: {said[:300]}"
    if "hunter2" in said:
        return f"{name}: what is in it is shown: {said[:300]}"
    return f"{name}: {len(said)} characters are said" if len(said) > 2_000 else None
