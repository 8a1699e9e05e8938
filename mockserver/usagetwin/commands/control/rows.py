"""What the control API's documents say, as rows of words.

Rule: pure; what a document lacks raises KeyError.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Document = dict[str, Any]
    Row = tuple[str, ...]


def clock(document: "Document") -> "Iterator[Row]":
    """Tell the instant."""
    yield "clock", _instant(document)


def world(document: "Document") -> "Iterator[Row]":
    """Tell the account, and its projects."""
    yield "world", document["world"]
    for key in document["projects"]:
        yield "project", key


def policies(document: "Document") -> "Iterator[Row]":
    """Tell the profile and all policies, and which were decided by name."""
    decided = document["decided"]
    yield "profile", document["profile"], ""
    for name, value in document["policies"].items():
        yield "policy", f"{name}={value}", "decided" if name in decided else ""


def fault(document: "Document") -> "Iterator[Row]":
    """Tell one fault."""
    yield _fault(document)


def role(document: "Document") -> "Iterator[Row]":
    """Tell what the token may do."""
    yield "role", str(document["role"])


def faults(document: "Document") -> "Iterator[Row]":
    """Tell all faults, one a row."""
    for each in document["faults"]:
        yield _fault(each)


def requests(document: "Document") -> "Iterator[Row]":
    """Tell the requests, one a row: when it came, what it asked, what it got."""
    for each in document["requests"]:
        got = str(each.get("status", "no answer"))
        told = [f"fault {each['fault']}"] if "fault" in each else []
        told += [each["message"]] if "message" in each else []
        yield str(each["number"]), each["at"], got, each["method"], each["target"], "; ".join(told)


def findings(document: "Document") -> "Iterator[Row]":
    """Tell what requests broke, one finding a row."""
    for each in document["findings"]:
        yield f"request {each['request']}", each["rule"], f"{each['message']}; try {each['remedy']}"


def expected(document: "Document") -> "Iterator[Row]":
    """Tell a series, one bucket a row, with the value of each project where they are apart."""
    columns = document.get("columns", {})
    for number, (time, value) in enumerate(zip(document["times"], document["values"], strict=True)):
        apart = [f"{key}={values[number]}" for key, values in columns.items()]
        yield time, str(value), "  ".join(apart)


def plays(document: "Document") -> "Iterator[Row]":
    """Tell the plays, one a row."""
    for each in document["plays"]:
        yield from play(each)


def play(document: "Document") -> "Iterator[Row]":
    """Tell one play."""
    yield (
        f"play {document['play']}",
        document["name"],
        document["world"],
        _instant(document["clock"]),
        _counted(document["faults"], "fault"),
        _counted(document["requests"], "request"),
        _broken(document),
    )


def recording(document: "Document") -> "Iterator[Row]":
    """Tell whether requests are recorded."""
    yield "recording", "on" if document["recording"] else "off"


def verdict(document: "Document") -> "Iterator[Row]":
    """Tell the verdict, then the findings as the API writes them."""
    asked = _counted(document["requests"], "request")
    yield (f"{document['verdict']}: {asked}, {_broken(document)}",)
    for line in document["text"].splitlines():
        yield (line,)


def _instant(clock: "Document") -> str:
    return f"frozen at {clock['now']}" if clock["frozen"] else f"the machine's, {clock['now']}"


def _broken(document: "Document") -> str:
    return f"{_counted(len(document['broken']), 'rule')} broken"


def _fault(fault: "Document") -> "Row":
    how = [f"{name}={value}" for name, value in fault["details"].items()]
    how += [f"{name}={fault[name]}" for name in ("times", "chance") if name in fault]
    return f"fault {fault['fault']}", fault["name"], " ".join(how), f"shown {fault['shown']}", fault["about"]


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
