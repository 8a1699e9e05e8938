"""The forms that say what a play does wrong, and what its requests may."""

from typing import Final

from usagetwin.deviations import faults, variations
from usagetwin.page.filled_in import DETAILS, always, of_fault, of_list
from usagetwin.page.form import PLAY, Field, Form
from usagetwin.stage.kinds import KINDS, fault_names
from usagetwin.stage.mistakes import MISTAKES

TAKES: Final = {name: detail.takes for kind in KINDS.values() for name, detail in kind.details.items()}

FAULT_FORMS: Final = (
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
            Field(name="named", label="named", hint="the name that requests are passed on with which get it"),
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
)
