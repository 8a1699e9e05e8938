"""The forms of the view *control*, by name.

Rule: a form decides nothing. The control API takes what it says, or says in its own words why not.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.page.answer_forms import ANSWER_FORMS
from usagetwin.page.fault_forms import FAULT_FORMS
from usagetwin.page.play_forms import PLAY_FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.page.form import Form

FORMS: "Final[Mapping[str, Form]]" = {form.name: form for form in (*ANSWER_FORMS, *FAULT_FORMS, *PLAY_FORMS)}
