"""The pictures of the README show what the commands print, and load nothing from elsewhere."""

import html
import re
from pathlib import Path

import pytest

from tests.project.pictures import FOLDER, THEMES, pictures, plain, steady, svg

NAMES = ("finding", "failing-test")
FILES = [FOLDER / f"{name}-{theme}.svg" for name in NAMES for theme in THEMES]
ELSEWHERE = re.compile(r"@import|href|src:|url\((?!#)|<image|<script|<foreignObject")


def drawn(file: Path) -> str:
    """Give the words of a picture, without any space: lines are broken where the picture ends."""
    matrix = re.search(r'<g class="[a-z]+-[a-z]+-matrix">(.*?)</g>', file.read_text("utf-8"), re.DOTALL)
    assert matrix is not None
    return without_spaces(html.unescape("".join(re.findall(r"<text [^>]*>([^<]*)</text>", matrix[1]))))


def without_spaces(text: str) -> str:
    """Give the words of a text as one."""
    return "".join(steady(text.replace("\xa0", " ")).split())


def test_the_pictures_show_what_is_printed_today() -> None:
    """Otherwise `make pictures` makes them again."""
    made = {name: steady(plain(text)) for name, _, text in pictures()}

    assert {name: steady((FOLDER / f"{name}.txt").read_text("utf-8")) for name in NAMES} == made


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_picture_says_what_its_text_says(file: Path) -> None:
    """Dark and light, word for word."""
    text = file.with_name(f"{file.stem.rpartition('-')[0]}.txt").read_text("utf-8")

    assert drawn(file) == without_spaces(text)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_picture_loads_nothing(file: Path) -> None:
    """No font, image, style or script comes from anywhere."""
    assert ELSEWHERE.findall(file.read_text("utf-8")) == []


def test_a_long_line_is_not_cut(tmp_path: Path) -> None:
    """It goes on in the next line of the picture."""
    file = tmp_path / "long-dark.svg"
    text = " ".join(f"word{number}" for number in range(60)) + "x" * 300

    file.write_text(svg(text, "long", "dark"), encoding="utf-8")

    assert drawn(file) == without_spaces(text)
