"""The forms that say what a play's answers depend on: its clock, its world, its policies, its tokens."""

from functools import partial
from typing import TYPE_CHECKING, Final

from usagetwin.data import world_names
from usagetwin.page.filled_in import UNITS, always, of_policies, of_units, of_upload, only
from usagetwin.page.form import PLAY, Field, Form
from usagetwin.policies import POLICIES, PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin.policies import Policy

ROLES: Final = ("full", "revoked", "forbidden", "throttled")


def _values_of(policy: "Policy") -> "Iterable[str]":
    """Give what a policy can be, and nothing for as it is."""
    return ("", *policy.values)


ANSWER_FORMS: Final = (
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
)
