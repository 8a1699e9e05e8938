"""How files and documents leave: what may be kept, what is compressed, and what a browser may do with it."""

import gzip
import re
from importlib.util import find_spec
from pathlib import Path

import brotli
import pytest

from tests.page.paged import BROWSER, paged
from usagetwin.page import files as page_files
from usagetwin.page.files import PLOTLY, files
from usagetwin.page.headers import SECURITY

POLICY = (
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def url(name: str) -> str:
    """Give the URL of a file, as documents have it."""
    return f"/__twin__/page/static/{files().digest}/{name}"


@pytest.mark.parametrize(
    "target",
    ["/", "/?series=weekly", "/?play=7", "/__twin__/page/x", "/__twin__/page/account/total", url("page.css")],
)
def test_every_answer_has_the_policy(target: str) -> None:
    """Also one that refuses."""
    answer = paged().get(target)

    assert answer.header("content-security-policy") == POLICY
    assert {name: answer.header(name) for name in SECURITY} == SECURITY


def test_a_document_runs_nothing_that_stands_in_it() -> None:
    """The policy would stop it: all scripts and styles are files, and data are no script."""
    document = paged().document()

    assert all(
        "src" in script or script.get("type") == "application/json" for script in document.all("script")
    )
    assert document.all("style") == []
    assert not [name for _, attributes in document.elements for name in attributes if name.startswith("on")]
    assert not [attributes for _, attributes in document.elements if "style" in attributes]


def test_no_document_names_another_host() -> None:
    """Nothing is loaded, and nothing is linked to, elsewhere."""
    document = paged().document()

    named = [
        value
        for _, attributes in document.elements
        for name, value in attributes.items()
        if name in {"href", "src", "action"}
    ]
    assert named
    assert all((value or "").startswith(("/", "#")) for value in named)


def test_a_file_is_kept_for_ever() -> None:
    """Its URL has a hash of what it is."""
    answer = paged().get(url("page.css"))

    assert answer.header("cache-control") == "public, max-age=31536000, immutable"
    assert answer.header("content-type") == "text/css; charset=utf-8"
    assert answer.header("vary") == "accept-encoding"


def test_a_file_by_another_release_s_url_is_not_kept() -> None:
    """A document that was loaded before an upgrade still finds it."""
    answer = paged().get("/__twin__/page/static/0123456789abcdef/page.css")

    assert (answer.status, answer.header("cache-control")) == (200, "no-cache")


def test_a_file_that_a_browser_has_is_not_sent_again() -> None:
    """Its tag is of the file and the compression."""
    twin = paged()
    tag = twin.get(url("page.css")).header("etag") or ""

    same = twin.get(url("page.css"), *BROWSER, ("if-none-match", f'"other", {tag}'))
    packed = twin.get(url("page.css"), *BROWSER, ("accept-encoding", "gzip"), ("if-none-match", tag))

    assert (same.status, same.body) == (304, b"")
    assert packed.status == 200


@pytest.mark.parametrize(
    "name", ["nothing.js", "account.html", "..%2Faccount.py", "__init__.py", "PLOTLY.MIN.JS"]
)
def test_there_are_no_other_files(name: str) -> None:
    """No template, and nothing outside."""
    assert paged().get(url(name)).status == 404


def test_plotly_is_small_enough_however_it_is_compressed() -> None:
    """A page may have 1.6 MB, all in all."""
    contents = files().contents[PLOTLY]

    by_gzip, by_brotli = page_files.compressed(PLOTLY, "gzip"), page_files.compressed(PLOTLY, "br")

    assert gzip.decompress(by_gzip) == brotli.decompress(by_brotli) == contents
    assert len(by_brotli) < len(by_gzip) < 1_500_000
    assert page_files.compressed(PLOTLY, "gzip") is by_gzip, "compressed once"


def test_a_document_is_compressed_where_that_is_read() -> None:
    """And says so."""
    twin = paged()

    packed = twin.get("/", *BROWSER, ("accept-encoding", "gzip, br"))

    assert packed.header("content-encoding") == "gzip"
    assert packed.body.startswith(b"<!doctype html>")
    assert packed.header("cache-control") == "no-store"


def test_no_style_of_maps_is_made() -> None:
    """plotly.js makes one, which the policy would refuse with a complaint, unless something has its id."""
    named = set(re.findall(r'getElementById\("([0-9a-f]{64})"\)', files().contents[PLOTLY].decode()))

    there = {attributes.get("id") for attributes in paged().document().all("template")}

    assert named
    assert there == named


def test_plotly_is_one_function_that_a_browser_reads_once() -> None:
    """Two parentheses more than in its package, where it is written as we know it; else it is as it is."""
    package = find_spec("plotly")
    assert package is not None
    assert package.origin is not None
    original = (Path(package.origin).parent / "package_data" / PLOTLY).read_bytes()
    served = files().contents[PLOTLY]

    assert len(served) == len(original) + 2
    assert b': this, (() => {\n"use strict";var Plotly=' in served[:1_000]
    assert served.rstrip().endswith(b"return Plotly;\n})));")
    assert page_files.at_once(b"!function(){}();") == b"!function(){}();"
