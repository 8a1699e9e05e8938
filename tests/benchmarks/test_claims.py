"""Lines of the table: when a bar is cleared, and how figures read."""

import pytest

from benchmarks.claims import Line, figure


@pytest.mark.parametrize(("value", "kept"), [(0.79, False), (0.8, True), (1.2, True)])
def test_a_lower_bar_is_cleared_from_its_value_on(value: float, kept: bool) -> None:  # noqa: FBT001 -- a column of the table above
    """`at_least` includes the bar itself."""
    assert Line(claim="x", value=value, at_least=0.8).kept is kept


@pytest.mark.parametrize(("value", "kept"), [(0, True), (1, False)])
def test_an_upper_bar_of_zero_is_a_bar(value: float, kept: bool) -> None:  # noqa: FBT001 -- a column of the table above
    """No failure at all is what some lines ask for."""
    assert Line(claim="x", value=value, at_most=0).kept is kept


def test_a_line_without_a_bar_is_neither_kept_nor_missed() -> None:
    """It is there to be compared with."""
    line = Line(claim="x", value=3)

    assert line.kept is None
    assert (line.bar, line.mark) == ("", "")


def test_a_bar_has_the_unit_of_its_figure() -> None:
    """Both can be read side by side."""
    line = Line(claim="x", value=0.456, unit="s", at_most=0.7)

    assert (line.measured, line.bar, line.mark) == ("0.456 s", "<= 0.7 s", "ok")


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (7, "7"), (0.6789, "0.679"), (12.345, "12.3"), (28123.4, "28,123")]
)
def test_figures_have_three_digits_and_are_whole_from_a_hundred_on(value: float, text: str) -> None:
    """More digits would only be noise."""
    assert figure(value) == text
