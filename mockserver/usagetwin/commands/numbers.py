"""Numbers on a command line: what `float` reads and no option can mean is refused."""

import math
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click import Context, Parameter


class FiniteRange(click.FloatRange):
    """A range of numbers that are finite."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 -- as click has it
        param: "Parameter | None",
        ctx: "Context | None",
    ) -> float:
        """Read a number. Raises click's error for one that is none, not finite, or out of range."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is no finite number; give one such as 1.", param, ctx)
        return number
