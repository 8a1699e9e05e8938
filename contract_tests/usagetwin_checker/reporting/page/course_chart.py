"""The time line of a run: when each request was sent, for what, how long it took, and what came back."""

from typing import TYPE_CHECKING, Final

from usagetwin_checker.reporting.page.charts import Chart, Table, as_text
from usagetwin_checker.reporting.page.conversation import came

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin_checker.running.report import Report, Sent

MOST_REQUESTS: Final = 1_000
KINDS: Final = (  # of what came, with colour and symbol
    ("2xx", "--good", "circle"),
    ("3xx and 4xx", "--c0", "diamond"),
    ("5xx", "--bad", "square"),
    ("no whole answer", "--bad", "x"),
)


def course_chart(report: "Report") -> Chart | None:
    """Give the time line; None where nothing was sent. Of very many requests it has some, and says so."""
    if not report.sent:
        return None
    in_findings = {exchange.number for finding in report.findings for exchange in finding.conversation}
    sent = thinned(report.sent, in_findings)
    began_s = report.sent[0].exchange.at_s
    traces = []
    for kind, colour, symbol in KINDS:
        part = [each for each in sent if kind_of(each) == kind]
        if part:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": kind,
                    "x": [round(each.exchange.at_s - began_s, 4) for each in part],
                    "y": [max(round(each.exchange.seconds * 1000, 2), 0.01) for each in part],
                    "text": [f"{each.phase}: {as_text(each.exchange.ask.query_string)}" for each in part],
                    "marker": {"color": colour, "symbol": symbol, "size": 6, "opacity": 0.7},
                }
            )
    return Chart(
        "course",
        "When each request was sent, and how long its answer took.",
        traces,
        _table(sent, began_s, report.requests if report.course else len(report.sent)),
        {
            "showlegend": True,
            "hovermode": "closest",
            "xaxis": {"title": {"text": "seconds since the first request"}},
            "yaxis": {"title": {"text": "milliseconds"}, "type": "log"},
        },
    )


def kind_of(sent: "Sent") -> str:
    """Name the kind of what came back."""
    if sent.exchange.failure is not None:
        return "no whole answer"
    if sent.exchange.status < 300:
        return "2xx"
    return "5xx" if sent.exchange.status >= 500 else "3xx and 4xx"


def thinned(sent: "Sequence[Sent]", kept: "set[int]") -> "list[Sent]":
    """Give all requests, or of too many those to keep and every second, third ... one of the others."""
    step = -(-len(sent) // MOST_REQUESTS)
    return [each for index, each in enumerate(sent) if index % step == 0 or each.exchange.number in kept]


def _table(sent: "Sequence[Sent]", began_s: float, of: int) -> Table:
    rows = tuple(
        (
            each.exchange.number,
            round(each.exchange.at_s - began_s, 3),
            str(each.phase),
            f"{each.exchange.ask.method} {each.exchange.ask.query_string or '(no parameters)'}",
            came(each.exchange),
            round(each.exchange.seconds * 1000, 1),
        )
        for each in sent
    )
    note = (
        f"{len(sent)} of {of} requests: those of findings, and others at even steps."
        if of > len(sent)
        else ""
    )
    heads = ("request", "after seconds", "sent to", "asked", "came back", "milliseconds")
    return Table(heads, rows, note)
