"""Tests of what changed in a document, and whom it breaks."""

import json
from typing import Any, Final

import pytest
import yaml

from tests.checker.drifting.editions import (
    AUTHORIZATION,
    GRANULARITY,
    LIMIT,
    TEXT,
    TWELVE,
    drift_of,
    edited,
    kinds_of,
    listing,
)
from usagetwin.contract import effective_contract, projected_contract
from usagetwin.contract.document import at_pointer
from usagetwin.errors import FileError
from usagetwin_checker.drifting.changes import Kind

KEYS: Final = TEXT[TEXT.index("            one query parameter") : TEXT.index("        - name: granularity")]
IN_A_HEADER: Final = "apiKey in header authorization"
OF_200: Final = """            application/json:
              schema:
                $ref: '#/components/schemas/SeriesListRep'
"""


def whole(**changes: Any) -> str:  # noqa: ANN401 -- any JSON
    """Give the document as JSON, with other parts at its top."""
    return json.dumps({**yaml.safe_load(TEXT), **changes})


def test_the_same_document_did_not_change() -> None:
    """Neither as it is, nor as JSON."""
    assert kinds_of(TEXT) == []
    assert kinds_of(whole()) == []


@pytest.mark.parametrize(("text", "kind"), TWELVE.values(), ids=TWELVE)
def test_each_of_twelve_changes_is_one_change_of_its_kind(text: str, kind: str) -> None:
    """Six of them break who keeps to the old document."""
    assert [found for found, _ in kinds_of(text)] == [kind]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("format: string", "format: date", ("breaking", 'from has format "date"')),
        (
            "            format: string\n",
            "            maxLength: 10\n",
            ("breaking", "from has maxLength 10"),
        ),
        ("            format: string\n", "", None),
        (
            AUTHORIZATION,
            LIMIT.replace("schema", "required: true\n          schema") + AUTHORIZATION,
            ("breaking", "the parameter limit is new, and required"),
        ),
        (
            "        '429':\n",
            "        '503': {description: Busy}\n        '429':\n",
            ("new", "the answer 503 is new"),
        ),
        (
            "  - url: https://app.launchdarkly.us\n",
            "",
            ("breaking", "the server https://app.launchdarkly.us is gone"),
        ),
        (
            "  - url: https://app.launchdarkly.us\n",
            "  - url: https://app.launchdarkly.us\n  - url: https://eu.example\n",
            ("new", "the server https://eu.example is new"),
        ),
        (
            "      name: Authorization\n",
            "      name: X-Key\n",
            ("breaking", "the credential ApiKey (apiKey in header authorization) is gone"),
        ),
        (
            "      tags:\n",
            "      deprecated: true\n      tags:\n",
            ("compatible", "deprecated of the operation is true, and was null"),
        ),
        (
            "      tags:\n",
            "      security: [{OAuth: []}]\n      tags:\n",
            ("breaking", "a request needs the credential OAuth, and needed apiKey in header authorization"),
        ),
        (
            "      tags:\n",
            "      requestBody: {required: true}\n      tags:\n",
            ("breaking", "a request needs a body"),
        ),
        (
            "      tags:\n",
            "      requestBody: {content: {}}\n      tags:\n",
            ("new", "a request may have a body"),
        ),
        (
            "          description: Usage response\n",
            "          description: Usage response\n          headers: {Age: {schema: {type: integer}}}\n",
            ("new", "the answer 200 has the header Age"),
        ),
        (
            "          in: query\n",
            "          in: query\n          style: spaceDelimited\n",
            ("breaking", 'style of the parameter from is "spaceDelimited"'),
        ),
        (
            "          in: query\n",
            "          in: query\n          deprecated: true\n",
            ("compatible", "the parameter from is deprecated"),
        ),
        (
            "      additionalProperties:\n        type: integer\n",
            "      additionalProperties: true\n",
            ("breaking", "type of 200.series[].* is gone"),
        ),
        (
            "        type: integer\n",
            "        type: [integer, 'null']\n",
            ("breaking", 'type of 200.series[].* is ["integer", "null"], and was "integer"'),
        ),
        (
            "        type: integer\n",
            "        type: integer\n        nullable: true\n",
            ("breaking", 'type of 200.series[].* is ["integer", "null"], and was "integer"'),
        ),
        (
            "        type: integer\n",
            "        type: integer\n        sorted: true\n",
            ("breaking", "200.series[].* has sorted true"),
        ),
        (
            "          schema:\n            type: string\n            format: string\n        - name: to\n",
            "        - name: to\n",
            ("breaking", "the parameter from has no schema"),
        ),
        (
            "            format: string\n",
            "            default: '0'\n",
            ("breaking", 'from has default "0"'),
        ),
        (
            "  title: LaunchDarkly REST API\n",
            "  title: LaunchDarkly REST interface\n",
            ("prose-only", "a sentence is reworded"),
        ),
    ],
)
def test_a_change_has_its_kind(old: str, new: str, expected: tuple[str, str] | None) -> None:
    """Requests may be more, answers less; what LaunchDarkly writes for any string says nothing."""
    assert kinds_of(edited(old, new)) == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        ("[{ApiKey: []}]", []),
        ("[]", [("compatible", "a request needs the credential none, and needed " + IN_A_HEADER)]),
        ("[{}]", [("compatible", "a request needs the credential none, and needed " + IN_A_HEADER)]),
        (
            "[{}, {ApiKey: []}]",
            [
                (
                    "compatible",
                    f"a request needs the credential {IN_A_HEADER} or none, and needed {IN_A_HEADER}",
                )
            ],
        ),
        (
            "[{ApiKey: [], Bearer: []}]",
            [
                (
                    "breaking",
                    f"a request needs the credential {IN_A_HEADER} and http bearer, and needed {IN_A_HEADER}",
                )
            ],
        ),
    ],
)
def test_what_a_request_needs_is_told_by_its_ways(security: str, expected: list[tuple[str, str]]) -> None:
    """One of some, each of one credential or more, or none; who has the old one may go on or not."""
    document = yaml.safe_load(TEXT)
    document["components"]["securitySchemes"]["Bearer"] = {"type": "http", "scheme": "Bearer"}
    operation = next(iter(document["paths"].values()))["get"]
    operation["security"] = yaml.safe_load(security)
    operation["parameters"].pop()

    assert [each for each in kinds_of(json.dumps(document)) if "credential" in each[1]] == expected


@pytest.mark.parametrize("security", ["5", "['x', 3]", "{ApiKey: []}", "ApiKey"])
def test_what_is_no_list_of_credentials_is_refused(security: str) -> None:
    """At the operation and at the document, by where it is; nothing is guessed of it."""
    for old, new in (("      tags:\n", "      "), ("servers:\n", "")):
        with pytest.raises(FileError, match=r"security is .*, and no list of credentials"):
            drift_of(edited(old, f"{new}security: {security}\n{old}"))


FORM: Final = (
    "style: form\n          explode: true\n          allowReserved: false\n          allowEmptyValue: false"
)
REFERRED: Final = "$ref: '#/components/schemas/"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("          in: query\n", f"          in: query\n          {FORM}\n          deprecated: false\n"),
        ("      tags:\n", "      deprecated: false\n      tags:\n"),
        ("            format: string\n", "            minLength: 0\n"),
        ("        type: integer\n", "        type: integer\n        deprecated: false\n"),
        ("      required:\n        - _links", "      minProperties: 0\n      required:\n        - _links"),
        (f"{REFERRED}SeriesListRep'", f"allOf: [{{{REFERRED}SeriesListRep'}}]"),
        (f"{REFERRED}SeriesTimeSliceRep'", f"allOf: [{{allOf: [{{{REFERRED}SeriesTimeSliceRep'}}]}}]"),
    ],
)
def test_what_says_nothing_is_no_change(old: str, new: str) -> None:
    """What OpenAPI and JSON Schema take for granted, written out; a schema that is all of one."""
    assert kinds_of(edited(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "      additionalProperties:\n        type: integer\n",
            """      properties: {time: {type: integer}}
      required: [time]
      additionalProperties:
        type: integer
""",
            ['200.series[] has required ["time"]', "the schema has 200.series[].time, as the prose says"],
        ),
        (
            KEYS,
            KEYS.replace("string", "array\n            items: {type: string}", 1).replace(
                "format: string", ""
            ),
            ['type of projectKey is "array", and was "string"'],
        ),
        (
            "      title: InvalidRequestErrorRep\n",
            "      title: InvalidRequestErrorRep\n      additionalProperties: false\n",
            ["400 has no other fields"],
        ),
    ],
    ids=["time", "projectKey", "no other fields"],
)
def test_who_keeps_to_the_prose_keeps_to_a_schema_that_says_a_part_of_it(
    old: str, new: str, expected: list[str]
) -> None:
    """What the overlay alone says beyond that is not gone, since the document never had it."""
    text = edited(old, new)

    assert kinds_of(text) == [("compatible", about) for about in expected]
    for change in drift_of(text).changes:
        assert change.after is not None
        at_pointer(yaml.safe_load(text), change.after)


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("maxItems: 9", [("compatible", "200 has maxItems 9 beside its $ref")]),
        ("unheard: 9", [("breaking", "200 has unheard 9 beside its $ref")]),
        ("properties: {}", [("breaking", "200 has properties {} beside its $ref")]),
        ("type: object", []),
        ("title: Another", []),
        ("minProperties: 0", []),
    ],
)
def test_a_keyword_beside_a_reference_holds_as_well(beside: str, expected: list[tuple[str, str]]) -> None:
    """In 3.1; 3.0 ignores it."""
    text = edited(f"{REFERRED}SeriesListRep'", f"{REFERRED}SeriesListRep'\n                {beside}")

    assert kinds_of(text) == expected
    assert kinds_of(text.replace("openapi: 3.1.0", "openapi: 3.0.3")) == []


def test_words_beside_an_all_of_of_one_are_those_of_its_schema() -> None:
    """As 3.0 has to write them; the parts are found where they went."""
    whole = "          type: array\n          items:\n            " + f"{REFERRED}SeriesTimeSliceRep'\n"
    folded = f"          allOf:\n            - {{type: array, items: {{{REFERRED}SeriesTimeSliceRep'}}}}\n"

    found = drift_of(edited(whole, folded))

    assert found.changes == ()
    series = "/components/schemas/SeriesListRep/properties/series"
    assert found.pointers[series] == f"{series}/allOf/0"


def test_an_answer_of_another_form_is_gone_and_new() -> None:
    """Who reads JSON can't read it."""
    assert kinds_of(edited(OF_200, OF_200.replace("application/json", "text/csv"))) == [
        ("breaking", "the answer 200 is no application/json"),
        ("new", "the answer 200 may be text/csv"),
    ]


UNLIKE: Final = "200.series[].label is new, and is not as other fields are: "
SLICE: Final = "    SeriesTimeSliceRep:\n      type: object\n"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            "label: {type: string}",
            (
                "breaking",
                f'{UNLIKE}type of 200.series[].label is "string", and was "integer"',
            ),
        ),
        (
            "label: {description: At most a year.}",
            (
                "breaking",
                f"{UNLIKE}type of 200.series[].label is gone",
            ),
        ),
        ("total: {type: integer, maximum: 9}", ("new", "200.series[].total is new")),
    ],
)
def test_a_new_field_is_what_any_field_was_said_to_be(field: str, expected: tuple[str, str]) -> None:
    """Each field of a data point is an integer, whatever its name; whoever adds them up relies on it."""
    text = edited(SLICE, f"{SLICE}      properties:\n        {field}\n")

    (change,) = drift_of(text).changes

    assert (change.kind, change.about) == expected
    assert ("values-are-integers" in change.rules) is (change.kind is Kind.BREAKING)


@pytest.mark.parametrize(
    ("value", "kind"), [("daily", "compatible"), ("monthly", "breaking")], ids=["the prose's", "another"]
)
def test_a_default_is_the_one_of_the_prose_or_breaks(value: str, kind: str) -> None:
    """Who leaves the parameter out gets something else; as with the prose's defaults of time."""
    text = edited(GRANULARITY, GRANULARITY.replace("format: string", f"default: {value}"))

    assert [found for found, _ in kinds_of(text)] == [kind]


def test_data_points_that_may_have_no_counts_break() -> None:
    """A schema that allows nothing is none that allows less."""
    text = edited(
        "      additionalProperties:\n        type: integer\n", "      additionalProperties: false\n"
    )

    assert {kind for kind, _ in kinds_of(text)} == {"breaking"}


@pytest.mark.parametrize("status", ["200", "429"])
def test_an_answer_that_goes_breaks_where_it_is_the_one_that_is_wanted(status: str) -> None:
    """A refusal that is not given any more breaks nobody."""
    document = yaml.safe_load(TEXT)
    del next(iter(document["paths"].values()))["get"]["responses"][status]
    kind = "breaking" if status == "200" else "compatible"

    assert kinds_of(json.dumps(document)) == [(kind, f"the answer {status} is gone")]


@pytest.mark.parametrize("contract", [effective_contract(), projected_contract()], ids=["3.1", "3.0"])
def test_what_the_overlay_says_of_the_prose_breaks_nobody(contract: dict[str, Any]) -> None:
    """The effective contract, as 3.1 and as 3.0, is the old document with more in its schemas."""
    found = drift_of(json.dumps(contract)).changes

    assert {change.kind for change in found} == {Kind.COMPATIBLE, Kind.NEW}
    assert [change.about for change in found if change.kind is Kind.NEW] == [
        "the answer 405 is new",
        "the answer 500 is new",
    ]


def test_a_schema_by_another_name_is_the_same() -> None:
    """Only its title changed, if anything, and its parts are found where they went."""
    found = drift_of(TEXT.replace("SeriesTimeSliceRep", "SliceRep"))

    assert [change.kind for change in found.changes] == [Kind.PROSE]
    old = "/components/schemas/SeriesTimeSliceRep/additionalProperties/type"
    assert found.pointers[old] == old.replace("SeriesTimeSliceRep", "SliceRep")


SAID: Final = "          description: At most a year.\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    get:\n", "    description: At most a year.\n    get:\n"),
        ("    ApiKey:\n", "    ApiKey:\n      description: At most a year.\n"),
        (
            "  - url: https://app.launchdarkly.us\n",
            "  - url: https://app.launchdarkly.us\n    " + SAID.lstrip(),
        ),
        ("            $ref:", "            description: At most a year.\n                $ref:"),
        ("          in: header\n", "          in: header\n" + SAID),
        ("  version: 1.0.0\n", "  version: 1.0.0\n  description: At most a year.\n"),
    ],
)
def test_a_sentence_is_told_wherever_it_stands(old: str, new: str) -> None:
    """At the path, at a scheme, at a server, beside a reference: where nothing else is compared."""
    text = edited(old, new)

    (change,) = drift_of(text).changes

    assert (change.kind, change.about, change.is_) == (Kind.PROSE, "a sentence is new", "At most a year.")
    assert change.after is not None
    assert at_pointer(yaml.safe_load(text), change.after) == "At most a year."


def test_of_a_whole_document_what_is_said_of_other_operations_is_nothing_new() -> None:
    """Nor is what introduces all of them; what is said of the path, or of a credential, is."""
    document = yaml.safe_load(TEXT)
    document["info"]["description"] = "Welcome to all of it."
    item = next(iter(document["paths"].values()))
    item["put"] = document["paths"]["/api/v2/flags"] = {"get": {"description": "Lists flags."}}
    item["description"] = "At most a year."
    document["components"]["securitySchemes"]["ApiKey"]["description"] = "Tokens expire."

    found = drift_of(json.dumps(document)).changes

    assert [change.is_ for change in found] == ["At most a year.", "Tokens expire."]


def test_a_sentence_of_what_came_or_went_is_no_change_of_its_own() -> None:
    """The part that it is about tells of it."""
    came = edited(
        AUTHORIZATION, LIMIT.replace("schema", "description: At most 100.\n          schema") + AUTHORIZATION
    )

    assert kinds_of(came) == [("new", "the parameter limit is new, and optional")]


def test_the_header_that_a_scheme_stands_for_is_told_where_it_goes() -> None:
    """The contract cites it; a request needs the same as before."""
    document = yaml.safe_load(TEXT)
    operation = next(iter(document["paths"].values()))["get"]
    operation["parameters"].pop()
    operation["security"] = [{"ApiKey": []}]

    assert kinds_of(json.dumps(document)) == [
        ("compatible", "the parameter Authorization is gone, which a security scheme stands for")
    ]


def test_parameters_of_the_path_are_those_of_the_operation() -> None:
    """Where they stand changes nothing."""
    document = yaml.safe_load(TEXT)
    item = next(iter(document["paths"].values()))
    item["parameters"] = item["get"].pop("parameters")

    assert kinds_of(json.dumps(document)) == []


def test_other_operations_are_counted_and_not_looked_at() -> None:
    """LaunchDarkly's whole document has hundreds."""
    document = yaml.safe_load(TEXT)
    document["paths"]["/api/v2/flags"] = {"get": {}, "post": {}, "parameters": [], "summary": "Flags"}
    next(iter(document["paths"].values()))["description"] = "Usage."

    assert drift_of(json.dumps(document)).passed_over == 2


def test_a_change_names_the_rules_that_rest_on_what_changed() -> None:
    """Of a schema those that cite it, of a sentence those that quote it, of words alone none."""
    (sentence,) = drift_of(TWELVE["a sentence goes"][0]).changes
    (number,) = drift_of(TWELVE["values may have fractions"][0]).changes
    (listed,) = drift_of(listing("daily")).changes
    (title,) = drift_of(TEXT.replace("SeriesTimeSliceRep", "SliceRep")).changes

    assert sentence.rules == ("to-defaults-to-now", "explicit-default-changes-nothing")
    assert {"values-are-integers", "values-not-negative", "slice-has-key-fields"} <= set(number.rules)
    assert {"granularity-is-documented", "enum-exact-spelling"} <= set(listed.rules)
    assert title.rules == ()
