"""The form of a query comes from the contract: what an overlay changes, it changes."""

from typing import TYPE_CHECKING, Any

from usagetwin.contract import effective_contract
from usagetwin.contract.operation import PATH, operation_of
from usagetwin.page.fields import Field, fields_of, query_string

if TYPE_CHECKING:
    from collections.abc import Callable


def changed(change: "Callable[[list[dict[str, Any]]], object]") -> tuple[Field, ...]:
    """Give the controls for a contract whose parameters were changed."""
    contract = effective_contract()
    parameters = [dict(each) for each in operation_of(contract)["parameters"]]
    change(parameters)
    contract["paths"][PATH]["get"]["parameters"] = parameters
    return fields_of(contract)


def test_each_parameter_has_a_control() -> None:
    """With its values and its default, as the overlay has written them."""
    found = {field.name: field for field in fields_of(effective_contract())}

    assert list(found) == ["from", "to", "projectKey", "granularity", "aggregationType"]
    assert found["granularity"].values == ("daily", "monthly")
    assert found["aggregationType"].default == "month_to_date"
    assert [field.name for field in found.values() if field.repeats] == ["projectKey"]
    assert [field.name for field in found.values() if field.is_instant] == ["from", "to"]


def test_what_a_parameter_is_for_is_told_without_marks() -> None:
    """The document writes some words in bold and as code."""
    about = {field.name: field.about for field in fields_of(effective_contract())}

    assert about["aggregationType"].startswith(
        "Specifies the aggregation method. Defaults to month_to_date. Valid"
    )
    assert not set("*`<") & set("".join(about.values()))


def test_a_value_that_an_overlay_adds_can_be_chosen() -> None:
    """Or another default."""
    schema = {"type": "string", "enum": ["daily", "weekly"], "default": "weekly"}

    (field,) = (
        each for each in changed(lambda old: old[3].update(schema=schema)) if each.name == "granularity"
    )

    assert (field.values, field.default) == (("daily", "weekly"), "weekly")


def test_a_parameter_that_an_overlay_adds_or_takes_away_is_in_the_form_or_not() -> None:
    """A header is no control."""
    more = {"name": "region", "in": "query", "schema": {"type": "string"}}
    header = {"name": "X-Region", "in": "header", "schema": {"type": "string"}}

    names = [field.name for field in changed(lambda old: old.__setitem__(slice(1), [more, header]))]

    assert names == ["region", "to", "projectKey", "granularity", "aggregationType"]


def asked(*sent: tuple[str, str]) -> str:
    """Give what a form asks for."""
    return query_string(sent, fields_of(effective_contract()))


def test_a_form_asks_for_what_is_filled_in() -> None:
    """In the order of the contract; empty controls are left out, and so is what is no parameter."""
    sent = (
        ("play", "1"),
        ("to", ""),
        ("projectKey", "b&c"),
        ("projectKey", "a"),
        ("projectKey", ""),
        ("from", "soon"),
    )

    assert asked(*sent) == "from=soon&projectKey=b%26c&projectKey=a"


def test_a_query_string_is_asked_as_it_stands() -> None:
    """With what no form could say: a parameter twice, an empty one, another's name, and bad escapes."""
    assert asked(("raw", "?from=&from=2&x=%zz&+"), ("to", "1")) == "from=&from=2&x=%zz&+"


def test_what_no_request_line_can_have_is_escaped() -> None:
    """No text that is typed ends a request line, or begins another header."""
    assert (
        asked(("raw", "projectKey=\u202eä b\r\nX: y#z")) == "projectKey=%E2%80%AE%C3%A4%20b%0D%0AX:%20y%23z"
    )
