"""A target that is asked for another operation: its path, and all else as of the target inside."""

from tests.siblings import ERRORS, operations
from usagetwin.contract.operation import PATH, SESSIONS
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.talking.of_operation import at_operation, path_of


class Inside:
    """A target that keeps what it is told."""

    name = "inside"
    loopback = True
    route = None
    token = None

    def __init__(self) -> None:
        """Be told nothing yet."""
        self.told: list[str] = []

    def send(self, ask: Ask) -> Exchange:
        """Keep what is asked."""
        self.told.append(ask.target)
        return Exchange(ask, 1, 0.0, 0.0, 200)

    def interrupt(self) -> None:
        """Keep that it was interrupted."""
        self.told.append("interrupt")

    def close(self) -> None:
        """Keep that it was closed."""
        self.told.append("close")


def test_each_request_goes_to_the_operation_s_path() -> None:
    """And its exchange says so, while it counts as the same request."""
    (errors,) = operations(ERRORS)
    inside, ask = Inside(), Ask((("from", "1"),), suffix="/")
    target = at_operation(inside, errors)

    exchange = target.send(ask)
    target.interrupt()
    target.close()

    assert inside.told == [f"{ERRORS}/?from=1", "interrupt", "close"]
    assert exchange.ask == ask
    assert exchange.ask.target != ask.target
    assert (target.name, path_of(target)) == ("inside", ERRORS)


def test_the_vendored_operation_takes_no_part_in_between() -> None:
    """The target is the very same."""
    inside = Inside()

    assert at_operation(inside, SESSIONS) is inside
    assert path_of(inside) == PATH
