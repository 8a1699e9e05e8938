"""The forms that say what becomes of plays and journals: made, recorded, forgotten, ended."""

from typing import Final

from usagetwin.data import world_names
from usagetwin.page.filled_in import always, as_json, of_play
from usagetwin.page.form import PLAY, Field, Form
from usagetwin.policies import PROFILES

PLAY_FORMS: Final = (
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
