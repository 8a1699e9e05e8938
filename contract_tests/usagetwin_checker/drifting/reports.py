"""What a report of a check says of the rules, read from the JSON that `usagetwin check --json` writes."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from usagetwin.contract.operation import PATH
from usagetwin.errors import FileError, SettingError, readable
from usagetwin_checker.findings import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = "urn:usagetwin:report:1"
FIRST_LINES: Final = 400  # bytes, in which a check writes it
REMEDY: Final = "what `usagetwin check --json FILE` wrote, or a recording"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one rule stands: its status, why it is not judged or not applicable, and what breaks it."""

    status: Status
    reason: str = ""
    finding: str = ""
    answered: frozenset[int] = frozenset()  # the statuses of the finding's answers


NOTHING: Final = Standing(Status.NOT_JUDGED)


@dataclass(frozen=True, slots=True)
class Judged:
    """A report, or what a recording came to.

    `quota` is the policy that a recording's headers tell of, `operation` the path that was asked.
    """

    name: str
    target: str
    verdict: str
    rules: "Mapping[str, Standing]" = field(default_factory=dict)
    quota: str = ""
    operation: str = PATH

    def standing(self, rule_id: str) -> Standing:
        """Give where a rule stands; not judged, where the report is older than the rule."""
        return self.rules.get(rule_id, NOTHING)

    @property
    def judged(self) -> bool:
        """Tell whether anything was put to the test."""
        tested = (Status.HELD, Status.BROKEN, Status.DIFFERS)
        return any(each.status in tested for each in self.rules.values())


def is_report(content: bytes) -> bool:
    """Tell a report from a recording: by its first lines, or as JSON that says so wherever its keys are."""
    if FORMAT.encode() in content[:FIRST_LINES]:
        return True
    if FORMAT.encode() not in content:
        return False
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("format") == FORMAT


def judged_of(content: bytes, name: str, *, quota: str = "", target: str | None = None) -> Judged:
    """Read a report; `target` is who was asked, where it does not say. Raises FileError for a broken one."""
    try:
        document: dict[str, Any] = json.loads(content)
        messages = _findings(document)
        rules = {
            _text(each["rule"]): Standing(
                Status(each["status"]),
                _text(each["reason"] or ""),
                *messages.get(each["rule"], ("", frozenset())),
            )
            for each in document["rules"]
        }
        operation = _text(document["operation"]["path"]) if "operation" in document else PATH
        asked, verdict = target or _target(document["target"]), _text(document["verdict"])
        return Judged(name, asked, verdict, rules, quota, operation)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        problem = f"the report can't be read ({type(error).__name__}: {error})"
        raise FileError(name, None, problem, REMEDY) from None


def refuse_others(before: Judged, after: Judged) -> None:
    """Raise SettingError for two of different operations, of which one says nothing of the other."""
    if before.operation != after.operation:
        each = (f"{judged.name} is of GET {readable(judged.operation)}" for judged in (before, after))
        raise SettingError(", and ".join(each), "two of one operation")


def _findings(document: dict[str, Any]) -> "dict[str, tuple[str, frozenset[int]]]":
    found: dict[str, tuple[str, frozenset[int]]] = {}
    for each in document["findings"]:
        statuses = frozenset(int(exchange["status"]) for exchange in each["conversation"])
        for rule_id in (each["rule"], *each["also"]):
            found.setdefault(rule_id, (_text(each["message"]), statuses))
    return found


def _text(value: object) -> str:
    """Give a text. Raises TypeError for what is none."""
    if not isinstance(value, str):
        problem = f"{value!r} is no text"
        raise TypeError(problem)
    return value


def _target(value: object) -> str:
    """Give who was asked. Raises ValueError for an address that is none."""
    target = _text(value)
    urlsplit(target)
    return target
