"""How a test's changes lie one upon the other: the later decides, and each can be taken away at any time."""

from dataclasses import dataclass, fields
from functools import reduce
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.stage.play import Play
    from usagetwin.stage.setup import Setup
    from usagetwin_checker.testing.distant_play import DistantPlay

__tracebackhide__ = True  # a test's mistake is shown where the test makes it


class Change:
    """Something that a test changed. It acts at once; `undo`, or the end of a `with` block, takes it back."""

    def __init__(self, undo: "Callable[[], None]") -> None:
        """Take what takes it back, and does nothing where that has been done."""
        self._undo = undo

    def undo(self) -> None:
        """Take the change back, whatever else changed since; a second time does nothing."""
        self._undo()

    def __enter__(self) -> Self:
        """Keep the change for a block."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Take it back."""
        self.undo()


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One change: what it makes of the setup below it."""

    over: "Callable[[Setup], Setup]"


class Layers:
    """The changes of one test, over the setup that it began with. Any thread may lay and lift them."""

    def __init__(self, play: "Play | DistantPlay") -> None:
        """Begin with the play as it is."""
        self._play: Final = play
        self._base: Final = play.setup
        self._layers: tuple[Layer, ...] = ()
        self._lock: Final = Lock()

    def lay(self, layer: Layer) -> Change:
        """Lay a change over all others. Raises SettingError, and changes nothing, where that can't be."""
        with self._lock:
            self._show((*self._layers, layer))
        return Change(lambda: self._lift(layer))

    def _lift(self, layer: Layer) -> None:
        with self._lock:
            self._show(tuple(each for each in self._layers if each is not layer))

    def _show(self, layers: tuple[Layer, ...]) -> None:
        current = self._play.setup
        setup = reduce(lambda below, layer: layer.over(below), layers, self._base)
        values = {field.name: getattr(setup, field.name) for field in fields(setup)}
        changes = {name: value for name, value in values.items() if value != getattr(current, name)}
        if changes:
            self._play.change(**changes)
        self._layers = layers
