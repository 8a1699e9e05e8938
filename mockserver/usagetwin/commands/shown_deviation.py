"""Which deviation a twin shows, as `--fault` and `--variation` name it: one of them, or none."""

from typing import TYPE_CHECKING

from usagetwin.errors import SettingError, nearby

if TYPE_CHECKING:
    from collections.abc import Sequence


def shown_deviation(faults: "Sequence[str]", variations: "Sequence[str]") -> str | None:
    """Give the name of the deviation to show, if there is one. Raises SettingError."""
    named = [f"--fault {name}" for name in faults] + [f"--variation {name}" for name in variations]
    if len(named) > 1:
        problem = f"a twin shows one deviation, and {len(named)} are given: {' '.join(named)}"
        raise SettingError(problem, f"{named[0]} alone; a second twin can show another")
    if not named:
        return None
    from usagetwin.deviations import faults as all_faults
    from usagetwin.deviations import variations as all_variations

    kind, name, known = (
        ("fault", faults[0], all_faults()) if faults else ("variation", variations[0], all_variations())
    )
    if name not in known:
        _refuse_of_the_wire(name)
        problem = f"there is no {kind} {name!r}"
        raise SettingError(problem, nearby(name, known))
    return name


def _refuse_of_the_wire(name: str) -> None:
    """Raise SettingError for a fault that is told to a twin that runs, and shown to some requests."""
    from usagetwin.stage.kinds import KINDS

    if name in KINDS:
        problem = f"{name!r} is a fault of wire or HTTP, which a twin is told while it runs"
        raise SettingError(problem, f"usagetwin control fault {name}")
