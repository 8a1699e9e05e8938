"""Tests of the YAML tree: what is refused before a world is looked for, with libyaml and without."""

import time
from typing import Any

import pytest
import yaml

from usagetwin.account.world.nodes import Listing, Scalar, Table, compose
from usagetwin.errors import FileError

LOADERS = [pytest.param(yaml.SafeLoader, id="python")]
if yaml.__with_libyaml__:
    LOADERS.append(pytest.param(yaml.CSafeLoader, id="libyaml"))
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"

pytestmark = pytest.mark.parametrize("loader", LOADERS)


def _refusal(text: str, loader: Any) -> FileError:  # noqa: ANN401 -- two classes without a common base
    with pytest.raises(FileError) as caught:
        compose(text, "world.yaml", loader)
    return caught.value


def test_a_scalar_is_the_text_as_written(loader: Any) -> None:  # noqa: ANN401 -- as above
    """No scalar becomes a number, a boolean, a date or null."""
    tree = compose("[010, yes, 1e3, 1:30, 2026-03-01, ~, 'q', 1_000]", "world.yaml", loader)

    assert isinstance(tree, Listing)
    texts = [item.text for item in tree.items if isinstance(item, Scalar)]
    assert texts == ["010", "yes", "1e3", "1:30", "2026-03-01", "~", "q", "1_000"]


def test_every_node_knows_its_line(loader: Any) -> None:  # noqa: ANN401 -- as above
    """Lines count from 1, for keys and for values."""
    tree = compose("a: 1\nb:\n  - x\n  - y\n", "world.yaml", loader)

    assert isinstance(tree, Table)
    place, listing = tree.entries["b"]
    assert isinstance(listing, Listing)
    assert (tree.place.line, place.line, listing.items[1].place.line) == (1, 2, 4)


@pytest.mark.parametrize(
    ("text", "line", "trouble"),
    [
        (BOMB, 1, "an anchor (&name) is not allowed"),
        ("a: 1\nb: *a\n", 2, "an alias (*name) is not allowed"),
        ("a: 1\nb: !!python/object/apply:os.system [x]\n", 2, "a tag (!name) is not allowed"),
        ("a: !!str 1\n", 1, "a tag (!name) is not allowed"),
        ("a: ! 1\n", 1, "a tag (!name) is not allowed"),
        ("!!map {a: 1}\n", 1, "a tag (!name) is not allowed"),
        ("!!seq [1]\n", 1, "a tag (!name) is not allowed"),
        ("a: 1\n---\nb: 2\n", 2, "a second document starts here"),
        ("a: 1\na: 2\n", 2, "'a' is given twice, first on line 1"),
        ("a: 1\n? [b]\n: 2\n", 2, "a key is not a plain text"),
        ("a: 1\n{b: 1}: 2\n", 2, "a key is not a plain text"),
        ("a: 1\nb: c: d\n", 2, "this is not YAML"),
        ("a: 1\nb: 'c\n", 3, "this is not YAML"),
        ("a:\n\t- b\n", 2, "this is not YAML"),
        ("a: [1\n", 2, "this is not YAML"),
        ("[" * 100_000, 1, "nested deeper than 8 levels"),
        ("{" * 100_000, 1, "nested deeper than 8 levels"),
        ("- " * 100_000, 1, "nested deeper than 8 levels"),
        ("? " * 100_000, 1, "nested deeper than 8 levels"),
        ("%YAML 2.0\n---\na: 1\n", 1, "this is not YAML"),
        ("%TAG ! tag:example,2000:\n---\na: !b 1\n", 3, "a tag (!name) is not allowed"),
    ],
)
def test_what_a_world_does_not_need_is_refused(
    text: str,
    line: int,
    trouble: str,
    loader: Any,  # noqa: ANN401 -- as above
) -> None:
    """Bombs, tags, further documents, deep nesting and what is no YAML: named, on their line, at once."""
    started = time.perf_counter()
    error = _refusal(text, loader)

    assert trouble in error.problem
    assert error.line == line
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("escape", ["\\UFFFFFFFF", "\\U00110000", "\\uD800", "\\q"])
def test_an_escape_that_names_no_character_is_refused(escape: str, loader: Any) -> None:  # noqa: ANN401 -- as above
    """Half a surrogate pair and numbers beyond Unicode never reach a project key."""
    assert "world.yaml" in str(_refusal(f'a: "{escape}"\n', loader))


def test_a_tree_has_a_size_limit(loader: Any) -> None:  # noqa: ANN401 -- as above
    """A file of tiny values ends in an error that names the format for many days."""
    if loader is yaml.SafeLoader and yaml.__with_libyaml__:
        pytest.skip("the parser in Python takes half a minute; its limit is the same line of code")

    error = _refusal("[" + "a," * 700_000 + "]", loader)

    assert "too many values" in error.problem
    assert "CSV" in error.remedy
