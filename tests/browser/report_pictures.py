"""Make the pictures of a report as a page again, in docs/pictures: wide, on a phone, and dark.

`python -m tests.browser.report_pictures` writes them. They are of a check that fails, each run of which finds
the same.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from tests.browser.chromium import ABSENT, browsing
from tests.checker.honest import checked
from usagetwin_checker.reporting.page.check_page import check_page

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
NOW: Final = "2026-03-17T15:20:00Z"
LOOKS: Final = {  # of each, its size, whether it is dark, and where the page is scrolled to
    "wide": ("wide", False, "scrollTo(0, 70)"),
    "phone": ("phone", False, "document.querySelector('.finding .here').scrollIntoView()"),
    "dark": ("wide", True, "scrollTo(0, 70)"),
}
LARGEST: Final = 200_000  # bytes of a picture


def main() -> int:
    """Write all; a picture that is too large is not one for a repository."""
    if ABSENT:
        sys.stderr.write(f"usagetwin: {ABSENT}\n")
        return 2
    large = [f"{file.name} has {size} bytes\n" for file, size in written() if size > LARGEST]
    sys.stdout.writelines(large or [f"docs/pictures has the report, each below {LARGEST} bytes\n"])
    return 1 if large else 0


def written() -> "Iterator[tuple[Path, int]]":
    """Take each picture, and give its file and size."""
    report = checked(budget=60, now=NOW, deviation="rolling-of-31-days")
    with TemporaryDirectory() as folder, browsing() as browser:
        page = Path(folder) / "report.html"
        page.write_text(check_page(report), encoding="utf-8")
        for look, (size, dark, scrolled) in LOOKS.items():
            browser.fresh()
            browser.look(size, dark=dark)
            browser.open(page.as_uri())
            browser.run(scrolled)
            browser.one("#chart-finding-1[data-drawn=true]")
            file = FOLDER / f"report-{look}.png"
            browser.picture(file)
            yield file, file.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
