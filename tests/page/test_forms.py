"""The forms are the control API's resources, and nothing else is."""

from usagetwin.control.api import METHODS
from usagetwin.data import openapi_folder
from usagetwin.page.forms import FORMS
from usagetwin.yaml_reader import typed


def test_each_form_is_an_operation_of_the_control_api() -> None:
    """And each operation that changes something has a form."""
    document = typed((openapi_folder() / "control.yaml").read_text(encoding="utf-8"))
    operations = {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method in item
        if method in METHODS - {"get"}
    }

    assert {(form.method, form.path) for form in FORMS.values()} == operations


def test_each_form_says_what_it_does() -> None:
    """With a name of its own, and fields whose names are theirs alone."""
    assert all(name == form.name and form.about and form.button for name, form in FORMS.items())
    for form in FORMS.values():
        names = [each.name for each in (*form.fields, *form.more)]
        assert len(names) == len(set(names))


def test_the_choices_are_what_there_is() -> None:
    """Of worlds, faults and policies."""
    choices = {
        (form.name, each.name): list(each.choices())
        for form in FORMS.values()
        for each in (*form.fields, *form.more)
    }

    assert "business-week" in choices["world", "world"]
    assert {"reset", "rate-limited"} <= set(choices["fault", "name"])
    assert choices["policies", "policy-beta"] == ["", "ignored", "required"]
    assert choices["role", "role"] == ["full", "revoked", "forbidden", "throttled"]
    assert len(choices["deviation", "deviation"]) > 400
