"""Values that no parameter takes, texts that crash servers, and keys that come near a known one."""

from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import LISTED
from usagetwin_checker.asking.levels import PROJECTS, Unusual, Way, valued
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.expectation import broken_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from usagetwin_checker.asking.parameters import Pairs

NO_PROJECT: Final = "usagetwin-no-such-project"
DIGITS: Final = (
    4_400  # more than a parser of numbers may take (Python's takes 4,300), less than a URL may have
)
LONG_TEXT: Final = 2_000
FULL_WIDTH: Final = "".join(chr(0xFF10 + int(digit)) for digit in "1735689600")
CRASHES: Final = "text that crashes"
ANY_STATUS: Final = "status-is-documented"
EXACT: Final = "project-key-is-exact"
NEVER_WIDER: Final = "unknown-project-never-widens"

TEXTS: Final = {  # what crashes servers, whatever they take it for
    "beyond ASCII": ("клиент-日本語", "🎉", "é\u0301\u202e"),
    "quotes": ("'", '"', "';--", '"}'),
    "control characters": ("\x00", "\x1f\x7f", "\r\nX-Injected: 1", "\t"),
    "percent signs": ("%", "%00", "%zz", "%25%32%35"),
    "very long": ("k" * LONG_TEXT, "日" * (LONG_TEXT // 9)),
    "many digits": ("9" * 30, "9" * DIGITS),
    "code": ("' OR '1'='1", "../../etc/passwd", "${7*7}", "<b>{{7*7}}</b>"),
}


def spoilt_times(history: "Pairs") -> "Iterator[Unusual]":
    """Give the kinds of text that are no Unix seconds, for each end of a window."""
    for turn, (name, right) in enumerate(history):
        letters = ("abc", f"{right}xyz", "now", f"{right}s")
        for kind, values in (
            ("letters", letters[turn:] + letters[:turn]),
            ("too many digits", (f"{right}000", "9" * DIGITS, "9" * 11, f"{'0' * 30}{right}")),
            ("nothing", ("",)),
            ("a sign or a fraction", (f"-{right}", f"{right}.5", f"+{right}", f"{right}.0")),
            ("another form of number", ("1e9", "0x10", "1_000", "1.7E+9", "0b1", "1e400")),
            ("a date", ("2026-01-01", "2026-01-01T00:00:00Z", "20260101T000000")),
            ("blanks", (f" {right}", f"{right} ", f"{right}\n", f"\t{right}")),
            ("other digits", ("٣", "१७", FULL_WIDTH, "²")),
            (CRASHES, tuple(texts[0] for texts in TEXTS.values())),
        ):
            yield Unusual(name, kind, valued(name, *values), ANY_STATUS if kind == CRASHES else None)
        twice = ((name, (right, right)),), ((name, (right, str(int(right) + 86_400))),)
        yield Unusual(name, "given twice", tuple(map(Way, twice)))


def spoilt_words() -> "Iterator[Unusual]":
    """Give the kinds of text that are none of a parameter's words, for each that takes one of a few."""
    for name, other in (("granularity", "hourly"), ("aggregationType", "average")):
        words = LISTED[name]
        first, last = words[0], words[-1]
        for kind, values in (
            ("another word", (other, first[:-1], f"{last}s", last[:3])),
            ("another case", (first.upper(), last.capitalize(), first.title())),
            ("blanks or nothing", ("", f" {first}", f"{last} ", f"{first}\n")),
            ("several in one", (f"{first},{last}", f"{first}|{last}", f"[{first}]")),
            (CRASHES, tuple(texts[-1] for texts in TEXTS.values())),
        ):
            yield Unusual(name, kind, valued(name, *values), ANY_STATUS if kind == CRASHES else None)
        yield Unusual(name, "given twice", tuple(Way(((name, (word, word)),)) for word in words))


def words_apart() -> "Iterator[Unusual]":
    """Give the words that are valid each, and not together."""
    for aggregation in LISTED["aggregationType"]:
        for granularity in LISTED["granularity"]:
            pair = (("granularity", granularity), ("aggregationType", aggregation))
            if broken_rules(Ask(pair)):
                way = Way(tuple((name, (value,)) for name, value in pair))
                yield Unusual("granularity", f"{granularity} of {aggregation}", (way,))


def spoilt_keys(keys: "Sequence[str]", known: "Collection[str]") -> "Iterator[Unusual]":
    """Give the kinds of key that no project has; those near `keys` are none of the `known` ones."""
    yield Unusual(PROJECTS, "an empty key", valued(PROJECTS, ""))
    yield Unusual(PROJECTS, "an unknown key", valued(PROJECTS, NO_PROJECT), NEVER_WIDER)
    yield from _near_keys(keys, known)
    for kind, texts in TEXTS.items():
        yield Unusual(PROJECTS, f"a key of {kind}", valued(PROJECTS, *texts), ANY_STATUS)


def _near_keys(keys: "Sequence[str]", known: "Collection[str]") -> "Iterator[Unusual]":
    if not keys:
        return
    beside = [Way(((PROJECTS, (key, NO_PROJECT)),)) for key in keys]
    yield Unusual(PROJECTS, "an unknown key beside a known one", tuple(beside), NEVER_WIDER)
    first, last = keys[0], keys[-1]
    for kind, tests, near in (
        ("a known key and more", NEVER_WIDER, [f"{key}-{NO_PROJECT}" for key in keys]),
        ("the start of a known key", NEVER_WIDER, [key[:-1] for key in keys]),
        (
            "the end or the middle of a known key",
            NEVER_WIDER,
            [part for key in keys for part in (key[1:], key[1:-1])],
        ),
        ("a pattern", NEVER_WIDER, [f"{first[:1]}*", "*", ".*", "%25"]),
        ("a known key in another case", EXACT, [key.swapcase() for key in keys]),
        ("a known key between blanks", EXACT, [f" {key}" for key in keys] + [f"{key} " for key in keys]),
        ("known keys in one", EXACT, [f"{first},{last}", f"{first} {last}", f"{first}|{last}"]),
    ):
        unknown = [key for key in near if key and key not in known]
        if unknown:
            yield Unusual(PROJECTS, kind, valued(PROJECTS, *unknown), tests)
