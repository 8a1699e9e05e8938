"""The forms of the view *control*: what each asks for, and the request to the control API that it becomes.

Rule: a form decides nothing. The control API takes what it says, or says in its own words why not.
"""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from usagetwin.data import world_names
from usagetwin.deviations import faults, variations
from usagetwin.page.filled_in import (
    DETAILS,
    UNITS,
    always,
    as_json,
    of_fault,
    of_list,
    of_play,
    of_policies,
    of_units,
    of_upload,
    only,
)
from usagetwin.policies import POLICIES, PROFILES
from usagetwin.stage.kinds import KINDS, fault_names
from usagetwin.stage.mistakes import MISTAKES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from usagetwin.page.filled_in import Given
    from usagetwin.policies import Policy

ROLES: Final = ("full", "revoked", "forbidden", "throttled")


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


TAKES: Final = {name: detail.takes for kind in KINDS.values() for name, detail in kind.details.items()}
PLAY: Final = "/plays/{play}"


def _values_of(policy: "Policy") -> "Iterable[str]":
    """Give what a policy can be, and nothing for as it is."""
    return ("", *policy.values)


FORMS: "Final[Mapping[str, Form]]" = {
    form.name: form
    for form in (
        Form(
            name="freeze",
            about="Let the clock stand at an instant",
            button="Freeze",
            method="PUT",
            path=f"{PLAY}/clock",
            body=lambda given: {"now": given.get("now", "")},
            fields=(
                Field(
                    name="now",
                    label="Instant",
                    hint="Unix seconds, a date, or an instant in UTC such as 2026-03-17T15:20:00Z",
                    is_needed=True,
                ),
            ),
            done="The clock stands.",
        ),
        Form(
            name="advance",
            about="Let the clock stand later than it is",
            button="Advance",
            method="POST",
            path=f"{PLAY}/clock/advance",
            body=of_units,
            fields=tuple(Field(name=name, label=name.capitalize(), size=5) for name in UNITS),
            done="The clock stands later.",
        ),
        Form(
            name="release",
            about="Let the clock be the machine's",
            button="Release the clock",
            method="PUT",
            path=f"{PLAY}/clock",
            body=always({"now": None}),
            done="The clock is the machine's.",
        ),
        Form(
            name="world",
            about="Let a world that comes with the twin answer",
            button="Change the world",
            method="PUT",
            path=f"{PLAY}/world",
            body=lambda given: {"name": given.get("world", "")},
            fields=(Field(name="world", label="World", kind="select", choices=world_names),),
            done="Another world answers.",
        ),
        Form(
            name="own-world",
            about="Let a world of your own answer",
            button="Take this world",
            method="PUT",
            path=f"{PLAY}/world",
            body=of_upload,
            fields=(
                Field(name="form", label="Form", kind="select", choices=lambda: ("csv", "yaml", "counts")),
                Field(
                    name="world_text",
                    label="Text",
                    kind="area",
                    hint="A table of date,project,count; a world file; or counts as JSON, "
                    'such as {"web": {"2026-03-01": 5}}',
                    is_needed=True,
                ),
            ),
            done="Your world answers.",
        ),
        Form(
            name="policies",
            about="Let another profile hold, and decide policies by name",
            button="Decide",
            method="PATCH",
            path=f"{PLAY}/policies",
            body=of_policies,
            fields=(
                Field(name="profile", label="Profile", kind="select", choices=lambda: ("", *PROFILES)),
                *(
                    Field(
                        name=f"policy-{name}",
                        label=name,
                        kind="text" if policy.counted else "select",
                        choices=partial(_values_of, policy),
                        hint=policy.about,
                    )
                    for name, policy in POLICIES.items()
                ),
            ),
            done="The policies are decided.",
        ),
        Form(
            name="role",
            about="Say what a token may do",
            button="Give the role",
            method="PUT",
            path=f"{PLAY}/role",
            body=only("token", "role"),
            fields=(
                Field(name="token", label="Access token", hint="the play's own, where none is named"),
                Field(name="role", label="Role", kind="select", choices=lambda: ROLES),
            ),
            done="The token has its role.",
        ),
        Form(
            name="allow",
            about="Let requests break rules: these, and no other",
            button="Allow",
            method="PATCH",
            path=PLAY,
            body=of_list,
            fields=(
                Field(
                    name="allow",
                    label="Rules",
                    kind="area",
                    choices=lambda: MISTAKES,
                    hint="ids, apart by spaces or lines",
                ),
            ),
            done="Requests may break these rules.",
        ),
        Form(
            name="deviation",
            about="Let all answers show a fault of the contract's, or a legal variation",
            button="Deviate",
            method="PATCH",
            path=PLAY,
            body=lambda given: {"deviation": given.get("deviation", "").strip() or None},
            fields=(
                Field(
                    name="deviation",
                    label="Fault or variation",
                    kind="list",
                    choices=lambda: (*faults(), *variations()),
                    hint="empty for none",
                ),
            ),
            done="All answers are changed.",
        ),
        Form(
            name="fault",
            about="Show a fault",
            button="Show the fault",
            method="POST",
            path=f"{PLAY}/faults",
            body=of_fault,
            fields=(
                Field(
                    name="name",
                    label="Fault",
                    kind="list",
                    choices=fault_names,
                    hint="a name, or a status from 400 to 599",
                    is_needed=True,
                ),
                Field(name="times", label="Times", size=5, hint="how often; always, where empty"),
                Field(name="chance", label="Chance", size=5, hint="a share from 0 to 1"),
            ),
            more=(
                *(Field(name=name, label=name, size=8, hint=TAKES[name]) for name in DETAILS),
                Field(name="seed", label="seed", size=8, hint="of the chances; a whole number"),
                Field(
                    name="named", label="named", hint="the name that requests are passed on with which get it"
                ),
                Field(
                    name="when",
                    label="when",
                    kind="area",
                    hint="a line for each parameter: NAME=VALUE, or NAME alone for one that must not be",
                ),
            ),
            done="The fault is shown from the next request on.",
        ),
        Form(
            name="remove",
            about="Take one fault back",
            button="Take back",
            method="DELETE",
            path=f"{PLAY}/faults/{{fault}}",
            body=always(None),
            fields=(Field(name="fault", label="Number", kind="hidden"),),
            done="The fault is taken back.",
        ),
        Form(
            name="clear",
            about="Take all faults back",
            button="Take all back",
            method="DELETE",
            path=f"{PLAY}/faults",
            body=always(None),
            done="All faults are taken back.",
        ),
        Form(
            name="record",
            about="Record the requests of the default play, or no more",
            button="Record",
            method="PUT",
            path=f"{PLAY}/journal",
            body=lambda given: {"recording": as_json(given.get("recording", ""))},
            fields=(Field(name="recording", label="Recording", kind="hidden"),),
        ),
        Form(
            name="forget",
            about="Forget all requests, and what they broke",
            button="Forget all requests",
            method="DELETE",
            path=f"{PLAY}/journal",
            body=always(None),
            done="All requests are forgotten.",
        ),
        Form(
            name="make",
            about="Make a play, which answers whoever sends its token",
            button="Make a play",
            method="POST",
            path="/plays",
            body=of_play,
            fields=(
                Field(name="name", label="Name", hint="what it is for, in your words"),
                Field(name="world", label="World", kind="select", choices=lambda: ("", *world_names())),
                Field(name="now", label="Instant", hint="to freeze its clock at"),
                Field(name="profile", label="Profile", kind="select", choices=lambda: ("", *PROFILES)),
                Field(name="longest_wait", label="Longest wait", size=8, hint="seconds, under a fault"),
            ),
        ),
        Form(
            name="reset",
            about="Let the play be as it began",
            button="Reset the play",
            method="POST",
            path=f"{PLAY}/reset",
            body=always(None),
            done="The play is as it began.",
        ),
        Form(
            name="end",
            about="End the play; its token is refused from then on",
            button="End the play",
            method="DELETE",
            path=PLAY,
            body=always(None),
            done="The play has ended.",
        ),
    )
}
