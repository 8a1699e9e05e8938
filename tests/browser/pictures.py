"""Make the pictures of the page again, in docs/pictures: each view wide, on a phone, and dark.

They are of one twin, whose clock stands and whose journal has the same requests each time.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from tests.browser.chromium import ABSENT, browsing
from tests.browser.paged import PAGE, VIEWS, Paged
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
NOW: Final = "2026-03-17T15:20:00Z"
LOOKS: Final = {"wide": ("wide", False), "phone": ("phone", False), "dark": ("wide", True)}
TAKEN: Final = {**VIEWS, "query": f"{PAGE}/query?aggregationType=incremental&projectKey=mobile"}
ASKED: Final = (
    "",
    "from=1735689600000",
    "projectKey=moblie",
    "granularity=monthly&aggregationType=incremental",
    "projectKey=mobile&projectKey=checkout",
)
COLOURS: Final = 128
LARGEST: Final = 150_000  # bytes of a picture


def main() -> int:
    """Write all; a picture that is too large is not one for a repository."""
    if ABSENT:
        print(f"usagetwin: {ABSENT}", file=sys.stderr)  # noqa: T201 -- it talks to the terminal
        return 2
    large = [f"{file.name} has {size} bytes" for file, size in written() if size > LARGEST]
    print("\n".join(large) or f"docs/pictures has the page, each below {LARGEST} bytes")  # noqa: T201 -- as above
    return 1 if large else 0


def written() -> "Iterator[tuple[Path, int]]":
    """Take each picture, and give its file and size."""
    with served("--now", NOW, "--quiet") as twin, browsing() as browser:
        page = Paged(twin, browser)
        page.tell("PUT", "/journal", {"recording": True})
        for query in ASKED:
            page.ask(query)
        page.tell("POST", "/faults", {"name": "rate-limited", "times": 3, "when": {"projectKey": "mobile"}})
        page.ask("projectKey=mobile")
        for view, target in TAKEN.items():
            for look, (size, dark) in LOOKS.items():
                browser.fresh()
                browser.look(size, dark=dark)
                page.drawn(view, target)
                file = FOLDER / f"page-{view}-{look}.png"
                browser.picture(file)
                _make_small(file)
                yield file, file.stat().st_size


def _make_small(file: Path) -> None:
    """Keep the colours that a picture needs; a page has few."""
    with Image.open(file) as taken:
        few = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
