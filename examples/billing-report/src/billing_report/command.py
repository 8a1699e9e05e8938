"""The command line. The token comes from LAUNCHDARKLY_TOKEN alone, so that no list of processes shows it."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from billing_report.client import API, UsageClient, UsageError
from billing_report.report import make_report

TOKEN = "LAUNCHDARKLY_TOKEN"  # noqa: S105 -- the name of a variable, not a token


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; the exit status is 1 when the API gives none, and 2 for a wrong command line."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    token = os.environ.get(TOKEN)
    if not token:
        parser.error(f"set {TOKEN} to an access token")
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        with UsageClient(token, api=asked.api) as client:
            report = make_report(client, asked.now, projects=asked.project, months=asked.months)
    except UsageError as error:
        print(f"billing-report: {error}", file=sys.stderr)
        return 1
    print(report)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="billing-report", description="What LaunchDarkly will bill us for.")
    parser.add_argument(
        "--project", action="append", default=[], metavar="KEY", help="one of our projects; default: all"
    )
    parser.add_argument("--months", type=int, default=2, help="earlier months to show; default: 2")
    parser.add_argument(
        "--now", type=_instant, default=datetime.now(UTC), help="report as of this instant; default: now"
    )
    parser.add_argument("--api", default=API, help=f"the API's base URL; default: {API}")
    return parser


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
