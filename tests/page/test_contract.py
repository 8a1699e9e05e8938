"""The view *contract*, without a browser."""

import json
import re

import pytest

from tests.page.paged import HOST, paged
from usagetwin.contract import effective_contract, render, rules
from usagetwin.contract.document import DOCUMENT_PAGE
from usagetwin.page.files import SWAGGER

VIEW = "/__twin__/page/contract"


def test_all_rules_and_sentences_are_there_and_lead_to_one_another() -> None:
    """Each link within the view has its place in it."""
    document = paged().document(VIEW)
    source = re.sub(r"\s+", " ", document.source)

    places = {str(attributes["id"]) for _, attributes in document.elements if "id" in attributes}
    links = {str(each["href"])[1:] for each in document.all("a") if str(each["href"]).startswith("#")}
    assert links <= places
    assert {f"rule-{each}" for each in rules()} <= places & links
    assert len(places) == len([1 for _, attributes in document.elements if "id" in attributes])
    sentence = next(cells for cells in document.rows if len(cells) == 3 and "Unix seconds" in cells[1])
    assert "from-is-unix-seconds" in sentence[2]
    assert "none: " in source
    assert DOCUMENT_PAGE in [each["href"] for each in document.all("a")]


def test_no_place_of_this_machine_is_in_it() -> None:
    """Rules cite files by their names."""
    assert "/usagetwin/" not in paged().document(VIEW).source.replace("/__twin__/", "")


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_effective_contract_can_be_had(form: str) -> None:
    """As the command writes it."""
    answer = paged().get(f"{VIEW}/openapi.{form}", HOST)

    assert (answer.status, answer.header("content-type")) == (200, f"application/{form}")
    assert answer.body.decode() == render("3.1", form)


def test_it_can_be_had_in_no_other_form() -> None:
    """Which is not found."""
    assert paged().get(f"{VIEW}/openapi.xml", HOST).status == 404


def test_the_reference_is_drawn_from_the_effective_contract() -> None:
    """By a script of the twin's own files; without scripts it leads to what needs none."""
    twin = paged()
    document = twin.document(f"{VIEW}/reference")

    place = next(each for each in document.all("div") if each.get("id") == "reference")
    described = twin.get(str(place["data-described"]), HOST)
    assert json.loads(described.body)["paths"] == effective_contract()["paths"]
    loaded = [
        *(each["src"] for each in document.all("script")),
        *(each["href"] for each in document.all("link")),
    ]
    for name in (*SWAGGER, "reference.js", "reference.css"):
        url = next(str(each) for each in loaded if str(each).endswith(f"/{name}"))
        assert twin.get(url, HOST).status == 200
    assert f"{VIEW}#parameters" in [each["href"] for each in document.all("a")]
