"""What a form of the view *control* is: what it asks for, and the request that it becomes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from usagetwin.page.filled_in import Given

PLAY: Final = "/plays/{play}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a form asks for: `kind` is text, select, area, list or hidden."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: "Callable[[], Iterable[str]]" = tuple
    is_needed: bool = False
    size: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One thing that can be said to a play, by the method and path of the control API."""

    name: str
    about: str
    button: str
    method: str
    path: str
    body: "Callable[[Given], Any]"
    fields: tuple[Field, ...] = ()
    more: tuple[Field, ...] = ()  # what is seldom wanted
    done: str = ""  # what is said when it is
