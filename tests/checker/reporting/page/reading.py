"""Reads a page as a browser's parser does: elements with their attributes, text, scripts and styles."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

RAW = ("script", "style")
INLINE = ("a", "bdi", "code", "q", "span", "strong")  # tags beside which words go on


@dataclass
class Page(HTMLParser):
    """One page: its elements in order, the text outside of scripts, and what each script and style holds."""

    source: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    raw: list[tuple[str, dict[str, str | None], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read it whole."""
        super().__init__(convert_charrefs=True)
        self._inside = ""
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))
        self.texts.append("" if tag in INLINE else " ")
        if tag in RAW:
            self._inside = tag
            self.raw.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or a style."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Keep a text where it belongs."""
        if self._inside:
            tag, attributes, before = self.raw[-1]
            self.raw[-1] = (tag, attributes, before + data)
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """Give all text outside of scripts and styles."""
        return "".join(self.texts)

    @property
    def words(self) -> str:
        """Give the text with single spaces."""
        return " ".join(self.text.split())

    @property
    def charts(self) -> dict[str, dict[str, Any]]:
        """Give what the page's script draws, by name."""
        (text,) = [text for _, attributes, text in self.raw if attributes.get("id") == "charts"]
        return {each["name"]: each for each in json.loads(text)}

    @property
    def policy(self) -> str:
        """Give the content security policy."""
        return next(
            str(attributes["content"])
            for tag, attributes in self.elements
            if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
        )

    @property
    def executed(self) -> list[str]:
        """Give what a browser would run or apply, if the policy lets it."""
        return [text for _, attributes, text in self.raw if attributes.get("type") != "application/json"]


def hashed(text: str) -> str:
    """Name a text as a policy does."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
